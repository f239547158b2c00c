"""The segmented control."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.segments import Segments

OPTIONS = [("auto", "Auto", "As the model likes"), ("low", "Low", ""), ("high", "High", "")]


@pytest.fixture
def made(present: Callable[[QWidget], None]) -> tuple[Segments, list[str]]:
    """The control in an active window, and what it told."""
    segments = Segments(OPTIONS, name="Detail")
    present(segments)
    heard: list[str] = []
    segments.chosen.connect(heard.append)
    return segments, heard


def buttons(segments: Segments) -> list[QPushButton]:
    return [b for b in segments.findChildren(QPushButton) if b.isVisible()]


def test_a_click_chooses_and_says_so_once(qtbot: QtBot, made: tuple[Segments, list[str]]) -> None:
    segments, heard = made

    qtbot.mouseClick(buttons(segments)[2], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons(segments)[2], Qt.MouseButton.LeftButton)

    assert heard == ["high"]
    assert segments.value == "high"
    assert [b.isChecked() for b in buttons(segments)] == [False, False, True]


def test_a_value_set_from_outside_is_shown_and_not_told_back(
    qtbot: QtBot, made: tuple[Segments, list[str]]
) -> None:
    segments, heard = made

    segments.set_value("low")
    segments.set_value("unknown")

    assert (segments.value, heard) == ("low", [])


def test_arrow_keys_home_and_end_move_the_choice_and_stop_at_the_ends(
    qtbot: QtBot, made: tuple[Segments, list[str]]
) -> None:
    segments, heard = made
    buttons(segments)[0].setFocus()

    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Home):
        qtbot.keyClick(QApplication.focusWidget(), key)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)

    assert heard == ["low", "high", "auto", "high"]
    assert QApplication.focusWidget() is buttons(segments)[2]


def test_tab_stops_once_at_the_chosen_value(qtbot: QtBot, made: tuple[Segments, list[str]]) -> None:
    segments, _heard = made

    segments.set_value("low")

    stops = [b.accessibleName() for b in buttons(segments) if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["Low"]


def test_new_options_keep_the_value_where_they_have_it(
    qtbot: QtBot, made: tuple[Segments, list[str]]
) -> None:
    segments, heard = made
    segments.set_value("high")

    segments.set_options([("high", "High", ""), ("original", "Original", "")])
    kept = segments.value
    segments.set_options([("low", "Low", "")])
    fallen = segments.value
    segments.set_options([])

    assert (kept, fallen, segments.value) == ("high", "low", "")
    assert heard == []


def test_the_control_and_its_choices_have_names(qtbot: QtBot, made: tuple[Segments, list[str]]) -> None:
    segments, _heard = made

    assert segments.accessibleName() == "Detail"
    assert [b.accessibleName() for b in buttons(segments)] == ["Auto", "Low", "High"]
    assert buttons(segments)[0].accessibleDescription() == "As the model likes"


def test_focus_by_keyboard_is_shown_and_by_mouse_is_not(
    qtbot: QtBot, made: tuple[Segments, list[str]]
) -> None:
    segments, _heard = made
    buttons(segments)[0].clearFocus()

    buttons(segments)[0].setFocus(Qt.FocusReason.TabFocusReason)
    by_key = segments.property("focused")
    buttons(segments)[0].clearFocus()
    buttons(segments)[0].setFocus(Qt.FocusReason.MouseFocusReason)

    assert by_key is True
    assert segments.property("focused") is False
