"""The sent picture in the canvas, and the grid over it."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from desktop.core.edits import Area, Edits
from desktop.core.image_tokens import ImageTokens
from desktop.ui import theme
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.grid import grid_lines
from tests.helpers.canvases import PAGE, picture, seen

TILES = ImageTokens(1105, 1138, 768, 3, 2, "tile", 512)


@pytest.fixture
def canvas(present: Callable[[QWidget], None]) -> Canvas:
    made = Canvas()
    made.resize(1060, 778)
    present(made)
    made.show_original(picture(), PAGE)
    made.setFocus()
    return made


def test_the_sent_picture_takes_the_place_of_the_page(canvas: Canvas) -> None:
    canvas.clear()
    canvas.show_original(picture(2964, 2000), (2964, 2000))
    before = canvas.picture_rect()
    views: list[str] = []
    canvas.view_changed.connect(views.append)

    canvas.show_sent(picture(1138, 768), TILES)
    canvas.set_view("sent")

    assert views == ["sent"]
    assert canvas.picture_rect().width() == pytest.approx(before.width(), abs=1.5)
    assert canvas.view.zoom == pytest.approx(0.8436, abs=1e-3)


@pytest.mark.parametrize("zoom", [0.3, 0.8436, 1.0, 2.37, 8.0])
def test_the_grid_lies_at_multiples_of_its_cell_on_whole_pixels(canvas: Canvas, zoom: float) -> None:
    canvas.show_sent(picture(1138, 768), TILES)
    canvas.set_view("sent")
    canvas.zoom_to(zoom)

    columns, rows = grid_lines(TILES, canvas.view)

    left, top = canvas.view.origin
    assert columns == [round(left + at * zoom) for at in (512, 1024)]
    assert rows == [round(top + 512 * zoom)]
    if zoom == 1.0:
        image = seen(canvas)
        light = image.pixelColor(round(columns[0]), 500).lightness()
        assert light > image.pixelColor(round(columns[0]) + 2, 500).lightness()


def test_patches_too_small_to_tell_apart_have_no_lines(canvas: Canvas) -> None:
    patches = ImageTokens(864, 1138, 768, 36, 24, "patch", 32)
    canvas.show_sent(picture(1138, 768), patches)
    canvas.set_view("sent")
    canvas.zoom_to(0.1)
    with_grid = seen(canvas)
    canvas.show_sent(picture(1138, 768), None)

    assert seen(canvas) == with_grid


def test_the_region_is_framed_over_the_sent_picture_unless_that_is_the_part_itself(canvas: Canvas) -> None:
    canvas.set_edits(Edits(region=Area(200, 150, 400, 300)))
    red = theme.current().color("region")
    for shown in (True, False):
        canvas.show_sent(picture(400, 300), None, region=shown)
        canvas.set_view("sent")
        at = canvas.view.to_widget((100, 110))
        assert (seen(canvas).pixelColor(round(at[0]), round(at[1])) == red) is shown
