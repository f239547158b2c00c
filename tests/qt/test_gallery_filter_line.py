"""The filter line: what is typed filters, what may be typed is offered, what is wrong is said."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.filtering import Filter
from desktop.ui.gallery.filter_line import FilterLine


class Told:
    def __init__(self, line: FilterLine) -> None:
        self.filters: list[str] = []
        self.left = 0
        line.changed.connect(self._on_changed)
        line.left.connect(self._on_left)

    def _on_changed(self, found: Filter) -> None:
        self.filters.append(found.text)

    def _on_left(self) -> None:
        self.left += 1


@pytest.fixture
def line(present: Callable[[QWidget], None]) -> FilterLine:
    made = FilterLine()
    made.resize(440, 60)
    present(made)
    made.begin()
    return made


def test_typing_filters_once_it_rests_and_enter_at_once(qtbot: QtBot, line: FilterLine) -> None:
    told = Told(line)
    qtbot.keyClicks(line._field, "w>200")
    assert told.filters == []
    qtbot.waitUntil(lambda: told.filters == ["w>200"])
    qtbot.keyClicks(line._field, "0")
    line._popup.hide()
    qtbot.keyClick(line._field, Qt.Key.Key_Return)
    assert told.filters == ["w>200", "w>2000"]


def test_what_may_follow_is_offered_and_taken_by_keys(qtbot: QtBot, line: FilterLine) -> None:
    told = Told(line)
    qtbot.keyClicks(line._field, "ty")
    assert line._popup.isVisible()
    qtbot.keyClick(line._field, Qt.Key.Key_Tab)
    assert line.text == "type:"
    qtbot.keyClicks(line._field, "p")
    qtbot.keyClick(line._field, Qt.Key.Key_Down)
    qtbot.keyClick(line._field, Qt.Key.Key_Return)
    assert line.text == "type:png "
    assert told.filters == ["type:png "]
    assert not line._popup.isVisible()


def test_what_is_not_understood_is_said_below(qtbot: QtBot, line: FilterLine) -> None:
    line.set_text("colour:red")
    assert "There is no field “colour”" in line._trouble.toolTip() + line._trouble.text()
    assert line._below.isVisible()
    line.set_text("")
    assert not line._below.isVisible()


def test_escape_closes_the_offers_then_empties_then_leaves(qtbot: QtBot, line: FilterLine) -> None:
    told = Told(line)
    qtbot.keyClicks(line._field, "t")
    for _ in range(3):
        qtbot.keyClick(line._field, Qt.Key.Key_Escape)
    assert line.text == ""
    assert told.left == 1


def test_reading_is_offered_and_can_be_stopped(qtbot: QtBot, line: FilterLine) -> None:
    line.show_unread(312)
    assert line._read.text() == "Read the text of 312 images"
    with qtbot.waitSignal(line.read_wanted):
        line._read.click()
    line.show_reading(3, 312)
    with qtbot.waitSignal(line.read_cancelled):
        line._read.click()
    line.show_unread(0)
    assert not line._read.isVisible()
