"""Tells one start of the computer from another."""

import ctypes
import sys
import time
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TOLERANCE_S = 120.0
"""Clocks are set while a computer runs."""


def boot_mark() -> str:
    """The same for as long as the computer is not started anew; empty where nothing tells."""
    if sys.platform == "darwin":
        return _mac_boot()
    if sys.platform == "win32":
        # Counted from the start of the computer on, sleep included.
        return f"{time.time() - time.monotonic():.0f}"
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def is_same_boot(mark: str) -> bool:
    """Whether ``mark`` is of this start of the computer; True where nothing tells."""
    now = boot_mark()
    if not mark or not now or mark == now:
        return True
    try:
        return abs(float(mark) - float(now)) < _TOLERANCE_S
    except ValueError:
        return False


def _mac_boot() -> str:
    found = ctypes.create_string_buffer(64)
    size = ctypes.c_size_t(len(found))
    asked = ctypes.CDLL(None).sysctlbyname(b"kern.bootsessionuuid", found, ctypes.byref(size), None, 0)
    return found.value.decode("ascii", "replace") if asked == 0 else ""
