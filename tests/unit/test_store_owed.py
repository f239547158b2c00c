"""A finished answer that cannot be stored at once is stored as soon as it can be."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.model import AnswerState, Conversation
from desktop.core.problems import Code
from desktop.store import connections, stand_in, writing
from desktop.store.making_room import make_room
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from tests.helpers.history import answered, ask, code_of, opened


def limit_pages(store: Store, pages: int) -> None:
    """A limit on pages stands for the disk: a real SQLITE_FULL."""

    def work(connection: sqlite3.Connection) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}").fetchone()

    store._writing.submit(lambda: work(store._now_open().writer)).result()  # type: ignore[arg-type]


def last_answer(folder: Path, conversation: Conversation) -> tuple[AnswerState, str]:
    with opened(folder) as store:
        answer = store.conversation(conversation.id).result().messages[-1]
        return answer.state, answer.text


def test_an_answer_that_ended_on_a_full_disk_is_stored_when_there_is_room(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        limit_pages(store, 0)
        assert code_of(store.finish(answered(running, "long " * 9000), ())) is Code.DISK_FULL
        assert store.changed().result() is False
        limit_pages(store, 1000)
        # The window asks this every second, and reads again when it is so.
        assert store.changed().result() is True
        assert store.changed().result() is False
        assert store.conversation(running.id).result().messages[-1].text == "long " * 9000
    assert last_answer(tmp_path, running) == (AnswerState.COMPLETE, "long " * 9000)


def test_an_answer_that_ended_while_the_history_was_locked_is_stored_when_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    with opened(tmp_path) as store:
        running = ask(store, "?")
        with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert code_of(store.finish(answered(running), ())) is Code.DATABASE_LOCKED
            other.execute("ROLLBACK")
    assert last_answer(tmp_path, running) == (AnswerState.COMPLETE, "**$23.10**")


def test_what_is_owed_to_a_conversation_that_is_deleted_meanwhile_is_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        limit_pages(store, 0)
        assert code_of(store.finish(answered(running, "long " * 9000), ())) is Code.DISK_FULL
        limit_pages(store, 1000)
        store.delete(running.id).result()
        assert store.changed().result() is False
        assert store.summaries().result() == ()


def test_a_history_that_was_locked_is_opened_at_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as store:
        ask(store, "kept")
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    store = Store(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        other.execute("BEGIN IMMEDIATE")
        other.execute("PRAGMA user_version = 4")
        assert code_of(store.open()) is Code.DATABASE_LOCKED
        assert code_of(store.summaries()) is Code.DATABASE_LOCKED
        other.execute("ROLLBACK")
    store.open().result()
    assert [row.title for row in store.summaries().result()] == ["kept"]
    store.close()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place for what stands in, of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_what_stands_in_for_a_history_is_removed_when_it_is_closed(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with opened(tmp_path / "data") as store:
        ask(store, "for now", b"image")
        (folder,) = temporary.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_stood_in_for_a_history_when_it_was_killed_is_swept(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setattr(stand_in, "_YOUNG_S", -10.0)
    dead = temporary / "sightline-session-dead"
    dead.mkdir()
    (dead / DATABASE).write_bytes(b"left")
    with opened(tmp_path / "data"):
        assert not dead.exists()
        (living,) = temporary.iterdir()
        with opened(tmp_path / "data"):
            assert living.exists()
            assert len(list(temporary.iterdir())) == 2


def test_without_any_place_the_history_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with opened(tmp_path / "data") as store:
        assert [notice.code for notice in store.notices] == [Code.FOLDER_READ_ONLY]
        assert store.summaries().result() == ()
        assert code_of(store.remember("a", "b")) is Code.FOLDER_READ_ONLY


def test_where_the_reserve_is_gone_deleting_gives_back_backups_and_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as store:
        kept = ask(store, "?")
        backup = tmp_path / f"{DATABASE}.backup-v1"
        backup.write_bytes(b"an older copy")
        monkeypatch.setattr(writing, "drop_reserve", lambda _folder: False)
        limit_pages(store, 0)

        def checkpointed(connection: sqlite3.Connection, database: Path) -> None:
            make_room(connection, database)
            # The room of a backup and of the log stands for pages here.
            connection.execute("PRAGMA max_page_count = 100000").fetchone()

        monkeypatch.setattr("desktop.store.finding.make_room", checkpointed)
        trigger = (
            "CREATE TEMP TRIGGER grow BEFORE DELETE ON conversation"
            " BEGIN INSERT INTO remembered VALUES ('grow', hex(zeroblob(50000))); END"
        )
        store._write(lambda c: c.execute(trigger), precious=True).result()
        store.delete(kept.id).result()
        assert not backup.exists()
        assert store.summaries().result() == ()
