"""The wrapping layout."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.flow import FlowLayout

SIZES = st.lists(st.tuples(st.integers(1, 120), st.integers(1, 40)), max_size=12)


def fill(owner: QWidget, sizes: list[tuple[int, int]]) -> FlowLayout:
    layout = FlowLayout(owner, gap_px=6)
    for size in sizes:
        child = QWidget()
        child.setFixedSize(QSize(*size))
        layout.addWidget(child)
    return layout


@given(sizes=SIZES, width=st.integers(120, 400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_items_stay_inside_apart_and_in_order(qtbot: QtBot, sizes: list[tuple[int, int]], width: int) -> None:
    owner = QWidget()
    layout = fill(owner, sizes)
    height = layout.heightForWidth(width)

    layout.setGeometry(QRect(0, 0, width, height))

    rects = [layout.itemAt(at).geometry() for at in range(layout.count())]  # type: ignore[union-attr]
    assert all(QRect(0, 0, width, max(height, 1)).contains(rect) for rect in rects)
    assert all(not a.intersects(b) for at, a in enumerate(rects) for b in rects[at + 1 :])
    assert all((a.y(), a.x()) < (b.y(), b.x()) for a, b in itertools.pairwise(rects))
    owner.deleteLater()


def test_a_narrower_place_needs_more_lines(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    layout = fill(owner, [(100, 20)] * 4)

    assert layout.heightForWidth(500) == 20
    assert layout.heightForWidth(220) == 46
    assert layout.heightForWidth(100) == 98


def test_lines_run_from_the_right_in_right_to_left_languages(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    layout = fill(owner, [(50, 20), (50, 20)])

    layout.setGeometry(QRect(0, 0, 200, 20))

    first, second = (layout.itemAt(at).geometry() for at in (0, 1))  # type: ignore[union-attr]
    assert first.right() == 199
    assert second.right() == 143
