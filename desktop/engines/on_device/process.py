"""The reader's own process: started when needed, ended when idle, or at once when a question is cancelled."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from desktop.core.problems import Code, ProblemError, problem
from desktop.engines.on_device.reader import start_reader

if TYPE_CHECKING:
    from pebble import ProcessPool

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task(Generic[T]):
    function: Callable[..., T]
    arguments: tuple[object, ...]
    name: str
    limit_s: float


class ReaderProcess:
    """One process for one task at a time. All coroutines run on one event loop; nothing here blocks it."""

    def __init__(self, *, idle_s: float, time_limit_s: float) -> None:
        self._idle_s = idle_s
        self._time_limit_s = time_limit_s
        self._turn = asyncio.Lock()
        self._pool: ProcessPool | None = None
        self._running: Future[Any] | None = None
        self._closed = False
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, function: Callable[..., T], *arguments: object, name: str, effort: float = 1) -> T:
        """Run ``function(*arguments)`` in the process.

        Args:
            function: importable by name.
            arguments: can be pickled.
            name: the image's name for problems.
            effort: how many times the time limit it may take.

        Raises:
            ProblemError: READER_CRASHED, IMAGE_TOO_SLOW, STOPPED after `close`, or what the function raises.
            asyncio.CancelledError: the process has ended when this leaves.
        """
        async with self._turn:
            self._stay()
            try:
                return await self._tried_twice(_Task(function, arguments, name, effort * self._time_limit_s))
            except asyncio.CancelledError:
                await self._end()
                if self._closed and not _is_cancelled():
                    raise ProblemError(problem(Code.STOPPED)) from None
                raise
            finally:
                self._leave_when_idle()

    async def close(self) -> None:
        """End the process, and what runs in it. Idempotent."""
        self._closed = True
        self._stay()
        if self._running is not None:
            self._running.cancel()
        await self._end()
        if self._ending:
            await asyncio.wait(self._ending)

    async def _tried_twice(self, task: "_Task[T]") -> T:
        """A process that died while it was idle is only found when it is used: the second one is new."""
        try:
            return await self._once(task)
        except BrokenProcessPool:
            await self._end()
        try:
            return await self._once(task)
        except BrokenProcessPool:
            await self._end()
            raise ProblemError(problem(Code.READER_CRASHED)) from None

    async def _once(self, task: "_Task[T]") -> T:
        from pebble import ProcessExpired  # noqa: PLC0415 - slow to import

        if self._closed:
            raise ProblemError(problem(Code.STOPPED))
        try:
            # Starting the process blocks.
            future = await asyncio.to_thread(self._schedule, task)
            self._running = future
            return await asyncio.wrap_future(future)
        except (ProblemError, BrokenProcessPool):
            raise
        except TimeoutError:
            seconds = round(task.limit_s)
            raise ProblemError(problem(Code.IMAGE_TOO_SLOW, name=task.name, seconds=seconds)) from None
        except ProcessExpired:
            raise ProblemError(problem(Code.READER_CRASHED)) from None
        except Exception as error:
            raise ProblemError(problem(Code.READER_CRASHED)) from error
        finally:
            self._running = None

    def _schedule(self, task: "_Task[T]") -> Future[T]:
        if self._pool is None:
            self._pool = _new_pool()
        try:
            return self._pool.schedule(task.function, args=task.arguments, timeout=task.limit_s)
        except RuntimeError as error:
            raise BrokenProcessPool(str(error)) from error

    async def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_end_pool, pool)

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _leave_when_idle(self) -> None:
        if not self._closed and self._pool is not None:
            self._stay()
            self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._on_idle)

    def _on_idle(self) -> None:
        self._idle = None
        if not self._turn.locked():
            ending = asyncio.get_running_loop().create_task(self._end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)


def _new_pool() -> "ProcessPool":
    import multiprocessing  # noqa: PLC0415

    from pebble import ProcessPool  # noqa: PLC0415

    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=1, initializer=start_reader, context=context)


def _end_pool(pool: "ProcessPool") -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    loop = pool._pool_manager_loop  # noqa: SLF001 - there is no other way to its processes
    # Its process may have died a moment ago.
    with contextlib.suppress(RuntimeError, OSError):
        if loop is not None:
            # Pebble takes the semaphores first: a process that is just starting then prints a trace.
            loop.join()
            pool._pool_manager.worker_manager.force_stop_workers()  # type: ignore[no-untyped-call]  # noqa: SLF001
        pool.join()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
