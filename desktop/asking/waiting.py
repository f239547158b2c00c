"""Waiting for work of other threads from the event loop."""

import asyncio
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def undisturbed(future: Future[T]) -> T:
    """Wait for a short write to its end, even when the task is cancelled meanwhile.

    The cancel is not lost: it is delivered at the next await. Without this, a question stopped while its row
    is written would be in the history and nobody would know its id.
    """
    waiting = asyncio.wrap_future(future)
    cancelled = False
    while not waiting.done():
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled and (task := asyncio.current_task()) is not None:
        task.cancel()
    return waiting.result()
