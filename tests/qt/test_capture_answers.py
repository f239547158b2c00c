"""What becomes of a captured picture that is asked about: a file, an image of the gallery, a small window."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import AnswerState, Conversation, Detail
from desktop.core.request import Question
from desktop.ui import capture_room
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.capture.answer_window import GAP_PX, AnswerWindow
from desktop.ui.capture.captured import Captured
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

CAPTURED = Captured(
    image=QImage(64, 48, QImage.Format.Format_RGB32),
    edits=Edits(blackouts=(Area(8, 8, 24, 24),)),
    title="Invoice – Viewer",
    prompt="What is the total?",
    detail=Detail.AUTO,
    at=datetime(2026, 11, 28, 15, 47, 12, tzinfo=UTC),
)
CAPTURED.image.fill(QColor("#336699"))


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path, base_url=loopback.base_url, key="sk-test", model="gpt-4.1") as opened:
        yield opened
        for window in answer_windows():
            window.close()


def answer_windows() -> list[AnswerWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, AnswerWindow) and w.isVisible()]


def ask(opened: Opened, captured: Captured = CAPTURED) -> AnswerWindow:
    before = answer_windows()
    opened.window.capture_room._on_asked(captured)
    return next(window for window in answer_windows() if window not in before)


def shown_text(window: AnswerWindow) -> str:
    return window._turns.answer.text_view.accessibleDescription()


def ended(window: AnswerWindow) -> Callable[[], bool]:
    return lambda: not window.is_running


def test_the_answer_comes_in_a_small_window_and_the_capture_is_in_gallery_and_history(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    window = ask(opened)
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)

    assert len(loopback.requests) == 1
    # The conversation at hand in the main window is another one.
    assert not opened.conversation.current.messages
    qtbot.waitUntil(lambda: len(opened.images.entries) == 1, timeout=WAIT_MS)
    (entry,) = opened.images.entries.values()
    assert entry.path.name.startswith("Invoice – Viewer 2026-11-28")
    assert entry.edits == CAPTURED.edits
    assert opened.images.selection == []
    qtbot.waitUntil(lambda: opened.history.view.model().rowCount() > 0, timeout=WAIT_MS)

    window._go_on.click()
    qtbot.waitUntil(lambda: len(opened.conversation.current.messages) == 2, timeout=WAIT_MS)
    question, answer = opened.conversation.current.messages
    assert (question.text, answer.state) == ("What is the total?", AnswerState.COMPLETE)
    assert question.attachments[0].edits == CAPTURED.edits
    assert not answer_windows()


def test_a_follow_up_is_priced_asked_and_answered_in_the_same_window(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    window = ask(opened)
    follow_up = window.findChild(QLineEdit)
    assert isinstance(follow_up, QLineEdit)
    follow_up.setText("And the tax?")
    assert not window._price.text()
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)
    assert "$" in window._price.text()

    qtbot.keyClick(follow_up, Qt.Key.Key_Return)
    assert window.is_running
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)

    assert [len(request.body["messages"]) for request in loopback.requests] == [1, 3]
    assert "And the tax?" in str(loopback.requests[1].body["messages"][-1])
    assert not follow_up.text()


def test_escape_stops_and_then_leaves(qtbot: QtBot, opened: Opened, loopback: Loopback) -> None:
    loopback.scenario = "stalled"
    window = ask(opened)
    qtbot.waitUntil(lambda: bool(loopback.requests) and loopback.requests[0].sent > 10, timeout=WAIT_MS)

    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.is_running
    qtbot.waitUntil(lambda: loopback.requests[0].closed_at is not None, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not answer_windows()


def test_a_window_that_is_left_before_anything_was_asked_asks_nothing(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    window = ask(opened)
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not answer_windows()
    staying = opened.window.capture_room._staying
    qtbot.waitUntil(lambda: not staying._holders, timeout=WAIT_MS)
    assert not loopback.requests
    assert not opened.conversation._lives


def test_a_pinned_answer_stays_and_another_one_makes_room(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    first = ask(opened)
    qtbot.waitUntil(ended(first), timeout=WAIT_MS)
    first._pin.click()
    second = ask(opened, replace(CAPTURED, prompt="Second"))
    assert set(answer_windows()) == {first, second}
    qtbot.waitUntil(ended(second), timeout=WAIT_MS)
    third = ask(opened, replace(CAPTURED, prompt="Third"))
    assert set(answer_windows()) == {first, third}
    qtbot.waitUntil(ended(third), timeout=WAIT_MS)


def test_a_failure_is_said_there_and_can_be_tried_again(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    loopback.script.append("server_error")
    loopback.scenario = "bad_request"
    window = ask(opened)
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)
    assert window._turns.answer._problem is not None
    loopback.scenario = "ok"
    loopback.script.clear()
    asked = len(loopback.requests)

    window.remedy_requested.emit("retry")
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)
    assert len(loopback.requests) == asked + 1
    assert not window._turns.answer._problem.isVisible()


def test_a_capture_that_cannot_be_a_file_is_on_the_clipboard_and_the_reason_is_said(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "captures").write_bytes(b"in the way")
    QApplication.clipboard().clear()
    window = ask(opened)
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull(), timeout=WAIT_MS)

    image = QApplication.clipboard().image()
    assert image.pixelColor(10, 10).name() == "#000000"
    assert window._turns.answer._problem is not None
    assert not window._go_on.isEnabled()


def test_a_question_that_is_not_asked_after_all_is_not_lost(
    qtbot: QtBot, opened: Opened, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget is used up, and the user says no."""
    answers = iter((None, None, lambda question: question))

    def passed(_guard: BudgetGuard, question: Question, _model: object, **_over: object) -> Question | None:
        allow = next(answers)
        return None if allow is None else allow(question)

    monkeypatch.setattr(BudgetGuard, "passed", passed)
    window = ask(opened)
    for _refusal in range(2):
        qtbot.waitUntil(lambda: window._next.text() == CAPTURED.prompt, timeout=WAIT_MS)
        assert not window.is_running
        assert window._price.text()
        assert not loopback.requests
        window._ask.click()
    qtbot.waitUntil(lambda: len(loopback.requests) == 1 and not window.is_running, timeout=WAIT_MS)
    assert window._next.text() == ""
    assert len(loopback.requests[0].images) == 1
    assert window._go_on.isEnabled()


def test_a_capture_beside_a_private_conversation_is_private_too(
    qtbot: QtBot, opened: Opened, loopback: Loopback
) -> None:
    opened.conversation.show(Conversation(private=True))
    window = ask(opened)
    assert window._about.text().startswith("Private conversation")
    qtbot.waitUntil(ended(window), timeout=WAIT_MS)
    window._next.setText("And the tax?")
    window._ask.click()
    qtbot.waitUntil(lambda: len(loopback.requests) == 2 and not window.is_running, timeout=WAIT_MS)
    window._go_on.click()
    qtbot.waitUntil(lambda: len(opened.conversation.current.messages) == 4, timeout=WAIT_MS)
    assert opened.conversation.current.private
    assert opened.history.view.model().rowCount() == 0
    # Neither in the gallery nor as a file.
    assert not opened.images.entries
    folder = opened.backend.captures.folder
    qtbot.waitUntil(lambda: not list(folder.iterdir()), timeout=WAIT_MS)


def test_what_is_copied_in_a_private_conversation_is_in_no_file(qtbot: QtBot, opened: Opened) -> None:
    opened.conversation.show(Conversation(private=True))
    QApplication.clipboard().clear()
    opened.window.capture_room._on_copied(CAPTURED)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull(), timeout=WAIT_MS)

    folder = opened.backend.captures.folder
    assert not folder.exists() or not list(folder.iterdir())
    assert not opened.images.entries


def test_the_program_goes_on_until_a_capture_is_kept(qtbot: QtBot, opened: Opened) -> None:
    """Begun by ``--capture`` there is no window that would hold it."""
    room = opened.window.capture_room
    opened.window.hide()
    room._on_kept(CAPTURED)
    assert room._staying._holders
    qtbot.waitUntil(opened.window.isVisible, timeout=WAIT_MS)
    assert not room._staying._holders
    assert len(opened.images.entries) == 1


def test_a_file_that_cannot_be_written_is_said_in_the_main_window(
    qtbot: QtBot, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, began = opened.window.capture_room, []

    def choose(*_args: object, **_more: object) -> Path:
        # The dialog is open: another capture may begin, and closing the dialog does not end it.
        began.append(room._is_busy())
        return tmp_path / "nowhere" / "out.png"

    monkeypatch.setattr(capture_room, "choose_new_file", choose)
    (tmp_path / "nowhere").write_bytes(b"in the way")
    opened.window.hide()
    room._on_saved(CAPTURED)
    assert began == [False]
    assert room._staying._holders
    qtbot.waitUntil(opened.window.isVisible, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not room._staying._holders, timeout=WAIT_MS)


def test_windows_stand_within_the_screen_side_by_side(qtbot: QtBot) -> None:
    available = QRect(1920, 30, 1366, 738)
    windows = [AnswerWindow("", "?", "gpt-4.1") for _ in range(4)]
    for nth, window in enumerate(windows):
        qtbot.addWidget(window)
        window.place_on(available, nth)
        assert available.contains(window.geometry())
    assert windows[0].geometry().right() == available.right() - GAP_PX
    assert not windows[0].geometry().intersects(windows[1].geometry())
    assert windows[3].geometry().top() > windows[0].geometry().top()
