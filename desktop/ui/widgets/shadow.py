"""The soft shadow below what floats. Painted: a graphics effect would redraw its widget at every key."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.ui import theme


def paint_shadow(painter: QPainter, place: QRectF, radius_px: int, *, spread_px: int = 0) -> None:
    """Paint the shadow of a rounded rectangle at ``place``, which reaches ``spread_px`` beyond it."""
    look = theme.current()
    shadow, spread = look.color("shadow"), spread_px or look.metric("shadow_blur") // 2
    layer = QColor(shadow)
    layer.setAlphaF(shadow.alphaF() / spread)
    fallen = place.translated(0, look.metric("shadow_offset_y"))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(layer)
    for step in range(spread):
        painter.drawRoundedRect(fallen.adjusted(-step, -step, step, step), radius_px + step, radius_px + step)
    painter.restore()
