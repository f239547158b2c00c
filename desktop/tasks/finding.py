"""Searching the history, and what has to be ready for it: the text index and what images look like.

Both are made in small steps in the background, while nothing else waits for the store.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.asking.services import Services
from desktop.core.futures import then
from desktop.core.model import ImageFacts, SentImage
from desktop.core.problems import Code, Problem
from desktop.core.search import FoundPage, Search
from desktop.images.inspect import Inspection
from desktop.tasks.delivery import Delivery
from desktop.tasks.gallery import THUMBNAIL_PX

STEP_MS = 12
"""Between two steps of a long work on the index others have their turn."""
IDLE_MS = 1000
"""So often it is looked whether the index has something to do."""
LOOK_MS = 400
LOOKS_AT_ONCE = 8
_LOOK_AFTER_MS = 8_000
"""Looking at stored images begins when the window has long been quiet."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found so far by one search.

    Attributes:
        page: everything up to now; `FoundPage.before` is None if there is no more.
        image: what was looked for was an image.
    """

    page: FoundPage
    image: bool = False


class FindingTasks(QObject):
    """One search at a time: what an earlier one finds is dropped.

    Signals:
        found(Found): the first part of what a search has found, and again with every further part.
        models_read(tuple): ids of the models that were asked.
        indexed(): the index has taken in what had changed.
        failed(Problem): a search did not work, or the image to be found cannot be used.
    """

    found = Signal(object)
    models_read = Signal(object)
    indexed = Signal()
    failed = Signal(object)

    def __init__(self, services: Services, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = services.store.finding
        self._images = services.images
        self._image_path = services.store.image_path
        self._delivery = delivery
        self._number = 0
        self._search: Search | None = None
        self._page: FoundPage | None = None
        self._reading = False
        self._worked = False
        self._closed = False
        self._step = QTimer(self, singleShot=True)
        self._step.timeout.connect(self._index)
        self._look = QTimer(self, singleShot=True)
        self._look.timeout.connect(self._look_at_some)

    def begin(self) -> None:
        """The store is open: begin the work in the background."""
        self._step.start(IDLE_MS)
        self._look.start(_LOOK_AFTER_MS)

    def close(self) -> None:
        """Ask for nothing more; idempotent."""
        self._closed = True
        self._step.stop()
        self._look.stop()

    def search(self, wanted: Search) -> None:
        """Search; `found` follows, unless another search comes first."""
        self._number += 1
        self._search, self._page, self._reading = wanted, None, True
        self._follow(self._store.search(wanted))

    def forget(self) -> None:
        """What was searched is of no interest any more."""
        self._number += 1
        self._search, self._page, self._reading = None, None, False

    def more(self) -> None:
        """Tell more of what was found."""
        page = self._page
        if page is None or self._search is None or page.before is None or self._reading:
            return
        self._reading = True
        seen = {one.summary.id for one in page.found}
        self._follow(self._store.search(self._search, before=page.before, seen=seen))

    def find_image(self, facts: ImageFacts, fingerprint: int | None) -> None:
        """Find the conversations that have this image or a near copy."""
        self.forget()
        size = (facts.width_px, facts.height_px)
        self._follow(self._store.with_image(facts.source_id, fingerprint, size), image=True)

    def find_file(self, path: Path) -> None:
        """The same for a file that nobody has looked at yet."""
        self.forget()

        def start(seen: Inspection) -> "Future[FoundPage]":
            size = (seen.facts.width_px, seen.facts.height_px)
            return self._store.with_image(seen.facts.source_id, seen.fingerprint, size)

        self._follow(then(self._images.inspect(path, thumbnail_px=THUMBNAIL_PX), start), image=True)

    def read_models(self) -> None:
        """Tell the models that were asked."""
        self._delivery.follow(self._store.models(), self.models_read.emit)

    def _follow(self, finding: "Future[FoundPage]", *, image: bool = False) -> None:
        if not self._closed:
            self._delivery.follow(
                finding, partial(self._on_found, self._number, image), partial(self._on_failed, self._number)
            )

    def _on_found(self, number: int, image: bool, page: FoundPage) -> None:
        if number != self._number:
            return
        self._reading = False
        before = self._page.found if self._page is not None else ()
        self._page = FoundPage(found=(*before, *page.found), before=page.before, unindexed=page.unindexed)
        self.found.emit(Found(self._page, image))

    def _on_failed(self, number: int, trouble: Problem) -> None:
        if number == self._number:
            self._reading = False
            self.failed.emit(trouble)

    # In the background

    def _index(self) -> None:
        if not self._closed:
            self._delivery.follow(self._store.index_some(), self._on_indexed, self._on_not_indexed)

    def _on_indexed(self, more: bool) -> None:
        if self._worked and not more:
            self.indexed.emit()
        self._worked = more
        if not self._closed:
            self._step.start(STEP_MS if more else IDLE_MS)

    def _on_not_indexed(self, trouble: Problem) -> None:
        _log.info("the index was not brought up to date: %s", trouble)
        # A full disk or another process passes; a folder that can only be read does not.
        if trouble.code in (Code.DISK_FULL, Code.DATABASE_LOCKED) and not self._closed:
            self._step.start(30 * IDLE_MS)

    def _look_at_some(self) -> None:
        if not self._closed:
            self._delivery.follow(self._store.unseen_images(LOOKS_AT_ONCE), self._on_unseen)

    def _on_unseen(self, unseen: tuple[SentImage, ...]) -> None:
        if self._closed:
            return
        if not unseen:
            self._look.start(30 * IDLE_MS)
            return
        places = [(self._image_path(sent), 0) for sent in unseen]
        looking = self._images.look_at(places, thumbnail_px=THUMBNAIL_PX)
        keeping = then(looking, partial(self._keep, unseen))
        self._delivery.follow(keeping, lambda _none: self._look.start(LOOK_MS))

    def _keep(self, unseen: Sequence[SentImage], looked: Sequence[Inspection | Problem]) -> "Future[None]":
        # Also where there is nothing to be known, or the same would be looked at for ever.
        return self._store.keep_looks(
            {
                sent.sha256: seen.fingerprint if isinstance(seen, Inspection) else None
                for sent, seen in zip(unseen, looked, strict=True)
            }
        )
