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
    width, height = size.width(), size.height()
    middle = region.center().x() - width // 2
    right, left = region.right() + 1 + _GAP_PX, region.left() - _GAP_PX - width
    below, above = region.bottom() + 1 + _GAP_PX, region.top() - _GAP_PX - _CHIP_PX - height
    level, inside = region.bottom() - height + 1, region.bottom() - _INSET_PX - height
    upper, lower = (region.top() + part * region.height() // 4 - height // 2 for part in (1, 3))
    candidates = [QPoint(middle, below), QPoint(middle, above), QPoint(right, level), QPoint(left, level)]
    # Where none has room: on the region, between its handles.
    for y in (inside, region.top() + _INSET_PX, lower):
        candidates += [QPoint(middle, y), QPoint(right, y), QPoint(left, y)]
    candidates += [QPoint(x, upper) for x in (middle, right, left)]
    inner = room.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    handles = handle_points(QRectF(region))
    return min(
        (within(corner, inner, size) for corner in candidates),
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


def magnifier_corner(
    at: QPointF, room: QRect, size: QSize, gap_px: int, avoid: Iterable[QRect] = ()
) -> QPoint:
    """The upper left corner of a magnifier: below and right of the pointer, else where there is room.

    Args:
        at: where the pointer is.
        room: the window.
        size: of the magnifier.
        gap_px: how far from the pointer.
        avoid: what would cover it.
    """
    x, y = round(at.x()), round(at.y())
    inner = room.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    corners = [
        QPoint(left, top)
        for top in (y + gap_px, y - gap_px - size.height())
        for left in (x + gap_px, x - gap_px - size.width())
    ]
    blocks = list(avoid)

    def cost(corner: QPoint) -> tuple[bool, bool]:
        box = QRect(corner, size)
        return not inner.contains(box), any(box.intersects(block) for block in blocks)

    return within(min(corners, key=cost), room, size)


def within(corner: QPoint, room: QRect, size: QSize) -> QPoint:
    """The nearest corner with which all of ``size`` lies within ``room``, as far as that can be."""
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()
    return QPoint(max(room.left(), min(corner.x(), right)), max(room.top(), min(corner.y(), bottom)))


def _cost(box: QRect, region: QRect, handles: list[QPointF]) -> tuple[int, int, int]:
    """How many handles it hides, how many it touches, and how much of the region it covers."""
    hidden = sum(QRectF(box).contains(point) for point in handles)
    wide = QRectF(box).adjusted(-_HANDLE_PX, -_HANDLE_PX, _HANDLE_PX, _HANDLE_PX)
    both = box.intersected(region)
    return hidden, sum(wide.contains(point) for point in handles), both.width() * both.height()
