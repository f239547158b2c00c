"""The history for the window: reads and writes on the store's threads, results in the GUI thread."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.futures import then
from desktop.core.model import Conversation, ConversationSummary, Draft
from desktop.core.problems import Code, Problem
from desktop.core.summaries import Listed
from desktop.store.finding import Purged
from desktop.store.store import Store
from desktop.system.clock import now_utc
from desktop.tasks.delivery import Delivery
from desktop.tasks.late_words import keep_late_words
from desktop.tasks.listing import Rows, is_listed, order

T = TypeVar("T")

PAGE = 100
"""So many rows are read at once: the first ones are there at once, however many there are."""
POLL_MS = 1000
"""How often another process's writes are looked for; the window shows them within two seconds."""
LOCKED_MS = 2000
"""While another program has the history locked, it is tried again after so long."""
OPEN_KEY = "open_conversation"


class HistoryTasks(QObject):
    """Conversations, drafts and what was open.

    Attributes:
        careful: what was open is not brought back when the history is opened, but by `bring_back`.

    Signals:
        opened(): the store is ready; first of all.
        noticed(Problem): the store has something to say, such as a damaged file that was set aside.
        summarised(Rows): the list, whenever it has changed.
        archive_counted(int): so many conversations are in the archive.
        loaded(Conversation): the conversation asked for with `load`.
        found(int, int): the conversation asked for with `load_at` is `loaded`, and the message to be shown.
        restored(Conversation): the one that was open when the window was closed last, or an empty one.
        looked_again(Conversation): the conversation asked for with `look_again`, as another process left it.
        deleted(int): a conversation is listed nowhere any more.
        taken_back(int): a deleted conversation is there again.
        unowned(set): `ImageFacts.source_id` of images that went for good with their last conversation.
        carried_changed(Conversation): an image was left out or taken back; the conversation as it is now.
        changed_elsewhere(): another process has written.
        delayed(): the last session's images come later: another program has the history locked, and it is
            opened once that is over; or nothing is brought back for now.
        failed(Problem): an operation did not work.
    """

    opened = Signal()
    noticed = Signal(object)
    summarised = Signal(object)
    archive_counted = Signal(int)
    loaded = Signal(object)
    found = Signal(int, int)
    restored = Signal(object)
    looked_again = Signal(object)
    deleted = Signal(int)
    taken_back = Signal(int)
    unowned = Signal(set)
    carried_changed = Signal(object)
    changed_elsewhere = Signal()
    delayed = Signal()
    failed = Signal(object)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        self._rows = Rows()
        self._told = False
        self._reading_more = False
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look_for_changes)
        self._looking = False
        self._closed = False
        self._saving: Future[None] | None = None
        self._open_again = QTimer(self, singleShot=True, interval=LOCKED_MS)
        self._open_again.timeout.connect(self.open)
        self._told_locked = False
        self.careful = False
        self._last_open = 0

    def open(self) -> None:
        """Open the store in the background, also if it has to be tried again; tell what is in it."""
        self._follow(self._store.open, self._on_open, self._on_not_open)

    # The list

    @property
    def rows(self) -> Rows:
        """The list as far as it was read."""
        return self._rows

    def show(self, listed: Listed) -> None:
        """List other conversations, from the first page on."""
        self._rows = Rows(listed=listed)
        self._told = False
        self.refresh()

    def refresh(self) -> None:
        """Read the first page of the list again; what has changed is there, or was told of."""
        listed = self._rows.listed
        self._follow(
            lambda: self._store.finding.summaries(listed, limit=PAGE + 1), partial(self._on_first, listed)
        )

    def read_more(self) -> None:
        """Read the next page of the list."""
        rows = self._rows
        if rows.more and not self._reading_more:
            self._reading_more = True
            self._follow(
                lambda: self._store.finding.summaries(
                    rows.listed, after=rows.summaries[-1].place, limit=PAGE + 1
                ),
                partial(self._on_more, rows.listed, rows.summaries[-1].place),
                self._on_no_more,
            )

    def refresh_of(self, conversation_ids: Sequence[int]) -> None:
        """Read the rows of these again: they have changed."""
        ids = tuple(conversation_ids)
        self._follow(lambda: self._store.finding.summaries_of(ids), partial(self._on_changed, ids))

    # Conversations

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

    def look_again(self, conversation_id: int) -> None:
        """Read a conversation that another process writes; its draft, which is at hand, is not looked at."""
        self._follow(lambda: self._store.conversation(conversation_id), self.looked_again.emit, _gone)

    def load_at(self, conversation_id: int, message_id: int) -> None:
        """The same at the branch of one of its messages, which `found` then tells."""
        self.remember_open(conversation_id)

        def tell(conversation: Conversation) -> None:
            self.loaded.emit(conversation)
            self.found.emit(conversation_id, message_id)

        def look(conversation: Conversation) -> None:
            if any(message.id == message_id for message in conversation.messages):
                tell(conversation)
                return
            self._follow(
                lambda: self._store.show_version(conversation_id, message_id),
                tell,
                # A folder that cannot be written: the branch as far as the message.
                lambda _problem: self._follow(
                    lambda: self._store.conversation(conversation_id, leaf=message_id), tell
                ),
            )

        self._read(conversation_id, look)

    def delete(self, *conversation_ids: int) -> None:
        """Take conversations out of every list; `take_back` brings them back until `purge`."""
        moment = now_utc()

        def tell(_none: None) -> None:
            self._take_out(conversation_ids)
            for conversation_id in conversation_ids:
                self.deleted.emit(conversation_id)

        self._follow(lambda: self._store.finding.set_deleted(conversation_ids, moment), tell)

    def take_back(self, *conversation_ids: int) -> None:
        """Undo `delete`."""

        def tell(_none: None) -> None:
            self.refresh_of(conversation_ids)
            for conversation_id in conversation_ids:
                self.taken_back.emit(conversation_id)

        self._follow(lambda: self._store.finding.set_deleted(conversation_ids, None), tell)

    def purge(self, *conversation_ids: int) -> None:
        """Delete for good those of these that are deleted."""
        self._follow(lambda: self._store.finding.purge(conversation_ids), self._on_purged)

    def save_draft(self, conversation_id: int, draft: Draft) -> None:
        """Keep what is being written."""
        saving = self._saving = self._store.save_draft(conversation_id, draft)
        self._follow(lambda: saving, _done)

    def add_to_draft(self, text: str) -> None:
        """Keep words that were typed before the draft was read, below it. Waits: the window ends."""
        keep_late_words(self._store, OPEN_KEY, text)

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
        def read(_none: None = None) -> Future[Conversation]:
            if conversation_id:
                return self._store.conversation(conversation_id)
            return then(self._store.draft(0), _empty_with)

        # A draft is read after it was written, however long the disk takes: the two are different threads.
        self._follow(lambda: then(_ended(self._saving), read), tell)

    def bring_back(self) -> None:
        """Open what was open last, which a careful start has left out."""
        self.load(self._last_open)

    def _on_open(self, _none: None) -> None:
        if self.careful:
            self.delayed.emit()
        # Before all that others ask for now: what is to be seen comes first.
        self.refresh()
        self._follow(lambda: self._store.recall(OPEN_KEY), self._restore)
        self.opened.emit()
        for notice in self._store.notices:
            self.noticed.emit(notice)
        # Nobody can take back any more what the last window deleted, whatever became of that window.
        self._follow(lambda: self._store.finding.purge(with_texts=True), _done, _done)
        self._poll.start()

    def _on_not_open(self, trouble: Problem) -> None:
        if trouble.code is not Code.DATABASE_LOCKED:
            self._on_failed(trouble)
            return
        if not self._told_locked:
            self._told_locked = True
            self.noticed.emit(trouble)
            self.delayed.emit()
        self._open_again.start()

    def _restore(self, remembered: str | None) -> None:
        conversation_id = int(remembered) if remembered and remembered.isdigit() else 0
        if self.careful:
            self._last_open = conversation_id
            # The images of a draft are looked at as soon as they are selected.
            self._read(
                0, lambda empty: self.restored.emit(replace(empty, draft=replace(empty.draft, images=())))
            )
            return
        if not conversation_id:
            self._read(0, self.restored.emit)
            return
        self._follow(
            lambda: self._store.conversation(conversation_id),
            self.restored.emit,
            lambda _problem: self._read(0, self.restored.emit),
        )

    def _tell(self, summaries: tuple[ConversationSummary, ...], *, more: bool) -> None:
        known = {summary.id: summary for summary in self._rows.summaries[: 2 * PAGE]}
        # The same objects where nothing has changed: whoever shows them finds quickly what has.
        top = tuple(known[s.id] if known.get(s.id) == s else s for s in summaries[: 2 * PAGE])
        summaries = (*top, *summaries[2 * PAGE :])
        if self._told and summaries == self._rows.summaries and more == self._rows.more:
            return
        self._told = True
        self._rows = Rows(summaries, more, self._rows.listed)
        self.summarised.emit(self._rows)
        self._follow(self._store.finding.count_archived, self.archive_counted.emit)

    def _on_first(self, listed: Listed, found: tuple[ConversationSummary, ...]) -> None:
        if listed != self._rows.listed:
            return
        page, known = found[:PAGE], self._rows.summaries
        if len(found) <= PAGE or len(known) <= PAGE:
            self._tell(page, more=len(found) > PAGE)
            return
        new = {summary.id for summary in page}
        at = bisect_right(known, order(page[-1]), key=order)
        below = [summary for summary in known[at:] if summary.id not in new]
        self._tell((*page, *below), more=self._rows.more)

    def _on_more(
        self, listed: Listed, place: tuple[int, int], found: tuple[ConversationSummary, ...]
    ) -> None:
        self._reading_more = False
        known = self._rows.summaries
        # The list may have changed meanwhile; scrolling asks again.
        if listed == self._rows.listed and known and known[-1].place == place:
            self._tell((*known, *found[:PAGE]), more=len(found) > PAGE)

    def _on_no_more(self, trouble: Problem) -> None:
        self._reading_more = False
        self._on_failed(trouble)

    def _on_changed(self, ids: tuple[int, ...], found: tuple[ConversationSummary, ...]) -> None:
        rows, changed = self._rows, set(ids)
        kept = [summary for summary in rows.summaries if summary.id not in changed]
        for summary in found:
            if not is_listed(summary, rows.listed):
                continue
            at = bisect_right(kept, order(summary), key=order)
            # Below what was read: it comes when that is read.
            if at < len(kept) or not rows.more:
                kept.insert(at, summary)
        self._tell(tuple(kept), more=rows.more)

    def _take_out(self, conversation_ids: Sequence[int]) -> None:
        kept = tuple(s for s in self._rows.summaries if s.id not in conversation_ids)
        self._tell(kept, more=self._rows.more)
        if self._rows.more and len(kept) < PAGE:
            self.refresh()

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

    def _on_purged(self, purged: Purged) -> None:
        if purged.source_ids:
            self.unowned.emit(set(purged.source_ids))

    def _on_failed(self, trouble: Problem) -> None:
        self.failed.emit(trouble)


def _ended(saving: Future[None] | None) -> Future[None]:
    """Is there when the saving is over, however it ended."""
    over: Future[None] = Future()
    if saving is None:
        over.set_result(None)
    else:
        saving.add_done_callback(lambda _saved: over.set_result(None))
    return over


def _empty_with(draft: Draft) -> Future[Conversation]:
    made: Future[Conversation] = Future()
    made.set_result(Conversation(draft=draft))
    return made


def _done(_result: object) -> None:
    """Needs no answer."""


def _gone(_trouble: Problem) -> None:
    """What another process deletes meanwhile is said when something is done with it."""
