"""Rows and columns of a table, sorted by the value behind the text."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from desktop.core.compat import override
from desktop.core.ledger import ImageSpending
from desktop.core.model import SentImage
from desktop.core.text import _
from desktop.ui.spending.columns import Column

_Index = QModelIndex | QPersistentModelIndex
_FORMULA_STARTS = ("=", "+", "-", "@")


class SpendingModel(QAbstractTableModel):
    """One of the four tables at a time.

    Attributes:
        columns: those of the table at hand.
        sorted_by: the column that the rows are sorted by; -1 for the ledger's order.
        descending: the largest comes first.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Sequence[Column] = ()
        self.sorted_by = -1
        self.descending = False
        self._given: Sequence[object] = ()
        self._rows: list[object] = []
        self._texts: dict[tuple[int, int], str] = {}
        self._thumbnails: dict[str, QPixmap] = {}

    def show_rows(self, columns: Sequence[Column], rows: Sequence[object]) -> None:
        """Show these rows; with the same columns they are sorted as before."""
        if columns is self.columns and rows == self._given:
            return
        self.beginResetModel()
        if columns is not self.columns:
            self.columns = columns
            # The ledger tells the dearest first.
            self.sorted_by = next((at for at, column in enumerate(columns) if column.dearest_first), -1)
            self.descending = True
        self._given, self._rows, self._texts = rows, list(rows), {}
        self._arrange()
        self.endResetModel()

    def row_at(self, at: int) -> object | None:
        """What row ``at`` shows."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def set_thumbnail(self, sha256: str, pixmap: QPixmap) -> None:
        """Show ``pixmap`` in the rows of an image."""
        self._thumbnails[sha256] = pixmap
        for at, row in enumerate(self._rows):
            sent = sent_image(row)
            if sent is not None and sent.sha256 == sha256:
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def thumbnail(self, sent: SentImage) -> QPixmap | None:
        """The picture of an image, if it has come."""
        return self._thumbnails.get(sent.sha256)

    def as_text(self, rows: Iterable[int]) -> str:
        """Rows as lines of tab-separated cells, for a spreadsheet: no cell of them becomes a formula."""
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter="\t", lineterminator="\n")
        for at in rows:
            row = self._rows[at]
            writer.writerow([_no_formula(c.text(row)) for c in self.columns if not c.picture])
        return lines.getvalue()

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None or role not in _TEXT_ROLES:
            return None
        key = id(row), index.column()
        if key not in self._texts:
            # Rows are asked for their words at every paint.
            self._texts[key] = self.columns[index.column()].text(row)
        return self._texts[key]

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role not in _TEXT_ROLES:
            return None
        title = self.columns[section].title if 0 <= section < len(self.columns) else ""
        return _(title) if title else ""

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._rows[index.row()] for index in before]
        self.sorted_by, self.descending = column, order is Qt.SortOrder.DescendingOrder
        self._arrange()
        places = {id(row): at for at, row in enumerate(self._rows)}
        after = [self.index(places[id(row)], index.column()) for row, index in zip(held, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        if not 0 <= self.sorted_by < len(self.columns):
            return
        key = self.columns[self.sorted_by].key
        known = [row for row in self._rows if key(row) is not None]
        unknown = [row for row in self._rows if key(row) is None]
        self._rows = [*sorted(known, key=key, reverse=self.descending), *unknown]


def sent_image(row: object) -> SentImage | None:
    """The bytes that a row's picture is made of, if they are still there."""
    return row.sent if isinstance(row, ImageSpending) else None


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


_TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
