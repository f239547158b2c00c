"""A drop-down with the theme's arrow."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

from desktop.core.compat import override
from desktop.ui import theme


class Select(QComboBox):
    """A drop-down; the wheel scrolls the page beneath it and changes nothing."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("kind", "select")
        # The style sheet reaches the rows of the popup only through this delegate.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.current().changed.connect(self.update)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.current().metric("icon_size_chevron")
        left = 10 if self.isRightToLeft() else self.width() - 10 - size
        pixmap = theme.current().pixmap("chevron-down", size_px=size)
        QPainter(self).drawPixmap(QPoint(left, (self.height() - size) // 2 + 1), pixmap)
