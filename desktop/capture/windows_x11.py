"""The open windows of an X server, as its window manager tells them.

See the Extended Window Manager Hints of freedesktop.org; ``_GTK_FRAME_EXTENTS`` is GTK's, for the shadow
that a window draws around itself.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import xcffib
import xcffib.xproto as x

from desktop.capture.windows import MOST_WINDOWS, OpenWindow, OpenWindows, title_of
from desktop.core.edits import Area

_OF_A_WINDOW = (
    "_NET_FRAME_EXTENTS",
    "_GTK_FRAME_EXTENTS",
    "_NET_WM_DESKTOP",
    "_NET_WM_NAME",
    "WM_NAME",
    "_NET_WM_STATE",
    "_NET_WM_WINDOW_TYPE",
)
_OF_THE_ROOT = "_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW", "_NET_CURRENT_DESKTOP"
_VALUES = "_NET_WM_STATE_HIDDEN", "_NET_WM_WINDOW_TYPE_DESKTOP"
_ON_ALL_DESKTOPS = 0xFFFFFFFF
_MOST_WORDS = 1024
"""A title of 4 KB, or as many windows, and nothing beyond."""
_NO_EXTENTS = (0, 0, 0, 0)
_UTF8_PART = re.compile(rb"\x1b%G(.*?)(?:\x1b%@|$)", re.DOTALL)
_CHANGE_OF_SET = re.compile(r"\x1b[ -/]+[0-~]")


def ask_x11(display: str | None = None) -> OpenWindows:
    """All windows that a person can see. Blocks for some milliseconds.

    Args:
        display: such as ``:1``; the environment's if None.

    Raises:
        xcffib.XcffibException: the server cannot be reached, or went away.
    """
    connection: Any = xcffib.connect(display)
    try:
        return _Look(connection).windows()
    finally:
        connection.disconnect()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the server and the manager told about one window."""

    values: dict[str, bytes]
    is_shown: bool
    corner: tuple[int, int]
    size: tuple[int, int]
    border: int

    def numbers(self, name: str) -> tuple[int, ...]:
        return _numbers(self.values[name])

    @property
    def title(self) -> str:
        if name := self.values["_NET_WM_NAME"]:
            return title_of(name.decode("utf-8", "replace"))
        return title_of(_old_text(self.values["WM_NAME"]))

    @property
    def area(self) -> Area:
        left, right, top, bottom = self._extents("_NET_FRAME_EXTENTS")
        shadow_left, shadow_right, shadow_top, shadow_bottom = self._extents("_GTK_FRAME_EXTENTS")
        (across, down), (wide, high) = self.corner, self.size
        # The corner is that of the inside; the server's own border lies around it.
        return Area(
            across - self.border - left + shadow_left,
            down - self.border - top + shadow_top,
            across + wide + self.border + right - shadow_right,
            down + high + self.border + bottom - shadow_bottom,
        )

    def _extents(self, name: str) -> tuple[int, int, int, int]:
        told = self.numbers(name)
        # A few hundred pixels at most: what is more was not meant, or is hostile.
        return tuple(told[:4]) if len(told) == 4 and max(told) < 1000 else _NO_EXTENTS  # type: ignore[return-value]


class _Cookie(Protocol):
    """Stands for the answer of a question that was sent."""

    def reply(self) -> Any:  # noqa: ANN401 - each question has another kind
        """Wait for it."""


class _Look:
    """One look. All questions are sent before the first answer is waited for."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - as `ask_x11` has it
        self._core = connection.core
        self._root: int = connection.get_screen_pointers()[connection.pref_screen].root
        names = (*_OF_A_WINDOW, *_OF_THE_ROOT, *_VALUES)
        asked = [self._core.InternAtom(False, len(name), name) for name in names]
        self._atoms = {name: cookie.reply().atom for name, cookie in zip(names, asked, strict=True)}

    def windows(self) -> OpenWindows:
        of_root = {name: self._ask(self._root, name) for name in _OF_THE_ROOT}
        stacked, active, current = (_numbers(_value(cookie)) for cookie in of_root.values())
        # Without a manager whatever lies on the root is a window, and nobody puts frames around it.
        below = stacked or tuple(self._core.QueryTree(self._root).reply().children)
        found, active_title = [], ""
        for window, told in self._told(below[-MOST_WINDOWS:][::-1]):
            if window in active[:1]:
                active_title = told.title
            if self._is_seen(told, current[:1]):
                found.append(OpenWindow(told.title, told.area))
        return OpenWindows(windows=tuple(found), active_title=active_title)

    def _is_seen(self, told: _Told, current_desktop: tuple[int, ...]) -> bool:
        desktop = told.numbers("_NET_WM_DESKTOP")[:1]
        area = told.area
        return (
            told.is_shown
            and self._atoms["_NET_WM_STATE_HIDDEN"] not in told.numbers("_NET_WM_STATE")
            # The desktop's own background is the screen itself.
            and self._atoms["_NET_WM_WINDOW_TYPE_DESKTOP"] not in told.numbers("_NET_WM_WINDOW_TYPE")
            and (not desktop or not current_desktop or desktop in (current_desktop, (_ON_ALL_DESKTOPS,)))
            and area.left < area.right
            and area.top < area.bottom
        )

    def _told(self, windows: Sequence[int]) -> Iterator[tuple[int, _Told]]:
        asked = []
        for window in windows:
            values = {name: self._ask(window, name) for name in _OF_A_WINDOW}
            attributes = self._core.GetWindowAttributes(window)
            geometry = self._core.GetGeometry(window)
            corner = self._core.TranslateCoordinates(window, self._root, 0, 0)
            asked.append((window, values, (attributes, geometry, corner)))
        for window, values, places in asked:
            answers = {name: _value(cookie) for name, cookie in values.items()}
            attributes, geometry, corner = (_reply(cookie) for cookie in places)
            if attributes is None or geometry is None or corner is None:
                # Closed in this moment.
                continue
            yield (
                window,
                _Told(
                    values=answers,
                    is_shown=attributes.map_state == x.MapState.Viewable
                    and attributes._class != x.WindowClass.InputOnly,  # noqa: SLF001 - a keyword
                    corner=(corner.dst_x, corner.dst_y),
                    size=(geometry.width, geometry.height),
                    border=geometry.border_width,
                ),
            )

    def _ask(self, window: int, name: str) -> _Cookie:
        kind = x.GetPropertyType.Any
        asked: _Cookie = self._core.GetProperty(False, window, self._atoms[name], kind, 0, _MOST_WORDS)
        return asked


def _reply(cookie: _Cookie) -> Any:  # noqa: ANN401 - each question has another kind
    """The answer; None if the window is gone."""
    try:
        return cookie.reply()
    except (x.WindowError, x.DrawableError):
        return None


def _value(cookie: _Cookie) -> bytes:
    reply = _reply(cookie)
    return bytes(reply.value.buf()) if reply is not None else b""


def _old_text(value: bytes) -> str:
    """A title as programs told it before there was ``_NET_WM_NAME``; xterm still does.

    It is Latin 1, or compound text, where escape sequences go around what is UTF-8. Letters of older
    character sets are not worth a table: they are lost.
    """
    if b"\x1b" not in value:
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")
    # Every second part is what the pattern holds.
    parts = [
        part.decode("utf-8", "replace") if number % 2 else part.decode("latin-1")
        for number, part in enumerate(_UTF8_PART.split(value))
    ]
    return _CHANGE_OF_SET.sub("", "".join(parts))


def _numbers(value: bytes) -> tuple[int, ...]:
    # The library gives them in this computer's order.
    whole = len(value) // 4
    return struct.unpack(f"={whole}I", value[: 4 * whole])
