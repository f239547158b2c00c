"""What the window does with the shortcut: its keys, what is wrong with them, and where a press leads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.capture.shortcuts import global_shortcut
from desktop.capture.shortcuts.global_shortcut import GlobalShortcut
from desktop.capture.shortcuts.keys import Keys
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.core.capturing import CaptureRequest
from desktop.core.compat import override
from desktop.core.model import Conversation, Message, Role
from desktop.core.problems import Code, Problem, problem
from desktop.core.settings import DEFAULT_CAPTURE_KEYS
from desktop.ui import desktop_room, private_talk
from desktop.ui.desktop_room import Desktop
from desktop.ui.tray import Tray
from tests.helpers.window import Opened, open_window

# The offscreen platform has no tray, and Qt looks for one nevertheless.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


class Way(ShortcutWay):
    """Takes all keys but those that are said to be another's."""

    troubles: dict[str, Problem] = {}  # noqa: RUF012 - one for each test
    used: list[str] = []  # noqa: RUF012
    made: list["Way"] = []  # noqa: RUF012

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self.made.append(self)

    @override
    def why_not(self) -> Problem | None:
        return None

    @override
    def use(self, keys: Keys) -> None:
        self.used.append(keys.text)
        if keys.text in self.troubles:
            self.failed.emit(self.troubles[keys.text])
        else:
            self.described.emit("")

    @override
    def close(self) -> None:
        self.used.append("")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    for name, empty in (("troubles", {}), ("used", []), ("made", [])):
        monkeypatch.setattr(Way, name, empty)
    monkeypatch.setattr(global_shortcut, "GlobalShortcut", partial(GlobalShortcut, ways=(Way,)))
    with open_window(qtbot, tmp_path) as window:
        yield window
        desktop(window).close()


def desktop(opened: Opened) -> Desktop:
    return opened.window.gallery_room.outside.desktop


def begin(qtbot: QtBot, opened: Opened) -> None:
    desktop(opened)._start()
    qtbot.waitUntil(lambda: bool(Way.used))


def change(opened: Opened, **values: object) -> None:
    settings = opened.backend.settings
    settings.change(replace(settings.current, **values))  # type: ignore[arg-type]


def notices(opened: Opened) -> str:
    return " ".join(found.text() for found in opened.window._notices.findChildren(QLabel))


def test_the_keys_of_the_settings_hold_at_once(qtbot: QtBot, opened: Opened) -> None:
    begin(qtbot, opened)
    assert Way.used == [DEFAULT_CAPTURE_KEYS]

    change(opened, capture_keys="Ctrl+Alt+F9")
    change(opened, theme="dark")
    change(opened, capture_keys_on=False)
    change(opened, capture_keys_on=True)

    assert Way.used == [DEFAULT_CAPTURE_KEYS, "Ctrl+Alt+F9", "", "Ctrl+Alt+F9"]


def test_a_press_captures_unless_the_settings_wait_for_keys(qtbot: QtBot, opened: Opened) -> None:
    wanted: list[CaptureRequest] = []
    opened.window.gallery_room.outside.capture_wanted.disconnect()
    begin(qtbot, opened)
    desktop(opened).capture_wanted.connect(wanted.append)

    Way.made[0].pressed.emit()
    assert wanted == [CaptureRequest()]

    opened.window._settings_controller.take_keys = lambda _keys: True  # type: ignore[method-assign]
    Way.made[0].pressed.emit()
    assert wanted == [CaptureRequest()]


def test_keys_of_another_program_are_said(qtbot: QtBot, opened: Opened) -> None:
    Way.troubles["Ctrl+Alt+F9"] = problem(Code.SHORTCUT_TAKEN, keys="Ctrl+Alt+F9")
    begin(qtbot, opened)
    assert "Another program" not in notices(opened)

    change(opened, capture_keys="Ctrl+Alt+F9")

    assert "Another program has the shortcut Ctrl+Alt+F9." in notices(opened)
    assert desktop(opened).facts().trouble == Way.troubles["Ctrl+Alt+F9"]


def test_a_desktop_without_shortcuts_is_said_once_and_never_again(qtbot: QtBot, opened: Opened) -> None:
    Way.troubles[DEFAULT_CAPTURE_KEYS] = not_offered()

    begin(qtbot, opened)

    assert "let a shortcut run “sightline --capture region”" in notices(opened)
    assert "shortcut_not_offered" in opened.backend.settings.current.dismissed
    opened.window._notices.close_newest()
    qtbot.waitUntil(lambda: "let a shortcut run" not in notices(opened))
    change(opened, capture_keys_on=False)
    change(opened, capture_keys_on=True)
    assert "let a shortcut run" not in notices(opened)


class ByHand(QCloseEvent):
    """As the button of a title bar closes a window; Qt lets nobody else say so."""

    @override
    def spontaneous(self) -> bool:
        return True


class ShownTray(Tray):
    """As on a desktop that has one."""

    @property
    @override
    def is_there(self) -> bool:
        return True


def test_closing_into_the_tray_asks_nothing_and_ends_nothing_but_quitting_does(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(private_talk, "confirm", lambda *_a, title, **_k: asked.append(title) or False)
    monkeypatch.setattr(desktop_room, "Tray", ShownTray)
    begin(qtbot, opened)
    change(opened, close_to_tray=True)
    question = Message(id=1, role=Role.USER, text="Whose is it?", created_at=datetime.now(UTC))
    opened.conversation.show(Conversation(private=True, messages=(question,)))

    QApplication.sendEvent(opened.window, ByHand())

    assert not opened.window.isVisible()
    assert asked == []
    assert "closed_to_tray" in opened.backend.settings.current.dismissed
    desktop(opened).show_window()
    assert opened.window.isVisible()
    desktop(opened).quit()
    assert asked == ["Private conversation"]
    assert opened.window.isVisible()
    change(opened, close_to_tray=False)
    QApplication.sendEvent(opened.window, ByHand())
    assert len(asked) == 2
    opened.conversation.show(Conversation())
