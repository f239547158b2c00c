"""Paints one tile: a card with a picture, a name, and what it costs."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap

from desktop.ui import theme
from desktop.ui.gallery.grid import HALO_PX
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.reason import paint_reason
from desktop.ui.widgets.thumbs import rounded, rounded_path

_NAME_TOP_PX = 6
_NAME_HEIGHT_PX = 17
_META_HEIGHT_PX = 14
_NARROWEST_PERCENT = 85
_TEXT_PX = 46
"""What a tile has below its picture, its lower border included."""
_NAME_ALONE_PX = 29
_NARROW_PX = 104
"""Narrower tiles say nothing but their names."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How a tile is shown at the moment.

    Attributes:
        selected: it will be in the next question, or it is marked to be removed.
        number: its place in the next question, from 1; 0 for none.
        hovered: the pointer is over it.
        focused: keys begin here.
    """

    selected: bool = False
    number: int = 0
    hovered: bool = False
    focused: bool = False


def text_height(width_px: int) -> int:
    """How high the lines below the picture of a tile of this width are, in px."""
    return _TEXT_PX if width_px >= _NARROW_PX else _NAME_ALONE_PX


def paint_tile(painter: QPainter, rect: QRect, tile: Tile, pixmap: QPixmap | None, mood: Mood) -> None:
    """Paint a tile, and up to `HALO_PX` around it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_card(painter, rect, selected=mood.selected, hovered=mood.hovered)
    _paint_picture(painter, picture_rect(rect, selected=mood.selected), tile, pixmap)
    _paint_texts(painter, rect, tile)
    _paint_marks(painter, rect, tile, number=mood.number)
    if mood.focused:
        _paint_focus(painter, rect)


def asked_rect(rect: QRect, tile: Tile) -> QRect:
    """Where a tile says what it has cost, which leads to the conversations; empty if nothing was asked."""
    if not tile.asked or rect.width() < _NARROW_PX:
        return QRect()
    look = theme.current()
    inset, height = 1 + look.metric("badge_inset"), look.metric("badge_height")
    width = (
        QFontMetrics(look.font("badge")).horizontalAdvance(tile.asked) + 2 * look.metric("badge_padding") + 15
    )
    bottom = rect.y() + rect.height() - text_height(rect.width())
    room = rect.width() - 2 * inset
    return QRect(rect.x() + inset, bottom - inset - height + 1, min(width, room), height)


def _paint_picture(painter: QPainter, place: QRectF, tile: Tile, pixmap: QPixmap | None) -> None:
    radius = theme.current().metric("radius_tile") - 1
    if pixmap is not None and tile.is_usable:
        ratio = painter.device().devicePixelRatioF()
        fitted = rounded(pixmap, place.size().toSize(), radius=radius, ratio=ratio, top_only=True)
        painter.drawPixmap(place.topLeft(), fitted)
        return
    painter.fillPath(rounded_path(place, radius, top_only=True), theme.current().color("hover"))
    if not tile.is_usable:
        paint_reason(
            painter, place, tile.reason, icon="image-off" if tile.state == "missing" else "triangle-alert"
        )
        return
    icon = theme.current().pixmap("image", role="border_strong", size_px=24)
    painter.drawPixmap(QPoint(int(place.center().x()) - 12, int(place.center().y()) - 12), icon)


def picture_rect(rect: QRect, *, selected: bool) -> QRectF:
    """The picture's place in a tile."""
    border = theme.current().metric("tile_chosen_border") if selected else 1
    bottom = rect.y() + rect.height() - text_height(rect.width()) + 1
    return QRectF(rect.x() + border, rect.y() + border, rect.width() - 2 * border, bottom - rect.y() - border)


def _paint_card(painter: QPainter, rect: QRect, *, selected: bool, hovered: bool) -> None:
    look = theme.current()
    radius = look.metric("radius_tile")
    if selected:
        halo = QRectF(rect.adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX))
        painter.fillPath(rounded_path(halo, radius + HALO_PX), look.color("accent_soft"))
    width = look.metric("tile_chosen_border") if selected else 1
    role = "accent_line" if selected else ("border_strong" if hovered else "border")
    painter.setPen(QPen(look.color(role), width))
    painter.setBrush(look.color("surface"))
    inset = width / 2
    edge = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(edge, radius - inset, radius - inset)


def _paint_texts(painter: QPainter, rect: QRect, tile: Tile) -> None:
    look = theme.current()
    left = rect.x() + 1 + look.metric("tile_padding")
    width = rect.width() - 2 * (1 + look.metric("tile_padding"))
    top = rect.y() + rect.height() - text_height(rect.width()) + 1 + _NAME_TOP_PX
    name = QRect(left, top, width, _NAME_HEIGHT_PX)
    draw_text(
        painter, name, tile.name, font=look.font("tile_name"), role="text", mode=Qt.TextElideMode.ElideMiddle
    )
    if rect.width() < _NARROW_PX:
        return
    meta = QRect(left, top + _NAME_HEIGHT_PX, width, _META_HEIGHT_PX)
    if tile.state == "loading" and not tile.pixels:
        bar = QRectF(meta.x(), meta.center().y() - 3, 56, 7)
        painter.fillPath(rounded_path(bar, 3), look.color("hover"))
        return
    small = look.font("tile_meta")
    needed = QFontMetrics(small).horizontalAdvance(tile.pixels + tile.cost) + 6
    if tile.cost and needed > width:
        # A photo's pixels beside five figures of tokens: a little narrower rather than cut.
        small.setStretch(max(_NARROWEST_PERCENT, 100 * width // needed - 1))
    cost_width = QFontMetrics(small).horizontalAdvance(tile.cost) + 1
    cost = QRect(meta.right() + 1 - cost_width, meta.y(), cost_width, meta.height())
    draw_text(painter, cost, tile.cost, font=small, role="text_muted")
    room = meta.adjusted(0, 0, -cost_width - 6 if tile.cost else 0, 0)
    draw_text(painter, room, tile.pixels, font=small, role="text_muted")


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    font: QFont,
    role: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line in a colour of the look, cut with an ellipsis where there is no room."""
    painter.setFont(font)
    painter.setPen(theme.current().color(role))
    shown = QFontMetrics(font).elidedText(text, mode, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _paint_marks(painter: QPainter, rect: QRect, tile: Tile, *, number: int) -> None:
    look = theme.current()
    edge = 1 + look.metric("badge_inset")
    free_right = rect.x() + rect.width() - edge
    if number:
        size = look.metric("tile_number")
        circle = QRect(free_right - size - 1, rect.y() + edge, size, size)
        paint_number(painter, circle, number)
        free_right = circle.x() - edge
    if tile.in_conversation:
        size = look.metric("tile_dot")
        x = free_right - size if number else rect.x() + rect.width() - 12 - size
        _paint_dot(painter, QRectF(x, rect.y() + 12, size, size))
        free_right = x - edge
    if tile.badge:
        room = QRect(
            rect.x() + edge, rect.y() + edge, free_right - rect.x() - edge, look.metric("badge_height")
        )
        _paint_badge(painter, room, tile.badge)
    if not (asked := asked_rect(rect, tile)).isEmpty():
        paint_asked(painter, asked, tile.asked)


def paint_number(painter: QPainter, circle: QRect, number: int) -> None:
    """Paint the place of an image in the next question."""
    look = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("accent"))
    font = look.font("section")
    font.setPixelSize(look.metric("font_badge") if number < 100 else 9)
    wide = max(circle.width(), QFontMetrics(font).horizontalAdvance(str(number)) + 8)
    pill = circle.adjusted(circle.width() - wide, 0, 0, 0)
    painter.drawRoundedRect(QRectF(pill), circle.height() / 2, circle.height() / 2)
    painter.setPen(look.color("accent_text"))
    painter.setFont(font)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(number))


def _paint_dot(painter: QPainter, rect: QRectF) -> None:
    look = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("badge_text"))
    painter.drawEllipse(rect.adjusted(-1.5, -1.5, 1.5, 1.5))
    painter.setBrush(look.color("dot"))
    painter.drawEllipse(rect)


def _paint_badge(painter: QPainter, room: QRect, text: str) -> None:
    look = theme.current()
    font = look.font("badge")
    padding = look.metric("badge_padding")
    shown = _fitting(text, QFontMetrics(font), room.width() - 2 * padding)
    pill = QRect(room)
    pill.setWidth(min(room.width(), QFontMetrics(font).horizontalAdvance(shown) + 2 * padding))
    painter.fillPath(rounded_path(QRectF(pill), look.metric("radius_thumb")), look.color("badge_background"))
    painter.setPen(look.color("badge_text"))
    painter.setFont(font)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)


def _fitting(text: str, metrics: QFontMetrics, width_px: int) -> str:
    """The weightiest words of a badge, and how many more there are: ``blacked out +2``."""
    parts = text.split(" · ")
    for count in range(len(parts), 0, -1):
        hidden = len(parts) - count
        shown = " · ".join(parts[:count]) + (f" +{hidden}" if hidden else "")
        if metrics.horizontalAdvance(shown) <= width_px:
            return shown
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width_px)


def paint_asked(painter: QPainter, pill: QRect, text: str) -> None:
    """Paint what an image has cost so far."""
    look = theme.current()
    painter.fillPath(rounded_path(QRectF(pill), look.metric("radius_thumb")), look.color("badge_background"))
    padding = look.metric("badge_padding")
    icon = look.pixmap("message-square", role="badge_text", size_px=11)
    painter.drawPixmap(QPoint(pill.x() + padding, pill.y() + (pill.height() - 11) // 2), icon)
    painter.setPen(look.color("badge_text"))
    painter.setFont(look.font("badge"))
    room = pill.adjusted(padding + 15, 0, -padding + 1, 0)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def _paint_focus(painter: QPainter, rect: QRect) -> None:
    look = theme.current()
    painter.setPen(QPen(look.color("focus_ring"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5)
    radius = look.metric("radius_tile") + 2.5
    painter.drawRoundedRect(ring, radius, radius)
