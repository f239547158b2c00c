"""Where panel, words and magnifier go, so that they stay on the screen and out of the way. Pure geometry.

All is in the logical pixels of one screen's window.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize

from desktop.ui.viewer.items import CORNERS

MARGIN_PX = 12
"""To the edges of the screen."""
_GAP_PX = 14
_INSET_PX = 22
"""Of a panel that lies on the region: its edge with the handles stays free."""
_CHIP_PX = 28
"""Room for the words above the region."""
_HANDLE_PX = 8


def handle_points(region: QRectF) -> list[QPointF]:
    """The points by which a region can be resized; those of short sides have no room in the middle."""
    points = []
    for across, down in CORNERS.values():
        side = region.width() if across == 0.5 else region.height() if down == 0.5 else _SHORT_PX
        if side >= _SHORT_PX:
            x, y = region.left() + across * region.width(), region.top() + down * region.height()
            points.append(QPointF(x, y))
    return points


_SHORT_PX = 44.0


def panel_corner(region: QRect, room: QRect, size: QSize) -> QPoint:
    """The upper left corner of a panel of ``size``: below the region, above it, beside it, or on it.

    It lies within ``room`` as far as it can, hides as few handles as possible, and then as little of the
    region.
    """
    middle = region.center().x() - size.width() // 2
    level = region.bottom() - size.height() + 1
    candidates = [
        QPoint(middle, region.bottom() + 1 + _GAP_PX),
        QPoint(middle, region.top() - _GAP_PX - _CHIP_PX - size.height()),
        QPoint(region.right() + 1 + _GAP_PX, level),
        QPoint(region.left() - _GAP_PX - size.width(), level),
        QPoint(middle, region.bottom() - _INSET_PX - size.height()),
        QPoint(middle, region.top() + _INSET_PX),
    ]
    inner = room.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    handles = handle_points(QRectF(region))
    return min(
        (_clamped(corner, inner, size) for corner in candidates),
        key=lambda corner: _cost(QRect(corner, size), region, handles),
    )


def words_corner(region: QRectF, room: QRectF, size: QSize) -> QPointF:
    """The upper left corner of the words about a region: above it, in it, or beside it."""
    left = min(max(region.left(), room.left() + 4), room.right() - size.width() - 4)
    above = region.top() - size.height() - 8
    if above >= room.top() + 4:
        return QPointF(left, above)
    if region.height() >= size.height() + 32 and region.width() >= size.width() + 32:
        return QPointF(max(region.left(), room.left()) + 12, max(region.top(), room.top()) + 12)
    beside = region.right() + 10
    if beside + size.width() > room.right() - 4:
        beside = region.left() - 10 - size.width()
    return QPointF(max(beside, room.left() + 4), max(region.top(), room.top() + 6))


def magnifier_corner(at: QPointF, room: QRect, size: QSize, gap_px: int) -> QPoint:
    """The upper left corner of a magnifier: below and right of the pointer, else where there is room."""
    x, y = round(at.x()), round(at.y())
    left = x + gap_px
    if left + size.width() > room.right() - MARGIN_PX:
        left = x - gap_px - size.width()
    top = y + gap_px
    if top + size.height() > room.bottom() - MARGIN_PX:
        top = y - gap_px - size.height()
    return _clamped(QPoint(left, top), room, size)


def _clamped(corner: QPoint, room: QRect, size: QSize) -> QPoint:
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()
    return QPoint(max(room.left(), min(corner.x(), right)), max(room.top(), min(corner.y(), bottom)))


def _cost(box: QRect, region: QRect, handles: Iterable[QPointF]) -> tuple[int, int]:
    wide = QRectF(box.adjusted(-_HANDLE_PX, -_HANDLE_PX, _HANDLE_PX, _HANDLE_PX))
    hidden = sum(wide.contains(point) for point in handles)
    both = box.intersected(region)
    return hidden, both.width() * both.height()
