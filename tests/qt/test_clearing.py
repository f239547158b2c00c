"""The button that empties a search field."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.clearing import ClearButton


def test_it_is_there_while_there_is_text_in_the_middle_of_the_right_end(
    qtbot: QtBot, present: Callable[[QWidget], None]
) -> None:
    field = QLineEdit()
    ClearButton(field)
    field.resize(240, 33)
    present(field)
    button = field.findChild(QToolButton)
    assert button.isHidden()
    qtbot.keyClicks(field, "ssl")
    assert abs(button.geometry().center().y() - field.rect().center().y()) <= 1
    assert field.rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.text() == ""
    assert button.isHidden()
