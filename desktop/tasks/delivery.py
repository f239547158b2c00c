"""Carries the result of a Future into the GUI thread: one shape for every background operation."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.problems import Code, Problem, ProblemError, problem

T = TypeVar("T")
_log = logging.getLogger(__name__)


def _ignore(_problem: Problem) -> None:
    """A failure that its caller has no use for; it is in the log."""


class Delivery(QObject):
    """Lives in the GUI thread. Futures that end after `close` are dropped."""

    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        # Queued even within the GUI thread: a caller never gets its result before its own call has returned.
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def follow(
        self, future: "Future[T]", succeeded: Callable[[T], None], failed: Callable[[Problem], None] = _ignore
    ) -> None:
        """Call ``succeeded`` or ``failed`` in the GUI thread, once; neither if the Future is cancelled."""

        def carry(ended: "Future[T]") -> None:
            if not self._closed:
                self._ended.emit(ended, succeeded, failed)

        future.add_done_callback(carry)

    def close(self) -> None:
        """Deliver nothing more; idempotent."""
        self._closed = True

    def _on_ended(
        self, future: "Future[Any]", succeeded: Callable[[Any], None], failed: Callable[[Problem], None]
    ) -> None:
        if self._closed:
            return
        try:
            result = future.result(timeout=0)
        except CancelledError:
            return
        except ProblemError as error:
            _log.info("a background operation failed: %s", error)
            failed(error.problem)
            return
        except Exception:  # noqa: BLE001 - what a lower room forgot is logged and said
            _log.exception("a background operation ended unexpectedly")
            failed(problem(Code.UNEXPECTED))
            return
        succeeded(result)
