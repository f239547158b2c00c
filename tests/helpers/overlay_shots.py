"""Frozen screens for tests of the capture overlay: each pixel says where it is."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QGuiApplication, QImage, QScreen

from desktop.capture.shots import ScreenPicture, Shot, WindowPlace
from desktop.core.model import Detail
from desktop.ui.capture.captured import OverlayTerms, PriceWanted

LEVELS = (Detail.LOW, Detail.HIGH)
ASK_FIRST = "Type a question first."


def pixel_colour(x: int, y: int, screen: int = 0) -> tuple[int, int, int]:
    """The colour of a pixel of a screen's picture; no two pixels of one screen have the same."""
    return x & 255, y & 255, (x >> 8) << 5 | (y >> 8) << 2 | screen


def numbered_picture(width: int, height: int, screen: int = 0) -> QImage:
    reds = bytes(x & 255 for x in range(width))
    rows, blues = bytearray(), b""
    for y in range(height):
        if y % 256 == 0:
            blues = bytes((x >> 8) << 5 | (y >> 8) << 2 | screen for x in range(width))
        row = bytearray(b"\xff" * (4 * width))
        row[2::4], row[1::4], row[0::4] = reds, bytes([y & 255]) * width, blues
        rows += row
    return QImage(bytes(rows), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def pixels(image: QImage, points: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    colours = [QColor(image.pixel(x, y)) for x, y in points]
    return [(colour.red(), colour.green(), colour.blue()) for colour in colours]


def shows(image: QImage, place: QRect, screen: int = 0) -> bool:
    """Whether an image is exactly this part of a `numbered_picture`."""
    if (image.width(), image.height()) != (place.width(), place.height()):
        return False
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    expected = [pixel_colour(place.x() + x, place.y() + y, screen) for x, y in points]
    return pixels(image, points) == expected


def picture_of(screen: QScreen, number: int = 0, windows: tuple[WindowPlace, ...] = ()) -> ScreenPicture:
    size = screen.geometry().size() * screen.devicePixelRatio()
    return ScreenPicture(
        name=screen.name(),
        place=screen.geometry(),
        image=numbered_picture(size.width(), size.height(), number),
        windows=windows,
    )


def shot(*windows: WindowPlace) -> Shot:
    """All screens there are; the windows are on the first."""
    screens = QGuiApplication.screens()
    return Shot(screens=tuple(picture_of(s, n, windows if n == 0 else ()) for n, s in enumerate(screens)))


def price(wanted: PriceWanted) -> str:
    return f"$0.01 for {wanted.width_px} by {wanted.height_px}, {wanted.detail}"


def terms(
    *,
    details: tuple[Detail, ...] = LEVELS,
    price: Callable[[PriceWanted], str] = price,
    needs_words: bool = True,
) -> OverlayTerms:
    return OverlayTerms(
        model="gpt-test",
        details=details,
        detail=details[-1] if details else Detail.AUTO,
        price=price,
        why_not=lambda prompt: ASK_FIRST if needs_words and not prompt else "",
    )
