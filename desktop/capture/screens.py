"""From Qt's screens and pictures to a `Shot`."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QScreen

from desktop.capture.cutting import Spot, cut, frame_for, nearest, scaled
from desktop.capture.shots import ScreenPicture, Shot, WindowPlace
from desktop.capture.windows import NO_WINDOWS, OpenWindows
from desktop.core.edits import Area

_FORMAT = QImage.Format.Format_RGB32
_AROUND = QColor("#202020")


def spots(platform: str | None = None) -> tuple[Spot, ...]:
    """Where the screens are; called in the GUI thread.

    Args:
        platform: whose units count; `QGuiApplication.platformName` if None.
    """
    is_wayland = (platform or QGuiApplication.platformName()).startswith("wayland")
    return tuple(_spot(screen, is_wayland=is_wayland) for screen in QGuiApplication.screens())


def _spot(screen: QScreen, *, is_wayland: bool) -> Spot:
    place, ratio = screen.geometry(), screen.devicePixelRatio()
    logical = Area(place.x(), place.y(), place.x() + place.width(), place.y() + place.height())
    if is_wayland:
        # Rounded up by Qt where the compositor's scale is a fraction.
        return Spot(name=screen.name(), place=logical, desktop=logical, finest=ratio)
    # Qt divides sizes by the scale, and leaves the corners of screens where the system has them.
    wide, high = nearest(place.width() * ratio), nearest(place.height() * ratio)
    native = replace(logical, right=logical.left + wide, bottom=logical.top + high)
    return Spot(name=screen.name(), place=logical, desktop=native)


def shot_of_screens(
    pictures: Sequence[tuple[Spot, QImage]], windows: OpenWindows = NO_WINDOWS, *, backend: str
) -> Shot:
    """A shot of one picture for each screen."""
    return Shot(
        screens=tuple(_screen_picture(spot, image, windows) for spot, image in pictures),
        active_title=windows.active_title,
        backend=backend,
    )


def shot_of_desktop(
    image: QImage, places: Sequence[Spot], windows: OpenWindows = NO_WINDOWS, *, backend: str
) -> Shot | None:
    """A shot of one picture of all screens; None if it is not one of these."""
    parts = cut(image.width(), image.height(), places)
    if parts is None:
        return None
    pictures = []
    for spot, part in zip(places, parts, strict=True):
        source = part.source
        piece = image.copy(source.left, source.top, source.width_px, source.height_px)
        own = QSize(part.width_px, part.height_px)
        if piece.size() != own:
            piece = piece.scaled(
                own, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        pictures.append((spot, piece))
    return shot_of_screens(pictures, windows, backend=backend)


def shot_of_choice(image: QImage, spot: Spot, *, backend: str) -> Shot:
    """A shot of what the user chose in the desktop's own dialog, in the middle of one screen.

    It can be snapped to, as if it were a window.
    """
    whole = QImage(QSize(*frame_for(image.width(), image.height(), spot)), _FORMAT)
    whole.fill(_AROUND)
    left, top = (whole.width() - image.width()) // 2, (whole.height() - image.height()) // 2
    painter = QPainter(whole)
    painter.drawImage(QPoint(left, top), image)
    painter.end()
    area = Area(left, top, left + image.width(), top + image.height())
    screen = replace(_screen_picture(spot, whole, NO_WINDOWS), windows=(WindowPlace(title="", area=area),))
    return Shot(screens=(screen,), backend=backend)


def plain(image: QImage) -> QImage:
    """The picture without transparency, and with one of its pixels to a pixel."""
    opaque = image if image.format() == _FORMAT else image.convertToFormat(_FORMAT)
    opaque.setDevicePixelRatio(1)
    return opaque


def _screen_picture(spot: Spot, image: QImage, windows: OpenWindows) -> ScreenPicture:
    place = spot.place
    return ScreenPicture(
        name=spot.name,
        place=QRect(place.left, place.top, place.width_px, place.height_px),
        image=plain(image),
        windows=_windows_on(spot, image.width(), image.height(), windows),
    )


def _windows_on(spot: Spot, width_px: int, height_px: int, windows: OpenWindows) -> tuple[WindowPlace, ...]:
    across, down = width_px / spot.desktop.width_px, height_px / spot.desktop.height_px
    screen = Area(0, 0, width_px, height_px)
    found = []
    for window in windows.windows:
        on_it = scaled(window.area, (spot.desktop.left, spot.desktop.top), across, down).overlap(screen)
        if on_it is not None:
            found.append(WindowPlace(title=window.title, area=on_it))
    return tuple(found)
