"""Bullets, numbers and boxes before items; Qt's own are heavy and stand 3 px from the text."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop.ui import theme
from desktop.ui.conversation.leaves import BULLET, DONE, TODO


def paint_marker(painter: QPainter, marker: str, end: float, base_line: float) -> None:
    """Paint ``marker`` left of ``end``, where the text begins, on the line its letters stand on."""
    look = theme.current()
    font = look.font("answer")
    metrics = QFontMetricsF(font)
    middle = base_line - metrics.xHeight() / 2
    painter.save()
    if marker == BULLET:
        painter.setBrush(look.color("text_muted"))
        painter.drawEllipse(QPointF(end - 11, middle), 2.0, 2.0)
    elif marker in (TODO, DONE):
        _paint_box(painter, QRectF(end - 20, round(middle) - 6.5, 13, 13), done=marker == DONE)
    else:
        painter.setFont(font)
        painter.setPen(look.color("text_muted"))
        painter.drawText(QPointF(end - 6 - metrics.horizontalAdvance(marker), base_line), marker)
    painter.restore()


def _paint_box(painter: QPainter, box: QRectF, *, done: bool) -> None:
    look = theme.current()
    if not done:
        painter.setPen(look.color("text_placeholder"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3.5, 3.5)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("accent"))
    painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 4, 4)
    pixmap = look.pixmap("check", role="accent_text", size_px=10)
    painter.drawPixmap(QPointF(box.x() + 1.5, box.y() + 1.5), pixmap)
