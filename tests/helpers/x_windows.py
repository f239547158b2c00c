"""Windows on a real X server that are just so: each has the properties that a test gives it."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import xcffib
import xcffib.xproto as x

from tests.helpers.processes import until

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class XWindows:
    """A client of its own, in this process.

    Attributes:
        pid: what its windows say whose they are; no process needs to have it.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._core = connection.core
        self._screen = connection.get_screen_pointers()[connection.pref_screen]
        self._made: list[int] = []
        self.pid = 1

    def atom(self, name: str) -> int:
        return int(self._core.InternAtom(False, len(name), name).reply().atom)

    def make(self, title: bytes, box: Box, *, pid: int | None = None, decorated: bool = True) -> int:
        """A window that the window manager has taken and shows; its inside gets the box."""
        window: int = self._connection.generate_id()
        left, top, right, bottom = box
        self._core.CreateWindow(
            self._screen.root_depth,
            window,
            self._screen.root,
            left,
            top,
            right - left,
            bottom - top,
            0,
            x.WindowClass.InputOutput,
            self._screen.root_visual,
            x.CW.BackPixel,
            [0x204080],
        )
        self.tell(window, "_NET_WM_NAME", "UTF8_STRING", title)
        self.tell(window, "_NET_WM_PID", "CARDINAL", pid or self.pid)
        # Placed and sized by the user: the manager leaves it there.
        self.tell(window, "WM_NORMAL_HINTS", "WM_SIZE_HINTS", 1 | 2, left, top, *[0] * 14, 10)
        if not decorated:
            self.tell(window, "_MOTIF_WM_HINTS", "_MOTIF_WM_HINTS", 2, 0, 0, 0, 0)
        self._core.MapWindow(window)
        self._made.append(window)
        seen = lambda: self._is_listed(window) and self._is_viewable(window)  # noqa: E731
        until(seen, "the window manager to take a window")
        return window

    def tell(self, window: int, name: str, kind: str, *values: int | bytes) -> None:
        """Give a window a property: text, or numbers."""
        data = b"".join(v if isinstance(v, bytes) else struct.pack("=I", v) for v in values)
        size = 8 if any(isinstance(value, bytes) for value in values) else 32
        count = len(data) if size == 8 else len(values)
        self._core.ChangeProperty(
            x.PropMode.Replace, window, self.atom(name), self.atom(kind), size, count, data
        )
        self._connection.flush()

    def ask_manager(self, window: int, name: str, *values: int) -> None:
        """Send the window manager a wish about a window."""
        data = struct.pack("=5I", *(*values, 0, 0, 0, 0, 0)[:5])
        event = struct.pack("=BBHII", 33, 32, 0, window, self.atom(name)) + data
        mask = x.EventMask.SubstructureNotify | x.EventMask.SubstructureRedirect
        self._core.SendEvent(False, self._screen.root, mask, event)
        self._connection.flush()

    def minimise(self, window: int) -> None:
        """Have it iconified, and wait for that."""
        self.ask_manager(window, "WM_CHANGE_STATE", 3)
        until(lambda: not self._is_viewable(window), "a window to be minimised")

    def close(self) -> None:
        """Destroy all of them, and wait until the manager knows."""
        for window in self._made:
            self._core.DestroyWindow(window)
        until(lambda: not any(map(self._is_listed, self._made)), "the windows to be gone")

    def frame(self, window: int) -> Box:
        """The outermost window that the manager has put around it."""
        while (parent := self._core.QueryTree(window).reply().parent) != self._screen.root:
            window = parent
        told = self._core.GetGeometry(window).reply()
        border = 2 * told.border_width
        return told.x, told.y, told.x + told.width + border, told.y + told.height + border

    def _is_viewable(self, window: int) -> bool:
        return self._core.GetWindowAttributes(window).reply().map_state == x.MapState.Viewable

    def _is_listed(self, window: int) -> bool:
        name, kind = self.atom("_NET_CLIENT_LIST_STACKING"), x.GetPropertyType.Any
        listed = self._core.GetProperty(False, self._screen.root, name, kind, 0, 1000).reply()
        return bool(listed.format) and window in listed.value.to_atoms()


@contextmanager
def x_windows(display: str) -> Iterator[XWindows]:
    """Their client; they are gone with it."""
    connection = xcffib.connect(display)
    try:
        windows = XWindows(connection)
        yield windows
        windows.close()
    finally:
        connection.disconnect()
