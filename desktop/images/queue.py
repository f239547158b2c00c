"""Keeps a few processes busy with tasks from any thread, and outlives one that hangs or crashes."""

import contextlib
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from enum import IntEnum
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

_ORPHAN_S = 10.0
"""How long after its time limit a task ends by itself, because whoever could end it was killed."""

IDLE_S = 60.0
"""The processes end after as long without a task."""

_CLOSE_S = 1.5
_MAX_TRIES = 2
_MAX_REMEMBERED = 10_000


class Turn(IntEnum):
    """When a task has its turn: all of one kind before any of the next."""

    NOW = 0
    """Somebody waits for it."""
    SOON = 1
    """Somebody looks where it will be seen."""
    LATER = 2
    """It is done ahead."""


@dataclass(eq=False, slots=True)
class _Task:
    """One task; ``future`` is what the caller holds, ``running`` what the pool holds."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    name: str
    source: Path | None
    time_limit_s: float
    future: Future[Any] = field(default_factory=Future)
    running: "Future[Any] | None" = None
    tries: int = 0
    end_at: float = 0.0


class ProcessQueue:
    """Tasks for worker processes. Thread-safe; the first `submit` starts the thread that owns the processes.

    Only as many tasks as there are processes are handed over at a time: the others wait here, where they can
    be dropped or overtaken, and cost no memory but their arguments. Processes that have nothing to do end,
    and the next task starts them again.
    """

    def __init__(
        self,
        *,
        processes: int,
        time_limit_s: float,
        initializer: Callable[[], None],
        idle_s: float = IDLE_S,
    ) -> None:
        self._processes = processes
        self._time_limit_s = time_limit_s
        self._initializer = initializer
        self._idle_s = idle_s
        self._changed = threading.Condition()
        self._waiting: dict[Turn, deque[_Task]] = {turn: deque() for turn in Turn}
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
        turn: Turn = Turn.SOON,
        goes_on: bool = False,
        longer_s: float = 0.0,
    ) -> Future[T]:
        """Run ``function(*arguments)`` in a process.

        Args:
            function: importable by name; returns a value or a problem.
            arguments: can be pickled.
            name: what problems call the task.
            source: the file it reads: one that has crashed a process is not tried again until it changes.
            turn: when it has its turn.
            goes_on: before all others that wait for the same turn.
            longer_s: so much longer than other tasks it may take.

        Returns:
            A future that fails only with `ProblemError`; after `close`, a cancelled one.
        """
        task = _Task(function, arguments, name, source, self._time_limit_s + longer_s)
        task.future.add_done_callback(self._on_settled)
        with self._changed:
            if not self._closing:
                waiting = self._waiting[turn]
                (waiting.appendleft if goes_on else waiting.append)(task)
                self._start_thread()
                self._changed.notify_all()
                return task.future
        task.future.cancel()
        return task.future

    def is_suspect(self, source: Path) -> bool:
        """Whether a file has crashed a process before, whatever it is now."""
        return source in self._killers

    def close(self) -> None:
        """Cancel everything and end the processes; returns within two seconds. Idempotent."""
        with self._changed:
            self._closing = True
            dropped = [*itertools.chain(*self._waiting.values()), *self._in_flight]
            for waiting in self._waiting.values():
                waiting.clear()
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
                is_idle = self._wait(has_pool=pool is not None)
                if self._closing:
                    break
                broken = self._broken
                task = None if broken or is_idle else self._next()
            if broken:
                self._replace(pool)
                pool = None
            elif is_idle and pool is not None:
                _end(pool)
                pool = None
            elif task is not None:
                pool = pool or self._new_pool()
                self._hand_over(pool, task)
        if pool is not None:
            _end(pool)

    def _wait(self, *, has_pool: bool) -> bool:
        """Until there is something to do; True if the processes have had nothing to do for long."""
        idle_at: float | None = None
        while True:
            patience_s = self._end_overdue()
            if self._closing or self._broken or self._can_start():
                return False
            if has_pool and not self._in_flight:
                now = time.monotonic()
                idle_at = idle_at or now + self._idle_s
                patience_s = idle_at - now
                if patience_s <= 0:
                    return True
            self._changed.wait(patience_s)

    def _can_start(self) -> bool:
        return any(self._waiting.values()) and len(self._in_flight) < self._processes

    def _next(self) -> _Task | None:
        task = next(waiting for waiting in self._waiting.values() if waiting).popleft()
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
            limited = task.time_limit_s + _ORPHAN_S, task.function, *task.arguments
            running = pool.schedule(_within, args=limited, timeout=task.time_limit_s)
        except (RuntimeError, OSError):
            self._on_broken(task)
            return
        with self._changed:
            task.running = running
            patience = _GRACE_S if task.future.cancelled() else task.time_limit_s + _OVERDUE_S
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
                self._waiting[Turn.NOW].appendleft(task)
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
                    self._waiting[Turn.NOW].appendleft(task)
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


def _within(seconds: float, function: Callable[..., T], *arguments: object) -> T:
    """In a worker: the kernel ends it after so many seconds, whatever C code it is in. Not on Windows."""
    import signal  # noqa: PLC0415

    if not hasattr(signal, "setitimer"):
        return function(*arguments)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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
