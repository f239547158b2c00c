"""The table of the spending page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from desktop.core.compat import override
from desktop.core.ledger import Spending
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.spending.cells import END_PX, PADDING_PX, CellDelegate, figure_font
from desktop.ui.spending.columns import COLUMNS, Column, Table, conversation_of, rows_of, table_name
from desktop.ui.spending.header import TableHeader
from desktop.ui.spending.model import SpendingModel, sent_image
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_REST_MS = 80
"""Scrolling has come to rest: pictures of what flew by are not fetched."""
_ELIDED_MIN_PX = 108
_SHORTEST_PX = 64
_PICTURE_COLUMN_PX = 60
_TABBED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class SpendingTable(QTableView):
    """One of the four tables. A heading sorts, a conversation's name or Enter opens it, Ctrl+C copies rows.

    Attributes:
        rows: what is shown.

    Signals:
        conversation_opened(int): id of the conversation to open.
        pictures_wanted(list): `SentImage` of each visible row whose picture is not there yet.
    """

    conversation_opened = Signal(int)
    pictures_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SpendingModel(self)
        self._delegate = CellDelegate(self.rows, self)
        self._widths: list[int] = []
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._want_pictures)
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        header = TableHeader(self.rows, self)
        header.sort_requested.connect(self._on_sort)
        self.setHorizontalHeader(header)
        self._dress()
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.current().changed.connect(self.viewport().update)

    def show_table(self, table: Table, spending: Spending) -> None:
        """Show one of the tables."""
        self.setAccessibleName(table_name(table))
        before = self.verticalScrollBar().value() if self.rows.columns is COLUMNS[table] else 0
        self._delegate.hovered = QPersistentModelIndex()
        self.rows.show_rows(COLUMNS[table], rows_of(table, spending))
        self._measure()
        self._fit()
        self.verticalScrollBar().setValue(before)
        self._rest.start()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._rest.start()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(on=True)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(on=False)
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self._link_at(event)
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if index.isValid() and plain and event.button() == Qt.MouseButton.LeftButton:
            self._open(index)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        # A link has opened it at the first click.
        if not self._delegate.is_link(index):
            self._open(index)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(self._link_at(event))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(QModelIndex())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.selectionModel().setCurrentIndex(
                self.rows.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self._show_focus(on=event.reason() in _TABBED)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opens = menu.addAction(_("Open conversation"))
        opens.setEnabled(conversation_of(self.rows.row_at(index.row())) is not None)
        opens.triggered.connect(self._open_current)
        copies = menu.addAction(theme.current().icon("copy"), _("Copy rows"))
        copies.setEnabled(self.selectionModel().hasSelection())
        copies.triggered.connect(self.copy_rows)
        menu.popup(event.globalPos())

    def copy_rows(self) -> None:
        """Put the selected rows into the clipboard, as lines of tab-separated cells."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        if chosen:
            QGuiApplication.clipboard().setText(self.rows.as_text(chosen))

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.current().metric("batch_row_height"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        OverlayScrollBar(self)

    def _on_scrolled(self) -> None:
        self._rest.start()

    def _on_sort(self, column: int) -> None:
        chosen = self.rows.columns[column]
        if chosen.picture:
            return
        # Of figures the largest are looked for first.
        descending = not self.rows.descending if self.rows.sorted_by == column else chosen.number
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.rows.sort(column, order)
        self.horizontalHeader().viewport().update()
        self._rest.start()

    def _open_current(self) -> None:
        self._open(self.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        conversation_id = conversation_of(self.rows.row_at(index.row()))
        if conversation_id is not None:
            self.conversation_opened.emit(conversation_id)

    def _link_at(self, event: QMouseEvent) -> QModelIndex:
        """The link under the pointer: its text, not the room behind it."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or not self._delegate.is_link(index):
            return QModelIndex()
        width = QFontMetrics(theme.current().font("text")).horizontalAdvance(str(index.data()))
        return index if at.x() <= self.visualRect(index).x() + PADDING_PX + width else QModelIndex()

    def _point(self, index: QModelIndex) -> None:
        if self._delegate.hovered != QPersistentModelIndex(index):
            self._delegate.hovered = QPersistentModelIndex(index)
            shape = Qt.CursorShape.PointingHandCursor if index.isValid() else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _show_focus(self, *, on: bool) -> None:
        self._delegate.keyboard = on
        self.viewport().update()

    def _want_pictures(self) -> None:
        if not self.isVisible():
            return
        bottom = self.viewport().height()
        first = max(self.rowAt(0), 0)
        last = self.rowAt(bottom - 1)
        last = self.rows.rowCount() - 1 if last < 0 else last
        shown = [sent_image(self.rows.row_at(at)) for at in range(first, last + 1)]
        wanted = [sent for sent in shown if sent is not None and self.rows.thumbnail(sent) is None]
        if wanted:
            self.pictures_wanted.emit(wanted)

    def _measure(self) -> None:
        """What each column needs at least; of many rows the longest texts are measured."""
        metrics, header = QFontMetrics(figure_font()), self.horizontalHeader()
        self._widths = []
        for at, column in enumerate(self.rows.columns):
            if column.picture:
                self._widths.append(_PICTURE_COLUMN_PX)
                continue
            texts = [column.text(self.rows.row_at(row)) for row in range(self.rows.rowCount())]
            longest = sorted(texts, key=len, reverse=True)[:20]
            widest = (
                max((metrics.horizontalAdvance(text) for text in longest), default=0)
                + 2 * PADDING_PX
                + END_PX
            )
            least = header.sectionSizeFromContents(at).width()
            self._widths.append(max(least, _ELIDED_MIN_PX) if column.elides else max(widest, least))

    def _fit(self) -> None:
        """Give each column its width; where there is too little room, the least needed ones go."""
        columns, room = self.rows.columns, self.viewport().width()
        if len(self._widths) != len(columns):
            return
        widths = fitted(columns, self._widths, room)
        for at in range(len(columns)):
            self.setColumnHidden(at, at not in widths)
            self.setColumnWidth(at, widths.get(at, 0))


def fitted(columns: Sequence[Column], needed: Sequence[int], room: int) -> dict[int, int]:
    """Widths in px of the columns that are shown, by their place.

    Args:
        columns: of the table.
        needed: px that each should have.
        room: px that there are; they are all used, and exceeded only where no figure fits any more.
    """
    widths = dict(enumerate(needed))
    for at in sorted(widths, key=lambda at: -columns[at].drop):
        if columns[at].drop and sum(widths.values()) > room:
            del widths[at]
    for at, width in widths.items():
        if columns[at].elides:
            lacking = max(sum(widths.values()) - room, 0)
            widths[at] = max(width - lacking, _SHORTEST_PX)
    left, shares = max(room - sum(widths.values()), 0), sum(columns[at].share for at in widths)
    for at in widths:
        # Each takes its part of what is left then, so that no pixel remains.
        part = left * columns[at].share // max(shares, 1)
        widths[at] += part
        left, shares = left - part, shares - columns[at].share
    return widths
