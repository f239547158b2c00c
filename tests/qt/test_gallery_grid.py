"""Tiles fill the width."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from desktop.ui.gallery.grid import HALO_PX, Grid, fitted


def grid(width_px: int) -> Grid:
    return fitted(width_px, tile=QSize(136, 150), picture_height_px=104, gap_px=10)


def places(made: Grid) -> list[QRect]:
    """The tiles of the first line, where cells stand side by side."""
    cell = made.cell
    return [
        made.tile_rect(QRect(column * cell.width(), 0, cell.width(), cell.height()), column)
        for column in range(made.columns)
    ]


def test_the_gallery_of_the_mocks_has_three_columns() -> None:
    made = grid(427)

    assert made.columns == 3
    assert made.tile.height() == 150
    assert places(made)[-1].right() + 1 - places(made)[0].left() in (426, 427)


@given(st.integers(60, 3000))
def test_tiles_stand_apart_within_their_cells_and_leave_little_free(width_px: int) -> None:
    made = grid(width_px)
    rects = places(made)

    cell = made.cell
    for column, rect in enumerate(rects):
        room = QRect(column * cell.width(), 0, cell.width(), cell.height())
        assert room.contains(rect.adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX))
    assert all(right.left() - left.right() >= 10 for left, right in pairwise(rects))
    assert rects[-1].right() + 1 - rects[0].left() <= width_px
    assert width_px - (rects[-1].right() + 1 - rects[0].left()) < made.columns


@given(st.integers(200, 3000))
def test_tiles_stay_near_the_size_of_the_mocks(width_px: int) -> None:
    assert 85 < grid(width_px).tile.width() < 215
