"""Long work in parts on the writing thread: an answer to be stored meanwhile goes between two parts."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Part = TypeVar("Part")


@dataclass(slots=True)
class _Batch(Generic[Part]):
    parts: deque[Part]
    done: "Future[None]" = field(default_factory=Future)


class Batches(Generic[Part]):
    """Batches of parts, one after the other and never mixed: what is asked for later is written later.

    A part that fails ends its batch; those before it stay.
    """

    def __init__(self, submit: Callable[[Callable[[], None]], object], run: Callable[[Part], object]) -> None:
        """Args: ``submit`` puts a function at the end of the thread's queue, ``run`` does a part, there."""
        self._submit = submit
        self._run = run
        self._waiting: deque[_Batch[Part]] = deque()
        self._lock = threading.Lock()
        self._at_work = False
        self._closing = False

    def add(self, parts: Iterable[Part]) -> "Future[None]":
        """Do these after all that were added before.

        Returns:
            Ends with the last part, or with what a part has raised; it cannot be cancelled.
        """
        batch = _Batch(deque(parts))
        batch.done.set_running_or_notify_cancel()
        if not batch.parts:
            batch.done.set_result(None)
            return batch.done
        with self._lock:
            if not self._at_work:
                self._submit(self._go_on)
                self._at_work = True
            self._waiting.append(batch)
        return batch.done

    def close(self) -> None:
        """From now on nothing goes between two parts: what was begun is finished before the thread ends."""
        with self._lock:
            self._closing = True

    def _go_on(self) -> None:
        while True:
            self._do_a_part()
            with self._lock:
                if not self._waiting:
                    self._at_work = False
                    return
                if not self._closing:
                    self._submit(self._go_on)
                    return

    def _do_a_part(self) -> None:
        batch = self._waiting[0]
        try:
            self._run(batch.parts.popleft())
        except BaseException as error:  # noqa: BLE001 - carried to whoever asked
            self._waiting.popleft()
            batch.done.set_exception(error)
        else:
            if not batch.parts:
                self._waiting.popleft()
                batch.done.set_result(None)
