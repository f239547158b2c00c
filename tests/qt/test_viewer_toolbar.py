"""The viewer's toolbar: what it shows, what it tells, and how it folds."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.edits import Edits
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.toolbar import TOOLS, Toolbar, join
from desktop.ui.viewer.tools import TOOL_KEYS
from tests.helpers.canvases import PAGE, drag, picture


@pytest.fixture
def bar(present: Callable[[QWidget], None]) -> Toolbar:
    made = Toolbar()
    made.resize(1360, 48)
    present(made)
    made.show_title("left.png", 11, 12)
    return made


def control(bar: Toolbar, name: str) -> QAbstractButton:
    return next(b for b in bar.findChildren(QAbstractButton) if b.accessibleName() == name)


def shown(bar: Toolbar) -> set[str]:
    return {b.accessibleName() for b in bar.findChildren(QAbstractButton) if b.isVisible()}


@pytest.mark.parametrize(
    ("name", "signal", "value"),
    [
        ("Gallery", "back_clicked", []),
        ("Previous image", "previous_clicked", []),
        ("Next image", "next_clicked", []),
        ("As the model sees it", "view_chosen", ["sent"]),
        ("Undo (Ctrl+Z)", "undo_clicked", []),
        ("Redo (Ctrl+Shift+Z)", "redo_clicked", []),
        ("Crop", "tool_chosen", ["crop"]),
        ("Arrow", "tool_chosen", ["arrow"]),
        ("Box", "tool_chosen", ["box"]),
        ("Text", "tool_chosen", ["text"]),
        ("Numbered callout", "tool_chosen", ["callout"]),
        ("Ask about a part", "tool_chosen", ["region"]),
        ("Black out", "tool_chosen", ["blackout"]),
        ("Ask about this", "ask_clicked", []),
        ("Turn right (R)", "turn_clicked", []),
    ],
)
def test_every_control_tells_what_is_wanted(
    qtbot: QtBot, bar: Toolbar, name: str, signal: str, value: list[object]
) -> None:
    bar.set_undo(can_undo=True, can_redo=True)

    with qtbot.waitSignal(getattr(bar, signal)) as told:
        qtbot.mouseClick(control(bar, name), Qt.MouseButton.LeftButton)

    assert told.args == value


def test_it_holds_the_controls_of_the_mock_and_each_icon_has_a_tooltip(bar: Toolbar) -> None:
    assert "left.png" in {made.text() for made in bar.findChildren(QLabel)}
    for button in bar.findChildren(QAbstractButton):
        assert button.accessibleName()
        assert button.text() or button.toolTip()


def test_tooltips_tell_the_key_that_the_canvas_takes(bar: Toolbar) -> None:
    assert {tool.key: tool.tool for tool in TOOLS} | {"K": "blackout"} == TOOL_KEYS
    for tool in TOOLS:
        assert f"({tool.key})" in control(bar, tool.name).toolTip()
    assert "(K)" in control(bar, "Black out").toolTip()


def test_the_tool_in_use_is_marked_and_put_away_by_another_click(qtbot: QtBot, bar: Toolbar) -> None:
    bar.set_tool("box")
    assert control(bar, "Box").property("active") is True
    assert control(bar, "Box").accessibleDescription()

    with qtbot.waitSignal(bar.tool_chosen) as told:
        qtbot.mouseClick(control(bar, "Box"), Qt.MouseButton.LeftButton)
    assert told.args == [None]

    bar.set_tool("blackout")
    assert control(bar, "Black out").property("kind") == "active"
    assert control(bar, "Box").property("active") is False


def test_the_first_and_the_last_have_nothing_before_and_after(bar: Toolbar) -> None:
    bar.show_title("first.png", 1, 12)
    assert not control(bar, "Previous image").isEnabled()
    bar.show_title("last.png", 12, 12)
    assert not control(bar, "Next image").isEnabled()
    assert control(bar, "Previous image").isEnabled()


def test_undo_and_redo_are_off_where_there_is_nothing_to_do(bar: Toolbar) -> None:
    assert not control(bar, "Undo (Ctrl+Z)").isEnabled()
    bar.set_undo(can_undo=True, can_redo=False)
    assert control(bar, "Undo (Ctrl+Z)").isEnabled()
    assert not control(bar, "Redo (Ctrl+Shift+Z)").isEnabled()


@pytest.mark.parametrize(
    ("zoom", "text"), [(0.8436, "84 %"), (1.0, "100 %"), (32.0, "3200 %"), (0.004, "0.4 %")]
)
def test_the_zoom_is_shown_in_percent(bar: Toolbar, zoom: float, text: str) -> None:
    bar.set_zoom(zoom)

    assert control(bar, f"Zoom, {text}").text() == text


def test_nothing_moves_while_the_zoom_changes(bar: Toolbar) -> None:
    places = []
    for zoom in (0.05, 0.18, 1.0):
        bar.set_zoom(zoom)
        bar.layout().activate()
        places.append(control(bar, "Next image").x())

    assert len(set(places)) == 1


@pytest.mark.parametrize("width", [1360, 1100, 900, 640, 480, 420])
def test_it_gives_up_what_has_no_room_and_nothing_is_cut(qtbot: QtBot, bar: Toolbar, width: int) -> None:
    bar.resize(width, 48)
    qtbot.waitUntil(lambda: bar.width() == width)

    for button in bar.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.accessibleName()
            assert bar.rect().contains(button.geometry()) or button.parentWidget() is not bar
    assert {"Gallery", "Original", "Ask about this"} <= shown(bar)
    assert ("Crop" in shown(bar)) != ("Tools" in shown(bar))


def test_folded_tools_are_in_the_menu(qtbot: QtBot, bar: Toolbar) -> None:
    bar.resize(640, 48)
    menu = next(m for m in bar.findChildren(QMenu) if any("Crop" in a.text() for a in m.actions()))
    told: list[object] = []
    bar.tool_chosen.connect(told.append)

    for action in menu.actions():
        if isinstance(action, QAction) and action.data():
            action.trigger()
    with qtbot.waitSignal(bar.turn_clicked):
        next(a for a in menu.actions() if "Turn right" in a.text()).trigger()

    assert told == [*(tool.tool for tool in TOOLS), "blackout"]


def test_a_long_name_is_cut_in_the_middle(bar: Toolbar) -> None:
    bar.show_title("x" * 300 + ".png", 1, 2)

    assert {"Crop", "Ask about this"} <= shown(bar)


def test_the_place_among_the_others_goes_before_the_name_is_cut(bar: Toolbar) -> None:
    bar.show_title("support ticket.png", 2, 4)
    count = next(made for made in bar.findChildren(QLabel) if made.text() == "2 of 4")
    assert count.isVisible()

    bar.show_title("a photo of the whole shelf before.png", 2, 4)
    assert not count.isVisible()


def test_a_picture_that_was_sent_can_only_be_looked_at(bar: Toolbar) -> None:
    bar.set_read_only(on=True)
    assert shown(bar) & {"Crop", "Black out", "Ask about this", "Original", "Tools"} == set()
    assert {"Gallery", "Next image"} <= shown(bar)
    bar.set_read_only(on=False)
    assert {"Crop", "Black out", "Ask about this", "Original"} <= shown(bar)


def test_joined_the_toolbar_and_the_canvas_follow_each_other(
    qtbot: QtBot, present: Callable[[QWidget], None], bar: Toolbar
) -> None:
    canvas = Canvas()
    canvas.resize(600, 500)
    present(canvas)
    join(bar, canvas)
    canvas.show_original(picture(), PAGE)
    canvas.show_sent(picture(400, 300), None)

    bar.view_chosen.emit("sent")
    assert canvas.shows_sent
    qtbot.mouseClick(control(bar, "Crop"), Qt.MouseButton.LeftButton)
    assert (canvas.editor.tool, canvas.shows_sent) == ("crop", False)
    assert control(bar, "Original").isChecked()
    qtbot.mouseClick(control(bar, "Crop"), Qt.MouseButton.LeftButton)
    assert canvas.editor.tool is None
    for step, zoom in (("actual", 1.0), ("in", 1.5), ("out", 1.0)):
        bar.zoom_chosen.emit(step)
        assert canvas.view.zoom == zoom
    assert control(bar, "Zoom, 100 %").text() == "100 %"
    bar.zoom_chosen.emit("loupe")
    assert canvas.loupe.is_shown
    assert canvas.editor.edits == Edits()


def test_asking_makes_the_crop_that_is_being_chosen_first(
    qtbot: QtBot, present: Callable[[QWidget], None], bar: Toolbar
) -> None:
    canvas = Canvas()
    canvas.resize(600, 500)
    present(canvas)
    join(bar, canvas)
    order: list[object] = []
    canvas.edited.connect(order.append)
    bar.ask_clicked.connect(lambda: order.append("asked"))
    canvas.show_original(picture(), PAGE)
    canvas.set_tool("crop")
    place = canvas.place()
    drag(qtbot, canvas, place.map(QPointF(0, 0)).toPoint(), place.map(QPointF(400, 300)).toPoint())

    qtbot.mouseClick(control(bar, "Ask about this"), Qt.MouseButton.LeftButton)

    assert isinstance(order[0], Edits)
    assert order[0].crop is not None
    assert order[1:] == ["asked"]


def test_a_click_leaves_the_keyboard_with_the_picture(
    qtbot: QtBot, present: Callable[[QWidget], None]
) -> None:
    """Else an arrow key after it would change the view instead of leading to the next picture."""
    place = QWidget()
    bar, canvas = Toolbar(place), Canvas(place)
    bar.resize(1360, 48)
    join(bar, canvas)
    present(place)
    canvas.setFocus()
    for name in ("As the model sees it", "Original", "Black out"):
        qtbot.mouseClick(control(bar, name), Qt.MouseButton.LeftButton)
        assert canvas.hasFocus(), name
