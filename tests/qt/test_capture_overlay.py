"""The capture overlay with pointer and keys: what comes out of it, and that it never stays behind."""

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.capture.shots import ScreenPicture, Shot, WindowPlace
from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label
from desktop.core.model import Detail
from desktop.tasks.marks import finished
from desktop.ui.capture.captured import Captured, PriceWanted
from desktop.ui.capture.mode_bar import ModeBar
from desktop.ui.capture.overlays import CaptureOverlays
from desktop.ui.capture.panel import Panel
from desktop.ui.capture.screen_window import ScreenWindow
from tests.helpers.canvases import drag
from tests.helpers.overlay_shots import ASK_FIRST, LEVELS, picture_of, shot, shows, terms

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CONTROL, SHIFT, ALT = Modifier.ControlModifier, Modifier.ShiftModifier, Modifier.AltModifier
DIALOG = WindowPlace(title="Save\u202e as", area=Area(300, 200, 500, 300))
EDITOR = WindowPlace(title="train.py", area=Area(100, 100, 700, 600))


class Capture:
    """An overlay on the only screen, and how it ended."""

    def __init__(self, qtbot: QtBot, overlays: CaptureOverlays) -> None:
        self.qtbot, self.overlays = qtbot, overlays
        self.ends: list[tuple[str, Captured | None]] = []
        for name in ("asked", "copied", "saved", "kept"):
            signal = getattr(overlays, name)
            signal.connect(lambda captured, name=name: self.ends.append((name, captured)))
        overlays.left.connect(lambda: self.ends.append(("left", None)))
        overlays.show()

    @property
    def window(self) -> ScreenWindow:
        return self.overlays._windows[0]

    @property
    def panel(self) -> Panel:
        assert self.overlays._session is not None
        return self.overlays._session.panel

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        drag(self.qtbot, self.window, QPoint(*start), QPoint(*end))

    def drag_from_outside(self, start: QPoint, end: QPoint) -> None:
        """As the desktop tells it: the window finds out which widget is meant."""
        handle, left = self.window.windowHandle(), Qt.MouseButton.LeftButton
        QTest.mousePress(handle, left, pos=start)
        for at in ((start + end) / 2, end):
            QTest.mouseMove(handle, at)
        QTest.mouseRelease(handle, left, pos=end)

    def click(self, at: tuple[int, int]) -> None:
        self.qtbot.mouseClick(self.window, Qt.MouseButton.LeftButton, pos=QPoint(*at))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        focused = QApplication.focusWidget()
        assert focused is not None
        self.qtbot.keyClick(focused, key, modifiers)

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        self.qtbot.keyClicks(focused, text)

    @property
    def area(self) -> Area | None:
        return self.window.choice.area

    def captured(self, how: str) -> Captured:
        """What it ended with, which was this and nothing else; nothing of it is seen any more."""
        assert [name for name, _captured in self.ends] == [how]
        assert not [
            w for w in QApplication.topLevelWidgets() if isinstance(w, ScreenWindow) and w.isVisible()
        ]
        captured = self.ends[0][1]
        assert captured is not None
        return captured


@pytest.fixture
def capture(qtbot: QtBot) -> Iterator[Callable[..., Capture]]:
    """Opens an overlay and waits until it has the keyboard."""
    opened: list[Capture] = []

    def open_(
        kind: CaptureKind = CaptureKind.REGION, *windows: WindowPlace, prompt: str = "", **how: object
    ) -> Capture:
        request = CaptureRequest(kind=kind, prompt=prompt)
        overlays = CaptureOverlays(shot(*windows), request, terms(**how), None)  # type: ignore[arg-type]
        opened.append(Capture(qtbot, overlays))
        qtbot.waitUntil(lambda: QApplication.activeWindow() is opened[-1].window)
        return opened[-1]

    yield open_
    for made in opened:
        made.overlays.close()


def test_a_drag_that_begins_beside_the_bar_or_the_panel_ends_where_the_button_comes_up(
    capture: Callable[..., Capture],
) -> None:
    overlay = capture()
    bar = overlay.window.findChild(ModeBar)
    assert bar is not None
    beside = bar.geometry().bottomLeft() + QPoint(30, 4)
    overlay.drag_from_outside(beside, QPoint(500, 300))
    assert overlay.area == Area(beside.x(), beside.y(), 501, 301)
    # Its lower edge lies where the panel throws its shadow.
    below = QPoint(500, 300)
    assert overlay.panel.isVisible()
    overlay.drag_from_outside(below, QPoint(400, 280))
    assert overlay.area is not None
    assert (overlay.area.right, overlay.area.bottom) in {(401, 281), (400, 280)}
    assert not overlay.window.choice.in_gesture
    assert overlay.panel.isVisible()


def test_a_press_between_the_controls_is_none_on_the_picture(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    bar = overlay.window.findChild(ModeBar)
    assert bar is not None
    overlay.drag_from_outside(bar.geometry().topLeft() + QPoint(4, 4), QPoint(500, 300))
    assert overlay.area is None
    assert not overlay.window.choice.in_gesture


def test_a_region_is_asked_about_with_a_question(capture: Callable[..., Capture]) -> None:
    overlay = capture(CaptureKind.REGION, EDITOR)
    overlay.drag((120, 130), (219, 189))
    overlay.type("What is that?")
    overlay.key(Key.Key_Return)
    captured = overlay.captured("asked")
    assert shows(captured.image, QRect(120, 130, 100, 60))
    assert captured.prompt == "What is that?"
    assert (captured.title, captured.detail, captured.edits) == ("train.py", Detail.HIGH, Edits())
    assert captured.at.tzinfo is not None


@pytest.mark.parametrize(
    ("key", "how"), [(Key.Key_C, "copied"), (Key.Key_S, "saved"), (Key.Key_G, "kept")], ids=str
)
def test_keys_end_it_otherwise_without_a_question(
    capture: Callable[..., Capture], key: Qt.Key, how: str
) -> None:
    overlay = capture()
    overlay.key(key, CONTROL)
    assert not overlay.ends
    overlay.drag((10, 10), (19, 19))
    overlay.key(key, CONTROL)
    assert shows(overlay.captured(how).image, QRect(10, 10, 10, 10))


@pytest.mark.parametrize(
    ("name", "how"), [("Copy", "copied"), ("Save", "saved"), ("To gallery", "kept"), ("Ask", "asked")]
)
def test_buttons_end_it(capture: Callable[..., Capture], qtbot: QtBot, name: str, how: str) -> None:
    overlay = capture(prompt="Why?")
    overlay.drag((10, 10), (19, 19))
    button = next(b for b in overlay.panel.findChildren(QAbstractButton) if b.accessibleName() == name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert overlay.captured(how).prompt == "Why?"


def test_escape_lets_go_of_the_region_and_then_leaves(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((10, 10), (60, 60))
    overlay.type("a question")
    overlay.key(Key.Key_Escape)
    assert (overlay.area, overlay.ends) == (None, [])
    overlay.drag((20, 20), (60, 60))
    assert overlay.panel.prompt.toPlainText() == "a question"
    overlay.key(Key.Key_Escape)
    overlay.key(Key.Key_Escape)
    assert overlay.ends == [("left", None)]


def test_escape_leaves_at_once_where_nothing_is_chosen(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.key(Key.Key_Escape)
    assert overlay.ends == [("left", None)]


@pytest.mark.parametrize("tool", [Key.Key_A, Key.Key_T])
def test_a_second_escape_leaves_whatever_is_in_hand(capture: Callable[..., Capture], tool: Qt.Key) -> None:
    overlay = capture()
    overlay.drag((100, 100), (400, 400))
    overlay.key(tool, ALT)
    overlay.drag((150, 150), (250, 250))
    overlay.key(Key.Key_Escape)
    assert not overlay.ends
    overlay.key(Key.Key_Escape)
    assert overlay.ends == [("left", None)]


def test_marks_come_out_in_pixels_of_the_region_and_only_those_within(
    capture: Callable[..., Capture],
) -> None:
    overlay = capture()
    overlay.drag((100, 100), (499, 399))
    for tool, start, end in (
        (Key.Key_A, (110, 120), (200, 220)),
        (Key.Key_B, (300, 200), (400, 300)),
        (Key.Key_K, (120, 300), (220, 360)),
        (Key.Key_N, (450, 150), (450, 150)),
    ):
        overlay.key(tool, ALT)
        overlay.drag(start, end)
    overlay.type("the button")
    overlay.key(Key.Key_Return)
    assert not overlay.ends
    overlay.key(Key.Key_V, ALT)
    # The right half is chosen instead: nothing that was drawn moves on the screen.
    overlay.drag((100, 250), (280, 250))
    overlay.key(Key.Key_C, CONTROL)
    captured = overlay.captured("copied")
    assert captured.edits.marks == (
        Frame(Area(300 - 280, 100, 400 - 280, 200)),
        Callout((450 - 280, 50), "the button"),
    )
    assert not captured.edits.blackouts


def test_commands_work_while_a_legend_or_a_label_is_typed(capture: Callable[..., Capture]) -> None:
    overlay = capture(prompt="Why")
    overlay.drag((100, 100), (299, 299))
    overlay.key(Key.Key_N, ALT)
    overlay.click((150, 150))
    overlay.type("first")
    overlay.key(Key.Key_T, ALT)
    overlay.click((220, 220))
    overlay.type("here")
    overlay.key(Key.Key_C, CONTROL)
    captured = overlay.captured("copied")
    assert captured.edits.marks == (Callout((50, 50), "first"), Label((120, 120), "here"))


def test_a_question_that_is_there_already_is_typed_on(capture: Callable[..., Capture]) -> None:
    overlay = capture(prompt="Why")
    overlay.drag((100, 100), (299, 299))
    overlay.type(" red?")
    overlay.key(Key.Key_Return)
    assert overlay.captured("asked").prompt == "Why red?"


def test_what_is_rendered_has_its_marks_and_is_really_black(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((100, 100), (299, 299))
    overlay.key(Key.Key_K, ALT)
    overlay.drag((150, 150), (200, 180))
    overlay.key(Key.Key_T, ALT)
    overlay.click((220, 220))
    overlay.type("here")
    overlay.key(Key.Key_Return)
    overlay.key(Key.Key_C, CONTROL)
    captured = overlay.captured("copied")
    assert captured.edits.blackouts == (Area(50, 50, 100, 80),)
    assert captured.edits.marks == (Label((120, 120), "here"),)
    assert shows(captured.image, QRect(100, 100, 200, 200))
    image = finished(captured.image, captured.edits)
    assert {QColor(image.pixel(x, 60)).name() for x in range(50, 100)} == {"#000000"}
    assert QColor(image.pixel(49, 60)).name() != "#000000"
    label = image.copy(120, 120, 20, 20)
    assert label != captured.image.copy(120, 120, 20, 20)


def test_undo_and_redo_and_delete_are_for_what_is_drawn(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((100, 100), (299, 299))
    overlay.key(Key.Key_A, ALT)
    overlay.drag((110, 110), (200, 200))
    editor = overlay.window.marks.editor
    assert editor.now.marks == (Arrow((110, 110), (200, 200)),)
    overlay.key(Key.Key_Right, SHIFT)
    assert editor.now.marks == (Arrow((120, 110), (210, 200)),)
    overlay.key(Key.Key_Z, CONTROL)
    assert editor.now.marks == (Arrow((110, 110), (200, 200)),)
    overlay.key(Key.Key_Delete)
    assert editor.now.marks == ()
    overlay.key(Key.Key_Z, CONTROL)
    overlay.key(Key.Key_Z, CONTROL)
    overlay.key(Key.Key_Z, CONTROL | SHIFT)
    assert editor.now.marks == (Arrow((110, 110), (200, 200)),)
    assert overlay.area == Area(100, 100, 300, 300)


def test_everything_works_by_keyboard_alone(capture: Callable[..., Capture]) -> None:
    overlay = capture(needs_words=False)
    start = overlay.window.start_pixel()
    overlay.key(Key.Key_Right, SHIFT)
    overlay.key(Key.Key_Space)
    overlay.key(Key.Key_Right, SHIFT)
    overlay.key(Key.Key_Down)
    overlay.key(Key.Key_Return)
    left, top = start[0] + 10, start[1]
    assert overlay.area == Area(left, top, left + 11, top + 2)
    overlay.key(Key.Key_Down, CONTROL | SHIFT)
    overlay.key(Key.Key_Left)
    assert overlay.area == Area(left - 1, top, left + 10, top + 12)
    overlay.key(Key.Key_Return)
    assert shows(overlay.captured("asked").image, QRect(left - 1, top, 11, 12))


def test_a_click_takes_a_window_and_tab_walks_through_them(capture: Callable[..., Capture]) -> None:
    overlay = capture(CaptureKind.WINDOW, DIALOG, EDITOR)
    overlay.click((350, 250))
    assert overlay.area == DIALOG.area
    overlay.key(Key.Key_Escape)
    overlay.key(Key.Key_Tab)
    overlay.key(Key.Key_Tab)
    overlay.key(Key.Key_Return)
    assert overlay.area == EDITOR.area
    overlay.key(Key.Key_S, CONTROL)
    assert overlay.captured("saved").title == "train.py"


def test_the_title_of_a_window_is_safe_to_show(capture: Callable[..., Capture]) -> None:
    overlay = capture(CaptureKind.WINDOW, DIALOG, EDITOR)
    overlay.click((350, 250))
    overlay.key(Key.Key_S, CONTROL)
    assert "\u202e" not in overlay.captured("saved").title


def test_window_is_not_offered_where_none_are_told(capture: Callable[..., Capture]) -> None:
    overlay = capture(CaptureKind.WINDOW)
    assert overlay.overlays._session is not None
    assert overlay.overlays._session.mode is CaptureKind.REGION
    names = {b.accessibleName() for b in overlay.panel.findChildren(QAbstractButton)}
    assert "Window" not in names
    assert {"Region", "Screen"} <= names


def test_a_screen_is_chosen_at_once_and_so_by_double_click_and_key(
    capture: Callable[..., Capture], qtbot: QtBot
) -> None:
    whole = Area(0, 0, 800, 800)
    assert capture(CaptureKind.SCREEN).area == whole
    overlay = capture()
    qtbot.mouseDClick(overlay.window, Qt.MouseButton.LeftButton, pos=QPoint(400, 400))
    assert overlay.area == whole
    overlay.key(Key.Key_Escape)
    overlay.key(Key.Key_A, CONTROL)
    assert overlay.area == whole


def test_an_empty_question_is_asked_only_where_that_makes_sense(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((10, 10), (60, 60))
    overlay.key(Key.Key_Return)
    assert not overlay.ends
    assert overlay.panel.price_text() == ASK_FIRST
    overlay.type("Why?")
    assert overlay.panel.price_text().startswith("$0.01")
    overlay.overlays.close()
    reader = capture(details=(), needs_words=False)
    reader.drag((10, 10), (60, 60))
    reader.key(Key.Key_Return)
    assert reader.captured("asked").prompt == ""


def test_letters_are_for_the_question_and_with_alt_for_tools(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((100, 100), (400, 400))
    overlay.key(Key.Key_B, ALT)
    overlay.drag((150, 150), (250, 250))
    assert QApplication.focusWidget() is overlay.window
    overlay.type("box")
    assert overlay.panel.prompt.toPlainText() == "box"
    assert len(overlay.window.marks.editor.now.marks) == 1
    overlay.key(Key.Key_Return, SHIFT)
    overlay.type("b")
    overlay.key(Key.Key_Left)
    assert overlay.area == Area(100, 100, 401, 401)
    overlay.key(Key.Key_Return)
    assert overlay.captured("asked").prompt == "box\nb"


def test_selected_words_are_copied_before_the_picture_is(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((100, 100), (400, 400))
    overlay.type("some words")
    overlay.key(Key.Key_A, CONTROL)
    overlay.key(Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "some words"
    assert not overlay.ends
    overlay.key(Key.Key_End)
    overlay.key(Key.Key_C, CONTROL)
    assert overlay.captured("copied").prompt == "some words"


def test_the_price_follows_the_region_and_the_detail(capture: Callable[..., Capture], qtbot: QtBot) -> None:
    overlay = capture()
    qtbot.mousePress(overlay.window, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.mouseMove(overlay.window, QPoint(109, 59))
    assert overlay.window._words == "100 × 50 px  ·  $0.01 for 100 by 50, high"
    qtbot.mouseRelease(overlay.window, Qt.MouseButton.LeftButton, pos=QPoint(109, 59))
    low = next(b for b in overlay.panel.findChildren(QAbstractButton) if b.accessibleName() == "Low")
    qtbot.mouseClick(low, Qt.MouseButton.LeftButton)
    assert overlay.panel.price_text() == "$0.01 for 100 by 50, low"
    overlay.key(Key.Key_S, CONTROL)
    assert overlay.captured("saved").detail is Detail.LOW


@pytest.mark.parametrize("moment", ["while it is shown", "while a region is drawn"])
def test_an_overlay_that_fails_is_gone(
    capture: Callable[..., Capture], caplog: pytest.LogCaptureFixture, moment: str
) -> None:
    def broken(wanted: PriceWanted) -> str:
        raise ZeroDivisionError

    with caplog.at_level(logging.CRITICAL):
        if moment == "while it is shown":
            request = CaptureRequest(kind=CaptureKind.SCREEN)
            overlays = CaptureOverlays(shot(), request, terms(price=broken), None)
            ends: list[str] = []
            overlays.left.connect(lambda: ends.append("left"))
            overlays.show()
            assert ends == ["left"]
        else:
            overlay = capture(price=broken)
            overlay.drag((10, 10), (60, 60))
            assert overlay.ends == [("left", None)]
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, ScreenWindow) and w.isVisible()]


def test_it_leaves_when_a_screen_goes(capture: Callable[..., Capture], qapp: QApplication) -> None:
    overlay = capture(prompt="Why?")
    qapp.screenRemoved.emit(QGuiApplication.primaryScreen())
    assert overlay.ends == [("left", None)]


def test_another_wish_brings_the_one_that_is_open_to_the_front(capture: Callable[..., Capture]) -> None:
    overlay = capture()
    overlay.drag((10, 10), (60, 60))
    overlay.type("kept")
    overlay.overlays.show()
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, ScreenWindow) and w.isVisible()]
    assert shown == [overlay.window]
    overlay.key(Key.Key_C, CONTROL)
    assert overlay.captured("copied").prompt == "kept"
    overlay.overlays.show()
    assert not overlay.overlays._windows


def test_a_shot_of_other_screens_is_not_shown(qtbot: QtBot) -> None:
    here = picture_of(QGuiApplication.primaryScreen())
    gone = ScreenPicture(name="gone", place=QRect(5000, 0, 800, 800), image=here.image)
    overlays = CaptureOverlays(Shot(screens=(gone,)), CaptureRequest(), terms(), None)
    with qtbot.waitSignal(overlays.left):
        overlays.show()


def test_another_program_with_the_keyboard_ends_it_unless_something_would_be_lost(
    capture: Callable[..., Capture], qtbot: QtBot, qapp: QApplication
) -> None:
    overlay = capture()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    with qtbot.waitSignal(overlay.overlays.left):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    busy = capture(prompt="Why?")
    assert busy.overlays._keyboard is not None
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    with qtbot.waitSignal(busy.overlays._keyboard.lost):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert not busy.ends
    busy.overlays.come_forward()
    assert busy.window.isVisible()


def test_every_control_has_a_name_and_every_icon_a_tooltip(capture: Callable[..., Capture]) -> None:
    overlay = capture(CaptureKind.SCREEN, EDITOR)
    for button in overlay.window.findChildren(QAbstractButton):
        assert button.accessibleName(), button
        assert button.text() or button.toolTip(), button.accessibleName()
    assert overlay.panel.prompt.accessibleName()


def test_nothing_is_a_window_but_the_screens(capture: Callable[..., Capture], qapp: QApplication) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    overlay = capture(CaptureKind.SCREEN, EDITOR)
    overlay.key(Key.Key_Escape)
    overlay.drag((10, 10), (100, 100))
    qapp.removeEventFilter(watch)
    assert shown == ["ScreenWindow"]


def test_the_panel_makes_way_for_the_hand_and_for_what_is_drawn_below_it(
    capture: Callable[..., Capture], qtbot: QtBot
) -> None:
    overlay = capture(CaptureKind.SCREEN, EDITOR)
    frame, before = overlay.panel._frame, overlay.panel.geometry()
    drag(qtbot, frame, QPoint(4, 4), QPoint(-40, -100))
    moved = before.topLeft() - overlay.panel.pos()
    assert moved.y() > 60
    drag(qtbot, frame, QPoint(4, 4), QPoint(2000, 2000))
    assert overlay.window.rect().contains(overlay.panel._frame.geometry().translated(overlay.panel.pos()))
    overlay.key(Key.Key_A, ALT)
    qtbot.mousePress(overlay.window, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(overlay.window, overlay.panel.geometry().center())
    assert not overlay.panel.isVisible()
    qtbot.mouseRelease(overlay.window, Qt.MouseButton.LeftButton, pos=overlay.panel.geometry().center())
    assert overlay.panel.isVisible()
    assert len(overlay.window.marks.editor.now.marks) == 1


def test_with_a_tool_in_hand_nothing_else_is_chosen(capture: Callable[..., Capture], qtbot: QtBot) -> None:
    overlay = capture(CaptureKind.WINDOW, DIALOG, EDITOR)
    overlay.click((350, 250))
    overlay.key(Key.Key_A, ALT)
    qtbot.mouseMove(overlay.window, QPoint(150, 150))
    assert overlay.window.choice.highlighted is None
    overlay.click((150, 150))
    overlay.drag((150, 150), (250, 190))
    assert overlay.area == DIALOG.area
    overlay.drag((500, 300), (510, 310))
    assert overlay.area == Area(300, 200, 510, 310)


def test_all_rows_of_the_panel_have_their_height(capture: Callable[..., Capture]) -> None:
    for details in ((), LEVELS):
        overlay = capture(CaptureKind.SCREEN, details=details)
        for name, height in (("Ask", 32), ("Copy", 32), ("Arrow", 33)):
            found = overlay.panel.findChildren(QAbstractButton)
            button = next(b for b in found if b.accessibleName() == name)
            assert button.height() == height, (name, details)
        overlay.overlays.close()
