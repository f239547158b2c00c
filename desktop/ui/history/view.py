"""The list of conversations: opening, choosing several, renaming, deleting, moving with keys."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.text import _
from desktop.ui.history.delegate import ConversationDelegate
from desktop.ui.history.model import HistoryModel
from desktop.ui.history.rows_view import RowsView
from desktop.ui.history.title_field import TitleField

_TURN_MS = 80
_Flag = QItemSelectionModel.SelectionFlag


class HistoryView(RowsView):
    """Conversations under their headings. A click or Enter opens; Ctrl and Shift choose several.

    Signals:
        opened(int): id of the conversation to open.
        delete_requested(list): ids of the conversations to delete.
        renamed(int, str): a conversation shall have this title.
        menu_requested(list, QPoint): what can be done with these `ConversationSummary`s is to be offered.
        tag_clicked(str): a tag of a row.
    """

    opened = Signal(int)
    delete_requested = Signal(list)
    renamed = Signal(int, str)
    menu_requested = Signal(list, QPoint)
    tag_clicked = Signal(str)

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(model, model, parent)
        self._rows = model
        self._current_id: int | None = None
        self._pressed = QModelIndex()
        self._kept: tuple[list[int], int | None, int | None, int] = ([], None, None, 0)
        self._field: TitleField | None = None
        self._delegate = ConversationDelegate(model, self)
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.setAccessibleName(_("Conversations"))
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        model.modelAboutToBeReset.connect(self._on_about_to_change)
        model.modelReset.connect(self._on_changed)
        model.modelReset.connect(self._on_rows)
        model.dataChanged.connect(self._on_rows)

    def show_current(self, conversation_id: int | None) -> None:
        """Mark the conversation at hand; scrolls to it when it is another one than before."""
        if len(self.chosen()) > 1 and self.hasFocus() and conversation_id == self._current_id:
            return
        index = self._rows.index_of(conversation_id)
        if index.isValid():
            self.setCurrentIndex(index)
            if conversation_id != self._current_id:
                self.scrollTo(index)
        else:
            self.selectionModel().clear()
        self._current_id = conversation_id

    def chosen(self) -> list[ConversationSummary]:
        """The selected conversations, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return self._rows.summaries(rows)

    def rename(self, conversation_id: int) -> None:
        """Let the title of a conversation be written anew, in its place."""
        index = self._rows.index_of(conversation_id)
        summary = self._summary(index)
        if summary is None:
            return
        self.scrollTo(index)
        place = self._delegate.title_rect(self.visualRect(index))
        self._field = TitleField(conversation_id, summary.title, place, self.viewport())
        self._field.written.connect(self.renamed)
        self._field.ended.connect(self._on_field_ended)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(on=False)
        at = event.position().toPoint()
        self._pressed = self.indexAt(at)
        if self._is_on_trash(at) or self._tag_at(at) is not None:
            return
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        summary = self._summary(index)
        if summary is None or event.button() != Qt.MouseButton.LeftButton or index != self._pressed:
            super().mouseReleaseEvent(event)
        elif self._is_on_trash(at):
            self.delete_requested.emit([summary.id])
        elif (tag := self._tag_at(at)) is not None:
            self.tag_clicked.emit(tag)
        else:
            super().mouseReleaseEvent(event)
            if not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            ):
                self.opened.emit(summary.id)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().toPoint())
        # Dragging over rows chooses nothing: several are chosen with Ctrl and Shift.
        if not event.buttons():
            super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(on=True)
        summary = self._summary(self.currentIndex())
        if summary is None:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(summary.id)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            chosen = [one.id for one in self.chosen()]
            self.delete_requested.emit(chosen if summary.id in chosen else [summary.id])
        elif event.key() == Qt.Key.Key_F2:
            self.rename(summary.id)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        if tabbed and self._summary(self.currentIndex()) is None:
            # Row 0 is a heading.
            first = self._rows.index(1)
            self.selectionModel().setCurrentIndex(first, _Flag.NoUpdate)
        self._show_focus(on=tabbed)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            # Where the keys had moved to was not opened.
            self.show_current(self._current_id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        summary = self._summary(index)
        if summary is None:
            return
        at = self.visualRect(index).center() if by_key else event.pos()
        chosen = self.chosen()
        if summary.id not in {one.id for one in chosen}:
            chosen = [summary]
        self.menu_requested.emit(chosen, self.viewport().mapToGlobal(at))

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._field is not None:
            self._field.finish(keep=True)
        super().scrollContentsBy(dx, dy)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_rows()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._turning.stop()
        super().hideEvent(event)

    def _on_field_ended(self) -> None:
        self._field = None
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_about_to_change(self) -> None:
        """Keep what is chosen, and what stands at the top of the screen."""
        chosen = [summary.id for summary in self.chosen()]
        current = self._summary(self.currentIndex())
        first, offset = None, 0
        if self.verticalOffset() > 0:
            for row in self.rows_in_sight():
                if found := self._rows.summaries((row,)):
                    first, offset = found[0].id, self.top_of(row) - self.verticalOffset()
                    break
        self._kept = (chosen, None if current is None else current.id, first, offset)

    def _on_changed(self) -> None:
        chosen, current, first, offset = self._kept
        model = self.selectionModel()
        if (at := self._rows.index_of(current)).isValid():
            model.setCurrentIndex(at, _Flag.NoUpdate)
        for conversation_id in chosen:
            if (at := self._rows.index_of(conversation_id)).isValid():
                model.select(at, _Flag.Select)
        # Last, because Qt scrolls to what becomes the current one.
        index = self._rows.index_of(first)
        self.verticalScrollBar().setValue(self.top_of(index.row()) - offset if index.isValid() else 0)

    def _summary(self, index: QModelIndex) -> ConversationSummary | None:
        row = self._rows.row_at(index.row())
        return row if isinstance(row, ConversationSummary) else None

    def _is_on_trash(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        return self._summary(index) is not None and self._delegate.trash_rect(
            self.visualRect(index)
        ).contains(at)

    def _tag_at(self, at: QPoint) -> str | None:
        index = self.indexAt(at)
        summary = self._summary(index)
        return None if summary is None else self._delegate.tag_at(self.visualRect(index), summary, at)

    def _point(self, at: QPoint | None) -> None:
        self._delegate.pointer = at
        self.viewport().update()

    def _show_focus(self, *, on: bool) -> None:
        if self._delegate.keyboard != on:
            self._delegate.keyboard = on
            self.viewport().update()

    def _on_rows(self) -> None:
        if self.isVisible() and self._rows.is_running():
            self._turning.start()
        else:
            self._turning.stop()

    def _turn(self) -> None:
        self._delegate.turn += 1
        self.viewport().update()
