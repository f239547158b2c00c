"""The table's heading: click or press Space on a column to sort by it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.spending.cells import END_PX, LEFT, PADDING_PX, RIGHT, cut
from desktop.ui.spending.model import SpendingModel

_ARROW_GAP_PX = 4
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TableHeader(QHeaderView):
    """Titles, an arrow at the column that is sorted by. Tab reaches it; the arrow keys move, Space sorts.

    Signals:
        sort_requested(int): a column was clicked.
    """

    sort_requested = Signal(int)

    def __init__(self, model: SpendingModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self._at = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.current().metric("batch_header_height"))
        self.setAccessibleName(_("Columns; Space sorts"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sectionClicked.connect(self.sort_requested)
        theme.current().changed.connect(self.viewport().update)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        look = theme.current()
        column = self._rows.columns[logical_index]
        painter.save()
        painter.fillRect(rect, look.color("table_header_panel"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, look.color("border"))
        end = END_PX if logical_index == len(self._rows.columns) - 1 else 0
        area = rect.adjusted(PADDING_PX, 0, -PADDING_PX - end, -1)
        text = str(self._rows.headerData(logical_index, Qt.Orientation.Horizontal))
        painter.setFont(look.font("model_name"))
        if self._rows.sorted_by == logical_index:
            area = self._paint_arrow(painter, area, text, number=column.number)
        painter.setPen(look.color("text_muted"))
        shown = cut(text, area.width() + PADDING_PX, font="model_name")
        painter.drawText(area, RIGHT if column.number else LEFT, shown)
        if self.hasFocus() and logical_index == self._at:
            painter.fillRect(rect.x(), rect.bottom() - 1, rect.width(), 2, look.color("focus_ring"))
        painter.restore()

    @override
    def sectionSizeFromContents(self, logical_index: int) -> QSize:
        text = str(self._rows.headerData(logical_index, Qt.Orientation.Horizontal))
        width = QFontMetrics(theme.current().font("model_name")).horizontalAdvance(text)
        arrow = theme.current().metric("icon_size_chevron") + _ARROW_GAP_PX
        return QSize(width + arrow + 2 * PADDING_PX + END_PX, self.height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._move(step)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.sort_requested.emit(self._at)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not 0 <= self._at < self.count() or self.isSectionHidden(self._at):
            self._at = -1
            self._move(1)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _move(self, step: int) -> None:
        at = self._at + step
        while 0 <= at < self.count() and (self.isSectionHidden(at) or self._rows.columns[at].picture):
            at += step
        if 0 <= at < self.count():
            self._at = at
            self.setAccessibleDescription(str(self._rows.headerData(at, Qt.Orientation.Horizontal)))
            self.viewport().update()

    def _paint_arrow(self, painter: QPainter, area: QRect, text: str, *, number: bool) -> QRect:
        """Paint the arrow beside the title; gives what is left for the title."""
        size = theme.current().metric("icon_size_chevron")
        name = "chevron-down" if self._rows.descending else "chevron-up"
        icon = theme.current().pixmap(name, size_px=size)
        width = QFontMetrics(painter.font()).horizontalAdvance(text)
        left = (
            area.right() + 1 - size if number else min(area.x() + width + _ARROW_GAP_PX, area.right() - size)
        )
        painter.drawPixmap(left, area.center().y() - size // 2 + 1, icon)
        return area.adjusted(0, 0, -size - _ARROW_GAP_PX, 0) if number else area
