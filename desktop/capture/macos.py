"""macOS lets a program see other programs' windows only with a permission. Written, not run.

Without it a picture of the screen shows the wallpaper and our own windows, and nobody says so. See Apple's
Core Graphics, ``CGPreflightScreenCaptureAccess`` and ``CGRequestScreenCaptureAccess``, macOS 10.15.
"""

import ctypes
import ctypes.util


def may_capture() -> bool:
    """Whether the permission is there. Where it is not, macOS asks for it, once for each program."""
    library = ctypes.util.find_library("CoreGraphics")
    if library is None:
        return True
    graphics = ctypes.CDLL(library)
    try:
        has, ask = graphics.CGPreflightScreenCaptureAccess, graphics.CGRequestScreenCaptureAccess
    except AttributeError:
        # Older ones have no such permission.
        return True
    has.restype = ask.restype = ctypes.c_bool
    return bool(has()) or bool(ask())
