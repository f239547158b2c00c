"""Reading the text of many images in the background, because somebody asked for it: one after the other."""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.core.found_text import PageText
from desktop.core.model import ImageFacts
from desktop.core.problems import Code, Problem
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.reading import ReadingTasks

MAX_CRASHES = 5
"""After so many crashes one after the other it is not the image: the reader itself does not work here."""


class ReadingMany(QObject):
    """Pages that are to be read. Those that were read before are skipped, failed ones are not tried again.

    What is found is told by `ReadingTasks.found`, and kept at once: a crash or the end of the window loses
    the page that is being read. Asked again, it goes on from there.

    Signals:
        progressed(int, int): so many of so many pages are done: read, now or earlier, or refused.
        refused(str, Problem): the page of this source id cannot be read.
        failed(Problem): nothing can be read; `ended` follows.
        ended(): once for each run, also after `cancel`; not when the window closes.
    """

    progressed = Signal(int, int)
    refused = Signal(str, object)
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self, reading: ReadingTasks, store: Store, delivery: Delivery, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reading = reading
        self._store = store
        self._delivery = delivery
        self._run = 0
        self._running = False
        self._closed = False
        self._clear()

    @property
    def is_running(self) -> bool:
        """Whether pages are being read, or waiting for it."""
        return self._running

    def read(self, pages: Iterable[ImageFacts]) -> None:
        """Read these, after what is waiting already; takes seconds for each."""
        if self._closed:
            return
        fresh = {page.source_id: page for page in pages if page.source_id not in self._wanted}
        self._running = True
        self._wanted.update(fresh)
        self._looking += 1
        self._delivery.follow(
            self._store.unread(list(fresh)),
            partial(self._on_looked, self._run, fresh),
            partial(self._on_not_looked, self._run, fresh),
        )

    def cancel(self) -> None:
        """Read nothing more, at once; what was read stays."""
        if self._running:
            self._stop()
            self.ended.emit()

    def close(self) -> None:
        """The same, and tell nothing more; idempotent."""
        self._closed = True
        self._stop()

    def _clear(self) -> None:
        self._wanted: set[str] = set()
        self._waiting: deque[ImageFacts] = deque()
        self._at_hand: Future[PageText] | None = None
        self._looking = 0
        self._done = 0
        self._crashes = 0

    def _stop(self) -> None:
        at_hand = self._at_hand
        self._run += 1
        self._running = False
        self._clear()
        if at_hand is not None:
            at_hand.cancel()

    def _on_looked(self, run: int, pages: dict[str, ImageFacts], unread: frozenset[str]) -> None:
        if run != self._run:
            return
        self._looking -= 1
        self._done += len(pages) - len(unread)
        self._waiting.extend(page for source_id, page in pages.items() if source_id in unread)
        self.progressed.emit(self._done, len(self._wanted))
        self._go_on(run)

    def _on_not_looked(self, run: int, pages: dict[str, ImageFacts], _trouble: Problem) -> None:
        """Read twice is better than not at all."""
        self._on_looked(run, pages, frozenset(pages))

    def _go_on(self, run: int) -> None:
        # Whoever was told of progress may have cancelled.
        if run != self._run or self._at_hand is not None:
            return
        if self._waiting:
            page = self._waiting.popleft()
            self._at_hand = self._reading.read_later(
                page, partial(self._on_read, run), partial(self._on_refused, run, page.source_id)
            )
        elif not self._looking:
            self._stop()
            self.ended.emit()

    def _on_read(self, run: int, _page: PageText) -> None:
        if run == self._run:
            self._crashes = 0
            self._on_done(run)

    def _on_refused(self, run: int, source_id: str, trouble: Problem) -> None:
        if run != self._run:
            return
        self._crashes = self._crashes + 1 if trouble.code is Code.READER_CRASHED else 0
        if trouble.code is Code.READER_MISSING or self._crashes == MAX_CRASHES:
            self._stop()
            self.failed.emit(trouble)
            self.ended.emit()
            return
        self.refused.emit(source_id, trouble)
        self._on_done(run)

    def _on_done(self, run: int) -> None:
        if run == self._run:
            self._at_hand = None
            self._done += 1
            self.progressed.emit(self._done, len(self._wanted))
            self._go_on(run)
