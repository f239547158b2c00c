"""A list whose rows have their own heights and which stays quick with ten thousand of them.

QListView asks for the size of every row whenever some come; here a model tells all heights at once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_Index = QModelIndex | QPersistentModelIndex
_Action = QAbstractItemView.CursorAction
NEAR_END_PX = 1200
"""So far above the end more rows are asked for."""


class Heights(Protocol):
    """A list model that knows how high its rows are."""

    def heights(self, width_px: int) -> Sequence[int]:
        """Of all rows, in px, where the list is ``width_px`` wide."""
        ...


class RowsView(QAbstractItemView):
    """Rows below each other, painted by the delegate; those that cannot be selected are passed by keys.

    Signals:
        seen(): other rows are on the screen.
        near_end(): the end of the list comes into sight.
    """

    seen = Signal()
    near_end = Signal()

    def __init__(self, model: QAbstractListModel, heights: Heights, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights = heights
        self._tops: list[int] = [0]
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setMouseTracking(True)
        OverlayScrollBar(self)
        model.modelReset.connect(self.lay_out)
        theme.current().changed.connect(self.lay_out)

    def lay_out(self) -> None:
        """Compute where rows stand anew."""
        self._tops = [0, *accumulate(self._heights.heights(self.viewport().width()))]
        self.updateGeometries()
        self.viewport().update()
        self.seen.emit()

    def rows_in_sight(self) -> range:
        """The rows of which something is on the screen."""
        top = self.verticalOffset()
        return self._rows_between(top, top + self.viewport().height())

    def top_of(self, row: int) -> int:
        """Where a row begins, in px from the first row's top."""
        return self._tops[min(row, len(self._tops) - 1)]

    def _rows_between(self, top: int, bottom: int) -> range:
        first = max(bisect_right(self._tops, top) - 1, 0)
        last = bisect_right(self._tops, max(bottom - 1, top))
        return range(first, min(last, len(self._tops) - 1))

    # What QAbstractItemView asks for

    @override
    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid() or index.row() >= len(self._tops) - 1:
            return QRect()
        top, bottom = self._tops[index.row()], self._tops[index.row() + 1]
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), bottom - top)

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        place = point.y() + self.verticalOffset()
        rows = self._rows_between(place, place + 1) if 0 <= place < self._tops[-1] else range(0)
        return self.model().index(rows[0], 0) if rows else QModelIndex()

    @override
    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid() or index.row() >= len(self._tops) - 1:
            return
        top, bottom = self._tops[index.row()], self._tops[index.row() + 1]
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if index.row() == 1:
            # The heading above the first row belongs to it.
            top = 0
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + height:
            bar.setValue(bottom - height)

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def isIndexHidden(self, index: _Index) -> bool:
        return False

    @override
    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count, at = len(self._tops) - 1, self.currentIndex().row()
        if action in (_Action.MoveHome, _Action.MoveEnd):
            rows = range(count) if action == _Action.MoveHome else range(count - 1, -1, -1)
        elif action in (_Action.MovePageUp, _Action.MovePageDown):
            page = self.viewport().height() * (1 if action == _Action.MovePageDown else -1)
            place = min(max(self.top_of(max(at, 0)) + page, 0), max(self._tops[-1] - 1, 0))
            first = next(iter(self._rows_between(place, place + 1)), 0)
            step = 1 if page > 0 else -1
            rows = range(first, count if step > 0 else -1, step)
        elif action in (_Action.MoveDown, _Action.MoveNext, _Action.MoveRight):
            rows = range(at + 1, count)
        else:
            rows = range(at - 1, -1, -1)
        found = next((row for row in rows if self._can_be_chosen(row)), None)
        return self.currentIndex() if found is None else self.model().index(found, 0)

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        top = rect.normalized().top() + self.verticalOffset()
        bottom = rect.normalized().bottom() + self.verticalOffset()
        rows = self._rows_between(max(top, 0), max(bottom + 1, 1))
        selection = QItemSelection()
        if rows and self._tops[-1]:
            selection.select(self.model().index(rows[0], 0), self.model().index(rows[-1], 0))
        self.selectionModel().select(selection, command)

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    @override
    def dataChanged(self, top_left: _Index, bottom_right: _Index, _roles: Sequence[int] = ()) -> None:
        self.viewport().update()

    @override
    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(theme.current().metric("history_row_height") // 2)
        bar.setRange(0, max(0, self._tops[-1] - self.viewport().height()))
        super().updateGeometries()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()
        self.seen.emit()
        if self._tops[-1] - self.verticalOffset() - self.viewport().height() < NEAR_END_PX:
            self.near_end.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        chosen, current = self.selectionModel(), self.currentIndex()
        state = option.state
        for row in self.rows_in_sight():
            index = self.model().index(row, 0)
            rect = self.visualRect(index)
            if not event.rect().intersects(rect):
                continue
            option.rect = rect
            option.state = state
            if chosen.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if index == current and self.hasFocus():
                option.state |= QStyle.StateFlag.State_HasFocus
            else:
                option.state &= ~QStyle.StateFlag.State_HasFocus
            self.itemDelegate().paint(painter, option, index)
        painter.end()

    def _can_be_chosen(self, row: int) -> bool:
        return bool(self.model().flags(self.model().index(row, 0)) & Qt.ItemFlag.ItemIsSelectable)
