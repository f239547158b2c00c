"""The grid of an answer's table: as high as its rows up to a limit, and then it scrolls."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop.core.compat import override
from desktop.core.csv_cells import harmless
from desktop.core.tables import AnswerTable
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme
from desktop.ui.structured.cells import AnswerCellDelegate, AnswerModel, shown
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_MOST_HEIGHT_PX = 380
_EDGES_PX = 1
"""Left and above; at the other sides the lines of the grid are the edge."""
_LEAST_WIDTH_PX = 60
_MOST_COPIED = 200_000
"""Cells that are copied at once."""


class AnswerGrid(QTableView):
    """Shows the rows of an `AnswerTable`. Ctrl+C copies what is selected, for a spreadsheet.

    Signals:
        csv_wanted: copy all as CSV.
        json_wanted: copy all as JSON.
    """

    csv_wanted = Signal()
    json_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = AnswerModel(self)
        self._needed_px = _LEAST_WIDTH_PX
        self._delegate = AnswerCellDelegate(self.rows, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setProperty("kind", "answer")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(theme.current().metric("table_row_height"))
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        OverlayScrollBar(self)
        theme.current().changed.connect(self.viewport().update)

    def show_table(self, table: AnswerTable) -> None:
        """Show these rows from the first on."""
        self.rows.show_table(table)
        count = ngettext("{count} row", "{count} rows", len(table.rows))
        count = count.format(count=format_count(len(table.rows)))
        self.setAccessibleName(_("Answer as a table, {count}").format(count=count))
        self.scrollToTop()

    def copy_selection(self) -> None:
        """Put the selected cells on the clipboard, rows by lines and columns by tabs."""
        indexes = sorted(
            self.selectionModel().selectedIndexes()[:_MOST_COPIED], key=lambda i: (i.row(), i.column())
        )
        if not indexes:
            return
        rows: dict[int, dict[int, str]] = {}
        for index in indexes:
            rows.setdefault(index.row(), {})[index.column()] = self._copied(index)
        first = min(index.column() for index in indexes)
        last = max(index.column() for index in indexes)
        lines = ("\t".join(row.get(at, "") for at in range(first, last + 1)) for row in rows.values())
        QGuiApplication.clipboard().setText("\n".join(lines))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
            return
        super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(_("Copy selection"), self.copy_selection)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.selectionModel().hasSelection())
        menu.addAction(_("Select all"), self.selectAll)
        menu.addSeparator()
        menu.addAction(_("Copy as CSV"), self.csv_wanted.emit)
        menu.addAction(_("Copy as JSON"), self.json_wanted.emit)
        menu.popup(event.globalPos())

    def fit(self, room_px: int) -> None:
        """Take as much of this width as the columns need, and the height of the rows up to a limit."""
        table = self.rows.table
        if table is None or room_px <= 0:
            return
        measures = self._delegate.measures
        widths = measures.widths(table, room_px - _EDGES_PX)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self.verticalHeader().setDefaultSectionSize(measures.row_px)
        heights = measures.heights(table, widths)
        for row, height in enumerate(heights):
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)
        rows = sum(heights) if heights else len(table.rows) * measures.row_px
        needed = sum(widths) + _EDGES_PX
        height = rows + self.horizontalHeader().height() + _EDGES_PX
        if needed > room_px:
            height += self.horizontalScrollBar().sizeHint().height()
        self._needed_px = needed
        # No wider than its columns, as in the mocks; but never in the way of a window that is made narrower.
        self.setMaximumWidth(needed)
        self.setFixedHeight(min(height, _MOST_HEIGHT_PX))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._needed_px, self.minimumHeight())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH_PX, self.minimumHeight())

    def _copied(self, index: QModelIndex) -> str:
        cell = self.rows.cell(index)
        text = "" if cell is None else shown(cell)
        return harmless(text) if isinstance(cell, str) else text
