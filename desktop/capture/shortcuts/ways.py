"""The ways in order of preference."""

from desktop.capture.shortcuts.macos import MacWay
from desktop.capture.shortcuts.portal import PortalWay
from desktop.capture.shortcuts.windows import WindowsWay
from desktop.capture.shortcuts.x11 import X11Way

WAYS = (WindowsWay, MacWay, X11Way, PortalWay)
"""The first that works here is used, and the next one where it finds that it cannot."""
