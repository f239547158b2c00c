"""Reads the picture at hand on this computer, once it has been looked at for a moment."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.found_text import PageText
from desktop.core.model import ImageFacts
from desktop.core.problems import Problem
from desktop.tasks.reading import ReadingTasks

LOOKED_AT_MS = 400
"""Who leafs through pictures wants none of them read."""


class PageReading(QObject):
    """What is found on the picture at hand.

    Attributes:
        page: what was found; None before it is known.
        problem: why it could not be read; None if it could.

    Signals:
        changed: one of them is another now, or `busy`.
    """

    changed = Signal()

    def __init__(self, tasks: ReadingTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._facts: ImageFacts | None = None
        self._future: Future[PageText] | None = None
        self.page: PageText | None = None
        self.problem: Problem | None = None
        self._soon = QTimer(self, singleShot=True, interval=LOOKED_AT_MS)
        self._soon.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether it is being read, or about to be."""
        return self._soon.isActive() or self._future is not None

    def look_at(self, facts: ImageFacts | None) -> None:
        """This page is shown now; None for none. What was being read before is given up."""
        same = facts is not None and self._facts is not None and facts.source_id == self._facts.source_id
        self._facts = facts
        if same:
            return
        self._soon.stop()
        if self._future is not None:
            self._future.cancel()
        self._future, self.problem = None, None
        self.page = self._tasks.known(facts) if facts is not None else None
        if facts is not None and self.page is None:
            self._soon.start()
        self.changed.emit()

    def _start(self) -> None:
        facts = self._facts
        if facts is None:
            return
        self._future = self._tasks.read(
            facts,
            lambda page: self._on_read(facts, page),
            lambda trouble: self._on_failed(facts, trouble),
        )
        self.changed.emit()

    def _on_read(self, facts: ImageFacts, page: PageText) -> None:
        if self._is_at_hand(facts):
            self._future, self.page = None, page
            self.changed.emit()

    def _on_failed(self, facts: ImageFacts, trouble: Problem) -> None:
        if self._is_at_hand(facts):
            self._future, self.problem = None, trouble
            self.changed.emit()

    def _is_at_hand(self, facts: ImageFacts) -> bool:
        return self._facts is not None and self._facts.source_id == facts.source_id
