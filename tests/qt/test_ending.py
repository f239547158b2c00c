"""The end of the session: what is being written is kept at once, and only a private conversation asks."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from desktop.core.model import Conversation, Message, Role
from desktop.tasks.qt_messages import QtMessages
from desktop.ui.ending import Ending
from tests.helpers.history import opened as history
from tests.helpers.window import Opened, open_window

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Session:
    """What Qt hands over when a session ends: only Qt makes one, where there is a session manager."""

    def __init__(self, *, may_ask: bool) -> None:
        self._may_ask = may_ask
        self.said = ""

    def allowsInteraction(self) -> bool:  # noqa: N802
        return self._may_ask

    def release(self) -> None:
        self.said = "release"

    def cancel(self) -> None:
        self.said = "cancel"


@pytest.fixture
def ending(qapp: QApplication) -> Iterator[Ending]:
    before = {number: signal.getsignal(number) for number in HANDLED}
    made = Ending(qapp, QtMessages())
    yield made
    made.close()
    for number, handler in before.items():
        signal.signal(number, handler)
    qapp.commitDataRequest.disconnect(made._on_commit)
    qapp.saveStateRequest.disconnect(made._on_save_state)
    qapp.aboutToQuit.disconnect(made.finish)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: Ending) -> Iterator[Opened]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path / "data") as opened:
        ending.of(opened.window, opened.backend)
        yield opened


def end_session(ending: Ending, *, may_ask: bool) -> str:
    session = Session(may_ask=may_ask)
    ending._on_commit(cast("QSessionManager", session))
    return session.said


def answer(button: str) -> None:
    """Press a button of the question that is about to be asked."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        next(b for b in box.findChildren(QAbstractButton) if b.text() == button).click()

    QTimer.singleShot(0, press)


def test_what_is_being_written_is_stored_before_the_session_ends(
    qtbot: QtBot, window: Opened, ending: Ending, tmp_path: Path
) -> None:
    window.composer.set_text("half a question")
    assert end_session(ending, may_ask=True) == ""
    ending.finish()
    ending.finish()
    with history(tmp_path / "data") as store:
        assert store.draft(0).result().text == "half a question"


def test_words_that_were_typed_before_the_draft_was_read_are_added_to_it(
    qtbot: QtBot, tmp_path: Path, ending: Ending
) -> None:
    data = tmp_path / "data"
    with open_window(qtbot, data) as opened:
        opened.composer.set_text("the first words")
        opened.window.safety.save()
    with open_window(qtbot, data, wait=False) as opened:
        # The loop has not run yet: nothing that was read has come.
        opened.backend.history.open()
        opened.composer.set_text("and more")
        ending.of(opened.window, opened.backend)
        ending.finish()
    with history(data) as store:
        assert store.draft(0).result().text == "the first words\nand more"


@pytest.mark.parametrize(
    ("may_ask", "button", "said"), [(True, "Cancel", "cancel"), (True, "Leave", "release"), (False, "", "")]
)
def test_a_private_conversation_is_asked_about_where_that_is_allowed(
    window: Opened, ending: Ending, may_ask: bool, button: str, said: str
) -> None:
    message = Message(role=Role.USER, text="x", created_at=datetime(2026, 11, 28, tzinfo=UTC))
    window.conversation.show(Conversation(private=True, messages=(message,)))
    if may_ask:
        answer(button)
    assert end_session(ending, may_ask=may_ask) == said


def test_a_signal_ends_every_loop(qtbot: QtBot, window: Opened, ending: Ending) -> None:
    reached: list[str] = []

    def open_dialog() -> None:
        window.window._settings_controller.open_settings()
        reached.append("the dialog is left")

    QTimer.singleShot(0, open_dialog)
    QTimer.singleShot(300, lambda: signal.raise_signal(signal.SIGTERM))
    assert QApplication.exec() == 0
    assert reached == ["the dialog is left"]
