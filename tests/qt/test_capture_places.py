"""Where panel, words and magnifier go: always on the screen, and beside the handles where there is room."""

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from desktop.ui.capture.places import MARGIN_PX, handle_points, magnifier_corner, panel_corner, words_corner

ROOM = QRect(0, 0, 1024, 700)
PANEL, WORDS, LENS = QSize(664, 176), QSize(240, 22), QSize(136, 180)


def regions() -> st.SearchStrategy[QRect]:
    across = st.tuples(st.integers(0, 1023), st.integers(0, 1023))
    down = st.tuples(st.integers(0, 699), st.integers(0, 699))
    return st.tuples(across, down).map(
        lambda ends: QRect(
            min(ends[0]), min(ends[1]), abs(ends[0][0] - ends[0][1]) + 1, abs(ends[1][0] - ends[1][1]) + 1
        )
    )


@given(regions())
def test_all_of_it_stays_on_the_screen(region: QRect) -> None:
    assert ROOM.contains(QRect(panel_corner(region, ROOM, PANEL), PANEL))
    corner = words_corner(QRectF(region), QRectF(ROOM), WORDS)
    assert QRectF(ROOM).contains(QRectF(corner, WORDS.toSizeF()))
    at = QPointF(region.bottomRight())
    lens = QRect(magnifier_corner(at, ROOM, LENS, 22), LENS)
    assert ROOM.contains(lens)
    assert not lens.contains(at.toPoint())


def test_the_magnifier_keeps_out_from_under_what_floats() -> None:
    bar = QRect(300, 10, 420, 60)
    lens = QRect(magnifier_corner(QPointF(290, 20), ROOM, LENS, 22, [bar]), LENS)
    assert ROOM.contains(lens)
    assert not lens.intersects(bar)


@given(regions())
@example(QRect(0, 156, 348, 356))
def test_the_panel_hides_no_handle_where_it_can(region: QRect) -> None:
    # Of one region in 300 the rows of handles leave no room as high as the panel.
    edges = ROOM.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    rows = [edges.top(), *sorted({point.y() for point in handle_points(QRectF(region))}), edges.bottom()]
    assume(any(below - above > PANEL.height() + 1 for above, below in pairwise(rows)))
    panel = QRectF(QRect(panel_corner(region, ROOM, PANEL), PANEL))
    assert not [point for point in handle_points(QRectF(region)) if panel.contains(point)]


@pytest.mark.parametrize(
    ("region", "side"),
    [
        (QRect(300, 100, 400, 300), "below"),
        (QRect(300, 300, 400, 390), "above"),
        (QRect(0, 0, 300, 700), "right"),
        (QRect(724, 0, 300, 700), "left"),
        (QRect(0, 0, 1024, 700), "on it"),
    ],
)
def test_the_panel_stands_below_else_above_else_beside_else_on_the_region(region: QRect, side: str) -> None:
    panel = QRect(panel_corner(region, ROOM, PANEL), PANEL)
    sides = {
        "below": panel.top() > region.bottom(),
        "above": panel.bottom() < region.top(),
        "right": panel.left() > region.right(),
        "left": panel.right() < region.left(),
        "on it": region.contains(panel),
    }
    assert [name for name, holds in sides.items() if holds] == [side]
