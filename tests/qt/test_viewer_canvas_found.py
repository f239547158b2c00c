"""The text that was found: outlined, selected by lines, copied; codes tell what they hold."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.found_text import Corners, FoundLine, PageCode, PageText
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.found_layer import FoundLayer
from tests.helpers.canvases import PAGE, drag, picture, seen


def box(left: float, top: float, right: float, bottom: float) -> Corners:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


FOUND = PageText(
    lines=(
        FoundLine("Total", box(100, 100, 200, 120)),
        FoundLine("12.50", box(300, 102, 360, 121)),
        FoundLine("Thank you", box(100, 140, 220, 160)),
        FoundLine("slanted", ((400, 300), (500, 340), (490, 365), (390, 325))),
    ),
    codes=(PageCode("QRCode", "<b>https://example.org</b>", box(600, 400, 700, 500)),),
    text="Total 12.50\nThank you\nslanted",
)


@pytest.fixture
def canvas(present: Callable[[QWidget], None]) -> Canvas:
    made = Canvas()
    made.resize(1060, 778)
    present(made)
    made.show_original(picture(), PAGE)
    made.set_found(FOUND)
    made.setFocus()
    return made


@pytest.fixture
def selected(canvas: Canvas) -> list[str]:
    told: list[str] = []
    canvas.text_selected.connect(told.append)
    return told


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.place().map(QPointF(x, y)).toPoint()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_drag_over_text_selects_lines_and_copies_them(
    qtbot: QtBot, canvas: Canvas, selected: list[str], turns: int
) -> None:
    canvas.set_edits(Edits(quarter_turns=turns, crop=Area(50, 50, 780, 580)))

    drag(qtbot, canvas, at(canvas, 150, 110), at(canvas, 200, 155))
    qtbot.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert selected == ["Total 12.50\nThank you"]
    assert QGuiApplication.clipboard().text() == "Total 12.50\nThank you"
    assert canvas.editor.edits.marks == ()


def test_a_double_click_selects_one_line_and_a_click_none(
    qtbot: QtBot, canvas: Canvas, selected: list[str]
) -> None:
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 330, 110))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 700, 50))

    assert selected == ["12.50", ""]


def test_all_text_is_selected_by_key_and_let_go_by_escape(
    qtbot: QtBot, canvas: Canvas, selected: list[str]
) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)

    assert selected == ["Total 12.50\nThank you\nslanted", ""]


def test_boxes_are_outlined_only_while_text_is_on_and_a_selection_goes_with_it(
    canvas: Canvas, selected: list[str]
) -> None:
    outlined = seen(canvas)
    canvas.select_all_text()
    canvas.set_found(None)

    assert seen(canvas) != outlined
    assert selected[-1] == ""
    assert not canvas.select_all_text()


def test_the_same_text_again_keeps_the_selection(canvas: Canvas) -> None:
    canvas.select_all_text()
    canvas.set_found(FOUND)

    assert canvas.layer.selected_text()


def test_slanted_text_is_hit_where_it_lies() -> None:
    layer = FoundLayer()
    layer.take(FOUND)

    assert layer.line_at((445, 335)) == 3
    assert layer.line_at((405, 360)) is None
    assert layer.nearest((110, 200)) == 2


def test_the_pointer_is_a_text_cursor_over_text(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mouseMove(canvas, at(canvas, 150, 110))

    assert canvas.cursor().shape() == Qt.CursorShape.IBeamCursor


def test_a_code_tells_what_it_holds_as_plain_text(canvas: Canvas) -> None:
    place = at(canvas, 650, 450)
    event = QHelpEvent(QEvent.Type.ToolTip, place, canvas.mapToGlobal(place))

    QApplication.sendEvent(canvas, event)

    assert QToolTip.text() == "<qt><nobr>QRCode: &lt;b&gt;https://example.org&lt;/b&gt;</nobr></qt>"
    QToolTip.hideText()
