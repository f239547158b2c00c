"""Whatever is wrong with the history, the window says so, loses nothing, and questions can be asked."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.gallery_items import GalleryItem
from desktop.core.model import AnswerState, Draft
from desktop.core.problems import Code
from desktop.store import connections
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.reserve import SIZE_BYTES
from desktop.tasks import history
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.history import answered
from tests.helpers.history import ask as ask_store
from tests.helpers.history import opened as opened_history
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

NOT_STORED = "Nothing of this session is stored."


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def notices(opened: Opened) -> str:
    return "\n".join(notice.text for notice in opened.window.findChildren(Notice))


def ask_about(qtbot: QtBot, opened: Opened, picture: Path, text: str = "What is this?") -> None:
    """Drop a picture, ask about it, and wait for the end of the answer."""
    opened.gallery.paths_dropped.emit([picture])
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
    opened.composer.set_text(text)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def assert_answers(qtbot: QtBot, opened: Opened, picture: Path, server: Loopback) -> None:
    """A question, a follow-up, and the rows of both are there."""
    ask_about(qtbot, opened, picture)
    assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    opened.composer.set_text("And this?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()
    assert [m.text for m in opened.conversation.current.messages] == [
        "What is this?",
        server.text,
        "And this?",
        server.text,
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one conversation and a draft."""
    with opened_history(tmp_path / "data") as store:
        running = ask_store(store, "What is the total?", b"one")
        store.finish(answered(running), ()).result()
        store.save_draft(0, Draft(text="half wri")).result()
    return tmp_path / "data"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_image(tmp_path / "a.png")


def titles(opened: Opened) -> list[str]:
    return [summary.title for summary in opened.backend.history.rows.summaries]


def stored_titles(data: Path) -> list[str]:
    with opened_history(data) as store:
        return [summary.title for summary in store.summaries().result()]


def test_a_damaged_history_is_salvaged_and_the_window_says_how_much(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback
) -> None:
    whole = (data / DATABASE).read_bytes()
    (data / DATABASE).write_bytes(b"<html>" + whole[6:])
    with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1") as opened:
        assert "Conversations saved: 1; damaged answers: 0." in notices(opened)
        qtbot.waitUntil(lambda: titles(opened) == ["What is the total?"], timeout=WAIT_MS)
        assert opened.composer.text() == "half wri"
        assert_answers(qtbot, opened, picture, loopback)
    assert len(stored_titles(data)) == 2


def test_with_a_history_of_a_newer_version_questions_can_be_asked_and_it_is_untouched(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback
) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (data / DATABASE).read_bytes()
    with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1") as opened:
        assert "was written by a newer Sightline" in notices(opened)
        assert NOT_STORED in notices(opened)
        assert_answers(qtbot, opened, picture, loopback)
    assert (data / DATABASE).read_bytes() == before


def test_with_a_folder_that_cannot_be_written_questions_can_be_asked(
    qtbot: QtBot, tmp_path: Path, picture: Path, loopback: Loopback
) -> None:
    # Permissions do not bind root, who runs the tests in some places.
    (tmp_path / "data").write_text("a file in its place")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        assert "Nothing can be written to" in notices(opened)
        assert NOT_STORED in notices(opened)
        assert_answers(qtbot, opened, picture, loopback)
    assert (tmp_path / "data").read_text() == "a file in its place"


def test_a_locked_history_is_awaited_and_what_was_typed_meanwhile_stays(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(history, "LOCKED_MS", 100)
    earlier = make_image(picture.with_name("earlier.png"), color="olive")
    with opened_history(data) as store:
        store.change_gallery(put=[GalleryItem(file=1, page=0, path=earlier)]).result()
    with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE draft SET text = text")
        with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1", wait=False) as opened:
            qtbot.waitUntil(
                lambda: "Another program is using the history." in notices(opened), timeout=WAIT_MS
            )
            opened.composer.set_text("tten")
            opened.gallery.paths_dropped.emit([picture])
            qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
            other.execute("ROLLBACK")
            other.close()
            qtbot.waitUntil(lambda: titles(opened) == ["What is the total?"], timeout=WAIT_MS)
            qtbot.waitUntil(lambda: opened.composer.text() == "half wri\ntten", timeout=WAIT_MS)
            qtbot.waitUntil(lambda: len(opened.images.entries) == 2, timeout=WAIT_MS)
            assert [e.path for e in opened.images.usable_selection()] == [picture]
            with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
                opened.window._composer_controller.ask()
            assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert len(stored_titles(data)) == 2
    with opened_history(data) as store:
        assert [row.path for row in store.gallery().result()] == [earlier, picture]


def test_while_another_process_writes_the_history_is_shown_and_a_question_comes_back(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_history(data) as store:
        # What the next start should clean up, and cannot.
        ask_store(store, "interrupted", b"two")
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1") as opened:
            qtbot.waitUntil(lambda: len(titles(opened)) == 2, timeout=WAIT_MS)
            ask_about(qtbot, opened, picture)
            answer = opened.conversation.current.messages[-1]
            assert answer.problem is not None
            assert answer.problem.code is Code.DATABASE_LOCKED
            assert opened.composer.text() == "What is this?"
            other.execute("ROLLBACK")
            with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
                opened.window._composer_controller.ask()
            assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert len(stored_titles(data)) == 3


def limit_pages(opened: Opened, pages: int) -> None:
    """A limit on pages stands for the disk: a real SQLITE_FULL."""
    store = opened.parts.services.store

    def work() -> None:
        writer = store._now_open().writer
        assert writer is not None
        used = writer.execute("PRAGMA page_count").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count = {used + pages}").fetchone()

    store._writing.submit(work).result()


def test_on_a_full_disk_it_is_said_and_the_question_comes_back(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1") as opened:
        # Another program has filled the disk, the reserve's place included.
        (data / "sightline.reserve").unlink()
        full = shutil.disk_usage(data)._replace(free=SIZE_BYTES - 1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        ask_about(qtbot, opened, picture)
        answer = opened.conversation.current.messages[-1]
        assert answer.problem is not None
        assert answer.problem.code is Code.DISK_FULL
        assert opened.composer.text() == "What is this?"
        qtbot.waitUntil(lambda: "is full" in notices(opened), timeout=WAIT_MS)
        monkeypatch.undo()
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert len(loopback.requests) == 1
    assert len(stored_titles(data)) == 2


def test_an_answer_that_ends_on_a_full_disk_is_shown_and_stored_when_there_is_room(
    qtbot: QtBot, data: Path, picture: Path, loopback: Loopback
) -> None:
    loopback.text = "A long answer. " * 2000
    loopback.script.append("slow")
    loopback.pause_s = 0.0
    with open_window(qtbot, data, base_url=loopback.base_url, model="gpt-4.1") as opened:
        opened.conversation.stored.connect(lambda _conversation: limit_pages(opened, 0))
        ask_about(qtbot, opened, picture)
        assert opened.conversation.current.messages[-1].text == loopback.text
        qtbot.waitUntil(lambda: "is full" in notices(opened), timeout=WAIT_MS)
        store, number = opened.parts.services.store, opened.conversation.current.id
        assert store.conversation(number).result().messages[-1].state is AnswerState.RUNNING
        limit_pages(opened, 10_000)
        qtbot.waitUntil(
            lambda: store.conversation(number).result().messages[-1].text == loopback.text, timeout=WAIT_MS
        )
    with opened_history(data) as stored:
        assert stored.conversation(number).result().messages[-1].state is AnswerState.COMPLETE


def test_an_answer_of_another_process_that_is_looked_at_comes_to_its_end(qtbot: QtBot, data: Path) -> None:
    with opened_history(data) as other, open_window(qtbot, data) as opened:
        running = ask_store(other, "From elsewhere")
        qtbot.waitUntil(lambda: "From elsewhere" in titles(opened), timeout=WAIT_MS)
        opened.window._history_controller.open(running.id)
        qtbot.waitUntil(lambda: opened.conversation.current.id == running.id, timeout=WAIT_MS)
        opened.composer.set_text("And then?")
        other.checkpoint(running.messages[-1].id, "It begins").result()
        qtbot.waitUntil(lambda: opened.conversation.current.messages[-1].text == "It begins", timeout=WAIT_MS)
        other.finish(answered(running, "It begins and ends"), ()).result()
        qtbot.waitUntil(
            lambda: opened.conversation.current.messages[-1].state is AnswerState.COMPLETE, timeout=WAIT_MS
        )
        assert opened.conversation.current.messages[-1].text == "It begins and ends"
        assert opened.composer.text() == "And then?"
