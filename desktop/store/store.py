"""The door to the history: every method gives a Future, writes run on one thread and reads on another."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from desktop.core.archive import ArchivedConversation, Imported
from desktop.core.asked import Asked
from desktop.core.gallery_items import GalleryItem, ItemPlace
from desktop.core.ledger import Learned, RequestImage, Spending
from desktop.core.model import (
    Attachment,
    Conversation,
    ConversationSummary,
    Draft,
    Message,
    SentImage,
)
from desktop.core.options import Options
from desktop.core.problems import Problem
from desktop.core.summaries import Listed
from desktop.store import asked, conversations, drafts, found_text, gallery, images, questions, watched
from desktop.store.batches import Batches
from desktop.store.connections import has_full_text_search
from desktop.store.export_rows import read_archived, read_titles
from desktop.store.failures import environment_named
from desktop.store.finding import Finding
from desktop.store.import_rows import import_conversation, let_go
from desktop.store.learning import read_learned
from desktop.store.ledger import note_spent
from desktop.store.opening import Opened, close_history, open_history
from desktop.store.questions import Beginning
from desktop.store.spending import MAX_IMAGE_ROWS, read_spending, spent_in
from desktop.store.writing import Writing

T = TypeVar("T")


class Store:
    """The history in one folder. Call `open` first and `close` last; any thread may call, none is blocked.

    The Futures fail with `ProblemError` for what the environment did (DISK_FULL, FOLDER_READ_ONLY,
    DATABASE_LOCKED, DATABASE_DAMAGED, DATABASE_NEWER) and with any other exception for our own mistakes. If
    `open` fails, so does everything after it, with the same problem.

    Attributes:
        folder: where everything is.
        notices: what the user must be told after opening: a damaged file that was set aside
            (DATABASE_SALVAGED, or DATABASE_DAMAGED, with ``file``), no room for the reserve (DISK_FULL); or
            why a copy stands in for the history (FOLDER_READ_ONLY, DISK_FULL, DATABASE_NEWER,
            DATABASE_DAMAGED), and then NOTHING_STORED.
        can_search: whether this SQLite has FTS5.
        finding: lists, orders, deletes and finds conversations.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notices: tuple[Problem, ...] = ()
        self.can_search = False
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._writes = Writing(self._now_open)
        self.finding = Finding(
            lambda: self._now_open().folder, self._read, self._write, self._writes.renew_reserve
        )
        self._batches = Batches(self._writing.submit, self._writes.write)
        # Images of this session, where a temporary folder stands in for the history's.
        self._put_aside: set[str] = set()
        self._opened: Future[Opened] | None = None
        self._closed = False
        self._data_version = 0

    def open(self) -> Future[None]:
        """Open or create the history, on the writing thread; may take seconds. Other calls wait for it.

        Fails with:
            ProblemError: DATABASE_LOCKED; it may be called again then. A history that cannot be written is no
                failure: it is read, what comes is kept for this session, and `notices` says so.
        """
        self._opened = self._writing.submit(open_history, self.folder)
        return self._writing.submit(self._after_opening)

    def _after_opening(self) -> None:
        opened = self._now_open()
        self.notices = opened.notices
        # A connection of its own: the reader's may be closed by its own thread meanwhile, and SQLite crashes.
        with closing(sqlite3.connect(":memory:")) as connection:
            self.can_search = has_full_text_search(connection)
        if opened.writer is not None:
            self._data_version = _data_version(opened.writer)

    def close(self) -> None:
        """Finish what was begun, then let go of the files. Blocks; may be called more than once."""
        if self._closed:
            return
        self._closed = True
        self._batches.close()
        if self._opened is not None:
            self._reading.submit(self._close_reader)
        self._reading.shutdown(wait=True)
        if self._opened is not None:
            self._writing.submit(self._close_writer)
        self._writing.shutdown(wait=True)

    def _close_reader(self) -> None:
        self._now_open().reader.close()

    def _close_writer(self) -> None:
        self._writes.pay()
        close_history(self._now_open())

    # Conversations

    def summaries(self) -> Future[tuple[ConversationSummary, ...]]:
        """The whole list; `finding.summaries` gives a part of it."""
        return self.finding.summaries(Listed())

    def conversation(self, conversation_id: int, *, leaf: int | None = None) -> Future[Conversation]:
        """The branch at hand, or the one that ends with ``leaf``, with the draft; CONVERSATION_GONE."""
        return self._read(lambda c: conversations.read_conversation(c, conversation_id, leaf=leaf))

    def rename(self, conversation_id: int, title: str) -> Future[None]:
        """Give a conversation another title; CONVERSATION_GONE."""
        return self._write(lambda c: conversations.rename(c, conversation_id, title))

    def delete(self, conversation_id: int) -> Future[None]:
        """Delete a conversation for good, and the images that no other one has. Works on a full disk."""

        def work(connection: sqlite3.Connection) -> None:
            self.finding.delete_for_good(connection, (conversation_id,))

        return self._write(work, precious=True, make_room=self.finding.give_back)

    def set_left_out(self, attachment_ids: Sequence[int], left_out: bool) -> Future[None]:
        """Take images out of what follow-ups carry, or put them back."""
        return self._write(lambda c: conversations.set_left_out(c, attachment_ids, left_out=left_out))

    def show_version(self, conversation_id: int, message_id: int) -> Future[Conversation]:
        """Bring another branch to hand; see `conversations.show_version`."""
        return self._write(lambda c: conversations.show_version(c, conversation_id, message_id))

    def set_once(self, attachment_ids: Sequence[int], once: bool) -> Future[None]:
        """Have images leave with the next answer, or stay."""
        return self._write(lambda c: conversations.set_once(c, attachment_ids, once=once))

    def set_stand_in(self, attachment_id: int, text: str) -> Future[None]:
        """Have follow-ups carry a text in the place of an image; an empty one brings the image back."""
        return self._write(lambda c: conversations.set_stand_in(c, attachment_id, text))

    def set_options(self, conversation_id: int, options: Options) -> Future[None]:
        """How the next questions are to be answered; CONVERSATION_GONE."""
        return self._write(lambda c: conversations.set_options(c, conversation_id, options))

    # Questions

    def begin(self, beginning: Beginning) -> Future[Conversation]:
        """Store a question and the empty, RUNNING answer to it; see `questions.begin`."""
        return self._write(lambda c: questions.begin(c, beginning, owner=self._token()))

    def checkpoint(self, answer_id: int, text: str) -> Future[None]:
        """Keep what has come of a running answer; CONVERSATION_GONE."""
        return self._write(lambda c: questions.checkpoint(c, answer_id, text))

    def finish(
        self,
        answer: Message,
        attachments: Sequence[Attachment],
        images: Sequence[RequestImage] | None = None,
    ) -> Future[Conversation]:
        """Store the final answer and what it cost, also on a full disk; see `questions.finish`.

        Where that fails because there is no room, or the file is locked, it is done as soon as it can be.
        """
        return self._write(
            lambda c: questions.finish(c, answer, attachments, images), precious=True, owed=True
        )

    def for_conversation(self, conversation: Conversation) -> "Store":  # noqa: ARG002 - see `private.Histories`
        """Where questions of a conversation are stored."""
        return self

    def is_private(self, sent: SentImage) -> bool:  # noqa: ARG002 - see `private.Histories`
        """Whether the bytes of an image are in memory only."""
        return False

    # Leaving and coming in

    def titles(self) -> Future[dict[int, str]]:
        """The titles of all conversations, the oldest first."""
        return self._read(read_titles)

    def archived(self, conversation_id: int) -> Future[ArchivedConversation]:
        """Every branch of a conversation, with what the ledger knows; CONVERSATION_GONE."""
        return self._read(lambda c: read_archived(c, conversation_id))

    def import_archived(self, archived: ArchivedConversation, put: Sequence[str]) -> Future[Imported]:
        """Bring in a conversation whose images were ``put`` before; see `import_conversation`."""
        return self._write(lambda c: import_conversation(c, archived, put=put, owner=self._token()))

    def give_up_import(self, put: Sequence[str]) -> Future[None]:
        """Remove what was ``put`` for a conversation that does not come in; works on a full disk."""

        def work(connection: sqlite3.Connection) -> None:
            let_go(connection, put, self._token())
            images.collect_garbage(connection, self.folder)

        return self._write(work, precious=True)

    # What was spent

    def note_spent(self, answer: Message) -> Future[None]:
        """Note what an answer cost that is not stored; see `ledger.note_spent`."""
        return self._write(lambda c: note_spent(c, answer), precious=True)

    def spending(
        self, first: date, last: date, *, most_images: int | None = MAX_IMAGE_ROWS
    ) -> Future[Spending]:
        """Everything of these days of the local time zone, both included; see `read_spending`."""
        return self._read(lambda c: read_spending(c, first, last, most_images=most_images))

    def spent_in(self, month: date) -> Future[Decimal]:
        """USD of the month that ``month`` lies in, as far as it is known; unfinished answers as estimated."""
        return self._read(lambda c: spent_in(c, month))

    def learned(self, provider: str, model: str) -> Future[Learned]:
        """What the last bills of a model taught."""
        return self._read(lambda c: read_learned(c, provider, model))

    # Images

    def put_image(self, data: bytes, sent: SentImage) -> Future[None]:
        """Keep an image's bytes, before the question that names them."""

        def work(connection: sqlite3.Connection) -> None:
            opened = self._now_open()
            images.put_image(connection, opened.folder, data=data, sent=sent, owner=self._token())
            if opened.stands_in_for is not None:
                self._put_aside.add(sent.sha256)

        return self._write(work)

    def image_path(self, sent: SentImage) -> Path:
        """Where the bytes are; the file may be gone."""
        return images.image_path(self._folder_of(sent), sent)

    def image_bytes(self, sent: SentImage) -> Future[bytes]:
        """The bytes that were sent, checked by their hash; STORED_IMAGE_MISSING."""
        return self._read(lambda _: images.read_image(self._folder_of(sent), sent))

    def _folder_of(self, sent: SentImage) -> Path:
        return self._now_open().folder if sent.sha256 in self._put_aside else self.folder

    # Drafts and small state

    def save_draft(self, conversation_id: int, draft: Draft) -> Future[None]:
        """Keep what is being written; id 0 is the conversation that is not stored yet."""
        return self._write(lambda c: drafts.save_draft(c, conversation_id, draft))

    def draft(self, conversation_id: int) -> Future[Draft]:
        """What was being written; an empty draft if nothing was."""
        return self._read(lambda c: drafts.read_draft(c, conversation_id))

    def remember(self, key: str, value: str) -> Future[None]:
        """Keep a small value of the window, such as the open conversation."""
        return self._write(lambda c: drafts.remember(c, key, value))

    def recall(self, key: str) -> Future[str | None]:
        """A value that was kept."""
        return self._read(lambda c: drafts.recall(c, key))

    # The gallery

    def gallery(self) -> Future[tuple[GalleryItem, ...]]:
        """The images at hand, in the order in which they were added; see `gallery.read_gallery`."""
        return self._read(gallery.read_gallery)

    def lost_from_gallery(self) -> Future[tuple[ItemPlace, ...]]:
        """Files and pages of the rows that `gallery` leaves out, because they cannot be read."""
        return self._read(gallery.read_lost)

    def change_gallery(
        self, *, put: Sequence[GalleryItem], removed: Sequence[ItemPlace] = ()
    ) -> Future[None]:
        """Keep some and forget others, by file and page; see `gallery.changes`.

        Many are written in several transactions. Those of one call are never mixed with those of the next
        one, but an answer may be stored between them.
        """
        return self._batches.add(gallery.changes(put, removed))

    def asked(self) -> Future[Mapping[str, Asked]]:
        """What was asked about every image that some conversation has, by `ImageFacts.source_id`."""
        return self._read(asked.read_asked)

    def asked_about(self, source_ids: Iterable[str]) -> Future[Mapping[str, Asked]]:
        """What was asked about these images; those that nothing was asked about are not in it."""
        return self._read(lambda c: asked.read_asked_about(c, source_ids))

    def keep_text(self, source_id: str, text: str) -> Future[None]:
        """Keep what was read on a page; see `found_text.keep_text`."""
        return self._write(lambda c: found_text.keep_text(c, source_id, text))

    def texts(self, source_ids: Sequence[str]) -> Future[Mapping[str, str]]:
        """The texts of those pages that were read, by `ImageFacts.source_id`."""
        return self._read(lambda c: found_text.read_texts(c, source_ids))

    def unread(self, source_ids: Sequence[str]) -> Future[frozenset[str]]:
        """Those of the pages that were not read yet."""
        return self._read(lambda c: found_text.unread(c, source_ids))

    def forget_texts(self, source_ids: Sequence[str]) -> Future[None]:
        """Forget what was read on pages that are at hand no more, unless some conversation has them."""
        return self._write(lambda c: found_text.forget_texts(c, source_ids), precious=True)

    def watched_folders(self) -> Future[tuple[Path, ...]]:
        """The folders that are watched for new images."""
        return self._read(watched.watched_folders)

    def set_watched(self, folders: Sequence[Path]) -> Future[None]:
        """Watch these folders, and no others."""
        return self._write(lambda c: watched.set_watched(c, folders))

    def changed(self) -> Future[bool]:
        """Whether another process has written since the last call, or since `open`."""
        return self._writing.submit(self._has_changed)

    def _has_changed(self) -> bool:
        opened = self._now_open()
        if opened.writer is None:
            return False
        paid = self._writes.pay()
        with environment_named(self.folder):
            # Asked of the writing connection: its own commits do not count, only those of others.
            version = _data_version(opened.writer)
        changed = version != self._data_version
        self._data_version = version
        return changed or paid

    # Threads

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        def run() -> T:
            reader = self._now_open().reader
            with environment_named(self.folder):
                return work(reader)

        return self._reading.submit(run)

    def _write(
        self,
        work: Callable[[sqlite3.Connection], T],
        *,
        precious: bool = False,
        owed: bool = False,
        make_room: Callable[[sqlite3.Connection], None] | None = None,
    ) -> Future[T]:
        return self._writing.submit(
            self._writes.write, work, precious=precious, owed=owed, make_room=make_room
        )

    def _now_open(self) -> Opened:
        if self._opened is None:
            raise RuntimeError("the store was not opened")
        return self._opened.result()

    def _token(self) -> str:
        owner = self._now_open().owner
        if owner is None:
            raise RuntimeError("a history that can only be read has no owner")
        return owner.token


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
