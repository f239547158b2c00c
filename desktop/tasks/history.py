"""The history for the window: reads and writes on the store's threads, results in the GUI thread."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.model import Conversation, Draft
from desktop.core.problems import Code, Problem
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery

T = TypeVar("T")

POLL_MS = 1000
"""How often another process's writes are looked for; the window shows them within two seconds."""
LOCKED_MS = 2000
"""While another program has the history locked, it is tried again after so long."""
OPEN_KEY = "open_conversation"


class HistoryTasks(QObject):
    """Conversations, drafts and what was open.

    Signals:
        opened(): the store is ready; first of all.
        noticed(Problem): the store has something to say, such as a damaged file that was set aside.
        summarised(tuple): the rows of the history, newest first.
        loaded(Conversation): the conversation asked for with `load`.
        restored(Conversation): the one that was open when the window was closed last, or an empty one.
        deleted(int): a conversation is gone.
        carried_changed(Conversation): an image was left out or taken back; the conversation as it is now.
        changed_elsewhere(): another process has written.
        failed(Problem): an operation did not work.
    """

    opened = Signal()
    noticed = Signal(object)
    summarised = Signal(object)
    loaded = Signal(object)
    restored = Signal(object)
    deleted = Signal(int)
    carried_changed = Signal(object)
    changed_elsewhere = Signal()
    failed = Signal(object)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look_for_changes)
        self._looking = False
        self._closed = False
        self._open_again = QTimer(self, singleShot=True, interval=LOCKED_MS)
        self._open_again.timeout.connect(self.open)
        self._told_locked = False

    def open(self) -> None:
        """Open the store in the background, also if it has to be tried again; tell what is in it."""
        self._follow(self._store.open, self._on_open, self._on_not_open)

    def refresh(self) -> None:
        """Tell the rows of the history again."""
        self._follow(self._store.summaries, self.summarised.emit)

    def load(self, conversation_id: int) -> None:
        """Read one conversation and remember it as the open one; 0 is the empty one with its draft."""
        self.remember_open(conversation_id)
        self._read(conversation_id, self.loaded.emit)

    def read(self, conversation_id: int, read: Callable[[Conversation], None]) -> None:
        """Read the branch at hand of a conversation, and hand it over."""
        self._read(conversation_id, read)

    def show_version(
        self, conversation_id: int, message_id: int, shown: Callable[[Conversation], None]
    ) -> None:
        """Bring the branch through a message to hand, and hand it over."""
        self._follow(lambda: self._store.show_version(conversation_id, message_id), shown)

    def delete(self, conversation_id: int) -> None:
        """Delete a conversation and the images that only it had."""
        self._follow(
            lambda: self._store.delete(conversation_id), lambda _none: self._on_deleted(conversation_id)
        )

    def save_draft(self, conversation_id: int, draft: Draft) -> None:
        """Keep what is being written."""
        self._follow(lambda: self._store.save_draft(conversation_id, draft), _done)

    def set_left_out(self, conversation_id: int, attachments: Sequence[int], *, left_out: bool) -> None:
        """Take images out of what follow-ups carry, or back in."""
        self._follow(
            lambda: self._store.set_left_out(attachments, left_out=left_out),
            lambda _none: self._read(conversation_id, self.carried_changed.emit),
        )

    def remember_open(self, conversation_id: int) -> None:
        """This conversation comes back at the next start."""
        self._follow(lambda: self._store.remember(OPEN_KEY, str(conversation_id)), _done)

    def close(self) -> None:
        """Ask the store for nothing more; it is closed by its owner."""
        self._closed = True
        self._poll.stop()
        self._open_again.stop()

    def _follow(
        self,
        start: Callable[[], Future[T]],
        succeeded: Callable[[T], None],
        failed: Callable[[Problem], None] | None = None,
    ) -> None:
        # Signals that were on their way when the window closed still arrive.
        if not self._closed:
            self._delivery.follow(start(), succeeded, failed or self._on_failed)

    def _read(self, conversation_id: int, tell: Callable[[Conversation], None]) -> None:
        if conversation_id:
            self._follow(lambda: self._store.conversation(conversation_id), tell)
        else:
            self._follow(lambda: self._store.draft(0), lambda draft: tell(Conversation(draft=draft)))

    def _on_open(self, _none: None) -> None:
        self.opened.emit()
        for notice in self._store.notices:
            self.noticed.emit(notice)
        self.refresh()
        self._follow(lambda: self._store.recall(OPEN_KEY), self._restore)
        self._poll.start()

    def _on_not_open(self, trouble: Problem) -> None:
        if trouble.code is not Code.DATABASE_LOCKED:
            self._on_failed(trouble)
            return
        if not self._told_locked:
            self._told_locked = True
            self.noticed.emit(trouble)
        self._open_again.start()

    def _restore(self, remembered: str | None) -> None:
        conversation_id = int(remembered) if remembered and remembered.isdigit() else 0
        if not conversation_id:
            self._read(0, self.restored.emit)
            return
        self._follow(
            lambda: self._store.conversation(conversation_id),
            self.restored.emit,
            lambda _problem: self._read(0, self.restored.emit),
        )

    def _look_for_changes(self) -> None:
        if not self._looking:
            self._looking = True
            self._follow(self._store.changed, self._on_looked, self._on_look_failed)

    def _on_looked(self, changed: bool) -> None:
        self._looking = False
        if changed:
            self.refresh()
            self.changed_elsewhere.emit()

    def _on_look_failed(self, _problem: Problem) -> None:
        self._looking = False

    def _on_deleted(self, conversation_id: int) -> None:
        self.deleted.emit(conversation_id)
        self.refresh()

    def _on_failed(self, trouble: Problem) -> None:
        self.failed.emit(trouble)


def _done(_none: None) -> None:
    """A write that needs no answer."""
