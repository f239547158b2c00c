"""Pointer and keys on the canvas become edits."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label
from desktop.ui import theme
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.crop_bar import CropBar
from desktop.ui.viewer.text_field import TextField
from tests.helpers.canvases import PAGE, drag, picture, seen

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Heard = list[Edits]


@pytest.fixture
def canvas(present: Callable[[QWidget], None]) -> Canvas:
    made = Canvas()
    made.resize(1060, 778)
    present(made)
    made.show_original(picture(), PAGE)
    made.setFocus()
    return made


@pytest.fixture
def heard(canvas: Canvas) -> Heard:
    told: Heard = []
    canvas.edited.connect(told.append)
    return told


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where a point of the page lies in the widget."""
    return canvas.place().map(QPointF(x, y)).toPoint()


def draw(qtbot: QtBot, canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    drag(qtbot, canvas, at(canvas, *start), at(canvas, *end))


def field(canvas: Canvas) -> QLineEdit:
    found = canvas.findChild(TextField)
    assert isinstance(found, QLineEdit)
    return found


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_G, Edits(region=Area(100, 120, 300, 280))),
        (Qt.Key.Key_K, Edits(blackouts=(Area(100, 120, 300, 280),))),
        (Qt.Key.Key_B, Edits(marks=(Frame(Area(100, 120, 300, 280)),))),
        (Qt.Key.Key_A, Edits(marks=(Arrow((100.0, 120.0), (300.0, 280.0)),))),
    ],
)
def test_a_key_takes_the_tool_and_a_drag_is_one_step(
    qtbot: QtBot, canvas: Canvas, heard: Heard, key: Qt.Key, expected: Edits
) -> None:
    qtbot.keyClick(canvas, key)
    draw(qtbot, canvas, (100, 120), (300, 280))

    assert heard == [expected]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("zoom", [0.5, 2.0])
def test_what_is_drawn_lies_on_the_same_pixels_however_the_page_is_shown(
    qtbot: QtBot, canvas: Canvas, heard: Heard, turns: int, zoom: float
) -> None:
    crop = Area(50, 60, 750, 560)
    canvas.set_edits(Edits(crop=crop, quarter_turns=turns))
    canvas.zoom_to(zoom)
    canvas.set_tool("blackout")

    draw(qtbot, canvas, (360, 280), (440, 320))

    assert heard == [Edits(crop=crop, quarter_turns=turns, blackouts=(Area(360, 280, 440, 320),))]


def test_what_is_told_back_changes_nothing(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    canvas.edited.connect(canvas.set_edits)
    canvas.set_tool("box")
    draw(qtbot, canvas, (100, 100), (200, 200))

    assert len(heard) == 1
    assert canvas.editor.selected is not None


def test_a_drawn_box_is_moved_resized_nudged_and_removed(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    canvas.set_tool("box")
    draw(qtbot, canvas, (100, 100), (200, 200))
    draw(qtbot, canvas, (100, 130), (120, 140))
    draw(qtbot, canvas, (220, 210), (260, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, CTRL)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)

    areas = [mark.area for edits in heard for mark in edits.marks if isinstance(mark, Frame)]
    assert areas == [
        Area(100, 100, 200, 200),
        Area(120, 110, 220, 210),
        Area(120, 110, 260, 300),
        Area(121, 110, 261, 300),
        Area(121, 100, 261, 290),
        Area(121, 100, 261, 291),
    ]
    assert heard[-1] == Edits()


def test_arrow_keys_go_where_they_point_on_a_turned_page(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    canvas.set_edits(Edits(quarter_turns=1, blackouts=(Area(100, 100, 200, 200),)))
    qtbot.keyClick(canvas, Qt.Key.Key_M)
    before = canvas.place().map(QPointF(100, 100))

    qtbot.keyClick(canvas, Qt.Key.Key_Right)

    moved = heard[-1].blackouts[0]
    after = canvas.place().map(QPointF(moved.left, moved.top))
    assert (after.x() > before.x(), after.y()) == (True, before.y())


def test_a_click_and_a_drag_that_is_given_up_leave_nothing(
    qtbot: QtBot, canvas: Canvas, heard: Heard
) -> None:
    canvas.set_tool("blackout")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    qtbot.mouseMove(canvas, QPoint(600, 500))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(600, 500))

    assert heard == []
    assert canvas.editor.now == Edits()
    assert canvas.editor.tool == "blackout"


def test_escape_puts_the_tool_away_and_then_belongs_to_the_page(qtbot: QtBot, canvas: Canvas) -> None:
    tools: list[object] = []
    canvas.tool_changed.connect(tools.append)
    canvas.set_tool("arrow")

    assert canvas.leave()
    assert not canvas.leave()
    assert tools == ["arrow", None]


def test_a_tool_switches_to_the_page_and_the_sent_view_puts_it_away(canvas: Canvas) -> None:
    views: list[str] = []
    canvas.view_changed.connect(views.append)
    canvas.show_sent(picture(400, 300), None)
    canvas.set_view("sent")

    canvas.set_tool("blackout")
    assert not canvas.shows_sent
    canvas.set_view("sent")

    assert views == ["sent", "original", "sent"]
    assert canvas.editor.tool is None


def test_crop_by_handles_enter_and_turning(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_C)
    draw(qtbot, canvas, (0, 0), (100, 150))
    draw(qtbot, canvas, (800, 375), (700, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert heard == [Edits(quarter_turns=1)]
    qtbot.keyClick(canvas, Qt.Key.Key_Return)

    assert heard[1:] == [Edits(crop=Area(100, 150, 700, 600), quarter_turns=1)]
    assert canvas.editor.tool is None
    assert canvas.view.picture_px == (450, 600)


def test_the_crop_bar_does_it_by_mouse(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    bar = canvas.findChild(CropBar)
    assert isinstance(bar, CropBar)
    buttons = {button.accessibleName(): button for button in bar.findChildren(QPushButton)}
    assert not bar.isVisible()
    canvas.set_edits(Edits(crop=Area(100, 100, 400, 400)))
    canvas.set_tool("crop")
    assert bar.isVisible()

    qtbot.mouseClick(buttons["Whole image"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons["Crop"], Qt.MouseButton.LeftButton)
    assert heard == [Edits()]

    canvas.set_tool("crop")
    draw(qtbot, canvas, (0, 0), (100, 150))
    qtbot.mouseClick(buttons["Cancel"], Qt.MouseButton.LeftButton)
    assert heard == [Edits()]
    assert not bar.isVisible()


@pytest.mark.parametrize(("keys", "turns"), [(Qt.KeyboardModifier.NoModifier, 1), (SHIFT, 3)])
def test_r_turns_right_and_with_shift_left(
    qtbot: QtBot, canvas: Canvas, heard: Heard, keys: Qt.KeyboardModifier, turns: int
) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_R, keys)

    assert heard == [Edits(quarter_turns=turns)]
    assert canvas.view.picture_px == (600, 800)


def test_a_label_is_typed_in_place_and_letters_are_no_shortcuts(
    qtbot: QtBot, canvas: Canvas, heard: Heard
) -> None:
    canvas.set_tool("text")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 300, 200))
    assert QApplication.focusWidget() is field(canvas)
    qtbot.keyClicks(field(canvas), "back +10")
    assert heard == []
    assert canvas.editor.now.marks == (Label((300.0, 200.0), "back +10"),)
    qtbot.keyClick(field(canvas), Qt.Key.Key_Return)

    assert heard == [Edits(marks=(Label((300.0, 200.0), "back +10"),))]
    assert canvas.editor.tool == "text"
    assert canvas.view.zoom == 1.0
    assert canvas.hasFocus()


def test_a_callout_gets_its_legend_and_a_double_click_changes_it(
    qtbot: QtBot, canvas: Canvas, heard: Heard
) -> None:
    canvas.set_tool("callout")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 300, 200))
    qtbot.keyClicks(field(canvas), "hinge")
    # A press elsewhere ends the typing, and places the next one.
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 500, 300))
    qtbot.keyClick(field(canvas), Qt.Key.Key_Return)
    canvas.set_tool(None)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 300, 200))
    assert field(canvas).text() == "hinge"
    field(canvas).setText("")
    qtbot.keyClicks(field(canvas), "bolt")
    qtbot.keyClick(field(canvas), Qt.Key.Key_Return)

    first, second = Callout((300.0, 200.0), "hinge"), Callout((500.0, 300.0))
    assert heard[0] == Edits(marks=(first,))
    assert heard[1] == Edits(marks=(first, second))
    assert heard[2] == Edits(marks=(Callout((300.0, 200.0), "bolt"), second))


def test_typing_given_up_by_escape_leaves_no_mark(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    canvas.set_tool("callout")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.keyClicks(field(canvas), "hinge")
    qtbot.keyClick(field(canvas), Qt.Key.Key_Escape)

    assert heard == []
    assert canvas.editor.now == Edits()
    assert canvas.editor.tool == "callout"
    assert not field(canvas).isVisible()


def test_all_of_it_goes_without_a_mouse(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    for key in (Qt.Key.Key_N, Qt.Key.Key_Return):
        qtbot.keyClick(canvas, key)
    qtbot.keyClicks(field(canvas), "hinge")
    qtbot.keyClick(field(canvas), Qt.Key.Key_Return)
    for _step in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    for key in (Qt.Key.Key_K, Qt.Key.Key_Return):
        qtbot.keyClick(canvas, key)

    assert heard[0] == Edits(marks=(Callout((400.0, 300.0), "hinge"),))
    assert heard[3] == Edits(marks=(Callout((370.0, 300.0), "hinge"),))
    assert heard[4].blackouts == (Area(267, 200, 533, 400),)


def test_a_crop_is_chosen_without_a_mouse(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_C)
    for _step in range(10):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, CTRL | SHIFT)
        qtbot.keyClick(canvas, Qt.Key.Key_Up, CTRL | SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert heard == []
    qtbot.keyClick(canvas, Qt.Key.Key_Return)

    assert heard == [Edits(crop=Area(10, 0, 710, 500))]


def test_focus_by_keyboard_is_shown_and_by_mouse_is_not(canvas: Canvas) -> None:
    ring = theme.current().color("focus_ring")
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    by_key = seen(canvas).pixelColor(1, 300)
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)

    assert by_key == ring
    assert seen(canvas).pixelColor(1, 300) != ring


def test_the_pointer_shows_what_a_press_would_do(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.set_edits(Edits(blackouts=(Area(100, 100, 300, 300),)))
    canvas.editor.select_next(1)
    shapes = {}
    for name, place in (
        ("corner", (100, 100)),
        ("side", (300, 200)),
        ("body", (200, 200)),
        ("else", (500, 400)),
    ):
        qtbot.mouseMove(canvas, at(canvas, *place))
        shapes[name] = canvas.cursor().shape()
    canvas.set_tool("arrow")
    qtbot.mouseMove(canvas, at(canvas, 600, 300))

    assert shapes == {
        "corner": Qt.CursorShape.SizeFDiagCursor,
        "side": Qt.CursorShape.SizeHorCursor,
        "body": Qt.CursorShape.SizeAllCursor,
        "else": Qt.CursorShape.ArrowCursor,
    }
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_suggestion_is_told_when_it_is_clicked(qtbot: QtBot, canvas: Canvas, heard: Heard) -> None:
    clicked: list[int] = []
    canvas.suggestion_clicked.connect(clicked.append)
    canvas.set_suggested((Area(10, 10, 50, 50), Area(100, 100, 200, 150)))

    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 150, 120))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 400, 400))

    assert (clicked, heard) == ([1], [])

    canvas.set_tool("blackout")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 30, 30))
    assert (clicked, heard) == ([1, 0], [])


def test_a_nudge_is_kept_when_the_focus_goes_before_the_key_comes_up(
    qtbot: QtBot, canvas: Canvas, heard: Heard
) -> None:
    canvas.set_edits(Edits(blackouts=(Area(100, 100, 300, 300),)))
    qtbot.keyClick(canvas, Qt.Key.Key_M)
    qtbot.keyPress(canvas, Qt.Key.Key_Right)
    canvas.clearFocus()

    assert heard == [Edits(blackouts=(Area(101, 100, 301, 300),))]


def test_the_canvas_says_what_it_is(canvas: Canvas) -> None:
    assert canvas.accessibleName()
    assert "C crop" in canvas.accessibleDescription()
    assert canvas.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_who_types_keeps_letters_from_the_window_and_can_still_quit(qtbot: QtBot, canvas: Canvas) -> None:
    done: list[str] = []
    for keys in ("Ctrl+Q", "Q", "Ctrl+Z"):
        shortcut = QShortcut(QKeySequence(keys), canvas)
        shortcut.activated.connect(partial(done.append, keys))
    canvas.set_tool("text")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, 100, 100))

    qtbot.keyClick(field(canvas), Qt.Key.Key_Q)
    qtbot.keyClick(field(canvas), Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(field(canvas), Qt.Key.Key_Q, CTRL)

    assert done == ["Ctrl+Q"]
