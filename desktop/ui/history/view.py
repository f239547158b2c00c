"""The list of conversations: opening, deleting, moving with keys."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.history.delegate import ConversationDelegate
from desktop.ui.history.model import HistoryModel
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_TURN_MS = 80


class HistoryView(QListView):
    """Conversations under their headings. A click or Enter opens, Delete asks for deletion.

    Signals:
        opened(int): id of the conversation to open.
        delete_requested(int): id of the conversation to delete.
    """

    opened = Signal(int)
    delete_requested = Signal(int)

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._current_id: int | None = None
        self._menu_id = 0
        self._delegate = ConversationDelegate(model, self)
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.setAccessibleName(_("Conversations"))
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        OverlayScrollBar(self)
        model.modelReset.connect(self._on_rows)
        model.dataChanged.connect(self._on_rows)
        theme.current().changed.connect(self.viewport().update)

    def show_current(self, conversation_id: int | None) -> None:
        """Mark the conversation at hand; scrolls to it when it is another one than before."""
        index = self._rows.index_of(conversation_id)
        if index.isValid():
            self.setCurrentIndex(index)
            if conversation_id != self._current_id:
                self.scrollTo(index)
        else:
            self.selectionModel().clear()
        self._current_id = conversation_id

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(on=False)
        if self._is_on_trash(event.position().toPoint()):
            return
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        summary = self._summary(self.indexAt(at))
        if summary is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
        elif self._is_on_trash(at):
            self.delete_requested.emit(summary.id)
        else:
            super().mouseReleaseEvent(event)
            self.opened.emit(summary.id)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().toPoint())
        super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(on=True)
        summary = self._summary(self.currentIndex())
        if summary is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(summary.id)
        elif summary is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_requested.emit(summary.id)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        if tabbed and not self.currentIndex().isValid():
            # Row 0 is a heading.
            first = self._rows.index(1)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._show_focus(on=tabbed)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
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
        self._menu(summary.id).popup(self.viewport().mapToGlobal(at))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_rows()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._turning.stop()
        super().hideEvent(event)

    def _menu(self, conversation_id: int) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Open")).triggered.connect(self._on_menu_open)
        delete = menu.addAction(theme.current().icon("trash-2"), _("Delete…"))
        delete.triggered.connect(self._on_menu_delete)
        self._menu_id = conversation_id
        return menu

    def _on_menu_open(self) -> None:
        self.opened.emit(self._menu_id)

    def _on_menu_delete(self) -> None:
        self.delete_requested.emit(self._menu_id)

    def _summary(self, index: QModelIndex) -> ConversationSummary | None:
        row = self._rows.row_at(index.row())
        return row if isinstance(row, ConversationSummary) else None

    def _is_on_trash(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        return self._summary(index) is not None and self._delegate.trash_rect(
            self.visualRect(index)
        ).contains(at)

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
