"""Paints one image as a row of a list: picture, name and facts, what it costs and has cost."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap

from desktop.ui import theme
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.tile_painter import Mood, draw_text, paint_number
from desktop.ui.widgets.thumbs import rounded, rounded_path

ROW_PX = 50
_PICTURE = QSize(48, 36)
_GAP_PX = 10
_INSET_PX = 8
_LINE_PX = 17
_ROOM_FOR_ABOUT_PX = 300


def paint_row(painter: QPainter, rect: QRect, tile: Tile, pixmap: QPixmap | None, mood: Mood) -> None:
    """Paint a row."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, rect, mood)
    place = QRect(rect.x() + _INSET_PX, rect.center().y() - _PICTURE.height() // 2, *_PICTURE.toTuple())
    _paint_picture(painter, place, tile, pixmap)
    if mood.number:
        size = look.metric("tile_number") - 3
        paint_number(painter, QRect(place.right() - size + 5, place.y() - 4, size, size), mood.number)
    left = place.right() + 1 + _GAP_PX
    right = rect.right() - _INSET_PX
    top = rect.center().y() - _LINE_PX + 1
    told = _paint_right(painter, QRect(left, top, right - left, 2 * _LINE_PX), tile)
    room = QRect(left, top, max(right - told - _GAP_PX - left, 0), _LINE_PX)
    name = look.font("tile_name")
    draw_text(painter, room, tile.name, font=name, role="text", mode=Qt.TextElideMode.ElideMiddle)
    below = room.translated(0, _LINE_PX - 1)
    small = look.font("tile_meta")
    if tile.is_usable:
        facts = (tile.pixels, tile.about if rect.width() >= _ROOM_FOR_ABOUT_PX else "", tile.badge)
        draw_text(painter, below, " · ".join(filter(None, facts)), font=small, role="text_muted")
    else:
        below.setRight(right)
        draw_text(painter, below, tile.reason, font=small, role="warning_text")


def _paint_ground(painter: QPainter, rect: QRect, mood: Mood) -> None:
    look = theme.current()
    radius = look.metric("radius_control")
    ground = QRectF(rect).adjusted(0.5, 1.5, -0.5, -1.5)
    if mood.selected or mood.hovered:
        painter.fillPath(
            rounded_path(ground, radius), look.color("accent_soft" if mood.selected else "hover")
        )
    if mood.focused:
        painter.setPen(QPen(look.color("focus_ring"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ground, radius, radius)


def _paint_picture(painter: QPainter, place: QRect, tile: Tile, pixmap: QPixmap | None) -> None:
    look = theme.current()
    radius = look.metric("radius_small")
    if pixmap is not None and tile.is_usable:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(place.topLeft(), rounded(pixmap, place.size(), radius=radius, ratio=ratio))
        return
    painter.fillPath(rounded_path(QRectF(place), radius), look.color("hover"))
    names = {"missing": "image-off", "unusable": "triangle-alert"}
    role = "border_strong" if tile.is_usable else "warning_text"
    icon = look.pixmap(names.get(tile.state, "image"), role=role, size_px=16)
    painter.drawPixmap(QPoint(place.center().x() - 7, place.center().y() - 7), icon)


def _paint_right(painter: QPainter, room: QRect, tile: Tile) -> int:
    """What it would cost, and below what it has cost; the width that this takes."""
    look = theme.current()
    font = look.font("tile_meta")
    width = max(QFontMetrics(font).horizontalAdvance(text) for text in (tile.cost, tile.asked)) + 1
    dot = look.metric("tile_dot")
    if tile.in_conversation:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("dot"))
        painter.drawEllipse(QRectF(room.right() - dot, room.center().y() - dot / 2, dot, dot))
        room = room.adjusted(0, 0, -dot - 8, 0)
    first = QRect(room.right() + 1 - width, room.y(), width, _LINE_PX)
    for place, text, role in (
        (first, tile.cost, "text_muted"),
        (first.translated(0, _LINE_PX - 1), tile.asked, "text_faint"),
    ):
        draw_text(
            painter,
            place.adjusted(width - QFontMetrics(font).horizontalAdvance(text) - 1, 0, 0, 0),
            text,
            font=font,
            role=role,
        )
    return width + (dot + 8 if tile.in_conversation else 0)
