"""Tiles stand where they are found again, in groups or without."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from desktop.ui.gallery.grid import Grid, fitted
from desktop.ui.gallery.layout import Layout, Section, Step

TITLE_PX = 32
MARGIN_PX = 12


def laid_out(width_px: int, *counts: int, titled: bool = True) -> Layout:
    grid = fitted(width_px, tile=QSize(136, 150), picture_height_px=104, gap_px=10)
    sections = [Section(f"group {at}" if titled else "", count) for at, count in enumerate(counts)]
    return Layout(grid, sections, margin_px=MARGIN_PX, title_px=TITLE_PX)


layouts = st.builds(
    lambda width, counts, titled: laid_out(width, *counts, titled=titled),
    st.integers(80, 1500),
    st.lists(st.integers(1, 30), min_size=1, max_size=6),
    st.booleans(),
)


def test_the_gallery_of_the_mocks_has_three_tiles_a_line_and_fills_the_width() -> None:
    layout = laid_out(427, 4, titled=False)
    rects = [layout.rect(row) for row in range(4)]
    assert [rect.y() for rect in rects] == [12, 12, 12, 172]
    assert rects[2].right() == 12 + 427 - 1
    assert layout.height == 172 + 150 + 12


@given(layouts)
def test_every_tile_is_found_where_it_stands_and_nothing_between(layout: Layout) -> None:
    for row in range(layout.count):
        rect = layout.rect(row)
        assert layout.row_at(rect.topLeft()) == row
        assert layout.row_at(rect.bottomRight()) == row
        assert layout.row_at(rect.bottomRight() + QPoint(1, 1)) is None


@given(layouts)
def test_no_tile_touches_another_or_a_title(layout: Layout) -> None:
    rects = [layout.rect(row) for row in range(layout.count)]
    titles = [layout.title_rect(at) for at in range(len(layout.sections))]
    assert not any(a.intersects(b) for a, b in pairwise(rects))
    assert not any(rect.intersects(title) for rect in rects for title in titles)
    assert max(rect.bottom() for rect in rects) + 1 + MARGIN_PX == layout.height


@given(layouts, st.integers(-50, 4000), st.integers(0, 900))
def test_what_is_between_two_heights_is_what_stands_there(layout: Layout, top: int, height: int) -> None:
    found = set(layout.rows_between(top, top + height))
    band = QRect(0, top, 5000, height + 1)
    assert {row for row in range(layout.count) if layout.rect(row).intersects(band)} <= found
    wide = band.adjusted(0, -layout.grid.gap_px, 0, 0)
    assert all(layout.rect(row).intersects(wide) for row in found)


@given(layouts, st.integers(0, 400), st.integers(0, 900), st.integers(1, 700), st.integers(1, 700))
def test_a_box_selects_exactly_what_it_touches(
    layout: Layout, x: int, y: int, width: int, height: int
) -> None:
    box = QRect(x, y, width, height)
    assert layout.rows_touching(box) == [r for r in range(layout.count) if layout.rect(r).intersects(box)]


@given(layouts, st.data())
def test_keys_never_leave_the_gallery_and_up_undoes_down_in_full_lines(
    layout: Layout, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, layout.count - 1))
    step = data.draw(st.sampled_from(list(Step)))
    assert 0 <= layout.moved(row, step, page_px=600) < layout.count
    below = layout.moved(row, Step.DOWN, page_px=600)
    assert below == row or layout.rect(below).y() > layout.rect(row).y()
    assert layout.moved(row, Step.END, page_px=600) == layout.count - 1
    assert layout.moved(row, Step.HOME, page_px=600) == 0


def test_down_leads_into_the_next_group() -> None:
    layout = laid_out(427, 4, 2)
    assert layout.moved(3, Step.DOWN, page_px=600) == 4
    assert layout.moved(1, Step.DOWN, page_px=600) == 3
    assert layout.moved(5, Step.UP, page_px=600) == 3
    assert layout.section_at(layout.title_rect(1).center().y()) == 1
    assert list(layout.rows_of(1)) == [4, 5]


@given(st.integers(60, 3000))
def test_columns_fill_any_width(width_px: int) -> None:
    grid: Grid = fitted(width_px, tile=QSize(136, 150), picture_height_px=104, gap_px=10)
    right = grid.left(grid.columns - 1) + grid.tile.width()
    assert right == width_px
    for column in range(grid.columns):
        assert grid.column_at(grid.left(column)) == column
        assert grid.column_at(grid.left(column) + grid.tile.width() - 1) == column
