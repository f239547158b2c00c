"""Paints a row of the history: a heading, or a conversation with picture, title and cost."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.history.model import HistoryModel, facts, shown_title
from desktop.ui.widgets.labels import escaped_tooltip
from desktop.ui.widgets.thumbs import rounded, rounded_path

_TITLE_MIDDLE_PX = 17
_FACTS_MIDDLE_PX = 37
_LINE_PX = 18
_TRASH_PX = 28
_SPINNER_PX = 12
_SPINNER_MIDDLE_PX = 14
_SPINNER_GAP_PX = 6
_SPINNER_STEPS = 12


class ConversationDelegate(QStyledItemDelegate):
    """Paints the rows of a `HistoryModel`.

    Attributes:
        keyboard: the current row is shown with a ring, because the user moves with keys.
        pointer: where the pointer is in the view; None while it is elsewhere.
        turn: how far the mark of a running answer has turned, in twelfths.
    """

    def __init__(self, model: HistoryModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rounded: dict[tuple[int, float], QPixmap] = {}
        self.keyboard = False
        self.pointer: QPoint | None = None
        self.turn = 0

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = isinstance(self._model.row_at(index.row()), str)
        look = theme.current()
        return QSize(100, look.metric("history_section_height" if heading else "history_row_height"))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._model.row_at(index.row())
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, str):
            _paint_heading(painter, rect, row)
        elif row is not None:
            self._paint_conversation(painter, rect, row, state)
        painter.restore()

    @override
    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        rect: QRect = option.rect
        row = self._model.row_at(index.row())
        if isinstance(row, ConversationSummary) and self.trash_rect(rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), escaped_tooltip(_("Delete this conversation")), view)
            return True
        return super().helpEvent(event, view, option, index)

    def trash_rect(self, row: QRect) -> QRect:
        """Where the button that deletes a conversation is, within its row."""
        return QRect(row.right() - _TRASH_PX - 5, row.center().y() - _TRASH_PX // 2 + 1, _TRASH_PX, _TRASH_PX)

    def _paint_conversation(
        self, painter: QPainter, rect: QRect, row: ConversationSummary, state: QStyle.StateFlag
    ) -> None:
        look = theme.current()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = self.pointer is not None and rect.contains(self.pointer)
        if selected or hovered:
            role = "accent_soft" if selected else "pressed"
            painter.fillPath(rounded_path(QRectF(rect), look.metric("radius_control")), look.color(role))
        thumb = look.metric("history_thumb")
        place = QRect(
            rect.x() + look.metric("history_row_padding"), rect.center().y() - thumb // 2 + 1, thumb, thumb
        )
        self._paint_thumbnail(painter, place, row)
        left = place.right() + 1 + look.metric("history_row_gap")
        spinner = _SPINNER_MIDDLE_PX + _SPINNER_PX // 2 + _SPINNER_GAP_PX
        free = rect.right() - (_TRASH_PX + 8 if hovered else spinner if row.running else 12)
        _paint_texts(painter, QRect(left, rect.y(), free - left, rect.height()), row)
        if hovered:
            self._paint_trash(painter, self.trash_rect(rect))
        elif row.running:
            self._paint_spinner(
                painter, QPoint(rect.right() - _SPINNER_MIDDLE_PX, rect.y() + _TITLE_MIDDLE_PX)
            )
        if self.keyboard and state & QStyle.StateFlag.State_HasFocus:
            _paint_focus(painter, rect)

    def _paint_thumbnail(self, painter: QPainter, place: QRect, row: ConversationSummary) -> None:
        look = theme.current()
        pixmap = self._model.thumbnail(row.id)
        if pixmap is not None:
            painter.drawPixmap(place, self._fit(pixmap, place.size(), painter.device().devicePixelRatioF()))
            return
        painter.fillPath(rounded_path(QRectF(place), look.metric("radius_thumb")), look.color("track"))
        name = "image" if row.image_count else "message-square"
        painter.drawPixmap(place.x() + 8, place.y() + 8, look.pixmap(name, role="text_faint"))

    def _fit(self, pixmap: QPixmap, size: QSize, ratio: float) -> QPixmap:
        key = (pixmap.cacheKey(), ratio)
        if key not in self._rounded:
            if len(self._rounded) > 500:
                self._rounded.clear()
            radius = theme.current().metric("radius_thumb")
            self._rounded[key] = rounded(pixmap, size, radius=radius, ratio=ratio)
        return self._rounded[key]

    def _paint_trash(self, painter: QPainter, place: QRect) -> None:
        look = theme.current()
        over = self.pointer is not None and place.contains(self.pointer)
        if over:
            painter.fillPath(rounded_path(QRectF(place), look.metric("radius_thumb")), look.color("border"))
        icon = look.pixmap("trash-2", role="danger" if over else "text_faint")
        painter.drawPixmap(place.center().x() - 7, place.center().y() - 7, icon)

    def _paint_spinner(self, painter: QPainter, center: QPoint) -> None:
        arc = QRectF(center.x() - _SPINNER_PX / 2, center.y() - _SPINNER_PX / 2, _SPINNER_PX, _SPINNER_PX)
        pen = QPen(theme.current().color("accent_line"), 1.75)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        # Qt counts in sixteenths of a degree, against the clock.
        painter.drawArc(arc, -self.turn * 360 * 16 // _SPINNER_STEPS, 270 * 16)


def _paint_heading(painter: QPainter, rect: QRect, text: str) -> None:
    look = theme.current()
    painter.setFont(look.font("section"))
    painter.setPen(look.color("text_faint"))
    line = QRect(rect.x() + 6, rect.bottom() - 12 - _LINE_PX // 2, rect.width() - 12, _LINE_PX)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def _paint_texts(painter: QPainter, rect: QRect, row: ConversationSummary) -> None:
    look = theme.current()
    for kind, role, middle, text in (
        ("history_title", "text", _TITLE_MIDDLE_PX, shown_title(row)),
        ("history_meta", "text_faint", _FACTS_MIDDLE_PX, facts(row)),
    ):
        font = look.font(kind)
        painter.setFont(font)
        painter.setPen(look.color(role))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        line = QRect(rect.x(), rect.y() + middle - _LINE_PX // 2, rect.width(), _LINE_PX)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _paint_focus(painter: QPainter, rect: QRect) -> None:
    look = theme.current()
    painter.setPen(QPen(look.color("focus_ring"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = look.metric("radius_control") - 1
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
