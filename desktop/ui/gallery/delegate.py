"""Paints one tile: a card with a picture, a name, and what it costs."""

from collections import OrderedDict

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.gallery.grid import HALO_PX, Grid
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.gallery.reason import paint_reason
from desktop.ui.widgets.thumbs import rounded, rounded_path

_FITTED_KEPT = 400
_NAME_TOP_PX = 6
_NAME_HEIGHT_PX = 17
_META_HEIGHT_PX = 14
_NARROWEST_PERCENT = 85
_TEXT_LINES_PX = 45
"""What a tile has below its picture, its lower border included."""


class TileDelegate(QStyledItemDelegate):
    """Paints the tiles of a `GalleryModel` in the cells of a `Grid`.

    Attributes:
        keyboard: the current tile is shown with a ring, because the user moves with keys.

    Signals:
        missing: key of a painted tile that lacks its thumbnail, or is not looked at yet.
    """

    missing = Signal(int)

    def __init__(self, model: GalleryModel, grid: Grid, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._grid = grid
        self._fitted: OrderedDict[tuple[int, int, int, float, str], QPixmap] = OrderedDict()
        self.keyboard = False

    def set_grid(self, grid: Grid) -> None:
        """Paint in other cells from now on."""
        self._grid = grid

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._grid.cell

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tile = self._model.tile_at(index.row())
        state: QStyle.StateFlag = option.state
        cell: QRect = option.rect
        rect = self._grid.tile_rect(cell, index.row())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_card(painter, rect, selected=selected, hovered=bool(state & QStyle.StateFlag.State_MouseOver))
        self._paint_picture(painter, _picture_rect(rect, selected=selected), tile)
        _paint_texts(painter, rect, tile)
        _paint_marks(painter, rect, tile, number=self._model.number(tile.key) if selected else 0)
        if self.keyboard and state & QStyle.StateFlag.State_HasFocus:
            _paint_focus(painter, rect)
        painter.restore()

    def _paint_picture(self, painter: QPainter, rect: QRectF, tile: Tile) -> None:
        radius = theme.current().metric("radius_tile") - 1
        pixmap = self._model.thumbnail(tile.key)
        if tile.state == "loading" or (tile.state == "ready" and pixmap is None):
            self.missing.emit(tile.key)
        if pixmap is not None and tile.state != "unusable":
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(
                rect.topLeft(), self._fit(pixmap, rect.size().toSize(), radius=radius, ratio=ratio)
            )
            return
        painter.fillPath(rounded_path(rect, radius, top_only=True), theme.current().color("hover"))
        if tile.state == "unusable":
            paint_reason(painter, rect, tile.reason)
            return
        icon = theme.current().pixmap("image", role="border_strong", size_px=24)
        painter.drawPixmap(int(rect.center().x()) - 12, int(rect.center().y()) - 12, icon)

    def _fit(self, pixmap: QPixmap, size: QSize, *, radius: int, ratio: float) -> QPixmap:
        # The look is part of the key because a checkerboard has its colours.
        key = (pixmap.cacheKey(), size.width(), size.height(), ratio, theme.current().mode)
        if key not in self._fitted:
            self._fitted[key] = rounded(pixmap, size, radius=radius, ratio=ratio, top_only=True)
            if len(self._fitted) > _FITTED_KEPT:
                self._fitted.popitem(last=False)
        self._fitted.move_to_end(key)
        return self._fitted[key]


def _picture_rect(rect: QRect, *, selected: bool) -> QRectF:
    border = theme.current().metric("tile_chosen_border") if selected else 1
    bottom = rect.y() + rect.height() - _TEXT_LINES_PX
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
    top = rect.y() + rect.height() - _TEXT_LINES_PX + _NAME_TOP_PX
    name = QRect(left, top, width, _NAME_HEIGHT_PX)
    _draw(
        painter, name, tile.name, font=look.font("tile_name"), role="text", mode=Qt.TextElideMode.ElideMiddle
    )
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
    _draw(painter, cost, tile.cost, font=small, role="text_muted")
    room = meta.adjusted(0, 0, -cost_width - 6 if tile.cost else 0, 0)
    _draw(painter, room, tile.pixels, font=small, role="text_muted")


def _draw(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    font: QFont,
    role: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
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
        _paint_number(painter, circle, number)
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


def _paint_number(painter: QPainter, circle: QRect, number: int) -> None:
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


def _paint_focus(painter: QPainter, rect: QRect) -> None:
    look = theme.current()
    painter.setPen(QPen(look.color("focus_ring"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(rect).adjusted(-2.5, -2.5, 2.5, 2.5)
    radius = look.metric("radius_tile") + 2.5
    painter.drawRoundedRect(ring, radius, radius)
