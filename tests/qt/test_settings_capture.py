"""The settings' page about capturing: the shortcut, what is wrong with it, and what closing does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.capture.shortcuts.way import not_offered
from desktop.core.ports import KeyStatus
from desktop.core.problems import Code, problem
from desktop.core.settings import DEFAULT_CAPTURE_KEYS, Settings
from desktop.ui.desktop_room import DesktopFacts
from desktop.ui.settings.settings_dialog import CAPTURE, SettingsDialog
from desktop.ui.widgets.segments import Segments
from desktop.ui.widgets.select import Select
from desktop.ui.widgets.shortcut_field import KeyRecorder

NO_KEY = KeyStatus(hint=None, origin=None, backend=None)
TRAY = DesktopFacts(has_tray=True)


class Bench:
    def __init__(self, qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
        self.qtbot, self._present = qtbot, present
        self.changes: list[Settings] = []
        self.dialog: SettingsDialog

    def open(self, settings: Settings, facts: DesktopFacts = TRAY) -> None:
        self.dialog = SettingsDialog(
            settings=settings, key=NO_KEY, models=(), data_folder=Path("/d"), facts=facts, page=CAPTURE
        )
        self.dialog.changed.connect(self.changes.append)
        self._present(self.dialog)

    @property
    def keys(self) -> Select:
        return next(s for s in self.dialog.findChildren(Select) if s.accessibleName() == "Shortcut")

    def button(self, text: str) -> QAbstractButton:
        buttons = self.dialog.findChildren(QAbstractButton)
        return next(b for b in buttons if b.text() == text and b.isVisible())

    def press(self, text: str) -> None:
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def choose(self, keys: str) -> None:
        place = self.keys.findData(keys)
        self.keys.setCurrentIndex(place)
        self.keys.activated.emit(place)

    def texts(self) -> str:
        return " ".join(w.text() for w in self.dialog.findChildren(QLabel) if w.isVisible())


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    return Bench(qtbot, present)


def test_keys_that_are_pressed_hold_at_once_and_none_switches_off(bench: Bench) -> None:
    bench.open(Settings())

    bench.press("Other keys…")
    recorder = bench.dialog.findChild(KeyRecorder)
    for alone in (Qt.Key.Key_Control, Qt.Key.Key_Super_L, Qt.Key.Key_NumLock):
        bench.qtbot.keyClick(recorder, alone)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    bench.qtbot.keyClick(recorder, Qt.Key.Key_F9, held)
    bench.choose("")
    bench.choose(DEFAULT_CAPTURE_KEYS)

    told = [(s.capture_keys, s.capture_keys_on) for s in bench.changes]
    assert told == [("Ctrl+Alt+F9", True), ("Ctrl+Alt+F9", False), (DEFAULT_CAPTURE_KEYS, True)]
    assert "whatever program is in front" in bench.texts()


def test_the_shortcut_itself_can_be_chosen_again_while_keys_are_waited_for(bench: Bench) -> None:
    bench.open(Settings(capture_keys="Ctrl+Alt+F9"))
    # Its keys go to whoever has grabbed them, and never to the field.
    assert not bench.dialog.take_keys("Ctrl+Alt+F9")

    bench.press("Other keys…")
    assert bench.dialog.take_keys("Ctrl+Alt+F9")

    assert bench.dialog.findChild(KeyRecorder).isHidden()
    assert bench.keys.currentData() == "Ctrl+Alt+F9"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (Code.SHORTCUT_TAKEN, "Another program has the shortcut Ctrl+Q. Choose another one."),
        (Code.SHORTCUT_UNUSABLE, "that other programs do not need"),
        (Code.SHORTCUT_REFUSED, "was not allowed"),
    ],
)
def test_what_is_wrong_with_the_keys_is_said_below_them_when_it_turns_out(
    bench: Bench, code: Code, said: str
) -> None:
    bench.open(Settings())
    height = bench.dialog.height()

    bench.dialog.show_facts(DesktopFacts(trouble=problem(code, keys="Ctrl+Q"), has_tray=True))

    assert said in bench.texts()
    assert bench.dialog.height() >= height
    bench.dialog.show_facts(TRAY)
    assert said not in bench.texts()


def test_where_programs_get_no_shortcuts_the_command_can_be_copied(bench: Bench) -> None:
    bench.open(Settings(), DesktopFacts(trouble=not_offered()))

    bench.press("Copy")

    line = next(f for f in bench.dialog.findChildren(QLineEdit) if f.accessibleName() == "Command")
    assert line.isVisible()
    assert QGuiApplication.clipboard().text() == line.text() == "sightline --capture region"
    bench.dialog.show_facts(TRAY)
    assert not line.isVisible()


def test_keys_that_the_desktop_has_chosen_are_named_as_it_names_them(bench: Bench) -> None:
    bench.open(Settings(), DesktopFacts(described="Press <b>Super</b>"))

    assert "Your desktop has set: Press <b>Super</b>." in bench.texts()


def test_closing_can_leave_it_in_the_tray_only_where_there_is_one(bench: Bench) -> None:
    bench.open(Settings(close_to_tray=True), DesktopFacts())
    closing = next(s for s in bench.dialog.findChildren(Segments) if s.accessibleName() == "Closing")
    assert not closing.isEnabled()
    assert closing.value == "stays"
    assert "has no tray" in bench.texts()

    bench.dialog.show_facts(TRAY)
    bench.press("Quits Sightline")

    assert bench.changes == [Settings(close_to_tray=False)]
