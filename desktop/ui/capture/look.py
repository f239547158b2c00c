"""How a choice looks over a frozen picture. Free functions that paint in the logical pixels of a window."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QRegion

from desktop.ui import theme
from desktop.ui.capture.places import handle_points
from desktop.ui.viewer.overlay import HANDLE_PX, paint_handles

_DIM = QColor(8, 9, 14, 116)
_SHADOW = QColor(0, 0, 0, 96)
_HAIR_LIGHT, _HAIR_DARK = QColor(255, 255, 255, 200), QColor(0, 0, 0, 110)
_LINE_PX = 2
_WORDS_HEIGHT_PX = 22
_WORDS_PADDING_PX = 9
REACH_PX = 8
"""How far from the region's edge its line, handles and halo reach."""


def dimmed(image: QImage) -> QImage:
    """A darker copy, which is painted where nothing is chosen."""
    dark = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(dark)
    painter.fillRect(dark.rect(), _DIM)
    painter.end()
    return dark


def paint_frame(painter: QPainter, box: QRectF, room: QRectF, *, handles: bool) -> None:
    """The line around a region, just outside of its pixels where there is room for it, and its handles."""
    points = [(point.x(), point.y()) for point in handle_points(box)] if handles else []
    box = box.intersected(room.adjusted(_LINE_PX, _LINE_PX, -_LINE_PX, -_LINE_PX))
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    _outline(painter, box, _LINE_PX, theme.current().color("accent_line"))
    _outline(painter, box.adjusted(-_LINE_PX, -_LINE_PX, _LINE_PX, _LINE_PX), 1, _SHADOW)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_handles(painter, points)
    painter.restore()


def grown(box: QRectF) -> QRect:
    """A region with all that `paint_frame` paints around it."""
    return box.adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX).toAlignedRect()


def shrunk(box: QRectF) -> QRect:
    """The inside of a region, where `paint_frame` paints nothing; null if there is none."""
    inner = box.adjusted(REACH_PX, REACH_PX, -REACH_PX, -REACH_PX).toAlignedRect()
    return inner if inner.isValid() else QRect()


def paint_target(painter: QPainter, box: QRectF) -> None:
    """The line within a window that a click would take, and a breath of colour over it."""
    line = theme.current().color("accent_line")
    wash = QColor(line)
    wash.setAlpha(28)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(box, wash)
    inset = box.adjusted(_LINE_PX, _LINE_PX, -_LINE_PX, -_LINE_PX)
    _outline(painter, inset, _LINE_PX, line)
    painter.restore()


def paint_hairs(painter: QPainter, at: QPointF, room: QRectF, pixel: float) -> None:
    """Lines across all of the screen through a pixel, each as thin as the screen can."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for colour, shift in ((_HAIR_DARK, pixel), (_HAIR_LIGHT, 0.0)):
        painter.fillRect(QRectF(at.x() + shift, room.top(), pixel, room.height()), colour)
        painter.fillRect(QRectF(room.left(), at.y() + shift, room.width(), pixel), colour)
    painter.restore()


def hair_lines(at: QPointF, room: QRect) -> QRegion:
    """What `paint_hairs` covers."""
    x, y = round(at.x()), round(at.y())
    down = QRegion(QRect(x - 2, room.top(), 5, room.height()))
    return down.united(QRegion(QRect(room.left(), y - 2, room.width(), 5)))


def words_size(text: str) -> QSize:
    """The room that `paint_words` takes."""
    advance = QFontMetricsF(theme.current().font("badge")).horizontalAdvance(text)
    return QSize(round(advance) + 2 * _WORDS_PADDING_PX, _WORDS_HEIGHT_PX)


def paint_words(painter: QPainter, corner: QPointF, text: str) -> None:
    """Words on a dark chip."""
    chip = QRectF(QPointF(round(corner.x()), round(corner.y())), words_size(text).toSizeF())
    radius = theme.current().metric("radius_thumb")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 36), 1))
    painter.setBrush(QColor(18, 18, 28, 232))
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setFont(theme.current().font("badge"))
    painter.setPen(theme.current().color("badge_text"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def handle_reach() -> float:
    """How far beside an edge still counts as on it."""
    return HANDLE_PX * 0.75


def _outline(painter: QPainter, box: QRectF, width: float, colour: QColor) -> None:
    """A line of this width around a box, outside of it; as rectangles, whose edges no pen can blur."""
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    across = right - left + 2 * width
    painter.fillRect(QRectF(left - width, top - width, across, width), colour)
    painter.fillRect(QRectF(left - width, bottom, across, width), colour)
    painter.fillRect(QRectF(left - width, top, width, bottom - top), colour)
    painter.fillRect(QRectF(right, top, width, bottom - top), colour)
