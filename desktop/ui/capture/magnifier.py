"""The magnifier beside the pointer: enlarged pixels, and the colour and the place of the middle one."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from desktop.core.text import _, format_count
from desktop.ui import theme

_PIXELS = 17
"""Across and down; odd, so that one is in the middle."""
_CELL_PX = 8
_SIDE_PX = _PIXELS * _CELL_PX
_WORDS_PX = 44
_RADIUS_PX = 10
_SWATCH_PX = 12
_HALO_PX = 6
GAP_PX = 22
"""From the pointer."""
SIZE = QSize(_SIDE_PX, _SIDE_PX + _WORDS_PX)
_GROUND = QColor(24, 24, 30)
_BOARD = QColor(18, 18, 28, 240)


def covered(corner: QPoint) -> QRect:
    """What `paint` covers."""
    return QRect(corner, SIZE).adjusted(-_HALO_PX, -_HALO_PX, _HALO_PX, _HALO_PX)


def paint(painter: QPainter, corner: QPoint, image: QImage, pixel: tuple[int, int]) -> None:
    """Paint what lies around a pixel of the picture, with the upper left ``corner`` in the window."""
    whole = QRectF(QPointF(corner), SIZE.toSizeF())
    lens = QRectF(whole.left(), whole.top(), _SIDE_PX, _SIDE_PX)
    outline = QPainterPath()
    outline.addRoundedRect(whole, _RADIUS_PX, _RADIUS_PX)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for step in range(_HALO_PX - 1, 0, -1):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 16))
        grown = whole.adjusted(-step, -step + 1, step, step)
        painter.drawRoundedRect(grown, _RADIUS_PX + step, _RADIUS_PX + step)
    painter.setClipPath(outline)
    painter.fillRect(whole, _GROUND)
    _paint_pixels(painter, lens, image, pixel)
    painter.setClipPath(outline)
    painter.fillRect(QRectF(whole.left(), lens.bottom(), whole.width(), _WORDS_PX), _BOARD)
    _paint_words(painter, QRectF(whole.left(), lens.bottom(), whole.width(), _WORDS_PX), image, pixel)
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 225), 2))
    painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), _RADIUS_PX - 1, _RADIUS_PX - 1)
    painter.restore()


def _paint_pixels(painter: QPainter, lens: QRectF, image: QImage, pixel: tuple[int, int]) -> None:
    half = _PIXELS // 2
    source = QRect(pixel[0] - half, pixel[1] - half, _PIXELS, _PIXELS)
    seen = source.intersected(image.rect())
    place = QRectF(
        lens.left() + (seen.left() - source.left()) * _CELL_PX,
        lens.top() + (seen.top() - source.top()) * _CELL_PX,
        seen.width() * _CELL_PX,
        seen.height() * _CELL_PX,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(place, image, QRectF(seen))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for number in range(1, _PIXELS):
        for colour, shift in ((QColor(255, 255, 255, 18), 0), (QColor(0, 0, 0, 26), -1)):
            at = number * _CELL_PX + shift
            painter.fillRect(QRectF(lens.left() + at, lens.top(), 1, _SIDE_PX), colour)
            painter.fillRect(QRectF(lens.left(), lens.top() + at, _SIDE_PX, 1), colour)
    middle = QRectF(lens.left() + half * _CELL_PX, lens.top() + half * _CELL_PX, _CELL_PX, _CELL_PX)
    accent = QColor(theme.current().color("accent_line"))
    accent.setAlpha(70)
    for bar in (
        QRectF(middle.left(), lens.top(), _CELL_PX, half * _CELL_PX),
        QRectF(middle.left(), middle.bottom(), _CELL_PX, half * _CELL_PX),
        QRectF(lens.left(), middle.top(), half * _CELL_PX, _CELL_PX),
        QRectF(middle.right(), middle.top(), half * _CELL_PX, _CELL_PX),
    ):
        painter.fillRect(bar, accent)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, grow in ((QColor(Qt.GlobalColor.black), 1), (QColor(Qt.GlobalColor.white), 0)):
        painter.setPen(QPen(colour, 1))
        painter.drawRect(middle.adjusted(-grow - 1, -grow - 1, grow, grow))


def _paint_words(painter: QPainter, board: QRectF, image: QImage, pixel: tuple[int, int]) -> None:
    colour = image.pixelColor(*pixel)
    pad = 10
    first = QRectF(board.left() + pad, board.top() + 5, board.width() - 2 * pad, 17)
    second = first.translated(0, 17)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
    painter.setBrush(colour)
    top = first.center().y() - _SWATCH_PX / 2
    painter.drawRoundedRect(QRectF(first.left(), top, _SWATCH_PX, _SWATCH_PX), 3, 3)
    painter.setFont(theme.current().font("badge"))
    painter.setPen(theme.current().color("badge_text"))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(
        first.adjusted(_SWATCH_PX + 7, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, colour.name().upper()
    )
    painter.setPen(QColor(255, 255, 255, 170))
    across, down = format_count(pixel[0]), format_count(pixel[1])
    place = _("x {across}  y {down}").format(across=across, down=down)
    painter.drawText(second, middle | Qt.AlignmentFlag.AlignLeft, place)
