"""Keeps a few processes busy with tasks from any thread, and outlives one that hangs or crashes."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.core.problems import Code, Problem, ProblemError, problem

if TYPE_CHECKING:
    from pebble import ProcessPool

T = TypeVar("T")

_TASKS_PER_PROCESS = 500
"""A process is replaced after as many, so that fragmented memory does not add up to its limit."""

_GRACE_S = 2.0
"""How long a cancelled task may go on, because ending a process costs more than most tasks have left."""

_OVERDUE_S = 5.0
"""How long after its time limit a task may stay unreported before the pool is taken for broken."""

_CLOSE_S = 1.5
_MAX_TRIES = 2
_MAX_REMEMBERED = 10_000


@dataclass(eq=False, slots=True)
class _Task:
    """One task; ``future`` is what the caller holds, ``running`` what the pool holds."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    name: str
    source: Path | None
    future: Future[Any] = field(default_factory=Future)
    running: "Future[Any] | None" = None
    tries: int = 0
    end_at: float = 0.0


class ProcessQueue:
    """Tasks for worker processes. Thread-safe; the first `submit` starts the thread that owns the processes.

    Only as many tasks as there are processes are handed over at a time: the others wait here, where they can
    be dropped or overtaken, and cost no memory but their arguments.
    """

    def __init__(self, *, processes: int, time_limit_s: float, initializer: Callable[[], None]) -> None:
        self._processes = processes
        self._time_limit_s = time_limit_s
        self._initializer = initializer
        self._changed = threading.Condition()
        self._urgent: deque[_Task] = deque()
        self._waiting: deque[_Task] = deque()
        self._in_flight: set[_Task] = set()
        self._closing = False
        self._broken = False
        self._thread: threading.Thread | None = None
        self._killers: dict[Path, tuple[int, int]] = {}

    def submit(
        self,
        function: "Callable[..., T | Problem]",
        arguments: tuple[Any, ...],
        *,
        name: str,
        source: Path | None = None,
        urgent: bool = False,
    ) -> Future[T]:
        """Run ``function(*arguments)`` in a process.

        Args:
            function: importable by name; returns a value or a problem.
            arguments: can be pickled.
            name: what problems call the task.
            source: the file it reads: one that has crashed a process is not tried again until it changes.
            urgent: before all that is not.

        Returns:
            A future that fails only with `ProblemError`; after `close`, a cancelled one.
        """
        task = _Task(function, arguments, name, source)
        task.future.add_done_callback(self._on_settled)
        with self._changed:
            if not self._closing:
                (self._urgent if urgent else self._waiting).append(task)
                self._start_thread()
                self._changed.notify_all()
                return task.future
        task.future.cancel()
        return task.future

    def close(self) -> None:
        """Cancel everything and end the processes; returns within two seconds. Idempotent."""
        with self._changed:
            self._closing = True
            dropped = [*self._urgent, *self._waiting, *self._in_flight]
            self._urgent.clear()
            self._waiting.clear()
            self._changed.notify_all()
            thread = self._thread
        for task in dropped:
            task.future.cancel()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_S + 0.4)

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="image-workers", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """The thread that owns the pool: starting a process takes longer than a caller may wait."""
        pool: ProcessPool | None = None
        while True:
            with self._changed:
                patience_s = self._end_overdue()
                while not (self._closing or self._broken or self._can_start()):
                    self._changed.wait(patience_s)
                    patience_s = self._end_overdue()
                if self._closing:
                    break
                broken = self._broken
                task = None if broken else self._next()
            if broken:
                self._replace(pool)
                pool = None
            elif task is not None:
                pool = pool or self._new_pool()
                self._hand_over(pool, task)
        if pool is not None:
            _end(pool)

    def _can_start(self) -> bool:
        return bool(self._urgent or self._waiting) and len(self._in_flight) < self._processes

    def _next(self) -> _Task | None:
        task = (self._urgent or self._waiting).popleft()
        if task.future.cancelled():
            return None
        self._in_flight.add(task)
        return task

    def _new_pool(self) -> "ProcessPool":
        import multiprocessing  # noqa: PLC0415 - both are slow to import, and this thread is not the window's

        from pebble import ProcessPool  # noqa: PLC0415

        return ProcessPool(
            max_workers=self._processes,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=self._initializer,
            context=multiprocessing.get_context("spawn"),
        )

    def _hand_over(self, pool: "ProcessPool", task: _Task) -> None:
        if self._has_killed(task):
            self._settle(task, problem(Code.IMAGE_CRASHED_DECODER, name=task.name))
            return
        task.tries += 1
        try:
            running = pool.schedule(task.function, args=task.arguments, timeout=self._time_limit_s)
        except (RuntimeError, OSError):
            self._on_broken(task)
            return
        with self._changed:
            task.running = running
            patience = _GRACE_S if task.future.cancelled() else self._time_limit_s + _OVERDUE_S
            task.end_at = time.monotonic() + patience
        running.add_done_callback(lambda done: self._on_done(task, done))

    def _on_done(self, task: _Task, running: "Future[Any]") -> None:
        """The pool has ended a task. Runs in one of the pool's threads."""
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

        if task.running is not running:
            return
        error = running.exception()
        if isinstance(error, BrokenProcessPool):
            self._on_broken(task)
        elif isinstance(error, TimeoutError):
            self._settle(task, problem(Code.IMAGE_TOO_SLOW, name=task.name, seconds=self._seconds()))
        elif error is not None:
            self._remember(task)
            self._settle(task, problem(Code.IMAGE_CRASHED_DECODER, name=task.name))
        else:
            self._settle(task, running.result())

    def _on_settled(self, future: "Future[Any]") -> None:
        """The caller's future is done. If a task that runs was cancelled, it may go on for a moment."""
        if not future.cancelled():
            return
        # `concurrent.futures.wait` counts a cancelled future only when its executor has seen it.
        future.set_running_or_notify_cancel()
        with self._changed:
            for task in self._in_flight:
                if task.future is future:
                    task.end_at = time.monotonic() + _GRACE_S
            self._changed.notify_all()

    def _settle(self, task: _Task, outcome: object) -> None:
        """Give the caller the outcome, unless it has cancelled."""
        with self._changed:
            self._in_flight.discard(task)
            # Else both would hold each other, and the outcome, until the collector comes.
            task.running = None
            self._changed.notify_all()
        with contextlib.suppress(InvalidStateError):
            if isinstance(outcome, Problem):
                task.future.set_exception(ProblemError(outcome))
            else:
                task.future.set_result(outcome)

    def _end_overdue(self) -> float | None:
        """End what was cancelled or is overdue; seconds until the next look, None if nothing runs."""
        now = time.monotonic()
        for task in [task for task in self._in_flight if task.running and task.end_at <= now]:
            if task.future.cancelled():
                self._in_flight.discard(task)
                running, task.running = task.running, None
                if running is not None:
                    running.cancel()
            else:
                self._broken = True
        return min((max(0.01, task.end_at - now) for task in self._in_flight if task.running), default=None)

    def _on_broken(self, task: _Task) -> None:
        """The pool is gone, through no fault of this task, or so it seems the first time."""
        again = task.tries < _MAX_TRIES
        with self._changed:
            self._broken = True
            if again:
                self._in_flight.discard(task)
                task.running = None
                self._urgent.appendleft(task)
            self._changed.notify_all()
        if not again:
            self._settle(task, problem(Code.IMAGE_CRASHED_DECODER, name=task.name))

    def _replace(self, pool: "ProcessPool | None") -> None:
        """Drop a broken pool: what is overdue fails, what else it held is tried again in the next one."""
        with self._changed:
            self._broken = False
            held = [task for task in self._in_flight if task.running]
            late = [task for task in held if task.end_at <= time.monotonic()]
            for task in held:
                task.running = None
                if task not in late:
                    self._in_flight.discard(task)
                    self._urgent.appendleft(task)
        for task in late:
            self._settle(task, problem(Code.IMAGE_TOO_SLOW, name=task.name, seconds=self._seconds()))
        if pool is not None:
            _end(pool)

    def _has_killed(self, task: _Task) -> bool:
        """Whether the file has crashed a process before, and has not changed since."""
        if task.source is None or task.source not in self._killers:
            return False
        return self._killers[task.source] == _signature(task.source)

    def _remember(self, task: _Task) -> None:
        signature = _signature(task.source) if task.source is not None else None
        if task.source is not None and signature is not None and len(self._killers) < _MAX_REMEMBERED:
            self._killers[task.source] = signature

    def _seconds(self) -> int:
        return round(self._time_limit_s)


def _signature(path: Path) -> tuple[int, int] | None:
    """What changes when a file does; None if it is gone."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def _end(pool: "ProcessPool") -> None:
    """End a pool's processes and threads, waiting at most `_CLOSE_S`."""
    pool.stop()  # type: ignore[no-untyped-call]
    thread = threading.Thread(target=_join, args=(pool,), name="image-workers-end", daemon=True)
    thread.start()
    thread.join(_CLOSE_S)


def _join(pool: "ProcessPool") -> None:
    """As `pool.join`, but the processes end first.

    Pebble takes their semaphores away before: one that is just starting then prints a trace on our stderr.
    """
    loop = pool._pool_manager_loop  # noqa: SLF001 - there is no other way to its processes
    if loop is not None:
        # Until it has ended it replaces those that are gone.
        loop.join()
        pool._pool_manager.worker_manager.force_stop_workers()  # type: ignore[no-untyped-call]  # noqa: SLF001
    pool.join()
