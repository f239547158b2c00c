"""Listing, ordering, deleting and finding conversations: the part of `store.Store` that the list needs."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from desktop.core.model import ConversationSummary, SentImage
from desktop.core.search import FoundPage, Search
from desktop.core.summaries import Listed, Place
from desktop.store import found_text, looks, summaries
from desktop.store.connections import has_full_text_search
from desktop.store.conversations import delete
from desktop.store.images import collect_garbage
from desktop.store.making_room import make_room
from desktop.store.opening import DATABASE
from desktop.store.search import models_asked, search
from desktop.store.search_index import drop_index, index_some
from desktop.store.upgrades import drop_backups

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Purged:
    """What is gone for good: conversations, and the images (`ImageFacts.source_id`) that no other one has."""

    conversation_ids: tuple[int, ...] = ()
    source_ids: frozenset[str] = frozenset()


Work = Callable[[sqlite3.Connection], T]


class Write(Protocol):
    """Does something on the writing thread."""

    def __call__(
        self, work: Work[T], *, precious: bool = False, make_room: Work[None] | None = None
    ) -> "Future[T]":
        """Do it; on a full disk in the reserve's room, if ``precious``, or in what ``make_room`` gives."""
        ...


class Read(Protocol):
    """Does something on the reading thread."""

    def __call__(self, work: Work[T]) -> "Future[T]":
        """Do it."""
        ...


class Finding:
    """Made by the store; every method gives a Future that fails as those of the store do."""

    def __init__(
        self, folder: Callable[[], Path], read: Read, write: Write, renew_reserve: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._read = read
        self._write = write
        self._renew_reserve = renew_reserve
        self._index_damaged = False

    # The list

    def summaries(
        self, listed: Listed, *, after: Place | None = None, limit: int | None = None
    ) -> Future[tuple[ConversationSummary, ...]]:
        """A page of the list; see `summaries.summaries`."""
        return self._read(lambda c: summaries.summaries(c, listed, after=after, limit=limit))

    def summaries_of(self, conversation_ids: Sequence[int]) -> Future[tuple[ConversationSummary, ...]]:
        """The rows of these; those that are deleted are not there."""
        return self._read(lambda c: summaries.summaries_of(c, conversation_ids))

    def count_archived(self) -> Future[int]:
        """So many conversations are in the archive."""
        return self._read(summaries.count_archived)

    def set_pinned(self, conversation_ids: Sequence[int], pinned: bool) -> Future[None]:
        """Have conversations stand above the others, or no longer."""
        return self._write(lambda c: summaries.set_pinned(c, conversation_ids, pinned=pinned))

    def set_archived(self, conversation_ids: Sequence[int], archived: bool) -> Future[None]:
        """Put conversations into the archive, or take them out."""
        return self._write(lambda c: summaries.set_archived(c, conversation_ids, archived=archived))

    def tags(self) -> Future[tuple[str, ...]]:
        """The tags that some conversation has, the most used first."""
        return self._read(summaries.all_tags)

    def set_tags(self, conversation_id: int, names: Iterable[str]) -> Future[None]:
        """A conversation has exactly these tags."""
        kept = tuple(names)
        return self._write(lambda c: summaries.set_tags(c, conversation_id, kept))

    # Deleting

    def set_deleted(self, conversation_ids: Sequence[int], moment: datetime | None) -> Future[None]:
        """Have conversations listed and found nowhere; None takes that back. Works on a full disk."""
        return self._write(
            lambda c: summaries.set_deleted(c, conversation_ids, moment),
            precious=True,
            make_room=self.give_back,
        )

    def purge(
        self, conversation_ids: Sequence[int] | None = None, *, with_texts: bool = False
    ) -> Future[Purged]:
        """Delete for good what is deleted. Works on a full disk.

        Args:
            conversation_ids: those of these that are deleted; None for all that are.
            with_texts: forget also what was read on images that no conversation has any more.
        """

        def work(connection: sqlite3.Connection) -> Purged:
            deleted = summaries.deleted_ids(connection)
            chosen = [n for n in deleted if conversation_ids is None or n in conversation_ids]
            if not chosen:
                return Purged()
            sources = summaries.sources_only_in(connection, chosen)
            if with_texts:
                # First: if this process is killed in between, the next one finds what is left to do.
                found_text.drop_texts(connection, sources)
            self.delete_for_good(connection, chosen)
            return Purged(tuple(chosen), sources)

        return self._write(work, precious=True, make_room=self.give_back)

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Make room on a disk that is full to the last byte."""
        make_room(connection, self._folder() / DATABASE)

    def delete_for_good(self, connection: sqlite3.Connection, conversation_ids: Collection[int]) -> None:
        """Delete conversations, and the images that no other one has; on the writing thread."""
        for conversation_id in conversation_ids:
            delete(connection, conversation_id)
        collect_garbage(connection, self._folder())
        drop_backups(self._folder() / DATABASE)
        # Else the deleted text stays in the log until SQLite happens to start it anew.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._renew_reserve()

    # Finding

    def search(
        self, wanted: Search, *, before: int | None = None, seen: Collection[int] = ()
    ) -> Future[FoundPage]:
        """A page of what is found; see `search.search`."""

        def work(connection: sqlite3.Connection) -> FoundPage:
            if not has_full_text_search(connection):
                return search(connection, wanted, before=before, seen=seen, indexed=False)
            try:
                return search(connection, wanted, before=before, seen=seen)
            except sqlite3.DatabaseError:
                # A damaged index: `index_some` makes it anew, and until then all is looked through.
                self._index_damaged = True
                return search(connection, wanted, before=before, seen=seen, indexed=False)

        return self._read(work)

    def models(self) -> Future[tuple[str, ...]]:
        """Ids of the models that were asked."""
        return self._read(models_asked)

    def index_some(self) -> Future[bool]:
        """Work on the index for some milliseconds; tells whether there is more to do."""

        def work(connection: sqlite3.Connection) -> bool:
            if not has_full_text_search(connection):
                return False
            if self._index_damaged:
                self._index_damaged = False
                drop_index(connection)
            return index_some(connection)

        return self._write(work)

    def unseen_images(self, limit: int) -> Future[tuple[SentImage, ...]]:
        """Images of which it is not known what they look like."""
        return self._read(lambda c: looks.unseen(c, limit))

    def keep_looks(self, found: Mapping[str, int | None]) -> Future[None]:
        """Keep fingerprints by the hash of the sent bytes."""
        return self._write(lambda c: looks.keep_looks(c, found))

    def with_image(self, source_id: str, fingerprint: int | None, size: tuple[int, int]) -> Future[FoundPage]:
        """The conversations that have an image or a near copy of it; see `looks.with_image`."""
        return self._read(lambda c: looks.with_image(c, source_id, fingerprint, size))
