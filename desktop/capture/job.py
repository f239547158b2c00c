"""Work that waits for others (a program, the bus), on a thread of its own, and can be called off."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import TypeVar

T = TypeVar("T")


class Stop:
    """Tells a running job that nobody waits for it any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = threading.Event()
        self._actions: list[Callable[[], object]] = []

    @property
    def is_set(self) -> bool:
        """Whether the job was called off."""
        return self._is_set.is_set()

    def set(self) -> None:
        """Call it off: whatever the job waits for is ended at once; idempotent."""
        with self._lock:
            self._is_set.set()
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    def call(self, action: Callable[[], object]) -> None:
        """Have ``action`` end what the job is about to wait for; it is called in another thread."""
        with self._lock:
            if not self.is_set:
                self._actions.append(action)
                return
        action()

    def wait(self, seconds: float) -> bool:
        """Wait, and be woken by `set`; whether it is set."""
        return self._is_set.wait(seconds)


class Jobs:
    """The jobs of one backend.

    A daemon thread each, not a pool: a pool's threads are waited for when Python ends, and what a job waits
    for may hang.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: dict[Stop, threading.Thread] = {}

    def start(self, work: Callable[[Stop], T]) -> "Future[T]":
        """Run ``work`` in a thread; cancelling the Future calls it off."""
        future: Future[T] = Future()
        stop = Stop()

        def run() -> None:
            try:
                result = work(stop)
            except Exception as error:  # noqa: BLE001 - carried to the caller
                with contextlib.suppress(InvalidStateError):
                    future.set_exception(error)
            else:
                with contextlib.suppress(InvalidStateError):
                    future.set_result(result)
            finally:
                self._running.pop(stop, None)

        def end(ended: "Future[T]") -> None:
            if ended.cancelled():
                stop.set()

        future.add_done_callback(end)
        self._running[stop] = threading.Thread(target=run, name=f"capture-{self._name}", daemon=True)
        self._running[stop].start()
        return future

    def close(self) -> None:
        """Call off what is running; idempotent."""
        for stop in list(self._running):
            stop.set()
