"""Pictures that fill a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPixmap

from desktop.ui.widgets.thumbs import cover_source, covering, rounded

LENGTH = st.integers(1, 20_000)


@given(LENGTH, LENGTH, LENGTH, LENGTH)
def test_the_part_is_centred_inside_the_picture_and_has_the_shape_of_the_place(
    width: int, height: int, place_width: int, place_height: int
) -> None:
    part = cover_source(QSizeF(width, height), QSizeF(place_width, place_height))

    assert QRectF(-1e-6, -1e-6, width + 2e-6, height + 2e-6).contains(part)
    assert part.center().x() == pytest.approx(width / 2)
    assert part.center().y() == pytest.approx(height / 2)
    assert part.width() * place_height == pytest.approx(part.height() * place_width)
    assert part.width() == pytest.approx(width) or part.height() == pytest.approx(height)


def test_nothing_has_no_part() -> None:
    assert cover_source(QSizeF(0, 5), QSizeF(3, 3)) == QRectF()


def test_a_picture_is_made_as_large_as_the_screen_needs() -> None:
    source = QPixmap(300, 100)
    source.fill(QColor("red"))

    assert covering(source, QSizeF(40, 40), 2.0).size() == QSize(80, 80)


def test_corners_are_round_and_the_middle_is_filled() -> None:
    source = QPixmap(100, 50)
    source.fill(QColor("#3366cc"))

    image = rounded(source, QSize(32, 32), radius=8).toImage()

    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(31, 31).alpha() == 0
    assert image.pixelColor(16, 16) == QColor("#3366cc")


def test_what_is_transparent_shows_a_checkerboard() -> None:
    source = QPixmap(64, 64)
    source.fill(Qt.GlobalColor.transparent)

    image = rounded(source, QSize(32, 32), radius=0).toImage()

    colours = {image.pixelColor(x, 16).name() for x in range(32)}
    assert image.pixelColor(16, 16).alpha() == 255
    assert len(colours) == 2
