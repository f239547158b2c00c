"""Frozen pictures of screens, and where windows were on them."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from desktop.core.edits import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPlace:
    """A window, or the part of one that lies on this screen.

    Attributes:
        title: as its title bar says; may be empty. A foreign text: never shown as anything but plain text.
        area: what it covers, frame included, in pixels of the screen's picture.
    """

    title: str
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPicture:
    """One screen as it was.

    Attributes:
        name: Qt's name of the screen (`QScreen.name`).
        place: where the screen is on the desktop, in the logical pixels in which Qt places windows.
        image: every physical pixel of it, with a device pixel ratio of 1. Never changed.
        windows: the windows on it, the uppermost first; empty where the platform does not tell.
    """

    name: str
    place: QRect
    image: QImage
    windows: tuple[WindowPlace, ...] = ()

    @property
    def scale(self) -> float:
        """Pixels of the picture to one logical pixel."""
        return self.image.width() / max(1, self.place.width())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """All screens at one moment.

    Attributes:
        screens: in the order of `QGuiApplication.screens`.
        active_title: title of the window that had the keyboard; empty where the platform does not tell.
        backend: `CaptureBackend.name` of the one that took it.
    """

    screens: tuple[ScreenPicture, ...]
    active_title: str = ""
    backend: str = ""
