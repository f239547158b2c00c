"""Looks at finished answers for tables and for places on images, off the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject

from desktop.core.model import Conversation
from desktop.core.pointed_at import PointedAnswer, pointed_answer
from desktop.core.schemas import AnswerSchema
from desktop.core.shaped import Shaped, shaped
from desktop.tasks.delivery import Delivery


class ShapingTasks(QObject):
    """One thread that looks at answers; nothing here blocks."""

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

    def look_for_places(
        self, conversation: Conversation, message_id: int, succeeded: Callable[[PointedAnswer | None], None]
    ) -> "Future[PointedAnswer | None] | None":
        """Look for what a finished answer points at. As with `look_at`, cancel the Future or get None."""
        if self._closed:
            return None
        future = self._thread.submit(pointed_answer, conversation, message_id)
        self._delivery.follow(future, succeeded)
        return future

    def close(self) -> None:
        """End the thread; idempotent."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)
