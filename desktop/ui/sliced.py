"""Long work of the GUI thread, done a few milliseconds at a time between the events."""

import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

T = TypeVar("T")

SLICE_S = 0.004
"""Of 16 ms that a frame has."""


class Sliced(QObject):
    """Runs one generator at a time; a newer one takes the place of the one before.

    Attributes:
        seconds: how much work the last one that ended was.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Generator[None, None, Any] | None = None
        self._done: Callable[[Any], object] | None = None
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._go_on)
        self._used_s = 0.0
        self.seconds = 0.0

    @property
    def is_running(self) -> bool:
        """Whether something has not ended yet."""
        return self._work is not None

    def run(self, work: "Generator[None, None, T]", done: Callable[[T], object]) -> None:
        """Do ``work``, which yields after every millisecond or so, and hand over what it returns.

        Short work ends before this returns.
        """
        self.stop()
        self._work, self._done, self._used_s = work, done, 0.0
        self._turn.start()
        self._go_on()

    def stop(self) -> None:
        """Give up what is running; nothing is handed over."""
        work, self._work = self._work, None
        self._turn.stop()
        if work is not None:
            work.close()

    def _go_on(self) -> None:
        work, done = self._work, self._done
        if work is None or done is None:
            return
        began = time.perf_counter()
        until = began + SLICE_S
        try:
            while time.perf_counter() < until:
                next(work)
        except StopIteration as end:
            self._used_s += time.perf_counter() - began
            self.seconds = self._used_s
            self._work = None
            self._turn.stop()
            done(end.value)
            return
        self._used_s += time.perf_counter() - began
