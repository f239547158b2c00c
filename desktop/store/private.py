"""Private conversations: the same history in memory, of which nothing comes to the disk but what it cost.

`Histories` is the store of the window: what has the id of a private conversation goes to `PrivateStore`, all
else to the file. Ids tell, because those in memory begin where those of the file never come.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from desktop.core.archive import ArchivedConversation
from desktop.core.compat import override
from desktop.core.futures import then
from desktop.core.ledger import Learned, RequestImage
from desktop.core.model import Attachment, Conversation, Draft, Message, SentImage
from desktop.core.options import Options
from desktop.core.problems import Code, ProblemError, problem
from desktop.store import conversations, images
from desktop.store.connections import open_empty, transaction
from desktop.store.conversations import PRIVATE_FROM
from desktop.store.opening import Opened
from desktop.store.store import Store
from desktop.store.upgrades import upgrade

T = TypeVar("T")

_OWNER = "private"


class PrivateStore(Store):
    """Conversations in memory, until they are left or the program ends.

    Budgets and what bills taught are those of the history on the disk, which notes what was spent here and
    not a word of it.
    """

    def __init__(self, history: Store) -> None:
        super().__init__(history.folder)
        self._history = history
        # One connection, so one thread: a database in memory belongs to its connection.
        self._reading.shutdown()
        self._reading = self._writing
        self._bytes: dict[str, bytes] = {}
        self._opened = self._writing.submit(_open_in_memory)

    def holds(self, sent: SentImage) -> bool:
        """Whether the bytes of an image are here."""
        return sent.sha256 in self._bytes

    @override
    def put_image(self, data: bytes, sent: SentImage) -> Future[None]:
        self._bytes[sent.sha256] = data
        return self._write(lambda c: images.note_image(c, sent, _OWNER))

    @override
    def image_bytes(self, sent: SentImage) -> Future[bytes]:
        found = self._bytes.get(sent.sha256)
        if found is None:
            return self._history.image_bytes(sent)
        done: Future[bytes] = Future()
        done.set_result(found)
        return done

    @override
    def finish(
        self,
        answer: Message,
        attachments: Sequence[Attachment],
        images: Sequence[RequestImage] | None = None,
    ) -> Future[Conversation]:
        ended = super().finish(answer, attachments, images)

        def note(conversation: Conversation) -> Future[Conversation]:
            noted = self._history.note_spent(answer)
            return then(noted, lambda _none: _done(conversation))

        return then(ended, note)

    @override
    def delete(self, conversation_id: int) -> Future[None]:
        def work(connection: sqlite3.Connection) -> None:
            conversations.delete(connection, conversation_id)
            with transaction(connection):
                connection.execute("DELETE FROM held_image")
                connection.execute(
                    "DELETE FROM image WHERE sha256 NOT IN"
                    " (SELECT sent_sha256 FROM attachment WHERE sent_sha256 IS NOT NULL)"
                )
            kept = {row[0] for row in connection.execute("SELECT sha256 FROM image")}
            for sha256 in self._bytes.keys() - kept:
                del self._bytes[sha256]

        return self._write(work)

    @override
    def spent_in(self, month: date) -> Future[Decimal]:
        return self._history.spent_in(month)

    @override
    def learned(self, provider: str, model: str) -> Future[Learned]:
        return self._history.learned(provider, model)

    @override
    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._writing.submit(self._close_reader)
            self._writing.shutdown(wait=True)
            self._bytes.clear()

    @override
    def _token(self) -> str:
        return _OWNER


class Histories(Store):
    """The history on the disk, and private conversations beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._private: PrivateStore | None = None
        self._making = threading.Lock()

    @override
    def for_conversation(self, conversation: Conversation) -> Store:
        if not conversation.private:
            return self
        with self._making:
            if self._private is None:
                self._private = PrivateStore(self)
        return self._private

    @override
    def is_private(self, sent: SentImage) -> bool:
        return self._private is not None and self._private.holds(sent)

    @override
    def image_bytes(self, sent: SentImage) -> Future[bytes]:
        private = self._private
        held = private is not None and private.holds(sent)
        return private.image_bytes(sent) if private is not None and held else super().image_bytes(sent)

    @override
    def conversation(self, conversation_id: int, *, leaf: int | None = None) -> Future[Conversation]:
        return self._at(conversation_id, lambda s: s.conversation(conversation_id, leaf=leaf)) or (
            super().conversation(conversation_id, leaf=leaf)
        )

    @override
    def archived(self, conversation_id: int) -> Future[ArchivedConversation]:
        return self._at(conversation_id, lambda s: s.archived(conversation_id)) or super().archived(
            conversation_id
        )

    @override
    def delete(self, conversation_id: int) -> Future[None]:
        return self._at(conversation_id, lambda s: s.delete(conversation_id)) or super().delete(
            conversation_id
        )

    @override
    def show_version(self, conversation_id: int, message_id: int) -> Future[Conversation]:
        return self._at(conversation_id, lambda s: s.show_version(conversation_id, message_id)) or (
            super().show_version(conversation_id, message_id)
        )

    @override
    def set_options(self, conversation_id: int, options: Options) -> Future[None]:
        return self._at(conversation_id, lambda s: s.set_options(conversation_id, options)) or (
            super().set_options(conversation_id, options)
        )

    @override
    def set_left_out(self, attachment_ids: Sequence[int], left_out: bool) -> Future[None]:
        return self._at(
            max(attachment_ids, default=0), lambda s: s.set_left_out(attachment_ids, left_out)
        ) or (super().set_left_out(attachment_ids, left_out))

    @override
    def set_once(self, attachment_ids: Sequence[int], once: bool) -> Future[None]:
        return self._at(max(attachment_ids, default=0), lambda s: s.set_once(attachment_ids, once)) or (
            super().set_once(attachment_ids, once)
        )

    @override
    def set_stand_in(self, attachment_id: int, text: str) -> Future[None]:
        return self._at(attachment_id, lambda s: s.set_stand_in(attachment_id, text)) or (
            super().set_stand_in(attachment_id, text)
        )

    @override
    def save_draft(self, conversation_id: int, draft: Draft) -> Future[None]:
        return self._at(conversation_id, lambda s: s.save_draft(conversation_id, draft)) or (
            super().save_draft(conversation_id, draft)
        )

    @override
    def close(self) -> None:
        if self._private is not None:
            self._private.close()
        super().close()

    def _at(self, number: int, ask: Callable[[Store], Future[T]]) -> Future[T] | None:
        """The private store's answer, if that is where the number belongs."""
        if number < PRIVATE_FROM:
            return None
        if self._private is None:
            gone: Future[T] = Future()
            gone.set_exception(ProblemError(problem(Code.CONVERSATION_GONE)))
            return gone
        return ask(self._private)


def _open_in_memory() -> Opened:
    memory = open_empty()
    upgrade(memory, None)
    for table in ("conversation", "message", "attachment"):
        # So that no id of the file is ever one of these.
        memory.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, PRIVATE_FROM))
    return Opened(Path(), memory, memory)


def _done(value: T) -> Future[T]:
    done: Future[T] = Future()
    done.set_result(value)
    return done
