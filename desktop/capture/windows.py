"""The windows that are open, where the platform tells them: for snapping, and for a capture's title."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from desktop.capture.surroundings import Surroundings
from desktop.core.edits import Area
from desktop.core.text import printable

_log = logging.getLogger(__name__)

MOST_WINDOWS = 300
_TITLE_CHARS = 200
_PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """One window.

    Attributes:
        title: plain, bounded text.
        area: what it covers, its frame included and its shadow not, in the units of `cutting.Spot.desktop`.
    """

    title: str
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindows:
    """All that a person can see, our own too: they hide what lies below them, and can be asked about.

    Attributes:
        windows: the uppermost first.
        active_title: of the one with the keyboard; empty if nobody tells.
    """

    windows: tuple[OpenWindow, ...] = ()
    active_title: str = ""


NO_WINDOWS = OpenWindows()


def open_windows(here: Surroundings) -> OpenWindows:
    """Ask for them; a window list that cannot be had spoils no picture. Not in the GUI thread."""
    ask = _source(here)
    if ask is None:
        return NO_WINDOWS
    try:
        return ask()
    except Exception:  # noqa: BLE001 - windows come and go while they are asked for
        _log.warning("the open windows are not known", exc_info=True)
        return NO_WINDOWS


def awaited_windows(asked: "Future[OpenWindows]") -> OpenWindows:
    """What was asked for beside the pictures; nothing where it takes too long."""
    try:
        return asked.result(_PATIENCE_S)
    except TimeoutError:
        _log.warning("the open windows were not told in time")
        return NO_WINDOWS


def title_of(text: str) -> str:
    """A window's title as one plain line."""
    return printable(text[: 8 * _TITLE_CHARS], limit=_TITLE_CHARS).strip()


def _source(here: Surroundings) -> Callable[[], OpenWindows] | None:
    # Each is imported when it is used first: one platform's is never loaded on another.
    if here.system == "win32" and here.has_screen:
        from desktop.capture.windows_win32 import ask_windows  # noqa: PLC0415

        return ask_windows
    if here.is_wayland and here.has_sway and here.find("swaymsg"):
        from desktop.capture.windows_sway import ask_sway  # noqa: PLC0415

        return ask_sway
    if here.qt_platform == "xcb" and not here.is_wayland:
        from desktop.capture.windows_x11 import ask_x11  # noqa: PLC0415

        return ask_x11
    return None
