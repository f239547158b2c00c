"""Zoom, pan, loupe, both views, and what is painted."""

from collections.abc import Callable
from math import hypot

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPainter, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label
from desktop.core.image_tokens import ImageTokens
from desktop.tasks.marks import overlay_png
from desktop.ui import theme
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.levels import Levels
from tests.helpers.canvases import PAGE, drag, picture, seen


@pytest.fixture
def canvas(present: Callable[[QWidget], None]) -> Canvas:
    made = Canvas()
    made.resize(1060, 778)
    present(made)
    made.show_original(picture(), PAGE)
    made.setFocus()
    return made


def wheel(
    canvas: Canvas, at: QPointF, *, angle: int = 0, pixels: QPoint | None = None, ctrl: bool = False
) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        pixels or QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_a_picture_is_fitted_at_first_and_keeps_its_view_when_more_pixels_come(canvas: Canvas) -> None:
    canvas.clear()
    canvas.show_original(picture(400, 300), (1600, 1200))
    assert canvas.view.is_fitted
    canvas.zoom_to(2.0)
    view = canvas.view

    canvas.show_original(picture(1600, 1200), (1600, 1200))

    assert canvas.view == view


def test_the_wheel_zooms_at_the_pointer(canvas: Canvas) -> None:
    at = QPointF(300, 200)
    before = canvas.to_page(at)

    wheel(canvas, at, angle=240)

    assert canvas.view.zoom == pytest.approx(1.25**2)
    assert canvas.to_page(at) == pytest.approx(before, abs=2)


def test_a_touchpad_pans_and_with_control_zooms(canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    zoom, centre = canvas.view.zoom, canvas.view.centre

    wheel(canvas, QPointF(300, 200), angle=-10, pixels=QPoint(0, -40))
    assert canvas.view.zoom == zoom
    assert canvas.view.centre == pytest.approx((centre[0], centre[1] + 10))

    wheel(canvas, QPointF(300, 200), angle=120, pixels=QPoint(0, 40), ctrl=True)
    assert canvas.view.zoom == pytest.approx(zoom * 1.25)


def test_a_pinch_zooms(canvas: Canvas) -> None:
    at = QPointF(500, 400)
    device = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, at, at, canvas.mapToGlobal(at), 0.5, QPointF())

    QApplication.sendEvent(canvas, event)

    assert canvas.view.zoom == pytest.approx(1.5)


def test_keys_zoom_fit_and_show_every_pixel(qtbot: QtBot, canvas: Canvas) -> None:
    zooms: list[float] = []
    canvas.zoom_changed.connect(zooms.append)

    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_1, Qt.Key.Key_Minus):
        qtbot.keyClick(canvas, key)
    qtbot.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)

    assert zooms == [1.5, 2.0, 1.5, 1.0, 0.85, 1.0]
    assert canvas.view.is_fitted


def test_a_double_click_goes_between_all_of_it_and_every_pixel(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.clear()
    canvas.show_original(picture(1600, 1200), (1600, 1200))

    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(530, 389))
    assert canvas.view.zoom == 1.0
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(530, 389))
    assert canvas.view.is_fitted


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_the_hand_and_the_middle_button_pan(qtbot: QtBot, canvas: Canvas, button: Qt.MouseButton) -> None:
    canvas.zoom_to(4.0)
    if button is Qt.MouseButton.MiddleButton:
        canvas.set_tool("box")
    before = canvas.to_page(QPointF(500, 400))

    qtbot.mousePress(canvas, button, pos=QPoint(500, 400))
    qtbot.mouseMove(canvas, QPoint(540, 380))
    qtbot.mouseRelease(canvas, button, pos=QPoint(540, 380))

    assert canvas.to_page(QPointF(540, 380)) == pytest.approx(before, abs=0.5)
    assert canvas.editor.edits == Edits()


def test_space_makes_a_hand_of_any_tool_while_it_is_held(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    canvas.set_tool("box")
    before = canvas.view.centre

    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, canvas, QPoint(500, 400), QPoint(540, 400))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    panned = canvas.view.centre
    drag(qtbot, canvas, QPoint(500, 400), QPoint(540, 440))

    assert panned == pytest.approx((before[0] - 10, before[1]))
    assert canvas.view.centre == panned
    assert len(canvas.editor.edits.marks) == 1


def test_arrow_keys_pan_where_there_is_something_to_pan_and_else_are_the_pages(
    qtbot: QtBot, canvas: Canvas
) -> None:
    heard = Keys(canvas)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    canvas.zoom_to(4.0)
    before = canvas.view.centre
    qtbot.keyClick(canvas, Qt.Key.Key_Right)

    assert heard.keys == [Qt.Key.Key_Right]
    assert canvas.view.centre == pytest.approx((before[0] + 15, before[1]))


def test_the_loupe_shows_what_lies_under_the_pointer(qtbot: QtBot, canvas: Canvas) -> None:
    before = seen(canvas)
    canvas.toggle_loupe()
    canvas.loupe.at = QPointF(canvas.width() / 2, canvas.height() / 2)
    magnified = seen(canvas)
    # Its middle is where all four colours meet, as without it; half of its radius away too.
    assert magnified.pixelColor(530 - 40, 389 - 40) == before.pixelColor(530 - 40, 389 - 40)
    assert magnified != before

    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.loupe.at.x() == canvas.width() / 2 - 10
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.loupe.is_shown
    assert seen(canvas) == before


@pytest.mark.parametrize("sent", [False, True])
def test_the_loupe_paints_nothing_beside_itself(canvas: Canvas, sent: bool) -> None:
    """A black-out below the loupe was painted large over half of the window."""
    canvas.set_edits(Edits(blackouts=(Area(350, 250, 450, 350),), marks=(Callout((420, 300)),)))
    canvas.show_sent(picture(400, 300), ImageTokens(340, 400, 300, 4, 3, "tile", 100))
    canvas.set_view("sent" if sent else "original")
    before = seen(canvas)
    canvas.toggle_loupe()
    canvas.loupe.at = QPointF(530, 389)
    after = seen(canvas)

    beside = [(x, y) for x in range(0, 1060, 7) for y in range(0, 778, 7) if hypot(x - 530, y - 389) > 114]
    assert all(after.pixelColor(*at) == before.pixelColor(*at) for at in beside)
    assert after != before


def test_the_loupe_is_magnified_by_the_wheel_between_100_and_400_percent(canvas: Canvas) -> None:
    canvas.toggle_loupe()
    zooms = []
    for angle in (120, 120, 120, -120, -120, -120, -120):
        wheel(canvas, QPointF(500, 400), angle=angle)
        zooms.append(canvas.loupe.zoom)

    assert zooms == [3.0, 4.0, 4.0, 3.0, 2.0, 1.0, 1.0]
    assert canvas.view.is_fitted


def test_l_shows_the_loupe_and_another_l_hides_it(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    assert canvas.loupe.is_shown
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    assert not canvas.loupe.is_shown


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_page_is_painted_turned_and_cropped(canvas: Canvas, turns: int) -> None:
    canvas.set_edits(Edits(crop=Area(200, 150, 800, 600), quarter_turns=turns))
    image, box = seen(canvas), canvas.picture_rect()

    assert (box.width(), box.height()) == ((600, 450) if turns % 2 == 0 else (450, 600))
    for page_point, colour in (((250, 200), "red"), ((750, 200), "lime"), ((250, 550), "blue")):
        at = canvas.place().map(QPointF(*page_point))
        assert image.pixelColor(round(at.x()), round(at.y())) == QColor(colour)
    assert image.pixelColor(5, 5) == theme.current().color("canvas")


def test_marks_on_the_page_are_the_pixels_that_are_sent(canvas: Canvas) -> None:
    marked = Edits(
        marks=(
            Arrow((100, 100), (300, 300)),
            Frame(Area(420, 320, 700, 500)),
            Label((100, 400), "bolt 螺栓"),
            Callout((600, 150)),
        )
    )
    canvas.set_edits(marked)
    canvas.set_finished_size(PAGE)
    canvas.actual()
    box = canvas.picture_rect().toRect()
    shown = seen(canvas).copy(box)

    expected = picture().convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(expected)
    painter.drawImage(0, 0, QImage.fromData(overlay_png(marked, PAGE, PAGE) or b""))
    painter.end()

    # Rounded corners of the picture in the window apart, and one step of rounding in blended edges.
    for x in range(8, PAGE[0] - 8, 3):
        for y in range(8, PAGE[1] - 8, 3):
            there, sent = shown.pixelColor(x, y), expected.pixelColor(x, y)
            pairs = zip(there.getRgb(), sent.getRgb(), strict=True)  # type: ignore[call-overload]
            assert max(abs(a - b) for a, b in pairs) <= 3, (x, y)


def test_black_outs_are_seen_at_once_and_above_nothing_of_them_remains(canvas: Canvas) -> None:
    canvas.set_edits(Edits(blackouts=(Area(100, 100, 300, 250),)))
    image = seen(canvas)
    at = canvas.place().map(QPointF(200, 200))

    assert image.pixelColor(round(at.x()), round(at.y())) == theme.current().color("blackout")


def test_single_pixels_are_squares_from_above_200_percent(canvas: Canvas) -> None:
    stripes = QImage(64, 48, QImage.Format.Format_RGB888)
    for x in range(64):
        for y in range(48):
            stripes.setPixelColor(x, y, QColor("black" if x % 2 else "white"))
    canvas.clear()
    canvas.show_original(stripes, (64, 48))

    canvas.zoom_to(8.0)
    near = shades(canvas)
    canvas.zoom_to(2.0)
    far = shades(canvas)

    assert near == {0, 255}
    assert len(far) > 2


def test_more_pixels_are_wanted_only_where_there_are_too_few(qtbot: QtBot, canvas: Canvas) -> None:
    wanted: list[tuple[Area, float]] = []
    canvas.detail_wanted.connect(lambda area, scale: wanted.append((area, scale)))
    canvas.clear()
    canvas.show_original(picture(800, 600), (8000, 6000))
    assert wanted == [(Area(0, 0, 8000, 6000), pytest.approx(canvas.view.zoom))]

    canvas.actual()
    area, scale = wanted[-1]
    assert scale == 1.0
    assert area.width_px < 2000
    canvas.show_detail(picture(area.width_px, area.height_px), area)
    count = len(wanted)
    canvas.pan(20, 20)

    assert len(wanted) == count
    canvas.pan(-900, 0)
    assert len(wanted) > count


def test_detail_is_painted_where_it_belongs(canvas: Canvas) -> None:
    grey = QImage(80, 60, QImage.Format.Format_RGB888)
    grey.fill(QColor("gray"))
    canvas.clear()
    canvas.show_original(grey, (8000, 6000))
    canvas.actual()
    canvas.show_detail(picture(400, 400), Area(3800, 2800, 4200, 3200))
    image = seen(canvas)

    inside, outside = (canvas.place().map(QPointF(*at)) for at in ((3900, 2900), (3700, 2900)))
    assert image.pixelColor(inside.toPoint()) == QColor("red")
    assert image.pixelColor(outside.toPoint()) == QColor("gray")


def test_a_coarse_part_does_not_stay_over_a_page_that_has_come_with_more_pixels(canvas: Canvas) -> None:
    grey = QImage(80, 60, QImage.Format.Format_RGB888)
    grey.fill(QColor("gray"))
    whole = Area(0, 0, 8000, 6000)
    canvas.clear()
    canvas.show_original(grey, (8000, 6000))
    canvas.show_detail(picture(100, 75), whole)
    fine = QImage(800, 600, QImage.Format.Format_RGB888)
    fine.fill(QColor("gray"))

    canvas.show_original(fine, (8000, 6000))
    assert shades(canvas) == {QColor("gray").red()}
    canvas.show_detail(picture(100, 75), whole)
    assert shades(canvas) == {QColor("gray").red()}


def test_a_large_picture_is_halved_between_events_and_looks_the_same(qtbot: QtBot) -> None:
    levels = Levels()
    with qtbot.waitSignal(levels.finished):
        levels.set_image(picture(3000, 2000), 1)

    drawn = QImage(200, 300, QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    levels.paint(painter, drawn.rect().toRectF(), drawn.rect().toRectF())
    painter.end()

    # Turned clockwise, what was below and left comes to lie above and left.
    corners = [drawn.pixelColor(*at).name() for at in ((50, 75), (150, 75), (50, 225), (150, 225))]
    assert corners == ["#0000ff", "#ff0000", "#ffffff", "#00ff00"]


def test_without_a_picture_nothing_is_painted_and_nothing_happens(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.clear()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_C, Qt.Key.Key_R, Qt.Key.Key_Return, Qt.Key.Key_L):
        qtbot.keyClick(canvas, key)
    drag(qtbot, canvas, QPoint(100, 100), QPoint(200, 200))

    assert canvas.editor.edits == Edits()
    assert canvas.editor.tool is None


def shades(canvas: Canvas) -> set[int]:
    image, box = seen(canvas), canvas.picture_rect().toRect().adjusted(20, 20, -20, -20)
    return {image.pixelColor(x, box.center().y()).red() for x in range(box.left(), box.right())}


class Keys:
    """Keys that a canvas did not use."""

    def __init__(self, canvas: Canvas) -> None:
        self.keys: list[int] = []
        ignored = canvas.keyPressEvent

        def listen(event: object) -> None:
            ignored(event)  # type: ignore[arg-type]
            if not event.isAccepted():  # type: ignore[attr-defined]
                self.keys.append(event.key())  # type: ignore[attr-defined]

        canvas.keyPressEvent = listen  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("size", [(60_000, 2), (2, 60_000)])
@pytest.mark.parametrize("sent", [False, True])
def test_a_very_long_picture_is_a_line_and_not_nothing(
    canvas: Canvas, size: tuple[int, int], *, sent: bool
) -> None:
    image = QImage(*size, QImage.Format.Format_RGB888)
    image.fill(QColor("teal"))
    canvas.clear()
    canvas.show_original(image, size)
    if sent:
        canvas.show_sent(image, None, region=False)
        canvas.set_view("sent")
    canvas.fit()

    shown = seen(canvas)

    middle = canvas.rect().center()
    colours = {shown.pixelColor(middle + QPoint(by, by)).name() for by in (-1, 0, 1)}
    assert QColor("teal").name() in colours
