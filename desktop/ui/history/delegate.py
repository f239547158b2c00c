"""Paints a row of the history: a heading, or a conversation with picture, title, cost and tags."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.history.model import HistoryModel, facts, shown_title
from desktop.ui.widgets.labels import escaped_tooltip
from desktop.ui.widgets.thumbs import rounded, rounded_path

_Index = QModelIndex | QPersistentModelIndex

_TITLE_MIDDLE_PX = 17
_FACTS_MIDDLE_PX = 37
_LINE_PX = 18
_TRASH_PX = 28
_SPINNER_PX = 12
_SPINNER_MIDDLE_PX = 14
_SPINNER_GAP_PX = 6
_SPINNER_STEPS = 12
_CHIP_PX = 17
_CHIP_PADDING_PX = 7
_CHIP_GAP_PX = 4
_MOST_CHIP_PX = 120


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
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
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
        index: _Index,
    ) -> bool:
        rect: QRect = option.rect
        row = self._model.row_at(index.row())
        if isinstance(row, ConversationSummary) and self.trash_rect(rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), escaped_tooltip(_("Delete this conversation")), view)
            return True
        return super().helpEvent(event, view, option, index)

    def trash_rect(self, row: QRect) -> QRect:
        """Where the button that deletes a conversation is, within its row."""
        middle = row.y() + theme.current().metric("history_row_height") // 2
        return QRect(row.right() - _TRASH_PX - 5, middle - _TRASH_PX // 2, _TRASH_PX, _TRASH_PX)

    def tag_at(self, row: QRect, summary: ConversationSummary, place: QPoint) -> str | None:
        """The tag that is shown at a place of the view; None where there is none."""
        return next((tag for tag, chip in self._chips(row, summary) if chip.contains(place)), None)

    def title_rect(self, row: QRect) -> QRect:
        """Where a conversation's title is."""
        left = row.x() + _text_left()
        return QRect(left, row.y() + _TITLE_MIDDLE_PX - _LINE_PX // 2, row.right() - 8 - left, _LINE_PX)

    def _chips(self, row: QRect, summary: ConversationSummary) -> list[tuple[str, QRect]]:
        """The tags that there is room for, each with its place."""
        metrics = QFontMetrics(theme.current().font("history_meta"))
        left, right = row.x() + _text_left(), row.right() - 10
        top = row.y() + theme.current().metric("history_row_height") - 4
        made: list[tuple[str, QRect]] = []
        for tag in summary.tags:
            width = min(metrics.horizontalAdvance(printable(tag)) + 2 * _CHIP_PADDING_PX, _MOST_CHIP_PX)
            if left + width > right:
                break
            made.append((tag, QRect(left, top, width, _CHIP_PX)))
            left += width + _CHIP_GAP_PX
        return made

    def _paint_chips(self, painter: QPainter, rect: QRect, row: ConversationSummary, *, on: bool) -> None:
        look = theme.current()
        painter.setFont(look.font("history_meta"))
        metrics = painter.fontMetrics()
        chips = self._chips(rect, row)
        for tag, chip in chips:
            over = self.pointer is not None and chip.contains(self.pointer)
            ground = "border_strong" if over else "surface" if on else "track"
            painter.fillPath(rounded_path(QRectF(chip), _CHIP_PX / 2), look.color(ground))
            painter.setPen(look.color("text" if over else "text_muted"))
            inner = chip.adjusted(_CHIP_PADDING_PX, 0, -_CHIP_PADDING_PX + 1, 0)
            shown = metrics.elidedText(printable(tag), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        hidden = len(row.tags) - len(chips)
        if hidden:
            left = chips[-1][1].right() + 5 if chips else rect.x() + _text_left()
            top = rect.y() + look.metric("history_row_height") - 4
            painter.setPen(look.color("text_faint"))
            painter.drawText(QRect(left, top, 40, _CHIP_PX), Qt.AlignmentFlag.AlignVCenter, f"+{hidden}")

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
        height = look.metric("history_row_height")
        place = QRect(
            rect.x() + look.metric("history_row_padding"), rect.y() + (height - thumb) // 2, thumb, thumb
        )
        self._paint_thumbnail(painter, place, row)
        left = rect.x() + _text_left()
        spinner = _SPINNER_MIDDLE_PX + _SPINNER_PX // 2 + _SPINNER_GAP_PX
        free = rect.right() - (_TRASH_PX + 8 if hovered else spinner if row.running else 12)
        _paint_texts(painter, QRect(left, rect.y(), free - left, rect.height()), row)
        self._paint_chips(painter, rect, row, on=selected)
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


def _text_left() -> int:
    look = theme.current()
    return look.metric("history_row_padding") + look.metric("history_thumb") + look.metric("history_row_gap")


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
