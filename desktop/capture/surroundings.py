"""What kind of session this is: which ways to capture the screen can work is decided by it."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication

WITH_SCREENS = frozenset({"xcb", "wayland", "wayland-egl", "windows", "cocoa"})
"""Qt's platforms that show windows to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The session as it is now.

    Attributes:
        system: as `sys.platform`.
        qt_platform: as `QGuiApplication.platformName`.
        is_wayland: a Wayland compositor draws the screen, even if Qt is a guest of its X server.
        desktops: names of the desktop in lower case, such as ``gnome``, from XDG_CURRENT_DESKTOP.
        has_bus: whether a session bus can be expected.
        has_sway: whether sway, or one that speaks its language, tells windows.
        screens: how many there are.
        find: where a program is on PATH; None if it is not.
    """

    system: str
    qt_platform: str
    is_wayland: bool = False
    desktops: frozenset[str] = frozenset()
    has_bus: bool = False
    has_sway: bool = False
    screens: int = 1
    find: Callable[[str], str | None] = shutil.which

    @property
    def has_screen(self) -> bool:
        """Whether Qt is on a platform that a person sees."""
        return self.qt_platform in WITH_SCREENS


def here() -> Surroundings:
    """This process's. Called in the GUI thread; quick."""
    return from_environment(
        os.environ,
        system=sys.platform,
        qt_platform=QGuiApplication.platformName(),
        screens=len(QGuiApplication.screens()),
    )


def from_environment(
    environment: Mapping[str, str], *, system: str, qt_platform: str, screens: int = 1
) -> Surroundings:
    """What the environment's variables say."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    session_kind = environment.get("XDG_SESSION_TYPE", "").lower()
    return Surroundings(
        system=system,
        qt_platform=qt_platform,
        is_wayland=system == "linux"
        and (
            qt_platform.startswith("wayland")
            or bool(environment.get("WAYLAND_DISPLAY"))
            or session_kind == "wayland"
        ),
        desktops=frozenset(
            name for name in environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":") if name
        ),
        has_bus=bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))
        or (bool(runtime) and os.path.exists(f"{runtime}/bus")),  # noqa: PTH110 - a stat of a socket
        has_sway=bool(environment.get("SWAYSOCK")),
        screens=screens,
    )
