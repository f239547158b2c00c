"""The list of models with a field that filters it, or names a model that is not in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.compat import override
from desktop.core.model import ON_DEVICE
from desktop.core.text import _, join_list, printable
from desktop.ui import theme
from desktop.ui.widgets.thumbs import rounded_path

WIDTH_PX = 400
MOST_ROWS = 9
ROW_PX = 44
_ID, _NOTE, _CURRENT = (Qt.ItemDataRole.UserRole + place for place in range(3))
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One model that can be chosen: its id, the name that is shown, and a muted note (price, last day)."""

    id: str
    name: str
    note: str = ""


class ModelPopup(QFrame):
    """Opens, lets one choose, and closes.

    Signals:
        chosen: id of a model, offered or typed.
    """

    chosen = Signal(str)

    def __init__(self, rows: Sequence[ModelRow], *, current: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        # What always works comes first.
        self._rows = tuple(sorted(rows, key=lambda row: row.id != ON_DEVICE))
        self._current = current
        self.setProperty("kind", "popup")
        # The corners outside the round frame show what is below.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(WIDTH_PX, max(parent.window().width() - 24, 260)))
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Filter, or type another model…"))
        self._field.setAccessibleName(_("Filter, or type another model…"))
        self._field.setMaxLength(200)
        self._field.textChanged.connect(self._fill)
        self._field.returnPressed.connect(self._choose_current)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName(_("Models"))
        self._list.setItemDelegate(_RowPainter(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemEntered.connect(self._list.setCurrentItem)
        self._list.itemClicked.connect(self._choose_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self._fill()

    def open_below(self, anchor: QWidget) -> None:
        """Show it under ``anchor``, right edges in line, the field ready for typing."""
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height() + 4))
        corner.setX(max(corner.x(), anchor.window().mapToGlobal(QPoint(8, 0)).x()))
        self.adjustSize()
        self.move(corner)
        self.show()
        # Only now has the list its height.
        self._list.scrollToItem(self._list.currentItem(), QAbstractItemView.ScrollHint.PositionAtCenter)
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Without a compositor, as X11 may be, what is transparent would be black.
        if QGuiApplication.platformName() == "xcb":
            self.setMask(QRegion(_frame(QRectF(self.rect())).toFillPolygon().toPolygon()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("border_strong"), 1))
        painter.setBrush(look.color("surface_raised"))
        painter.drawPath(_frame(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)))
        painter.end()

    def _fill(self) -> None:
        self._list.clear()
        typed = self._field.text().strip()
        words = typed.lower().split()
        for row in self._rows:
            if all(word in f"{row.id} {row.name}".lower() for word in words):
                self._add(row)
        known = {row.id for row in self._rows} | {row.name for row in self._rows}
        if typed and typed not in known:
            name = _("Use “{model}”").format(model=printable(typed))
            self._add(ModelRow(id=typed, name=name, note=_("a model that is not in this list")))
        self._select_first()
        rows = min(max(self._list.count(), 1), MOST_ROWS)
        self._list.setFixedHeight(rows * ROW_PX)
        self.adjustSize()

    def _add(self, row: ModelRow) -> None:
        item = QListWidgetItem(row.name)
        item.setData(_ID, row.id)
        item.setData(_NOTE, row.note)
        item.setData(_CURRENT, row.id == self._current)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, join_list((row.name, row.note)))
        self._list.addItem(item)

    def _select_first(self) -> None:
        current = [i for i in range(self._list.count()) if self._list.item(i).data(_CURRENT)]
        typed = bool(self._field.text())
        self._list.setCurrentRow(0 if typed or not current else current[0])

    def _choose_current(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            model_id = str(item.data(_ID))
            self.close()
            self.chosen.emit(model_id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move go from the field to the list."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self._list.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)


def _frame(rect: QRectF) -> QPainterPath:
    return rounded_path(rect, theme.current().metric("radius_control"))


class _RowPainter(QStyledItemDelegate):
    """Name above note, a check before the one in use. Painted, because a server may offer 2,000 models."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, ROW_PX)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme.current()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillPath(
                rounded_path(rect.toRectF(), look.metric("radius_thumb")), look.color("accent_soft")
            )
        if index.data(_CURRENT):
            check = look.pixmap("check", role="accent_soft_text", size_px=16)
            painter.drawPixmap(rect.left() + 10, rect.top() + (ROW_PX - 16) // 2, check)
        words = rect.adjusted(36, 5, -10, -5)
        _write(
            painter,
            words,
            str(index.data(Qt.ItemDataRole.DisplayRole)),
            font="button",
            role="text",
            low=False,
        )
        _write(painter, words, str(index.data(_NOTE)), font="small", role="text_muted", low=True)
        painter.restore()


def _write(painter: QPainter, rect: QRect, text: str, *, font: str, role: str, low: bool) -> None:
    """One line at the upper or the lower edge of ``rect``."""
    look = theme.current()
    painter.setFont(look.font(font))
    painter.setPen(look.color(role))
    side = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignTop
    elided = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, elided)
