"""The one thread that touches the keyring, which is not thread-safe and may block for ever."""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_CLOSING_S = 1.0
"""How long closing waits for the job that runs, so that a key that is just being saved is saved."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    run: Callable[[], None]
    give_up: Callable[[], None]
    deadline: threading.Timer


class KeyringThread:
    """Runs jobs one after the other on a daemon thread, and gives up on one that takes too long.

    A hung job's thread is abandoned, for no thread can be ended from outside, and a new one takes over what
    waits. The abandoned one ends by itself if its call ever returns.
    """

    def __init__(self, time_limit_s: float) -> None:
        self._time_limit_s = time_limit_s
        self._guard = threading.Lock()
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._unfinished: set[_Job] = set()
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, work: Callable[[], T], *, too_late: Callable[[], T]) -> Future[T]:
        """Run ``work`` within the time limit, counted from now.

        Args:
            work: must not raise.
            too_late: the result when the limit has passed, or nothing runs any more.

        Returns:
            Never fails. A result that comes after the limit is dropped; a job that has not begun by then
            never runs.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.done():
                _settle(future, work())

        job = _Job(
            run=run,
            give_up=lambda: _settle(future, too_late()),
            deadline=threading.Timer(self._time_limit_s, lambda: self._abandon(job)),
        )
        job.deadline.daemon = True
        with self._guard:
            closed = self._closed
            if not closed:
                self._unfinished.add(job)
                self._waiting.put(job)
                self._start_thread()
                job.deadline.start()
        if closed:
            job.give_up()
        return future

    def close(self) -> None:
        """End the thread; a job that hangs is given up. May be called more than once."""
        with self._guard:
            self._closed = True
            thread, self._thread = self._thread, None
            self._waiting.put(None)
        if thread is not None:
            thread.join(_CLOSING_S)
        with self._guard:
            unfinished, self._unfinished = self._unfinished, set()
        for job in unfinished:
            job.deadline.cancel()
            job.give_up()

    def _start_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._work, args=(self._waiting,), name="keyring", daemon=True
            )
            self._thread.start()

    def _work(self, waiting: "queue.SimpleQueue[_Job | None]") -> None:
        while (job := waiting.get()) is not None:
            job.run()
            job.deadline.cancel()
            with self._guard:
                self._unfinished.discard(job)
                if self._waiting is not waiting:
                    return

    def _abandon(self, late: _Job) -> None:
        with self._guard:
            if late not in self._unfinished:
                return
            self._unfinished.discard(late)
            old, self._waiting = self._waiting, queue.SimpleQueue()
            while not old.empty():
                self._waiting.put(old.get())
            # Should the abandoned thread wait at its queue at this very moment, it must not wait for ever.
            old.put(None)
            self._thread = None
            if not self._closed and not self._waiting.empty():
                self._start_thread()
        late.give_up()


def _settle(future: Future[T], result: T) -> None:
    # The job and its deadline may meet, and the caller may have cancelled: the first one wins.
    with contextlib.suppress(InvalidStateError):
        future.set_result(result)
