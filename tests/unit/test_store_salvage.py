"""What can be read of a damaged history is saved, and what cannot is said."""

import random
import shutil
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.model import AnswerState, Conversation
from desktop.core.problems import Code
from desktop.store import replacing
from desktop.store.mending import image_size
from desktop.store.opening import DATABASE
from desktop.store.pages import DamagedFile, Found, Tree
from desktop.store.store import Store
from desktop.store.upgrades import back_up
from tests.helpers.history import answered, ask, opened, sent_image
from tests.helpers.mutants import DAMAGES, PAGE, Whole, damaged, make_whole, open_damaged

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return make_whole(tmp_path_factory.mktemp("whole") / "data", conversations=25, longest=1500)


@pytest.mark.parametrize("number", range(3 * len(DAMAGES)))
def test_of_a_damaged_history_every_readable_message_is_there(
    whole: Whole, tmp_path: Path, number: int
) -> None:
    _kind, data = damaged(whole, number)
    assert open_damaged(whole, data, tmp_path / "data").faults == []


def in_data(whole: Whole, folder: Path) -> Path:
    """A copy of the history; its database."""
    shutil.copytree(whole.folder, folder)
    return folder / DATABASE


def zero_pages_of(path: Path, name: str) -> None:
    """Zero every page of a table or index."""
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    found = Found()
    with closing(DamagedFile(path)) as file:
        for has_rowids in (True, False):
            list(file.rows(Tree(root, has_rowids), found))
    data = bytearray(path.read_bytes())
    for number in found.pages:
        data[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)
    path.write_bytes(data)


def conversations(store: Store) -> list[Conversation]:
    return [store.conversation(row.id).result() for row in store.summaries().result()]


def test_the_notice_says_how_much_was_saved_and_where_the_damaged_file_is(
    whole: Whole, tmp_path: Path
) -> None:
    path = in_data(whole, tmp_path / "data")
    data = bytearray(path.read_bytes())
    leaf = max(max(pages) for number, pages in whole.pages.items() if number == 9)
    data[(leaf - 1) * PAGE : leaf * PAGE] = bytes(PAGE)
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        (notice,) = store.notices
        assert notice.code is Code.DATABASE_SALVAGED
        assert notice.parameters["conversations"] == 25
        saved = {m.id: m for c in conversations(store) for m in c.messages}
        assert notice.parameters["damaged"] == len(whole.texts) - sum(
            m.problem is None and m.text == whole.texts[m.id] for m in saved.values()
        )
        assert (tmp_path / "data" / str(notice.parameters["file"])).read_bytes() == data
    with opened(tmp_path / "data") as store:
        assert store.notices == ()


def test_conversations_whose_own_rows_are_lost_come_back_with_their_first_question(
    whole: Whole, tmp_path: Path
) -> None:
    zero_pages_of(in_data(whole, tmp_path / "data"), "conversation")
    with opened(tmp_path / "data") as store:
        found = conversations(store)
    assert len(found) == 25
    assert {m.id: m.text for c in found for m in c.messages} == whole.texts
    assert {c.title for c in found} <= {text[:60] for text in whole.texts.values()}


def test_images_whose_rows_are_lost_are_found_by_their_files(tmp_path: Path) -> None:
    buffer = BytesIO()
    Image.new("RGB", (31, 17), "teal").save(buffer, "PNG")
    with opened(tmp_path / "data") as store:
        for number in range(30):
            kept = ask(store, "What is this?" * 50, buffer.getvalue())
            store.finish(answered(kept, f"{number} " * 500), ()).result()
    zero_pages_of(tmp_path / "data" / DATABASE, "image")
    with opened(tmp_path / "data") as store:
        sent = [a.sent for c in conversations(store) for a in c.attachments()]
        assert len(sent) == 30
        assert sent[0] is not None
        assert (sent[0].width_px, sent[0].height_px) == (31, 17)
        assert store.image_bytes(sent[0]).result() == buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_size_of_an_image_is_read_from_its_header(kind: str) -> None:
    buffer = BytesIO()
    Image.new("RGB", (301, 207)).save(buffer, kind)
    assert image_size(buffer.getvalue()) == (301, 207)
    for size in (0, 2, 10, 20):
        assert image_size(buffer.getvalue()[:size]) is None


def test_image_files_that_only_the_damaged_file_names_stay(whole: Whole, tmp_path: Path) -> None:
    path = in_data(whole, tmp_path / "data")
    zero_pages_of(path, "attachment")
    before = sorted(p.name for p in (tmp_path / "data" / "images").rglob("*.png"))
    with opened(tmp_path / "data") as store:
        kept = ask(store, "?")
        store.delete(kept.id).result()
    with opened(tmp_path / "data"):
        assert sorted(p.name for p in (tmp_path / "data" / "images").rglob("*.png")) == before


def test_what_the_damaged_file_has_lost_comes_from_the_backup(whole: Whole, tmp_path: Path) -> None:
    path = in_data(whole, tmp_path / "data")
    with closing(sqlite3.connect(path)) as connection:
        back_up(connection, path.with_name(f"{DATABASE}.backup-v3"))
    with opened(tmp_path / "data") as store:
        running = ask(store, "after the backup")
        newest = store.finish(answered(running, "is kept too"), ()).result()
    data = bytearray(path.read_bytes())
    chance = random.Random(1)
    pages = {page for number, pages in whole.pages.items() if number < 40 for page in pages}
    for page in pages:
        at = (page - 1) * PAGE
        data[at : at + PAGE] = chance.randbytes(PAGE)
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        found = {m.id: m.text for c in conversations(store) for m in c.messages}
        assert store.notices[0].parameters["damaged"] == 0
    assert found == {**whole.texts, **{m.id: m.text for m in newest.messages}}


def test_a_damaged_backup_spoils_nothing(whole: Whole, tmp_path: Path) -> None:
    path = in_data(whole, tmp_path / "data")
    path.with_name(f"{DATABASE}.backup-v3").write_bytes(b"no database " * 1000)
    zero_pages_of(path, "message_of_conversation")
    with opened(tmp_path / "data") as store:
        assert {m.id: m.text for c in conversations(store) for m in c.messages} == whole.texts


def test_numbers_of_deleted_conversations_are_not_used_again_after_salvaging(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for number in range(60):
            last = ask(store, f"{number} " * 300)
        store.delete(last.id).result()
    zero_pages_of(tmp_path / DATABASE, "message_running")
    with opened(tmp_path) as store:
        assert store.notices
        assert ask(store, "new").id == last.id + 1


def test_a_damaged_number_does_not_put_all_new_ones_out_of_range(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        kept = ask(store, "one")
        ask(store, "two", conversation_id=kept.id)
        store._write(lambda c: c.execute("UPDATE message SET conversation_id = ? WHERE id = 4", (2**60,)))
        store._write(lambda c: c.execute("UPDATE message SET id = ? WHERE id = 3", (2**60,))).result()
    zero_pages_of(tmp_path / DATABASE, "message_running")
    with opened(tmp_path) as store:
        assert store.notices
        assert {m.id for c in conversations(store) for m in c.messages} == {1, 2, 4}
        assert ask(store, "new").id < 100


@pytest.mark.parametrize("version", [1, 2])
def test_a_damaged_file_of_an_older_version_is_salvaged_and_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.executescript((DATA / f"history_v{version}.sql").read_text(encoding="utf-8"))
    shutil.copytree(tmp_path, tmp_path / "whole")
    with opened(tmp_path / "whole") as store:
        expected = [(c.title, [m.text for m in c.messages]) for c in conversations(store)]
    zero_pages_of(tmp_path / DATABASE, "usage_by_time")
    with opened(tmp_path) as store:
        assert [notice.code for notice in store.notices] == [Code.DATABASE_SALVAGED]
        assert [(c.title, [m.text for m in c.messages]) for c in conversations(store)] == expected
    kept = set(tmp_path.glob("*.damaged-*"))
    ours = b"".join(p.read_bytes() for p in tmp_path.glob(f"{DATABASE}*") if p not in kept)
    assert b"47.605" not in ours


@pytest.mark.parametrize("moved", [(), ("",), ("", "-wal"), ("", "-wal", "-shm")])
def test_killed_while_it_is_replaced_the_next_start_finishes(
    whole: Whole, tmp_path: Path, moved: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = in_data(whole, tmp_path / "data")
    zero_pages_of(path, "usage")
    damaged_file = path.read_bytes()
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{DATABASE}{suffix}").write_bytes(b"left" + suffix.encode())

    class KilledError(BaseException):
        """In the place of a kill."""

    left = list(moved)
    rename = Path.rename

    def until_killed(old: Path, new: Path) -> Path:
        if not left:
            raise KilledError
        left.pop(0)
        return rename(old, new)

    replace = Path.replace

    def not_quite(old: Path, new: Path) -> Path:
        if new == path:
            raise KilledError
        return replace(old, new)

    monkeypatch.setattr(Path, "rename", until_killed)
    monkeypatch.setattr(Path, "replace", not_quite)
    with pytest.raises(KilledError):
        replacing.replace_if_damaged(path, in_use=False)
    monkeypatch.undo()

    with opened(tmp_path / "data") as store:
        (notice,) = store.notices
        assert notice.code is Code.DATABASE_SALVAGED
        assert {m.id: m.text for c in conversations(store) for m in c.messages} == whole.texts
        kept = tmp_path / "data" / str(notice.parameters["file"])
    assert kept.read_bytes() == damaged_file
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"left-wal"
    assert not list((tmp_path / "data").glob("*.salvaged-*"))


def test_what_a_salvage_that_was_killed_has_written_is_swept(whole: Whole, tmp_path: Path) -> None:
    path = in_data(whole, tmp_path / "data")
    left = path.with_name(f"{DATABASE}.salvaged-20261128T000000Z.part")
    left.write_bytes(b"half")
    with opened(tmp_path / "data") as store:
        assert not left.exists()
        assert store.notices == ()
        assert len(store.summaries().result()) == 25


def test_a_damaged_name_in_the_schema_does_not_keep_the_history_shut(whole: Whole, tmp_path: Path) -> None:
    """SQLite names what is damaged in its message, and Python could not decode that."""
    path = in_data(whole, tmp_path / "data")
    path.write_bytes(
        path.read_bytes().replace(b"CREATE INDEX usage_by_time", b"CREATE INDE\xff usage_by_time")
    )
    with opened(tmp_path / "data") as store:
        assert {m.id: m.text for c in conversations(store) for m in c.messages} == whole.texts


def test_a_damaged_text_does_not_keep_its_conversation_from_being_read(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.finish(answered(running, "the total is 23.10"), ()).result()
        store._write(
            lambda c: c.execute(
                "UPDATE message SET text = CAST(x'74686520ff' AS TEXT) WHERE role = 'assistant'"
            )
        ).result()
        question, answer = store.conversation(running.id).result().messages
        assert question.text == "?"
        assert (answer.text, answer.state) == ("the �", AnswerState.INCOMPLETE)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE message SET state = 'c\x01mplete'",
        "UPDATE message SET role = 'x'",
        "UPDATE message SET created_at = '2026-1'",
        "UPDATE message SET problem_code = 'disk_full', problem_parameters = '{'",
        "UPDATE attachment SET detail = '?'",
        "UPDATE attachment SET source_metadata = '[1'",
        "UPDATE message SET parent_id = id",
        "UPDATE message SET parent_id = 4711",
        "UPDATE conversation SET leaf_id = 4711",
    ],
)
def test_a_damaged_value_does_not_keep_its_conversation_from_being_read(tmp_path: Path, damage: str) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?", b"image")
        store.finish(answered(running), ()).result()
        store._write(lambda c: c.execute(damage)).result()
        assert len(store.summaries().result()) == 1
        assert [m.text for m in store.conversation(running.id).result().messages] == ["?", "**$23.10**"]


@pytest.mark.parametrize("column", ["sha256", "media_type"])
def test_a_damaged_image_row_does_not_keep_the_history_shut(tmp_path: Path, column: str) -> None:
    with opened(tmp_path) as store:
        store.put_image(b"one", sent_image(b"one")).result()
        store._write(lambda c: c.execute("PRAGMA foreign_keys = OFF")).result()
        store._write(lambda c: c.execute(f"UPDATE image SET {column} = '../../x'")).result()
        store._write(lambda c: c.execute("DELETE FROM held_image")).result()
    with opened(tmp_path) as store:
        assert store.summaries().result() == ()
        ask(store, "life goes on")


def test_what_is_only_in_the_log_of_a_damaged_history_is_saved(tmp_path: Path) -> None:
    with opened(tmp_path / "live") as store:
        for number in range(40):
            running = ask(store, f"question {number} " * 40)
            store.finish(answered(running, f"answer {number} " * 40), ()).result()
        store._write(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()).result()
        newest = ask(store, "only in the log")
        store.finish(answered(newest, "and answered"), ()).result()
        (tmp_path / "data").mkdir()
        for name in (DATABASE, f"{DATABASE}-wal"):
            shutil.copy(tmp_path / "live" / name, tmp_path / "data" / name)
    path = tmp_path / "data" / DATABASE
    # Not the pages that the log holds newer versions of.
    path.write_bytes(b"<html>" + path.read_bytes()[6 : 20 * PAGE])
    log = path.with_name(f"{DATABASE}-wal").read_bytes()
    with opened(tmp_path / "data") as store:
        (notice,) = store.notices
        found = [m.text for c in conversations(store) for m in c.messages]
    assert {"only in the log", "and answered"} <= set(found)
    assert (tmp_path / "data" / f"{notice.parameters['file']}-wal").read_bytes() == log


def test_a_salvaged_history_is_still_the_same_one_for_what_was_exported(tmp_path: Path) -> None:
    def marks(store: Store) -> tuple[str | None, list[str]]:
        uids = store._read(
            lambda c: [row[0] for row in c.execute("SELECT uid FROM conversation ORDER BY id")]
        )
        return store.recall("history").result(), uids.result()

    with opened(tmp_path) as store:
        for number in range(5):
            ask(store, f"question {number}")
        before = marks(store)
    zero_pages_of(tmp_path / DATABASE, "usage_by_time")
    with opened(tmp_path) as store:
        assert store.notices
        assert marks(store) == before
