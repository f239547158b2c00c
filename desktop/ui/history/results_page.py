"""What was found, in the place of the list: a line that says how it stands, and the results."""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import SentImage
from desktop.core.search import FoundConversation
from desktop.core.text import _, format_count, ngettext
from desktop.ui.history.result_delegate import ResultDelegate
from desktop.ui.history.results import Result, ResultsModel
from desktop.ui.history.rows_view import RowsView
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import label

_Flag = QItemSelectionModel.SelectionFlag


class ResultsView(RowsView):
    """Results; a click or Enter opens one.

    Signals:
        opened(int, int): a conversation and the message that was found.
        left(): Esc.
    """

    opened = Signal(int, int)
    left = Signal()

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, model, parent)
        self._results = model
        self._delegate = ResultDelegate(model, self)
        self.setAccessibleName(_("Found conversations"))
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def current(self) -> Result | None:
        """The chosen result."""
        return self._results.row_at(self.currentIndex().row())

    def choose(self, row: int) -> None:
        """Choose the result in a row, or the nearest one."""
        count = self._results.rowCount()
        if count:
            index = self._results.index(min(max(row, 0), count - 1))
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
            self.scrollTo(index)

    def open_current(self) -> None:
        """Open what is chosen, if something is."""
        result = self.current()
        if result is not None:
            self.opened.emit(result.summary.id, result.hit.message_id)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.open_current()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._delegate.pointer = event.position().toPoint()
        self.viewport().update()
        if not event.buttons():
            super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._delegate.pointer = None
        self.viewport().update()
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ResultsPage(QWidget):
    """One line above the results.

    Attributes:
        view: the results.

    Signals:
        opened(int, int): a conversation and the message that was found.
        more_wanted(): the end of the results comes into sight.
        thumbnails_wanted(list): `SentImage`s of the results on the screen that have no picture.
        closed(): what was found by an image is to be put away.
    """

    opened = Signal(int, int)
    more_wanted = Signal()
    thumbnails_wanted = Signal(list)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ResultsModel(self)
        self.view = ResultsView(self._model)
        self._said = label("", "section")
        self._said.setContentsMargins(6, 10, 6, 4)
        self._said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._close = icon_button("x", _("Show all conversations"), size_px=26)
        self._close.clicked.connect(self.closed)
        self._close.hide()
        top = QHBoxLayout()
        top.addWidget(self._said, 1)
        top.addWidget(self._close)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        self.view.opened.connect(self.opened)
        self.view.near_end.connect(self.more_wanted)
        self.view.seen.connect(self._ask_for_thumbnails)

    @property
    def said(self) -> str:
        """The line above the results."""
        return self._said.text()

    def show_searching(self) -> None:
        """Nothing is known yet."""
        self._model.show((), self._model.now)
        self._said.setText(_("Searching…"))

    def show_trouble(self, sentence: str) -> None:
        """Say why nothing can be found."""
        self._model.show((), self._model.now)
        self._close.show()
        self._said.setText(sentence)

    def show_found(
        self, found: Iterable[FoundConversation], now: datetime, *, more: bool, image: bool, unindexed: int
    ) -> None:
        """Show results; the chosen one stays chosen where they are only more than before."""
        told = tuple(found)
        at = self.view.currentIndex().row()
        before = self._model.row_at(0)
        top = self.view.verticalScrollBar().value()
        grew = before is not None and bool(told) and told[0].hits[0] == before.hit
        self._model.show(told, now)
        self.view.choose(at if grew and at >= 0 else 0)
        self.view.verticalScrollBar().setValue(top if grew else 0)
        self._close.setVisible(image)
        self._said.setText(_say(len(told), more=more, image=image, unindexed=unindexed))

    def set_thumbnail(self, sha256: str, pixmap: QPixmap) -> None:
        """Show a picture where it belongs."""
        self._model.set_thumbnail(sha256, pixmap)

    def _ask_for_thumbnails(self) -> None:
        rows = [self._model.row_at(at) for at in self.view.rows_in_sight()]
        lacking: list[SentImage] = [
            row.summary.thumbnail
            for row in rows
            if row is not None and row.summary.thumbnail is not None and self._model.thumbnail(row) is None
        ]
        if lacking:
            self.thumbnails_wanted.emit(lacking)


def _say(count: int, *, more: bool, image: bool, unindexed: int) -> str:
    if image and not count:
        return _("No conversation has this image.")
    if not count:
        said = _("Nothing found.")
    else:
        text = ngettext("{count} conversation", "{count} conversations", count)
        said = text.format(count=format_count(count) + ("+" if more else ""))
    if unindexed > _MOST_SILENT:
        text = ngettext(
            "{count} message is still to be indexed.", "{count} messages are still to be indexed.", unindexed
        )
        said = f"{said}\n{text.format(count=format_count(unindexed))}"
    return said


_MOST_SILENT = 20
"""So few are indexed before anybody has read that they are not."""
