"""The network thread: a QThread whose ``run`` is an asyncio loop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThread

from desktop.core.compat import override

T = TypeVar("T")

CLOSE_WAIT_MS = 3000
"""How long closing waits for the loop to end; cancelling takes milliseconds."""


class NetworkThread(QThread):
    """Runs coroutines; `AsyncOpenAI` lives here. Started by the first `submit`; ``at_end`` runs last."""

    def __init__(
        self, at_end: Callable[[], Coroutine[Any, Any, None]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self._at_end = at_end
        self._loop = asyncio.new_event_loop()
        self._blocking = ThreadPoolExecutor(4, thread_name_prefix="network-blocking")
        self._loop.set_default_executor(self._blocking)
        self._up = threading.Event()
        self._closing = False

    @override
    def run(self) -> None:
        """The loop, until `close` stops it."""
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._up.set)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._cancel_all())
            self._loop.run_until_complete(self._at_end())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            # Not waited for: a name look-up that hangs would hold the window's end up.
            self._blocking.shutdown(wait=False, cancel_futures=True)

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine on the loop. Cancelling the Future cancels its task."""
        if self._closing:
            coroutine.close()
            ended: Future[T] = Future()
            ended.cancel()
            return ended
        if not self.isRunning():
            self.start()
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        """Cancel all that runs, end the loop and the thread; idempotent."""
        if self._closing:
            return
        self._closing = True
        if self.isRunning():
            self._up.wait(1)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self.wait(CLOSE_WAIT_MS)
        if not self.isRunning():
            self._loop.close()

    async def _cancel_all(self) -> None:
        tasks = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
