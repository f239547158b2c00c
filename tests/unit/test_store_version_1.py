"""A history that version 1 wrote: everything is still there, but for where photos were taken."""

import sqlite3
import struct
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.model import Conversation, Draft
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.store.upgrades import upgrade, version_of
from tests.helpers.history import opened

DUMP = Path(__file__).parents[1] / "data" / "history_v1.sql"
LATITUDE, LONGITUDE = 47.605123, 9.450456
SPELLINGS = (
    struct.pack(">d", LATITUDE),
    struct.pack(">d", LONGITUDE),
    b"47.605",
    b"9.450",
)
"""As SQLite keeps a number, and as the reader told it."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a file of version 1."""
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return tmp_path


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def conversations(store: Store) -> list[Conversation]:
    return [store.conversation(summary.id).result() for summary in store.summaries().result()]


def test_no_file_holds_a_position_any_more_not_even_the_backup(old: Path) -> None:
    before = everything(old)
    assert all(spelling in before for spelling in SPELLINGS)
    with opened(old) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
        while_open = everything(old)
    assert (old / f"{DATABASE}.backup-v1").is_file()
    for written in (while_open, everything(old)):
        assert [spelling for spelling in SPELLINGS if spelling in written] == []


def test_what_the_reader_told_stays_without_the_position_and_whole(old: Path) -> None:
    with opened(old) as store:
        _totals, read = conversations(store)
    told = read.messages[1]
    assert "| Camera | Nikon Z 8 |\n| Position | — |\n| Metadata | EXIF, position |" in told.text
    assert told.problem is None
    assert "| Position | — |" in read.messages[3].text


def test_a_degree_sign_in_another_answer_is_left_alone(old: Path) -> None:
    with opened(old) as store:
        totals, _read = conversations(store)
    assert totals.messages[1].text == "**$23.10** at 21.5° C"


def test_one_damaged_answer_kept_the_whole_history_shut(old: Path) -> None:
    with closing(sqlite3.connect(old / DATABASE)) as connection, connection:
        connection.execute(
            "UPDATE message SET text = CAST(CAST(text AS BLOB) || x'ff' AS TEXT) WHERE provider = 'on-device'"
        )
    with opened(old) as store:
        assert len(store.summaries().result()) == 2
    assert [spelling for spelling in SPELLINGS if spelling in everything(old)] == []


def test_conversations_images_and_costs_are_as_they_were(old: Path) -> None:
    with opened(old) as store:
        totals, read = conversations(store)
        draft = store.draft(0).result()
    lake, receipt = totals.attachments()
    assert (lake.image.name, lake.image.camera, lake.image.page, lake.image.position) == (
        "lake.jpg",
        "Nikon Z 8",
        0,
        None,
    )
    assert not lake.edits
    assert [a.cost_usd for a in (lake, receipt)] == [Decimal("0.0011"), Decimal("0.0012")]
    assert [m.cost_usd for m in totals.messages if m.usage] == [Decimal("0.0031"), Decimal("0.0029")]
    assert len(read.messages) == 4
    assert isinstance(draft, Draft)
    assert (draft.text, draft.images[0].page, bool(draft.images[0].edits)) == ("half", 0, False)


def test_the_ledger_keeps_what_version_1_knew(old: Path) -> None:
    with opened(old) as store:
        found = store.spending(date(2026, 10, 1), date(2026, 10, 31)).result()
    assert found.total_usd == Decimal("0.0060")
    assert found.requests == 2
    # The follow-up carried two images, but which they were is not known for certain.
    assert [(row.name, row.times_sent, row.cost_usd) for row in found.image_rows] == [
        ("receipt.jpg", 1, Decimal("0.0012")),
        ("lake.jpg", 1, Decimal("0.0011")),
    ]
    assert found.sent_bytes == 22
    assert found.source_bytes == 2 * 214_000 + 11
    assert found.mean_error is None


def test_the_upgrade_is_done_in_one_piece_or_not_at_all(old: Path) -> None:
    broken = (*MIGRATIONS[1], "nonsense")
    with closing(sqlite3.connect(old / DATABASE, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            upgrade(connection, None, migrations=[MIGRATIONS[0], broken])
        assert version_of(connection) == 1
        columns = {row[1] for row in connection.execute("PRAGMA table_info(attachment)")}
        assert "source_latitude" in columns
        assert "edits" not in columns


def test_what_is_deleted_for_good_is_in_no_backup_either(old: Path) -> None:
    with opened(old) as store:
        first, *_others = conversations(store)
        said = first.messages[0].text.encode()
        assert said in (old / f"{DATABASE}.backup-v1").read_bytes()
        store.delete(first.id).result()
        assert said not in everything(old)
