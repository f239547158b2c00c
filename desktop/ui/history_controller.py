"""Joins the history and its panel: rows, opening, deleting."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from desktop.core.model import Conversation, ConversationSummary
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.conversation_state import ConversationState
from desktop.ui.dialogs import confirm
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.pictures import Pictures

MAX_THUMBNAILS = 60
"""Rows whose picture is fetched at once; the first screens of the list."""


class HistoryController(QObject):
    """Keeps the rows true and opens what is clicked.

    Attributes:
        may_leave: whether the conversation at hand may be left; a private one is gone then.

    Signals:
        leaving(): another conversation is about to be opened; the draft at hand should be stored.
        opened(Conversation): another conversation is at hand.
    """

    leaving = Signal()
    opened = Signal(object)

    def __init__(
        self, backend: Backend, state: ConversationState, panel: HistoryPanel, pictures: Pictures
    ) -> None:
        super().__init__(panel)
        self._history = backend.history
        self._state = state
        self._panel = panel
        self._pictures = pictures
        self.may_leave: Callable[[], bool] = lambda: True
        self._summaries: tuple[ConversationSummary, ...] = ()
        self._rows_by_picture: dict[str, list[int]] = {}
        self._history.summarised.connect(self._on_summarised)
        self._history.loaded.connect(self._on_loaded)
        self._history.restored.connect(self._on_loaded)
        self._history.deleted.connect(self._on_deleted)
        pictures.arrived.connect(self._on_picture)
        panel.new_requested.connect(self.new_conversation)
        panel.opened.connect(self.open)
        panel.delete_requested.connect(self.ask_to_delete)

    def new_conversation(self) -> None:
        """Begin an empty conversation; its unfinished draft, if there is one, comes back."""
        if self.may_leave():
            self.leaving.emit()
            self._history.load(0)

    def open(self, conversation_id: int) -> None:
        """Bring a conversation to hand."""
        if conversation_id != self._state.current.id and self.may_leave():
            self.leaving.emit()
            self._history.load(conversation_id)

    def open_latest(self) -> None:
        """Bring the conversation of the newest message to hand, if there is one."""
        if self._summaries:
            self.open(self._summaries[0].id)

    def ask_to_delete(self, conversation_id: int) -> None:
        """Delete a conversation after asking."""
        title = next((s.title for s in self._summaries if s.id == conversation_id), self._state.current.title)
        sure = confirm(
            self._panel.window(),
            title=_("Delete conversation"),
            text=_(
                "Delete “{title}”? Its questions, answers and the copies of images that were sent "
                "are removed. The files on your computer stay."
            ).format(title=title),
            action=_("Delete"),
            danger=True,
        )
        if sure:
            self._state.abandon(conversation_id)
            self._history.delete(conversation_id)

    def show_rows(self) -> None:
        """Show the rows again, the one at hand chosen."""
        self._panel.show_summaries(self._summaries, self._state.current.id, datetime.now(UTC).astimezone())
        self._rows_by_picture = {}
        for summary in self._summaries[:MAX_THUMBNAILS]:
            if summary.thumbnail is None:
                continue
            self._rows_by_picture.setdefault(summary.thumbnail.sha256, []).append(summary.id)
            pixmap = self._pictures.get(summary.thumbnail)
            if pixmap is not None:
                self._panel.set_thumbnail(summary.id, pixmap)

    def _on_summarised(self, summaries: tuple[ConversationSummary, ...]) -> None:
        self._summaries = summaries
        self.show_rows()

    def _on_loaded(self, conversation: Conversation) -> None:
        self._state.show(conversation)
        self.opened.emit(self._state.current)
        self.show_rows()

    def _on_deleted(self, conversation_id: int) -> None:
        if conversation_id == self._state.current.id:
            self._history.load(0)

    def _on_picture(self, sha256: str, pixmap: QPixmap) -> None:
        for conversation_id in self._rows_by_picture.get(sha256, []):
            self._panel.set_thumbnail(conversation_id, pixmap)
