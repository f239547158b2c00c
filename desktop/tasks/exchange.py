"""Conversations that leave as files and come in from files, on a thread of its own, one after the other."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.asking.exporting_conversations import Step, export_conversations
from desktop.asking.importing import import_conversations
from desktop.core.archive import ExportOutcome, ExportWish, ImportOutcome
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery

T = TypeVar("T")

TELL_S = 0.1
"""Progress is told so often at the most."""


class ExchangeTasks(QObject):
    """Exports and imports. Each ends in one call: what came of it, or a problem; STOPPED if it was stopped.

    Signals:
        progressed(int, int): of the job under way so many of so many parts are done.
        imported(): conversations came in.
    """

    progressed = Signal(int, int)
    imported = Signal()

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="exchange")
        self._stopped = threading.Event()
        self._jobs = 0
        self._closed = False

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way or waits."""
        return self._jobs > 0

    def export(
        self,
        wish: ExportWish,
        succeeded: Callable[[ExportOutcome], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Write conversations to files."""
        self._start(lambda step: export_conversations(wish, self._store, step), succeeded, failed)

    def import_file(
        self, path: Path, succeeded: Callable[[ImportOutcome], None], failed: Callable[[Problem], None]
    ) -> None:
        """Bring in the conversations of a ``.sightline`` file."""

        def came(outcome: ImportOutcome) -> None:
            if outcome.imported:
                self.imported.emit()
            succeeded(outcome)

        self._start(lambda step: import_conversations(path, self._store, step), came, failed)

    def stop(self) -> None:
        """End the jobs; what an export has written by then goes, what came in by then is whole and stays."""
        self._stopped.set()

    def close(self) -> None:
        """End the jobs and the thread; idempotent."""
        self._closed = True
        self._stopped.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _start(
        self,
        work: Callable[[Step], T],
        succeeded: Callable[[T], None],
        failed: Callable[[Problem], None],
    ) -> None:
        if self._closed:
            return
        if not self._jobs:
            self._stopped.clear()
        self._jobs += 1

        def ended_well(outcome: T) -> None:
            self._jobs -= 1
            succeeded(outcome)

        def ended_badly(trouble: Problem) -> None:
            self._jobs -= 1
            failed(trouble)

        job: Future[T] = self._thread.submit(work, self._watched())
        self._delivery.follow(job, ended_well, ended_badly)

    def _watched(self) -> Step:
        """Looks whether the job goes on, and tells how far it is."""
        last = 0.0

        def step(done: int, of: int) -> None:
            nonlocal last
            if self._stopped.is_set():
                raise ProblemError(problem(Code.STOPPED))
            now = time.monotonic()
            if now - last >= TELL_S:
                last = now
                self.progressed.emit(done, of)

        return step
