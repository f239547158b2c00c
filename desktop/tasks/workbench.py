"""The gallery's rows for the window, and what was asked about images.

Rows are read once at start, in slices, and written a moment after they change.
"""

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.asked import Asked
from desktop.core.events import Finished
from desktop.core.futures import then
from desktop.core.gallery_items import GalleryItem, ItemPlace
from desktop.core.problems import Code, Problem
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery

SLICE = 150
"""So many images are handed over at once: a few milliseconds of the window's work."""
_BREATH_MS = 4
WRITE_MS = 300
"""What has changed is written after so long; a crash loses no more."""
RETRY_MS = 10_000
"""What could not be written is tried again after so long, and when something else changes."""

_PASSING = frozenset({Code.DISK_FULL, Code.DATABASE_LOCKED})
READ_AGAIN_MS = 5_000
"""While another process writes all the time, its questions are looked at so often."""

_log = logging.getLogger(__name__)


class WorkbenchTasks(QObject):
    """What is at hand, from one start to the next, and what was asked about it.

    What changes while the last session's is read is written afterwards.

    Signals:
        restored(list): `GalleryItem`s of the last session, in slices.
        restoring_ended(): all of them are there, or they cannot be read; once.
        lost(int): so many images do not come back, because what was done to them cannot be read.
        failed(Problem): the gallery cannot be kept; told once, until it can be kept again. What is at hand
            stays so, and is written when that is possible.
        asked_changed(Mapping): what was asked about all images now, by `ImageFacts.source_id`; those that
            nothing was asked about are not in it.
        unasked(set): source ids of a deleted conversation's images that no other one asks about.
    """

    restored = Signal(list)
    restoring_ended = Signal()
    lost = Signal(int)
    failed = Signal(object)
    asked_changed = Signal(object)
    unasked = Signal(set)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        # What is to be kept at each place, None for nothing.
        self._changed: dict[ItemPlace, GalleryItem | None] = {}
        self._writing: dict[ItemPlace, GalleryItem | None] = {}
        self._begun = self._waits = False
        # Rows that could not be read must not be overwritten: new files would get their numbers.
        self._readable = False
        self._failed = False
        self._closed = False
        self._left: list[GalleryItem] = []
        self._hand_over = QTimer(self, interval=_BREATH_MS)
        self._hand_over.timeout.connect(self._on_breath)
        self._write_soon = QTimer(self, singleShot=True)
        self._write_soon.timeout.connect(self.write)
        self._asked: Mapping[str, Asked] | None = None
        self._ask_again = QTimer(self, singleShot=True, interval=READ_AGAIN_MS)
        self._ask_again.timeout.connect(self._on_may_ask_again)
        self._outdated = False

    def wait(self) -> None:
        """Bring nothing back before `bring_back`. Until then nothing that comes new is written either."""
        self._waits = True

    def bring_back(self) -> None:
        """Do what `load` did not because of `wait`."""
        self._waits = False
        self.load()

    def load(self) -> None:
        """Tell what the last session had, and what was asked about images; the store is open."""
        if not (self._begun or self._closed or self._waits):
            self._begun = True
            self._delivery.follow(self._store.gallery(), self._on_loaded, self._on_unreadable)
            self._delivery.follow(self._store.lost_from_gallery(), self._on_lost)
            self.refresh_asked()

    def give_up(self, _trouble: object = None) -> None:
        """The store cannot be opened: there is nothing to wait for."""
        if not self._begun:
            self._begun = True
            self.restoring_ended.emit()

    def put(self, items: Iterable[GalleryItem]) -> None:
        """Keep these, in a moment."""
        self._changed.update(((item.file, item.page), item) for item in items)
        self._begin_writing()

    def remove(self, places: Iterable[ItemPlace]) -> None:
        """Forget these, by file and page, in a moment."""
        self._changed.update(dict.fromkeys(places))
        self._begin_writing()

    def write(self) -> None:
        """Write now what has changed; what is being written is waited for."""
        self._write_soon.stop()
        if self._readable and self._changed and not self._writing:
            self._writing, self._changed = self._changed, {}
            self._delivery.follow(self._store_changes(self._writing), self._on_written, self._on_not_written)

    def refresh_asked(self) -> None:
        """Look at what was asked about all images: another process has written. Not again and again."""
        if self._closed:
            return
        if self._ask_again.isActive():
            self._outdated = True
            return
        self._outdated = False
        self._ask_again.start()
        known = self._asked
        # Compared where it is read: of 10,000 images that takes longer than a frame.
        reading = then(self._store.asked(), partial(_with_difference, known))
        self._delivery.follow(reading, partial(self._on_all_asked, known))

    def note_answer(self, finished: Finished) -> None:
        """An answer has ended: look at what was asked about the images of its conversation."""
        if finished.conversation is not None:
            self._look_at({attachment.image.source_id for attachment in finished.conversation.attachments()})

    def note_deletion(self, conversation_id: int) -> None:
        """A conversation is gone: look at what was asked about the images that were in it."""
        known = self._asked or {}
        self._look_at(
            {
                source
                for source, asked in known.items()
                for number, _title in asked.conversations
                if number == conversation_id
            }
        )

    def close(self) -> None:
        """Write what has changed, and ask for nothing more; idempotent. The store ends it when it closes."""
        if self._closed:
            return
        self._closed = True
        self._hand_over.stop()
        self._write_soon.stop()
        self._ask_again.stop()
        if self._readable and self._changed:
            self._store_changes(self._changed).add_done_callback(_log_failure)

    def _store_changes(self, changes: dict[ItemPlace, GalleryItem | None]) -> "Future[None]":
        put = [item for item in changes.values() if item is not None]
        return self._store.change_gallery(
            put=put, removed=[place for place, item in changes.items() if item is None]
        )

    def _begin_writing(self) -> None:
        # Not put off by what comes after it: a long scan would never be written.
        waits = self._write_soon.isActive() and self._write_soon.remainingTime() <= WRITE_MS
        if not (waits or self._closed):
            self._write_soon.start(WRITE_MS)

    def _on_written(self, _none: None) -> None:
        self._writing = {}
        self._failed = False
        if self._changed:
            self._begin_writing()

    def _on_not_written(self, trouble: Problem) -> None:
        # What was changed meanwhile is newer.
        self._changed = {**self._writing, **self._changed}
        self._writing = {}
        self._on_failed(trouble)
        if trouble.code in _PASSING and not self._closed:
            self._write_soon.start(RETRY_MS)

    def _on_loaded(self, items: tuple[GalleryItem, ...]) -> None:
        self._readable = True
        self._left = list(reversed(items))
        self._hand_over.start()

    def _on_breath(self) -> None:
        part = [self._left.pop() for _ in range(min(SLICE, len(self._left)))]
        if part:
            self.restored.emit(part)
        if not self._left:
            self._hand_over.stop()
            self.restoring_ended.emit()
            self._begin_writing()

    def _on_lost(self, places: tuple[ItemPlace, ...]) -> None:
        if places:
            self.lost.emit(len(places))
            # Told once, not at every start.
            self.remove(place for place in places if place not in self._changed)

    def _on_unreadable(self, trouble: Problem) -> None:
        self.restoring_ended.emit()
        self._on_failed(trouble)

    def _on_failed(self, trouble: Problem) -> None:
        # A folder that can only be read was told of when the history was opened.
        if not (self._failed or trouble in self._store.notices):
            self.failed.emit(trouble)
        self._failed = True

    def _look_at(self, source_ids: set[str]) -> None:
        if source_ids and not self._closed:
            self._delivery.follow(self._store.asked_about(source_ids), partial(self._on_asked, source_ids))

    def _on_may_ask_again(self) -> None:
        if self._outdated:
            self.refresh_asked()

    def _on_all_asked(
        self, before: Mapping[str, Asked] | None, found: tuple[Mapping[str, Asked], bool]
    ) -> None:
        asked, differs = found
        if differs or self._asked is not before:
            self._tell_asked(asked)

    def _on_asked(self, source_ids: set[str], found: Mapping[str, Asked]) -> None:
        known = self._asked or {}
        if all(known.get(source) == found.get(source) for source in source_ids):
            return
        gone = source_ids - found.keys()
        now = {**known, **found}
        for source in gone:
            now.pop(source, None)
        self._tell_asked(now)
        if gone:
            self.unasked.emit(gone)

    def _tell_asked(self, asked: Mapping[str, Asked]) -> None:
        self._asked = asked
        self.asked_changed.emit(asked)


def _with_difference(
    before: Mapping[str, Asked] | None, asked: Mapping[str, Asked]
) -> "Future[tuple[Mapping[str, Asked], bool]]":
    done: Future[tuple[Mapping[str, Asked], bool]] = Future()
    done.set_result((asked, asked != before))
    return done


def _log_failure(written: "Future[None]") -> None:
    """Nobody is there to be told any more."""
    if (error := written.exception()) is not None:
        _log.warning("the gallery was not kept: %s", error)
