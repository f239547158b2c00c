"""Offers below a field, chosen by keys or mouse while the keyboard stays in the field."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.compat import override
from desktop.core.filter_completion import Completion
from desktop.ui import theme

_ROW_PX = 28
_MOST_ROWS = 9
_LEAST_WIDTH_PX = 340
_INSET_PX = 10
_OFFER = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class CompletionPopup(QListWidget):
    """A list that floats below its field.

    Signals:
        chosen(object): the `Completion` that the user takes.
    """

    chosen = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self.setWindowFlags(Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        # A bar would have no ground of its own either; keys and the wheel scroll.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_OfferDelegate(self))
        self.itemEntered.connect(self.setCurrentItem)
        self.itemClicked.connect(self._take)

    def offer(self, offers: Sequence[Completion], place: QPoint) -> None:
        """Show these, or nothing."""
        self.clear()
        for one in offers:
            item = QListWidgetItem(f"{one.title}  {one.meaning}".strip())
            item.setData(_OFFER, one)
            self.addItem(item)
        if not offers:
            self.hide()
            return
        rows = min(len(offers), _MOST_ROWS)
        self.resize(max(self._field.width(), _LEAST_WIDTH_PX), rows * _ROW_PX + 2)
        self.move(place)
        self.show()

    def take_key(self, event: QKeyEvent) -> bool:
        """Use a key of the field; False leaves it there."""
        if not self.isVisible():
            return False
        key, row = event.key(), self.currentRow()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.setCurrentRow(
                (row + step) % self.count() if row >= 0 else (0 if step > 0 else self.count() - 1)
            )
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        if key == Qt.Key.Key_Tab or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0):
            self._take(self.item(max(row, 0)))
            return True
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        # The style sheet gives a window of its own no ground.
        look = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), look.color("surface_raised"))
        painter.setPen(look.color("border_strong"))
        painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()
        super().paintEvent(event)

    def _take(self, item: QListWidgetItem) -> None:
        offer = item.data(_OFFER)
        self.hide()
        self.chosen.emit(offer)


class _OfferDelegate(QStyledItemDelegate):
    """What is typed on the left, what it means on the right."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look, offer = theme.current(), index.data(_OFFER)
        rect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
        room = rect.adjusted(_INSET_PX, 0, -_INSET_PX, 0)
        painter.setFont(look.font("mono"))
        painter.setPen(look.color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, offer.title)
        used = painter.fontMetrics().horizontalAdvance(offer.title) + 2 * _INSET_PX
        painter.setFont(look.font("small"))
        painter.setPen(look.color("text_muted"))
        left = room.adjusted(used, 0, 0, 0)
        shown = painter.fontMetrics().elidedText(offer.meaning, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)
        painter.restore()
