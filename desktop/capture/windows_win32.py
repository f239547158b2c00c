"""The open windows of Windows. Written after Microsoft's documentation, not run."""

import ctypes
import sys
from ctypes import wintypes

from desktop.capture.windows import MOST_WINDOWS, OpenWindow, OpenWindows, title_of
from desktop.core.edits import Area

_DWMWA_EXTENDED_FRAME_BOUNDS = 9
_DWMWA_CLOAKED = 14
_GWL_EXSTYLE = -20
_WS_EX_TOOLWINDOW = 0x00000080
_TITLE_CHARS = 512
# The desktop itself, and the layer behind it that holds its icons.
_SHELL = frozenset({"Progman", "WorkerW"})

if sys.platform == "win32":

    def ask_windows() -> OpenWindows:
        """All windows that a person can see; their edges without the invisible borders and shadows."""
        user, manager = ctypes.windll.user32, ctypes.windll.dwmapi
        handles: list[int] = []

        def note(handle: int, _own: int) -> bool:
            # From the uppermost down.
            handles.append(handle)
            return len(handles) < 20 * MOST_WINDOWS

        user.EnumWindows(ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)(note), 0)
        # Handles are pointers; ctypes would cut them to numbers with a sign.
        user.GetForegroundWindow.restype = wintypes.HWND
        active = user.GetForegroundWindow()
        found: list[OpenWindow] = []
        active_title = ""
        for handle in handles:
            title = _text(user.GetWindowTextW, handle)
            if handle == active:
                active_title = title
            if len(found) < MOST_WINDOWS and _is_seen(handle) and (area := _area(manager, handle)):
                found.append(OpenWindow(title, area))
        return OpenWindows(windows=tuple(found), active_title=active_title)

    def _is_seen(handle: int) -> bool:
        user, window = ctypes.windll.user32, wintypes.HWND(handle)
        if not user.IsWindowVisible(window) or user.IsIconic(window):
            return False
        if user.GetWindowLongW(window, _GWL_EXSTYLE) & _WS_EX_TOOLWINDOW:
            return False
        cloaked = wintypes.DWORD()
        # Those of other virtual desktops, and sleeping apps, are visible but cloaked.
        ctypes.windll.dwmapi.DwmGetWindowAttribute(
            window, _DWMWA_CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked)
        )
        return not cloaked.value and _text(user.GetClassNameW, handle) not in _SHELL

    def _area(manager: ctypes.WinDLL, handle: int) -> Area | None:
        bounds, window = wintypes.RECT(), wintypes.HWND(handle)
        # In physical pixels whatever the process's awareness of scales; fails without the compositor.
        failed = manager.DwmGetWindowAttribute(
            window, _DWMWA_EXTENDED_FRAME_BOUNDS, ctypes.byref(bounds), ctypes.sizeof(bounds)
        )
        if failed and not ctypes.windll.user32.GetWindowRect(window, ctypes.byref(bounds)):
            return None
        if bounds.left >= bounds.right or bounds.top >= bounds.bottom:
            return None
        return Area(bounds.left, bounds.top, bounds.right, bounds.bottom)

    def _text(ask: "ctypes._NamedFuncPointer", handle: int) -> str:
        buffer = ctypes.create_unicode_buffer(_TITLE_CHARS)
        ask(wintypes.HWND(handle), buffer, _TITLE_CHARS)
        return title_of(buffer.value)

else:

    def ask_windows() -> OpenWindows:
        """Nobody asks on another system."""
        raise OSError(sys.platform)
