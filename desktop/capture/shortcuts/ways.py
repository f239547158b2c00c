"""The ways in order of preference."""

from desktop.capture.shortcuts.x11 import X11Way

WAYS = (X11Way,)
"""The first that works here is used, and the next one where it finds that it cannot."""
