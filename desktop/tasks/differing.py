"""What differs between two texts, found out on a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject

from desktop.core.problems import Problem
from desktop.core.word_diff import Difference, GivenUpError, word_difference
from desktop.tasks.delivery import Delivery


class DiffTasks(QObject):
    """One comparison of texts at a time: a newer one ends the one before."""

    def __init__(self, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._delivery = delivery
        self._thread: ThreadPoolExecutor | None = None
        self._given_up = threading.Event()
        self._closed = False

    def compare(
        self,
        first: str,
        second: str,
        succeeded: Callable[[Difference], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Tell what differs; neither is called if another two are asked for meanwhile."""
        if self._closed:
            return
        self.give_up()
        given_up = self._given_up = threading.Event()

        def deliver(difference: Difference | None) -> None:
            if difference is not None and not given_up.is_set():
                succeeded(difference)

        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="differing")
        work = self._thread.submit(_difference, first, second, given_up)
        self._delivery.follow(work, deliver, failed)

    def give_up(self) -> None:
        """Nobody wants the answer any more."""
        self._given_up.set()

    def close(self) -> None:
        """End the thread; idempotent."""
        self._closed = True
        self.give_up()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)


def _difference(first: str, second: str, given_up: threading.Event) -> Difference | None:
    try:
        return word_difference(first, second, given_up.is_set)
    except GivenUpError:
        return None
