"""The gallery's rows for the window: read once at start in slices, written a moment after they change."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.asked import Asked
from desktop.core.gallery_items import GalleryItem
from desktop.core.problems import Problem
from desktop.store.gallery import ROWS_AT_ONCE
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery

SLICE = 150
"""So many images are handed over at once: a few milliseconds of the window's work."""
_BREATH_MS = 4
WRITE_MS = 300
"""What has changed is written after so long; a crash loses no more."""

_Place = tuple[int, int]


class WorkbenchTasks(QObject):
    """What is at hand, and what was asked about it.

    Signals:
        restored(list): `GalleryItem`s of the last session, in slices.
        restoring_ended(): all of them are there, or they cannot be read.
        asked_changed(object): what was asked about images, by `ImageFacts.source_id`.
        failed(Problem): the gallery cannot be kept; told once.
    """

    restored = Signal(list)
    restoring_ended = Signal()
    asked_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        self._put: dict[_Place, GalleryItem] = {}
        self._removed: dict[_Place, None] = {}
        self._loading = False
        self._failed = False
        self._closed = False
        self._left: list[GalleryItem] = []
        self._hand_over = QTimer(self, interval=_BREATH_MS)
        self._hand_over.timeout.connect(self._on_breath)
        self._write_soon = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._write_soon.timeout.connect(self.write)

    def load(self) -> None:
        """Tell what the last session had, and what was asked about images; the store is open."""
        self._loading = True
        if not self._closed:
            self._delivery.follow(self._store.gallery(), self._on_loaded, self._on_unreadable)
        self.refresh_asked()

    def give_up(self, _trouble: object = None) -> None:
        """The store cannot be opened: there is nothing to wait for."""
        if not self._loading:
            self._loading = True
            self.restoring_ended.emit()

    def refresh_asked(self) -> None:
        """Tell what was asked about images; an answer has come, or a conversation is gone."""
        if not self._closed:
            self._delivery.follow(self._store.asked(), self._on_asked)

    def put(self, items: Iterable[GalleryItem]) -> None:
        """Keep these, in a moment."""
        for item in items:
            place = item.file, item.page
            self._removed.pop(place, None)
            self._put[place] = item
        self._begin_writing()

    def remove(self, places: Iterable[_Place]) -> None:
        """Forget these, by file and page, in a moment."""
        for place in places:
            self._put.pop(place, None)
            self._removed[place] = None
        self._begin_writing()

    def write(self) -> None:
        """Write now what has changed."""
        self._write_soon.stop()
        removed, put = list(self._removed), list(self._put.values())
        self._removed, self._put = {}, {}
        for start in range(0, len(removed), ROWS_AT_ONCE):
            part = self._store.take_from_gallery(removed[start : start + ROWS_AT_ONCE])
            self._delivery.follow(part, _done, self._on_failed)
        for start in range(0, len(put), ROWS_AT_ONCE):
            rows = self._store.put_in_gallery(put[start : start + ROWS_AT_ONCE])
            self._delivery.follow(rows, _done, self._on_failed)

    def close(self) -> None:
        """Write what has changed, and ask for nothing more; idempotent."""
        if not self._closed:
            self._closed = True
            self._hand_over.stop()
            self.write()

    def _begin_writing(self) -> None:
        # Not put off by what comes after it: a long scan would never be written.
        if not self._write_soon.isActive():
            self._write_soon.start()

    def _on_loaded(self, items: tuple[GalleryItem, ...]) -> None:
        self._left = list(reversed(items))
        self._hand_over.start()

    def _on_breath(self) -> None:
        part = [self._left.pop() for _ in range(min(SLICE, len(self._left)))]
        if part:
            self.restored.emit(part)
        if not self._left:
            self._hand_over.stop()
            self.restoring_ended.emit()

    def _on_unreadable(self, trouble: Problem) -> None:
        self.restoring_ended.emit()
        self._on_failed(trouble)

    def _on_asked(self, asked: Mapping[str, Asked]) -> None:
        self.asked_changed.emit(asked)

    def _on_failed(self, trouble: Problem) -> None:
        if not self._failed:
            self._failed = True
            self.failed.emit(trouble)


def _done(_none: None) -> None:
    """A write that needs no answer."""
