"""Joins the history and its panel: rows, opening, titles, pins, tags, the archive, deleting."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCursor, QPixmap

from desktop.core.model import AnswerState, Conversation, ConversationSummary
from desktop.core.summaries import Listed
from desktop.core.text import _, format_count, ngettext, printable
from desktop.tasks.backend import Backend
from desktop.tasks.listing import Rows
from desktop.ui.conversation_state import ConversationState
from desktop.ui.history.model import shown_title
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.history.tag_editor import TagEditor, open_below
from desktop.ui.messages import Messages
from desktop.ui.pictures import Pictures

_SEEN_MS = 30
_MOST_SAID = 60


class HistoryController(QObject):
    """Keeps the rows true and does what is wanted with them.

    Attributes:
        may_leave: whether the conversation at hand may be left; a private one is gone then.

    Signals:
        leaving(): another conversation is about to be opened; the draft at hand should be stored.
        opened(Conversation): another conversation is at hand.
        found(int, int): a conversation is at hand because of one of its messages, which should be seen.
        titled(str): the conversation at hand has another title.
        export_wanted(tuple, tuple): conversations are to be written to files: their ids and titles.
    """

    leaving = Signal()
    opened = Signal(object)
    found = Signal(int, int)
    titled = Signal(str)
    export_wanted = Signal(object, object)

    def __init__(
        self,
        backend: Backend,
        state: ConversationState,
        panel: HistoryPanel,
        pictures: Pictures,
        messages: Messages,
    ) -> None:
        super().__init__(panel)
        self._history = backend.history
        self._organising = backend.organising
        self._state = state
        self._panel = panel
        self._pictures = pictures
        self._messages = messages
        self.may_leave: Callable[[], bool] = lambda: True
        self._rows = Rows()
        self._tags: tuple[str, ...] = ()
        self._rows_by_picture: dict[str, set[int]] = {}
        self._seen_soon = QTimer(self, singleShot=True, interval=_SEEN_MS)
        self._seen_soon.timeout.connect(self._ask_for_thumbnails)
        self._connect()

    def _connect(self) -> None:
        history, organising, panel = self._history, self._organising, self._panel
        history.summarised.connect(self._on_summarised)
        history.archive_counted.connect(lambda count: panel.show_archived(count > 0))
        # A private one comes from nowhere: no row is at hand then.
        self._state.shown.connect(lambda shown: panel.view.show_current(shown.id))
        history.loaded.connect(self._on_loaded)
        history.restored.connect(self._on_loaded)
        history.found.connect(self.found)
        history.deleted.connect(self._on_deleted)
        history.changed_elsewhere.connect(self._on_changed_elsewhere)
        history.looked_again.connect(self._on_looked_again)
        history.opened.connect(organising.read_tags)
        organising.renamed.connect(self._on_renamed)
        organising.suggesting.connect(self._on_suggesting)
        organising.tags_read.connect(self._on_tags)
        organising.failed.connect(self._messages.show)
        self._pictures.arrived.connect(self._on_picture)
        panel.new_requested.connect(self.new_conversation)
        panel.opened.connect(self.open)
        panel.found_opened.connect(self.open_at)
        panel.delete_requested.connect(self.delete)
        panel.renamed.connect(organising.rename)
        panel.acted.connect(self._act)
        panel.listed_chosen.connect(self.show_listed)
        panel.rows_wanted.connect(history.read_more)
        panel.rows_seen.connect(self._seen_soon.start)

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

    def open_at(self, conversation_id: int, message_id: int) -> None:
        """Bring a conversation to hand, at the branch of one of its messages; `found` follows."""
        if conversation_id != self._state.current.id:
            if not self.may_leave():
                return
            self.leaving.emit()
        elif any(message.id == message_id for message in self._state.current.messages):
            self.found.emit(conversation_id, message_id)
            return
        elif self._state.live is not None:
            # Its branch is being written.
            return
        self._history.load_at(conversation_id, message_id)

    def open_latest(self) -> None:
        """Bring the first conversation of the list to hand, if there is one."""
        if self._rows.summaries:
            self.open(self._rows.summaries[0].id)

    def show_listed(self, listed: Listed) -> None:
        """List other conversations; what was searched is put away."""
        self._panel.search.clear()
        self._history.show(listed)

    def delete(self, conversation_ids: Sequence[int]) -> None:
        """Delete conversations; for as long as the notice is shown there is a way back."""
        ids = tuple(conversation_ids)
        if self._state.current.private and self._state.current.id in ids:
            # It was never stored: leaving it is all there is to it.
            self.new_conversation()
            return
        for conversation_id in ids:
            self._state.abandon(conversation_id)
        title, at_hand = self._title(ids[0]), self._state.current.id
        self._history.delete(*ids)
        if len(ids) == 1:
            text = _("“{title}” was deleted.").format(title=printable(title, limit=_MOST_SAID))
        else:
            text = ngettext("{count} conversation deleted.", "{count} conversations deleted.", len(ids))
            text = text.format(count=format_count(len(ids)))

        def undo() -> None:
            self._history.take_back(*ids)
            if at_hand in ids and not self._state.current.id:
                self.open(at_hand)

        self._messages.say(text, action=_("Undo"), callback=undo, ended=lambda: self._history.purge(*ids))

    def delete_current(self) -> None:
        """Delete the conversation at hand, the same way."""
        self.delete((self._state.current.id,))

    def show_rows(self) -> None:
        """Show the rows again, the one at hand chosen."""
        self._panel.show_summaries(
            self._rows.summaries,
            self._state.current.id,
            datetime.now(UTC).astimezone(),
            listed=self._rows.listed,
        )
        self._seen_soon.start()

    def _title(self, conversation_id: int) -> str:
        known = next((s for s in self._rows.summaries if s.id == conversation_id), None)
        if known is not None:
            return shown_title(known)
        return (self._state.current.title if self._state.current.id == conversation_id else "") or _(
            "Untitled"
        )

    def _act(self, name: str, ids: tuple[int, ...]) -> None:
        organising = self._organising
        act: dict[str, Callable[[], object]] = {
            "suggest": lambda: organising.suggest_title(ids[0]),
            "tags": lambda: self._edit_tags(ids[0]),
            "pin": lambda: organising.set_pinned(ids, pinned=True),
            "unpin": lambda: organising.set_pinned(ids, pinned=False),
            "archive": lambda: self._archive(ids),
            "export": lambda: self.export_wanted.emit(ids, tuple(map(self._title, ids))),
            "unarchive": lambda: organising.set_archived(ids, archived=False),
        }
        act[name]()

    def _archive(self, ids: tuple[int, ...]) -> None:
        self._organising.set_archived(ids, archived=True)
        text = ngettext("{count} conversation archived.", "{count} conversations archived.", len(ids))
        self._messages.say(
            text.format(count=format_count(len(ids))),
            action=_("Undo"),
            callback=lambda: self._organising.set_archived(ids, archived=False),
        )

    def _edit_tags(self, conversation_id: int) -> None:
        summary = next((s for s in self._rows.summaries if s.id == conversation_id), None)
        if summary is not None:
            editor = TagEditor(conversation_id, summary.tags, self._tags, self._panel.window())
            editor.changed.connect(self._organising.set_tags)
            open_below(editor, QCursor.pos())

    def _on_tags(self, tags: tuple[str, ...]) -> None:
        self._tags = tags

    def _on_renamed(self, conversation_id: int, title: str) -> None:
        self._state.rename(conversation_id, title)
        if conversation_id == self._state.current.id:
            self.titled.emit(title)

    def _on_suggesting(self, _conversation_id: int, on: bool) -> None:
        if on:
            self._messages.say(_("Asking the model for a title…"))

    def _on_summarised(self, rows: Rows) -> None:
        self._rows = rows
        self.show_rows()

    def _on_loaded(self, conversation: Conversation) -> None:
        self._state.show(conversation)
        self.opened.emit(self._state.current)
        self._panel.view.show_current(self._state.current.id)

    def _on_deleted(self, conversation_id: int) -> None:
        if conversation_id == self._state.current.id:
            self._history.load(0)

    def _on_changed_elsewhere(self) -> None:
        """An answer that the terminal awaits is shown as it comes, and its end."""
        if self._is_answered_elsewhere(self._state.current):
            self._history.look_again(self._state.current.id)

    def _on_looked_again(self, conversation: Conversation) -> None:
        if conversation.id == self._state.current.id and self._is_answered_elsewhere(self._state.current):
            self._state.show(conversation)

    def _is_answered_elsewhere(self, conversation: Conversation) -> bool:
        states = (message.state for message in conversation.messages)
        return bool(conversation.id) and self._state.live is None and AnswerState.RUNNING in states

    def _ask_for_thumbnails(self) -> None:
        for summary in self._panel.seen():
            if summary.thumbnail is not None and not self._panel.has_thumbnail(summary.id):
                self._fetch(summary)

    def _fetch(self, summary: ConversationSummary) -> None:
        if summary.thumbnail is None:
            return
        self._rows_by_picture.setdefault(summary.thumbnail.sha256, set()).add(summary.id)
        pixmap = self._pictures.get(summary.thumbnail)
        if pixmap is not None:
            self._on_picture(summary.thumbnail.sha256, pixmap)

    def _on_picture(self, sha256: str, pixmap: QPixmap) -> None:
        for conversation_id in self._rows_by_picture.pop(sha256, ()):
            self._panel.set_thumbnail(conversation_id, pixmap)
