"""The pointer's shape over handles, which depends on how the page is turned."""

from math import atan2, pi

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QTransform

from desktop.ui.viewer.items import CORNERS

_SHAPES = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)
"""By eighths of a turn, clockwise from the right."""


def handle_cursor(handle: str, place: QTransform) -> QCursor:
    """The cursor over a handle; ``place`` is the way from the page to the widget."""
    if handle not in CORNERS:
        return QCursor(Qt.CursorShape.CrossCursor)
    across, down = CORNERS[handle]
    step = place.map(QPointF(across - 0.5, down - 0.5)) - place.map(QPointF())
    # On the screen a corner is a corner, however long and narrow the page is.
    x, y = ((value > 1e-9) - (value < -1e-9) for value in (step.x(), step.y()))
    return QCursor(_SHAPES[round(atan2(y, x) / (pi / 4)) % 4])
