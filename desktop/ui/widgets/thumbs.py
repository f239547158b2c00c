"""Pictures cropped to fill a place, with rounded corners."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPixmap, QTransform

from desktop.ui import theme

_CHECK_PX = 6


def cover_source(size: QSizeF, target: QSizeF) -> QRectF:
    """The middle part of a picture of ``size`` that has the shape of ``target``."""
    if size.isEmpty() or target.isEmpty():
        return QRectF()
    part = target.scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(QPointF((size.width() - part.width()) / 2, (size.height() - part.height()) / 2), part)


def rounded_path(rect: QRectF, radius: float, *, top_only: bool = False) -> QPainterPath:
    """The outline of ``rect`` with round corners: all four, or the upper two."""
    path = QPainterPath()
    if not top_only:
        path.addRoundedRect(rect, radius, radius)
        return path
    taller = rect.adjusted(0, 0, 0, radius)
    path.addRoundedRect(taller, radius, radius)
    square = QPainterPath()
    square.addRect(rect)
    return path.intersected(square)


def paint_cover(
    painter: QPainter, rect: QRectF, pixmap: QPixmap, *, radius: float, top_only: bool = False
) -> None:
    """Paint the middle of ``pixmap`` over all of ``rect``; what is transparent in it shows a checkerboard.

    For what is painted often, keep what `rounded` makes: this costs half a millisecond.
    """
    path = rounded_path(rect, radius, top_only=top_only)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if pixmap.hasAlphaChannel():
        paint_checker(painter, path)
    fitted = covering(pixmap, rect.size(), painter.device().devicePixelRatioF())
    # A brush fills an antialiased path; a clip path would leave jagged corners.
    brush = QBrush(fitted)
    scale = QTransform.fromScale(
        rect.width() / max(fitted.width(), 1), rect.height() / max(fitted.height(), 1)
    )
    brush.setTransform(scale * QTransform.fromTranslate(rect.x(), rect.y()))
    painter.fillPath(path, brush)
    painter.restore()


def paint_checker(painter: QPainter, path: QPainterPath) -> None:
    """Fill ``path`` with the quiet checkerboard that stands for transparency."""
    look = theme.current()
    painter.fillPath(path, QBrush(_checker(look.color("surface"), look.color("hover"))))


def covering(pixmap: QPixmap, size: QSizeF, ratio: float = 1.0) -> QPixmap:
    """The middle of ``pixmap``, scaled to fill ``size`` (device-independent px) at ``ratio`` pixels each."""
    part = cover_source(QSizeF(pixmap.size()), size).toAlignedRect().intersected(pixmap.rect())
    wanted = QSize(max(round(size.width() * ratio), 1), max(round(size.height() * ratio), 1))
    cropped = pixmap.copy(part)
    cropped.setDevicePixelRatio(1)
    return cropped.scaled(
        wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def rounded(
    pixmap: QPixmap, size: QSize, *, radius: float, ratio: float = 1.0, top_only: bool = False
) -> QPixmap:
    """``pixmap`` cropped to fill ``size`` with round corners, ready for a label or a list."""
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_cover(painter, QRectF(QPointF(0, 0), QSizeF(size)), pixmap, radius=radius, top_only=top_only)
    painter.end()
    return made


def _checker(light: QColor, dark: QColor) -> QPixmap:
    tile = QPixmap(2 * _CHECK_PX, 2 * _CHECK_PX)
    tile.fill(light)
    painter = QPainter(tile)
    painter.fillRect(0, 0, _CHECK_PX, _CHECK_PX, dark)
    painter.fillRect(_CHECK_PX, _CHECK_PX, _CHECK_PX, _CHECK_PX, dark)
    painter.end()
    return tile
