"""Esc in every state of a question: the window is ready at once, and the socket is closed a moment later."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished
from desktop.core.model import ON_DEVICE, AnswerState
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.pictures import photo
from tests.helpers.window import WAIT_MS, Opened, open_window

READY_MS = 100
SOCKET_S = 1.0
MODEL = "gpt-4.1"

Reached = Callable[[Loopback], bool]

STATES: dict[str, Reached] = {
    "headers_never": lambda server: len(server.requests) == 1,
    "stalled_before_text": lambda server: len(server.requests) == 1,
    "stalled": lambda server: bool(server.requests) and server.requests[0].sent > 10,
    "slow": lambda server: bool(server.requests) and server.requests[0].sent > 10,
    "dripping": lambda server: len(server.requests) == 1,
}


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def begin(qtbot: QtBot, opened: Opened, picture: Path) -> None:
    """Ask about a picture, and type the next question while the answer is awaited."""
    opened.gallery.paths_dropped.emit([picture])
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
    opened.composer.set_text("First")
    opened.composer.ask_requested.emit()
    assert opened.conversation.is_answering
    opened.composer.set_text("Second")


def press_escape(qtbot: QtBot, opened: Opened) -> float:
    """Press Esc; the moment, after making sure that the next question could be asked at once."""
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    clock = QElapsedTimer()
    moment, work = time.monotonic(), time.thread_time()
    clock.start()
    qtbot.keyClick(opened.window, Qt.Key.Key_Escape)
    while not opened.composer._state.can_ask:
        QApplication.processEvents()
        assert clock.elapsed() < 10 * READY_MS, "Ask did not come back"
    # The thread's own time: on a busy machine the clock also tells what others do.
    assert (time.thread_time() - work) * 1000 < READY_MS
    assert not opened.conversation.is_answering
    assert opened.composer.text() == "Second"
    return moment


def assert_closed(qtbot: QtBot, server: Loopback, moment: float) -> None:
    qtbot.waitUntil(lambda: server.requests[0].closed_at is not None, timeout=WAIT_MS)
    closed_at = server.requests[0].closed_at
    assert closed_at is not None
    assert closed_at - moment < SOCKET_S


@pytest.mark.parametrize("scenario", STATES)
def test_the_next_question_can_be_asked_at_once(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback, scenario: str
) -> None:
    loopback.script.extend([scenario, "ok"])
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=MODEL) as opened:
        ended: list[Finished] = []
        opened.conversation.finished.connect(lambda event, _is_here: ended.append(event))
        begin(qtbot, opened, make_image(tmp_path / "a.png"))
        qtbot.waitUntil(lambda: STATES[scenario](loopback), timeout=WAIT_MS)

        moment = press_escape(qtbot, opened)
        opened.composer.ask_requested.emit()

        qtbot.waitUntil(lambda: len(ended) == 2, timeout=WAIT_MS)
        assert_closed(qtbot, loopback, moment)
        assert [event.answer.state for event in ended] == [AnswerState.STOPPED, AnswerState.COMPLETE]
        assert loopback.text.startswith(ended[0].answer.text)
        messages = opened.conversation.current.messages
        assert [m.text for m in messages] == ["First", ended[0].answer.text, "Second", loopback.text]
        assert [m.state for m in messages[1::2]] == [AnswerState.STOPPED, AnswerState.COMPLETE]
    assert loopback.requests[1].images == loopback.requests[0].images


def test_while_a_big_image_is_uploaded_to_a_server_that_does_not_read(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    # More than the buffers of both ends take.
    photo(4200, 4200).save(tmp_path / "a.jpg", quality=97)
    loopback.script.extend(["never_reads", "ok"])
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-5.6-terra") as opened:
        begin(qtbot, opened, tmp_path / "a.jpg")
        qtbot.waitUntil(lambda: len(loopback.requests) == 1, timeout=WAIT_MS)

        moment = press_escape(qtbot, opened)
        # Only a server that reads can see an end: first comes what had been sent, then the end.
        loopback.drain.set()
        assert_closed(qtbot, loopback, moment)
        opened.composer.ask_requested.emit()

        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            pass
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    uploaded = loopback.requests[0]
    assert len(uploaded.raw) < int(uploaded.headers["content-length"])


def test_while_connecting(qtbot: QtBot, tmp_path: Path) -> None:
    with _silent_server() as (server, port):
        base_url = f"https://127.0.0.1:{port}/v1"
        with open_window(qtbot, tmp_path / "data", base_url=base_url, model=MODEL) as opened:
            begin(qtbot, opened, make_image(tmp_path / "a.png"))
            connection = _accepted(qtbot, server)
            with connection, qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS) as ended:
                moment = press_escape(qtbot, opened)
                connection.settimeout(10)
                while connection.recv(65536):
                    pass
                assert time.monotonic() - moment < SOCKET_S
            assert ended.args is not None
            assert ended.args[0].answer.state is AnswerState.STOPPED


def test_while_it_waits_to_try_again(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    loopback.script.extend(["overloaded", "ok"])
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=MODEL) as opened:
        with qtbot.waitSignal(opened.conversation.retrying, timeout=WAIT_MS):
            begin(qtbot, opened, make_image(tmp_path / "a.png"))

        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            press_escape(qtbot, opened)

        assert opened.conversation.current.messages[-1].state is AnswerState.STOPPED
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("earlier", [False, True], ids=["a new conversation", "a follow-up"])
def test_while_the_images_are_prepared(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback, earlier: bool
) -> None:
    photo(3000, 2000).save(tmp_path / "b.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=MODEL) as opened:
        if earlier:
            with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
                begin(qtbot, opened, make_image(tmp_path / "a.png"))
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS) as ended:
            begin(qtbot, opened, tmp_path / "b.png")
            press_escape(qtbot, opened)
        assert ended.args is not None
        assert ended.args[0].answer.state is AnswerState.STOPPED

        # What is written by now stays, with the image of the question that never began.
        qtbot.waitUntil(lambda: opened.composer._state.can_ask, timeout=WAIT_MS)
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.composer.ask_requested.emit()
        texts = [message.text for message in opened.conversation.current.messages]
        assert texts == ["First", loopback.text] * earlier + ["Second", loopback.text]
    assert [len(request.images) for request in loopback.requests] == ([1, 2] if earlier else [1])


def test_while_the_reader_reads(qtbot: QtBot, tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "resources" / "samples" / "receipt.png"
    with open_window(qtbot, tmp_path / "data") as opened:
        assert opened.choice.model.id == ON_DEVICE
        with qtbot.waitSignal(opened.conversation.stored, timeout=WAIT_MS):
            begin(qtbot, opened, sample)
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            press_escape(qtbot, opened)
        assert opened.conversation.current.messages[-1].state is AnswerState.STOPPED


def test_closing_while_an_answer_streams_keeps_what_had_come(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.url_as("stalled"), model=MODEL) as opened:
        begin(qtbot, opened, make_image(tmp_path / "a.png"))
        qtbot.waitUntil(lambda: STATES["stalled"](loopback), timeout=WAIT_MS)
        moment = time.monotonic()
    assert_closed(qtbot, loopback, moment)
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=MODEL) as opened:
        answer = opened.conversation.current.messages[-1]
        assert answer.state is AnswerState.STOPPED
        assert answer.text
        assert loopback.text.startswith(answer.text)
        assert opened.composer.text() == "Second"


@contextmanager
def _silent_server() -> Iterator[tuple[socket.socket, int]]:
    """Takes connections and never says a word, so that the TLS handshake does not end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server, server.getsockname()[1]


def _accepted(qtbot: QtBot, server: socket.socket) -> socket.socket:
    found: list[socket.socket] = []

    def accept() -> bool:
        try:
            found.append(server.accept()[0])
        except BlockingIOError:
            return False
        return True

    qtbot.waitUntil(accept, timeout=WAIT_MS)
    return found[0]
