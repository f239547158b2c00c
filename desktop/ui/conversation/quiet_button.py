"""Small buttons beside messages that are seen only when the mouse or the focus is there."""

from PySide6.QtGui import QPaintEvent

from desktop.core.compat import override
from desktop.ui.widgets.buttons import IconButton


class QuietButton(IconButton):
    """Always in its place, so that it is reached by key; painted when `seen`, or when it has the focus."""

    def __init__(self, icon: str, name: str, *, width_px: int = 28) -> None:
        super().__init__(icon)
        self.seen = False
        self.set_name(name)
        self.setFixedSize(width_px, 28)

    def set_seen(self, seen: bool) -> None:
        """Whether it is painted without the focus."""
        if seen != self.seen:
            self.seen = seen
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.seen or self.hasFocus() or self.isDown():
            super().paintEvent(event)
