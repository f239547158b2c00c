"""Opening a history that is new, newer, damaged, locked or read-only."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.model import AnswerState
from desktop.core.problems import Code, problem
from desktop.store import connections, opening
from desktop.store.migrations import MIGRATIONS
from desktop.store.store import Store
from tests.helpers.history import answered, ask, code_of, opened

DATABASE = "sightline.db"


@pytest.fixture
def _umask_of_nobody() -> object:
    old = os.umask(0)
    yield
    os.umask(old)


@pytest.mark.usefixtures("_umask_of_nobody")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_nobody_else_may_read_anything_even_under_umask_0(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    with opened(folder) as store:
        ask(store, "?", b"one")
        store.save_draft(0, store.draft(0).result()).result()
        paths = [folder.parent, folder, *folder.rglob("*")]
        modes = {str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert {"not/there/yet/sightline.db-wal", "not/there/yet/sightline.db-shm"} <= set(modes)
    for name, mode in modes.items():
        assert mode == (0o700 if (tmp_path / name).is_dir() else 0o600), name


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_a_history_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder) as store:
        ask(store, "?")
    folder.chmod(0o755)
    (folder / DATABASE).chmod(0o644)
    with opened(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / DATABASE).stat().st_mode) == 0o600


def test_commits_survive_a_power_cut_and_deletions_are_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        pragmas = store._write(
            lambda c: {
                name: c.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            }
        ).result()
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "busy_timeout": 5000,
        }
        assert store.can_search


def test_the_reading_connection_cannot_write(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        future = store._read(lambda c: c.execute("DELETE FROM conversation"))
        assert code_of(future) is Code.FOLDER_READ_ONLY


def test_a_newer_history_is_untouched_and_the_session_is_not_stored(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "?", b"one")
    with closing(sqlite3.connect(tmp_path / DATABASE)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with opened(tmp_path) as store:
        assert [notice.code for notice in store.notices] == [Code.DATABASE_NEWER, Code.NOTHING_STORED]
        assert store.summaries().result() == ()
        kept = ask(store, "for now", b"one")
        store.finish(answered(kept), ()).result()
        store.delete(kept.id).result()
    assert {path: path.read_bytes() for path in before} == before


def _whole(tmp_path: Path) -> bytes:
    """A history with a log that is not merged yet, as kill -9 leaves it."""
    with opened(tmp_path / "original") as store:
        for number in range(50):
            running = ask(store, f"question {number} " * 50)
            store.finish(answered(running), ()).result()
        (tmp_path / "data").mkdir()
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            shutil.copy(tmp_path / "original" / name, tmp_path / "data" / name)
    return (tmp_path / "data" / DATABASE).read_bytes()


@pytest.mark.parametrize("kind", ["not a database", "cut", "header", "pages"])
def test_a_damaged_history_is_set_aside_byte_for_byte_and_said(tmp_path: Path, kind: str) -> None:
    _whole(tmp_path)
    path = tmp_path / "data" / DATABASE
    with closing(sqlite3.connect(path)) as merge:
        merge.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        merge.execute("PRAGMA journal_mode = DELETE")
    whole = path.read_bytes()
    damaged = {
        "not a database": b"<html>" + whole[6:],
        "cut": whole[: len(whole) // 2],
        "header": whole[:16] + b"\xff" * 84 + whole[100:],
        "pages": whole[:4096] + b"\xa5" * (len(whole) - 4096),
    }[kind]
    path.write_bytes(damaged)
    (tmp_path / "data" / f"{DATABASE}-wal").write_bytes(b"not a log either")

    with opened(tmp_path / "data") as store:
        (notice,) = store.notices
        saved = len(store.summaries().result())
        assert notice.code is (Code.DATABASE_SALVAGED if saved else Code.DATABASE_DAMAGED)
        assert saved == notice.parameters.get("conversations", 0)
        assert saved == {"not a database": 50, "header": 50, "pages": 0}.get(kind, saved)
        kept = tmp_path / "data" / str(notice.parameters["file"])
        assert kept.name.startswith("sightline.db.damaged-")
        assert kept.read_bytes() == damaged
        assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"not a log either"
        ask(store, "life goes on")
    with opened(tmp_path / "data") as store:
        assert store.notices == ()
        assert len(store.summaries().result()) == saved + 1


def test_the_log_of_a_killed_process_is_not_lost(tmp_path: Path) -> None:
    _whole(tmp_path)
    with opened(tmp_path / "data") as store:
        assert store.notices == ()
        assert len(store.summaries().result()) == 50


def test_a_second_damage_in_the_same_second_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"first" * 200, b"second" * 200):
        (tmp_path / DATABASE).write_bytes(content)
        with opened(tmp_path):
            pass
        for left in tmp_path.glob(f"{DATABASE}-*"):
            left.unlink()
    kept = {p.read_bytes() for p in tmp_path.glob("*.damaged-*") if not p.name.endswith(("-wal", "-shm"))}
    assert kept == {b"first" * 200, b"second" * 200}


def test_a_damaged_answer_is_not_shown_as_complete(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.finish(answered(running, "the total is 23.10"), ()).result()
        store._write(
            lambda c: c.execute("UPDATE message SET text = 'the total is 28.10' WHERE role = 'assistant'")
        ).result()
        answer = store.conversation(running.id).result().messages[-1]
        assert answer.state is AnswerState.INCOMPLETE
        assert answer.problem == problem(Code.DATABASE_DAMAGED)


def test_a_damaged_history_in_use_is_not_taken_from_the_other_process(tmp_path: Path) -> None:
    with opened(tmp_path):
        (tmp_path / DATABASE).write_bytes(b"<html>" * 1000)
        (tmp_path / f"{DATABASE}-wal").unlink()
        with opened(tmp_path) as second:
            codes = [notice.code for notice in second.notices]
            assert codes == [Code.DATABASE_DAMAGED, Code.NOTHING_STORED]
            ask(second, "for now")
        assert (tmp_path / DATABASE).read_bytes() == b"<html>" * 1000
        (tmp_path / DATABASE).write_bytes(b"")


def test_a_locked_history_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    with opened(tmp_path) as store:
        with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert code_of(store.remember("a", "b")) is Code.DATABASE_LOCKED
            other.execute("ROLLBACK")
        store.remember("a", "b").result()


def test_an_opening_that_waits_too_long_says_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT_MS", 50)
    with opening.FileLock(tmp_path / opening.OPENING_LOCK):
        store = Store(tmp_path)
        assert code_of(store.open()) is Code.DATABASE_LOCKED
        store.close()


def test_a_file_in_place_of_the_folder_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with opened(tmp_path / "data") as store:
        assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY, Code.NOTHING_STORED]
        assert store.summaries().result() == ()


@pytest.mark.unprivileged
def test_the_history_of_a_read_only_folder_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder) as store:
        running = ask(store, "What is the total?", b"one")
        store.finish(answered(running), ()).result()
        interrupted = ask(store, "cut off")
    folder.chmod(0o500)
    try:
        with opened(folder) as store:
            assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY, Code.NOTHING_STORED]
            assert len(store.summaries().result()) == 2
            assert store.conversation(running.id).result().messages[-1].text == "**$23.10**"
            last = store.conversation(interrupted.id).result().messages[-1]
            assert last.state is AnswerState.INTERRUPTED
            assert store.image_bytes(running.attachments()[0].sent).result() == b"one"  # type: ignore[arg-type]
            goes_on = ask(store, "and the tax?", b"two", conversation_id=running.id)
            assert len(goes_on.messages) == 4
            assert store.image_bytes(goes_on.attachments()[1].sent).result() == b"two"  # type: ignore[arg-type]
            store.delete(running.id).result()
            assert store.changed().result() is False
        assert len(list((folder / "images").rglob("*.png"))) == 1
        with opened(folder) as store:
            assert len(store.conversation(running.id).result().messages) == 2
    finally:
        folder.chmod(0o700)


@pytest.mark.unprivileged
def test_a_read_only_folder_without_a_history_shows_an_empty_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with opened(tmp_path / "data") as store:
            assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY, Code.NOTHING_STORED]
            assert store.summaries().result() == ()
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.unprivileged
def test_a_write_protected_database_is_read(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "?")
    (tmp_path / DATABASE).chmod(0o400)
    with opened(tmp_path) as store:
        assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY, Code.NOTHING_STORED]
        assert len(store.summaries().result()) == 1


def test_our_own_mistakes_are_not_called_the_environments(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with pytest.raises(sqlite3.OperationalError):
            store._write(lambda c: c.execute("SELECT nonsense")).result()
        with pytest.raises(sqlite3.IntegrityError):
            store._write(lambda c: c.execute("INSERT INTO conversation (title) VALUES (NULL)")).result()


def test_a_store_that_was_not_opened_is_our_mistake(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError):
        store.summaries().result()
    store.close()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_calls_made_while_it_opens_wait_for_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    opening_future = store.open()
    summaries = store.summaries()
    remembered = store.remember("a", "b")
    assert summaries.result() == ()
    assert remembered.result() is None
    assert opening_future.result() is None
    store.close()
