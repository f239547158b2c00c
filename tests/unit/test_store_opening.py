"""Opening a history that is new, old, newer, damaged, locked, read-only or out of room."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.model import AnswerState
from desktop.core.problems import Code, ProblemError, problem
from desktop.store import connections, opening
from desktop.store.migrations import MIGRATIONS
from desktop.store.reserve import SIZE_BYTES
from desktop.store.store import Store
from desktop.store.upgrades import refuse_newer, upgrade, version_of
from tests.helpers.history import answered, ask, begin, opened, question

DATABASE = "sightline.db"


def code_of(future: object) -> Code:
    with pytest.raises(ProblemError) as caught:
        future.result()  # type: ignore[attr-defined]
    return caught.value.problem.code


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


def test_a_newer_history_is_refused_and_untouched(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "?")
    with closing(sqlite3.connect(tmp_path / DATABASE)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / DATABASE).read_bytes()

    store = Store(tmp_path)
    assert code_of(store.open()) is Code.DATABASE_NEWER
    assert code_of(store.summaries()) is Code.DATABASE_NEWER
    assert code_of(store.remember("a", "b")) is Code.DATABASE_NEWER
    store.close()
    assert (tmp_path / DATABASE).read_bytes() == before


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
        assert notice.code is Code.DATABASE_DAMAGED
        kept = tmp_path / "data" / str(notice.parameters["file"])
        assert kept.name.startswith("sightline.db.damaged-")
        assert kept.read_bytes() == damaged
        assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"not a log either"
        assert store.summaries().result() == ()
        ask(store, "life goes on")
    with opened(tmp_path / "data") as store:
        assert store.notices == ()
        assert len(store.summaries().result()) == 1


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
        second = Store(tmp_path)
        assert code_of(second.open()) is Code.DATABASE_DAMAGED
        second.close()
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
    store = Store(tmp_path / "data")
    store.open().result()
    assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY]
    assert store.summaries().result() == ()
    store.close()


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
            assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY]
            assert len(store.summaries().result()) == 2
            assert store.conversation(running.id).result().messages[-1].text == "**$23.10**"
            last = store.conversation(interrupted.id).result().messages[-1]
            assert last.state is AnswerState.INTERRUPTED
            assert store.image_bytes(running.attachments()[0].sent).result() == b"one"  # type: ignore[arg-type]
            assert code_of(store.remember("a", "b")) is Code.FOLDER_READ_ONLY
            assert store.changed().result() is False
    finally:
        folder.chmod(0o700)


@pytest.mark.unprivileged
def test_a_read_only_folder_without_a_history_shows_an_empty_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with opened(tmp_path / "data") as store:
            assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY]
            assert store.summaries().result() == ()
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.unprivileged
def test_a_write_protected_database_is_read(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "?")
    (tmp_path / DATABASE).chmod(0o400)
    with opened(tmp_path) as store:
        assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY]
        assert len(store.summaries().result()) == 1


def _fill(store: Store) -> None:
    """From now on SQLite finds no room for another page: a real SQLITE_FULL."""

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    store._write(limit).result()


def test_on_a_full_disk_nothing_is_lost_and_deleting_works(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = ask(store, "first " * 1000)
        store.finish(answered(first), ()).result()
        _fill(store)
        with pytest.raises(ProblemError) as caught:
            begin(store, question("second " * 10_000))
        assert caught.value.problem == problem(Code.DISK_FULL, folder=str(tmp_path))
        assert len(store.summaries().result()) == 1
        assert len(store.conversation(first.id).result().messages) == 2
        store.delete(first.id).result()
        assert store.summaries().result() == ()


def test_the_reserve_is_given_up_for_the_end_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as store:
        reserve = tmp_path / "sightline.reserve"
        assert reserve.stat().st_size == SIZE_BYTES
        running = ask(store, "?")
        _fill(store)
        # Here a page limit stands for the disk, so giving the file up must lift the limit.
        real = Path.unlink

        def unlink(path: Path, missing_ok: bool = False) -> None:
            real(path, missing_ok=missing_ok)
            if path == reserve:
                store._opened.result().writer.execute("PRAGMA max_page_count = 100000").fetchone()  # type: ignore[union-attr]

        monkeypatch.setattr(Path, "unlink", unlink)
        assert code_of(store.checkpoint(running.messages[-1].id, "x" * 100_000)) is Code.DISK_FULL
        assert reserve.exists()
        stored = store.finish(answered(running, "x" * 100_000), ()).result()
        assert not reserve.exists()
        assert stored.messages[-1].text == "x" * 100_000
    with opened(tmp_path):
        assert reserve.stat().st_size == SIZE_BYTES


def test_our_own_mistakes_are_not_called_the_environments(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with pytest.raises(sqlite3.OperationalError):
            store._write(lambda c: c.execute("SELECT nonsense")).result()
        with pytest.raises(sqlite3.IntegrityError):
            store._write(lambda c: c.execute("INSERT INTO conversation VALUES (NULL, NULL, NULL)")).result()


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


# Migrations


def test_a_new_file_gets_every_migration_and_no_backup(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
    assert not list(tmp_path.glob("*.backup-*"))


def test_an_older_file_is_backed_up_and_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first = ("CREATE TABLE a (x TEXT)", "INSERT INTO a VALUES ('kept')")
    second = ("ALTER TABLE a ADD COLUMN y TEXT DEFAULT 'new'",)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, path, migrations=[first])
        upgrade(connection, path, migrations=[first, second])
        assert connection.execute("SELECT * FROM a").fetchall() == [("kept", "new")]
        assert version_of(connection) == 2
    backup = tmp_path / "old.db.backup-v1"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT * FROM a").fetchall() == [("kept",)]
        assert version_of(connection) == 1


def test_a_migration_that_fails_is_undone_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first = ("CREATE TABLE a (x TEXT)",)
    broken = ("INSERT INTO a VALUES ('half')", "CREATE TABLE b (x TEXT)", "nonsense")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, path, migrations=[first])
        with pytest.raises(sqlite3.OperationalError):
            upgrade(connection, path, migrations=[first, broken])
        assert version_of(connection) == 1
        assert connection.execute("SELECT * FROM a").fetchall() == []
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("a",)]


def test_a_version_from_the_future_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA user_version = 7")
        with pytest.raises(ProblemError) as caught:
            refuse_newer(connection, [("SELECT 1",)])
    assert caught.value.problem == problem(Code.DATABASE_NEWER, found=7, known=1)
