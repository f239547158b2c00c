"""Marks painted over a finished picture."""

from dataclasses import replace
from threading import Thread

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label
from desktop.tasks.marks import LINE, mark_boxes, mark_sizes, overlay_png, paint_marks
from desktop.ui import theme

PAGE = (3000, 2000)
OUT = (1200, 800)
EDITS = Edits(
    marks=(
        Arrow((300, 300), (900, 900)),
        Frame(Area(1200, 300, 2100, 900)),
        Label((300, 1400), "螺栓 bolt 😀"),
        Callout((2400, 1500), "hinge"),
        Callout((2700, 300)),
    )
)


def overlay(edits: Edits, page: tuple[int, int] = PAGE, out: tuple[int, int] = OUT) -> QImage:
    png = overlay_png(edits, page, out)
    assert png is not None
    return QImage.fromData(png, "PNG")


def opaque(image: QImage, x: float, y: float) -> bool:
    return image.pixelColor(round(x), round(y)).alpha() == 255


def test_without_marks_there_is_no_overlay() -> None:
    assert overlay_png(Edits(crop=Area(0, 0, 9, 9), blackouts=(Area(1, 1, 2, 2),)), PAGE, OUT) is None


@pytest.mark.parametrize("out", [(1200, 800), (801, 607), (1, 1), (32, 4000)])
def test_the_overlay_has_exactly_the_size_of_what_is_sent(out: tuple[int, int]) -> None:
    image = overlay(EDITS, PAGE, out)

    assert (image.width(), image.height()) == out
    assert image.hasAlphaChannel()


def test_marks_lie_where_they_were_drawn_and_all_else_is_clear() -> None:
    image = overlay(EDITS)

    # The frame from 1200, 300 on the page, at 0.4 of its size: its edges are red, its inside is clear.
    assert image.pixelColor(480, 240) == LINE
    assert image.pixelColor(660, 120) == LINE
    assert image.pixelColor(660, 240).alpha() == 0
    assert image.pixelColor(240, 240) == LINE
    assert opaque(image, 960, 600)
    assert image.pixelColor(5, 5).alpha() == 0


def test_the_line_is_the_region_of_the_theme_with_a_white_edge() -> None:
    assert QColor(theme.current().color("region")) == LINE
    image = overlay(EDITS)
    across = [image.pixelColor(x, 240) for x in range(470, 490)]

    assert LINE in across
    assert any(colour.alpha() > 200 and colour.lightness() > 200 for colour in across)


@pytest.mark.parametrize("out", [(85, 60), (512, 384), (1200, 800), (6000, 4000)])
def test_marks_can_be_read_at_the_size_that_is_sent(out: tuple[int, int]) -> None:
    sizes = mark_sizes(out)

    assert sizes.stroke >= 2
    assert sizes.letters >= 16
    assert sizes.radius * 2 > sizes.letters


def test_equal_edits_give_equal_bytes_in_any_thread() -> None:
    made: list[bytes | None] = []
    threads = [Thread(target=lambda: made.append(overlay_png(EDITS, PAGE, OUT))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(made) == {overlay_png(EDITS, PAGE, OUT)}


def test_callouts_carry_their_numbers() -> None:
    """The second of two is not painted like the first, also where the first is cropped away."""
    first, second = Callout((600, 400)), Callout((2400, 1600))
    both = overlay(Edits(marks=(first, second)))
    alone = overlay(Edits(marks=(second,)))
    cut = overlay(Edits(marks=(first, second), crop=Area(1500, 1000, 3000, 2000)), out=(1200, 800))
    beside = overlay(Edits(marks=(second,), crop=Area(1500, 1000, 3000, 2000)), out=(1200, 800))

    assert both.copy(900, 600, 120, 80) != alone.copy(900, 600, 120, 80)
    assert cut != beside


def test_what_lies_outside_of_the_crop_is_not_painted_and_points_at_nothing() -> None:
    crop = Area(0, 0, 1000, 1000)
    far = Edits(marks=(Label((2000, 1500), "far"), Callout((2400, 1500))), crop=crop)

    image = overlay(far, PAGE, (800, 800))

    assert mark_boxes(far, PAGE, (800, 800)) == {}
    assert all(image.pixelColor(x, y).alpha() == 0 for x in range(0, 800, 4) for y in range(0, 800, 4))


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_words_stay_upright_and_within_the_picture_however_it_is_turned(turns: int) -> None:
    edits = Edits(marks=(Label((2990, 1990), "at the very edge"),), quarter_turns=turns)
    out = OUT if turns % 2 == 0 else (OUT[1], OUT[0])

    box = mark_boxes(edits, PAGE, out)[0]

    assert box.width() > box.height()
    assert box.left() >= 0
    assert box.top() >= 0
    assert box.right() <= out[0]
    assert box.bottom() <= out[1]


def test_long_words_wrap() -> None:
    short, long = Edits(marks=(Label((10, 10), "bolt"),)), Edits(marks=(Label((10, 10), "bolt " * 60),))
    box = mark_boxes(long, PAGE, OUT)[0]
    one = mark_boxes(short, PAGE, OUT)[0]

    assert box.width() <= OUT[0] * 0.7
    assert box.height() > one.height() * 3


def test_every_script_is_painted() -> None:
    """Not as the box of a missing glyph, which is the same for all."""
    pictures = [overlay(Edits(marks=(Label((300, 300), text),))) for text in ("螺", "栓", "б", "ñ")]

    assert all(picture != other for picture in pictures for other in pictures if picture is not other)


def test_an_arrow_of_no_length_and_a_huge_picture_paint_without_harm() -> None:
    point = Edits(marks=(Arrow((5, 5), (5, 5)),))

    assert not overlay(point).isNull()
    assert not overlay(replace(EDITS), (30_000, 20_000), (3000, 2000)).isNull()


def test_the_painter_is_left_as_it_was() -> None:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    pen, hints = painter.pen(), painter.renderHints()

    paint_marks(painter, EDITS, PAGE, (100, 100))

    assert painter.pen() == pen
    assert painter.renderHints() == hints
    assert not painter.hasClipping()
    painter.end()
