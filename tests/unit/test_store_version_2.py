"""A history that version 2 wrote: everything is still there, and the gallery is empty."""

import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.asked import Asked
from desktop.core.edits import Area, Arrow, Callout, Edits
from desktop.core.model import AnswerState, Conversation, Detail, Draft, DraftImage
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.store.upgrades import upgrade, version_of
from tests.helpers.gallery_items import everything
from tests.helpers.history import facts, opened

DUMP = Path(__file__).parents[1] / "data" / "history_v2.sql"
EDITS = Edits(
    crop=Area(10, 20, 400, 600),
    quarter_turns=1,
    marks=(Callout((50.0, 60.0), "the total"), Arrow((1.0, 2.0), (30.0, 40.0))),
    blackouts=(Area(100, 100, 200, 140),),
)
SENT = "SELECT id, source_path, source_sha256, edits, note, left_out FROM attachment"
LEDGER = """
    SELECT usage.id, message_id, created_at, provider, model, usage.detail, images, usage.sent_bytes,
        estimate_usd, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens, image_tokens,
        reasoning_tokens, reported, charged_usd, usage.cost_usd, seconds, expected_text_tokens,
        expected_image_tokens, planned_image_tokens, expected_answer_tokens, usage_image.*
    FROM usage JOIN usage_image ON usage_id = usage.id ORDER BY usage_image.id
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a file of version 2."""
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return tmp_path


def conversations(store: Store) -> list[Conversation]:
    return [store.conversation(summary.id).result() for summary in store.summaries().result()]


def table(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_conversations_edits_and_notes_are_as_they_were(old: Path) -> None:
    with opened(old) as store:
        assert store.notices == ()
        assert store._read(version_of).result() == len(MIGRATIONS)
        read, totals = conversations(store)
    lake, receipt = totals.attachments()
    assert (lake.image.camera, lake.image.lens, lake.left_out) == ("Nikon Z 8", "NIKKOR Z 50 mm", True)
    assert (receipt.edits, receipt.note) == (EDITS, "numbered circles: 1 = the total")
    assert [a.cost_usd for a in (lake, receipt)] == [Decimal("0.0011"), Decimal("0.0012")]
    assert [m.text for m in totals.messages] == [
        "What is the total?",
        "**$23.10**",
        "And the tip?",
        "No tip.",
    ]
    assert [m.cost_usd for m in totals.messages if m.usage] == [Decimal("0.0031"), Decimal("0.0020")]
    assert [m.state for m in read.messages[1::2]] == [AnswerState.COMPLETE, AnswerState.FAILED]
    assert all(message.problem is None for message in totals.messages)
    (page,) = read.attachments()
    assert (page.image.page, page.image.source_id) == (4, f"{facts('scan.pdf').sha256}#4")


def test_the_draft_and_what_was_open_are_as_they_were(old: Path) -> None:
    with opened(old) as store:
        assert store.recall("open_conversation").result() == "1"
        assert store.draft(0).result() == Draft(
            text="half",
            detail=Detail.HIGH,
            model="gpt-5-mini",
            images=(
                DraftImage(
                    path=Path("/pictures/\udcff nü.pdf"),
                    sha256="ab" * 32,
                    detail=Detail.LOW,
                    page=2,
                    edits=EDITS,
                ),
            ),
        )


def test_the_ledger_is_as_it_was_row_for_row(old: Path, tmp_path: Path) -> None:
    before = [table(old / DATABASE, query) for query in (LEDGER, SENT)]
    with opened(old) as store:
        found = store.spending(date(2026, 10, 1), date(2026, 10, 31)).result()
        learned = store.learned("openai", "gpt-5-mini").result()
    assert [table(old / DATABASE, query) for query in (LEDGER, SENT)] == before
    # What the deleted conversation has cost is in the sum.
    assert (found.total_usd, found.requests) == (Decimal("0.0060"), 4)
    assert learned.answer_tokens == 12


def test_what_was_asked_about_images_before_is_known(old: Path) -> None:
    lake, receipt, page = (facts(name).sha256 for name in ("lake.jpg", "receipt.jpg", "scan.pdf"))
    totals, read = ((1, "What is the total?"),), ((2, "Copy the text"),)
    expected = {
        lake: Asked(source_id=lake, cost_usd=Decimal("0.0015"), times=2, conversations=totals),
        receipt: Asked(source_id=receipt, cost_usd=Decimal("0.0017"), times=2, conversations=totals),
        f"{page}#4": Asked(source_id=f"{page}#4", cost_usd=Decimal(0), times=2, conversations=read),
    }
    with opened(old) as store:
        assert store.asked().result() == expected
        assert store.asked_about(expected).result() == expected


def test_the_gallery_is_empty_and_can_be_used(old: Path) -> None:
    with opened(old) as store:
        assert store.gallery().result() == ()
        assert store.watched_folders().result() == ()
        assert store.unread(["ab" * 32]).result() == {"ab" * 32}
        store.change_gallery(put=[everything()]).result()
        assert store.gallery().result() == (everything(),)
    assert table(old / DATABASE, "SELECT DISTINCT url FROM attachment") == [(None,)]


def test_there_is_a_backup_of_what_was_before(old: Path) -> None:
    with opened(old):
        pass
    backup = old / f"{DATABASE}.backup-v2"
    assert table(backup, "PRAGMA user_version") == [(2,)]
    assert len(table(backup, LEDGER)) == 7


def test_the_upgrade_is_done_in_one_piece_or_not_at_all(old: Path) -> None:
    broken = (*MIGRATIONS[2], "nonsense")
    with closing(sqlite3.connect(old / DATABASE, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            upgrade(connection, None, migrations=[*MIGRATIONS[:2], broken])
        assert version_of(connection) == 2
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        assert "attachment_of_source" in tables
        assert "gallery_item" not in tables
    with opened(old) as store:
        assert len(store.summaries().result()) == 2
