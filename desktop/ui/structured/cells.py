"""The cells of an answer's table: the model that holds them, how wide they are, and how they are painted."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop.core.compat import override
from desktop.core.tables import AnswerTable, Cell, Shape
from desktop.core.text import DASH, _, printable
from desktop.ui import theme
from desktop.ui.widgets.labels import escaped_tooltip

MOST_LINES = 4
"""Of a cell; the rest is in its tooltip."""
PADDING_PX = 10
_MOST_CHARS = 2000
_LEAST_PX, _MOST_PX = 48, 1200
_LEAST_CUT_PX = 88
"""A column is not cut further than this; then the table scrolls sideways."""
_SAMPLED = 300
"""Rows whose cells are measured; the others are cut where they are longer."""
_LINE_GAP_PX = 10
"""Above and below the lines of a cell, together; with one line it is the mocks' height of a row."""
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def shown(cell: Cell) -> str:
    """A cell as a person reads it, in one line."""
    if cell is None:
        return DASH
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return printable(cell if isinstance(cell, str) else str(cell), limit=_MOST_CHARS)


def heading(table: AnswerTable, column: int) -> str:
    """A column's name as shown."""
    if table.shape is Shape.FIELDS:
        return _("Field") if column == 0 else _("Value")
    return _("Value") if table.shape is Shape.VALUES else printable(table.columns[column], limit=60)


class AnswerModel(QAbstractTableModel):
    """The rows of one `AnswerTable`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: AnswerTable | None = None

    def show_table(self, table: AnswerTable | None) -> None:
        """Hold the rows of this one."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if self.table is None or parent.isValid() else len(self.table.rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if self.table is None or parent.isValid() else len(self.table.columns)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.table is None or not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown(self.table.rows[index.row()][index.column()])
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self.table is None or orientation is Qt.Orientation.Vertical:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return heading(self.table, section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(section) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def cell(self, index: _Index) -> Cell:
        """What the answer has there."""
        return None if self.table is None else self.table.rows[index.row()][index.column()]

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers."""
        return self.table is not None and column in self.table.numeric


class Measures:
    """How wide columns and how high rows are, from the texts of the first few hundred rows."""

    def __init__(self) -> None:
        look = theme.current()
        self.font = QFont(look.font("text"))
        self.figures = QFont(self.font)
        self.figures.setFeature(QFont.Tag("tnum"), 1)
        self._metrics = QFontMetrics(self.font)
        self._figures = QFontMetrics(self.figures)
        bold = QFont(self.font)
        bold.setWeight(QFont.Weight.DemiBold)
        self._bold = QFontMetrics(bold)

    @property
    def row_px(self) -> int:
        """The height of a row of one line."""
        return self._metrics.lineSpacing() + _LINE_GAP_PX

    def widths(self, table: AnswerTable, room_px: int) -> list[int]:
        """A width for each column: that of its contents, cut where all together need more than there is."""
        wanted = [self._wanted(table, column) for column in range(len(table.columns))]
        widths = list(wanted)
        left_px = room_px
        # The narrow ones first: they stay whole, and the wide ones share what is left.
        for done, column in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
            share = left_px // (len(wanted) - done)
            widths[column] = min(wanted[column], max(share, _LEAST_CUT_PX))
            left_px -= widths[column]
        return widths

    def heights(self, table: AnswerTable, widths: Sequence[int]) -> list[int]:
        """The height of each row whose cells are measured; the others have one line."""
        if len(table.rows) > _SAMPLED:
            return []
        return [self._height(row, widths) for row in table.rows]

    def _height(self, row: Sequence[Cell], widths: Sequence[int]) -> int:
        lines = 1
        for cell, width in zip(row, widths, strict=True):
            if not isinstance(cell, str):
                continue
            text = shown(cell)
            inner = width - 2 * PADDING_PX
            if self._metrics.horizontalAdvance(text) > inner:
                box = QRect(0, 0, max(inner, 1), 10_000)
                bounds = self._metrics.boundingRect(box, Qt.TextFlag.TextWordWrap, text)
                lines = max(lines, min(round(bounds.height() / self._metrics.lineSpacing()), MOST_LINES))
        return lines * self._metrics.lineSpacing() + _LINE_GAP_PX

    def _wanted(self, table: AnswerTable, column: int) -> int:
        texts = (shown(row[column])[:200] for row in table.rows[:_SAMPLED])
        metrics = self._figures if column in table.numeric else self._metrics
        cells = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        head = self._bold.horizontalAdvance(heading(table, column))
        return max(_LEAST_PX, min(max(cells, head) + 2 * PADDING_PX + 2, _MOST_PX))


class AnswerCellDelegate(QStyledItemDelegate):
    """Paints a cell: its lines, as many as the row is high; tooltips have all of a text that is cut."""

    def __init__(self, model: AnswerModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.measures = Measures()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        cell = self._model.cell(index)
        is_number = self._model.is_number(index.column())
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("accent_soft"))
        painter.setFont(self.measures.figures if is_number else self.measures.font)
        painter.setPen(look.color("text_faint" if cell is None else "text"))
        area = rect.adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        text, one_line = shown(cell), rect.height() < 2 * QFontMetrics(painter.font()).lineSpacing()
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        if one_line:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        else:
            _paint_lines(painter, area.adjusted(0, _LINE_GAP_PX // 2, 0, -_LINE_GAP_PX // 2), text, side)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.color("focus_ring"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    @override
    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        text = shown(self._model.cell(index)) if index.isValid() else ""
        rect: QRect = option.rect
        metrics = QFontMetrics(self.measures.font)
        lines = max(1, rect.height() // metrics.lineSpacing())
        if not text or metrics.horizontalAdvance(text) <= (rect.width() - 2 * PADDING_PX) * (
            1 if lines < 2 else lines - 1
        ):
            QToolTip.hideText()
            return False
        QToolTip.showText(event.globalPos(), escaped_tooltip(text), view, rect)
        return True


def _paint_lines(painter: QPainter, area: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    """Wrapped lines; the last one that has room ends with an ellipsis where more would follow."""
    metrics = painter.fontMetrics()
    height = metrics.lineSpacing()
    most = max(1, round(area.height() / height))
    # Qt's offsets are in UTF-16.
    units = text.encode("utf-16-le")
    layout = QTextLayout(text, painter.font())
    layout.beginLayout()
    for number in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        is_last = number == most - 1
        words = units[start : len(units) if is_last else end].decode("utf-16-le", "replace").rstrip()
        if is_last:
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        place = QRect(area.x(), area.y() + number * height, area.width(), height)
        painter.drawText(place, side | Qt.TextFlag.TextSingleLine, words)
    layout.endLayout()
