"""Looks at finished answers for tables, off the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject

from desktop.core.schemas import AnswerSchema
from desktop.core.shaped import Shaped, shaped
from desktop.tasks.delivery import Delivery


class ShapingTasks(QObject):
    """One thread that turns answers into tables; nothing here blocks."""

    def __init__(self, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._delivery = delivery
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shaping")
        self._closed = False

    def look_at(
        self, text: str, schema: AnswerSchema | None, succeeded: Callable[[Shaped], None]
    ) -> "Future[Shaped] | None":
        """Look at a finished answer. Cancel the Future where nobody waits any more; None after `close`."""
        if self._closed:
            return None
        future = self._thread.submit(shaped, text, schema)
        self._delivery.follow(future, succeeded)
        return future

    def close(self) -> None:
        """End the thread; idempotent."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)
