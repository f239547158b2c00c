"""The ways of this system in order of preference; those of other systems are not even read."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.capture.shortcuts.way import ShortcutWay

MakeWay = Callable[[QObject | None], ShortcutWay]

WAYS: tuple[MakeWay, ...]
"""The first that works here is used, and the next one where it finds that it cannot."""

if sys.platform == "win32":
    from desktop.capture.shortcuts.windows import WindowsWay

    WAYS = (WindowsWay,)
elif sys.platform == "darwin":
    from desktop.capture.shortcuts.macos import MacWay

    WAYS = (MacWay,)
else:
    from desktop.capture.shortcuts.portal import PortalWay
    from desktop.capture.shortcuts.x11 import X11Way

    WAYS = (X11Way, PortalWay)
