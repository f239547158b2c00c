"""What lies over the page in the window alone: black-outs, frames, handles, the crop's shade. Free functions.

All take the way from the page to the widget, so that zoom, crop and turns are none of their business.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from desktop.core.edits import Area, Callout, Edits, Label, Point, placement
from desktop.tasks.marks import mark_boxes
from desktop.ui import theme
from desktop.ui.viewer.grid import paint_chip
from desktop.ui.viewer.items import Box

HANDLE_PX = 8
_REGION_PX = 2
_REGION_RADIUS_PX = 4
_SHADE = QColor(0, 0, 0, 140)
_THIRDS = QColor(255, 255, 255, 120)
_DASHES = [4.0, 3.0]


def on_widget(area: Area, place: QTransform) -> QRectF:
    """Where an area of the page lies in the widget."""
    return place.mapRect(QRectF(area.left, area.top, area.width_px, area.height_px))


def written_boxes(edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> dict[int, Box]:
    """What labels and callouts cover in pixels of the page, by their place among the marks.

    Args:
        edits: as they are shown.
        page_px: width and height of the upright page.
        out_px: of the finished picture, by which their sizes go.
    """
    a, b, c, d, e, f = placement(edits, page_px, out_px)
    back = QTransform(a, d, b, e, c, f).inverted()[0]
    boxes: dict[int, Box] = {}
    for index, box in mark_boxes(edits, page_px, out_px).items():
        if isinstance(edits.marks[index], Label | Callout):
            on_page = back.mapRect(box)
            boxes[index] = (on_page.left(), on_page.top(), on_page.right(), on_page.bottom())
    return boxes


def paint_blackouts(painter: QPainter, areas: Iterable[Area], place: QTransform) -> None:
    """As they will be in the sent bytes: opaque."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for area in areas:
        painter.fillRect(on_widget(area, place), theme.current().color("blackout"))
    painter.restore()


def paint_region(painter: QPainter, box: QRectF) -> None:
    """The red frame around the part that is asked about."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.current().color("region"), _REGION_PX))
    half = _REGION_PX / 2
    painter.drawRoundedRect(
        _aligned(box).adjusted(half, half, -half, -half), _REGION_RADIUS_PX, _REGION_RADIUS_PX
    )
    painter.restore()


def paint_suggested(painter: QPainter, areas: Iterable[Area], place: QTransform) -> None:
    """Dashed boxes, light on dark, around what might be blacked out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for area in areas:
        box = on_widget(area, place)
        painter.setBrush(QColor(0, 0, 0, 50))
        painter.setPen(QPen(QColor(255, 255, 255, 220), 2))
        painter.drawRect(box)
        pen = QPen(theme.current().color("blackout"), 2)
        pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        painter.drawRect(box)
    painter.restore()


def paint_selected(painter: QPainter, box: QRectF, handles: Iterable[Point]) -> None:
    """A dashed line around what is selected, and its handles, both given in the widget."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.current().color("accent_line"), 1)
    pen.setDashPattern(_DASHES)
    painter.setPen(pen)
    painter.drawRect(_aligned(box).adjusted(-3.5, -3.5, 2.5, 2.5))
    paint_handles(painter, handles)
    painter.restore()


def paint_crop(painter: QPainter, page: QRectF, crop: QRectF, handles: Iterable[Point], size: str) -> None:
    """Shade around the crop, its lines at thirds, its handles and its size; all given in the widget."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for rest in (
        QRectF(page.left(), page.top(), page.width(), crop.top() - page.top()),
        QRectF(page.left(), crop.bottom(), page.width(), page.bottom() - crop.bottom()),
        QRectF(page.left(), crop.top(), crop.left() - page.left(), crop.height()),
        QRectF(crop.right(), crop.top(), page.right() - crop.right(), crop.height()),
    ):
        painter.fillRect(rest, _SHADE)
    for share in (1 / 3, 2 / 3):
        x, y = round(crop.left() + crop.width() * share), round(crop.top() + crop.height() * share)
        painter.fillRect(QRectF(x, crop.top(), 1, crop.height()), _THIRDS)
        painter.fillRect(QRectF(crop.left(), y, crop.width(), 1), _THIRDS)
    painter.setPen(QPen(QColor(Qt.GlobalColor.white), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_aligned(crop).adjusted(0, 0, -1, -1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_handles(painter, handles)
    painter.restore()
    paint_chip(painter, crop.topLeft() + QPointF(10, 10), size)


def paint_handles(painter: QPainter, handles: Iterable[Point]) -> None:
    """Small white squares around these points of the widget."""
    half = HANDLE_PX / 2
    painter.setPen(QPen(theme.current().color("accent_line"), 1.5))
    painter.setBrush(QColor(Qt.GlobalColor.white))
    for x, y in handles:
        painter.drawRoundedRect(QRectF(x - half, y - half, HANDLE_PX, HANDLE_PX), 2, 2)


def _aligned(box: QRectF) -> QRectF:
    return QRectF(
        QPointF(round(box.left()), round(box.top())), QPointF(round(box.right()), round(box.bottom()))
    )
