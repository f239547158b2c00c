"""The gallery's lines above and below the tiles."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def bar(kind: str, height_px: int) -> QWidget:
    """A line of a fixed height; ``kind`` is ``header`` or ``footer``."""
    made = QWidget()
    made.setProperty("kind", kind)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setFixedHeight(height_px)
    return made
