"""Carries the result of a Future into the GUI thread: one shape for every background operation."""

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.problems import Code, Problem, ProblemError, problem

T = TypeVar("T")
U = TypeVar("U")
_log = logging.getLogger(__name__)


def then(first: "Future[T]", start: Callable[[T], "Future[U]"]) -> "Future[U]":
    """Both as one: ``start`` gets the result of ``first``, in the thread that made it.

    What goes wrong in either is the result; cancelling it cancels whichever is under way.
    """
    whole: Future[U] = Future()
    under_way: list[Future[Any]] = [first]

    def settle(ended: "Future[U]") -> None:
        _pass_on(ended, whole, whole.set_result)

    def go_on(result: T) -> None:
        second = start(result)
        under_way.append(second)
        if whole.cancelled():
            second.cancel()
        second.add_done_callback(settle)

    def cancel(ended: "Future[U]") -> None:
        if ended.cancelled():
            for future in under_way:
                future.cancel()

    whole.add_done_callback(cancel)
    first.add_done_callback(lambda ended: _pass_on(ended, whole, go_on))
    return whole


def _pass_on(ended: "Future[T]", whole: "Future[Any]", go_on: Callable[[T], None]) -> None:
    if whole.cancelled() or (ended.cancelled() and whole.cancel()):
        return
    try:
        go_on(ended.result(timeout=0))
    except InvalidStateError:
        # Cancelled in this moment.
        pass
    except Exception as error:  # noqa: BLE001 - carried to the caller
        with contextlib.suppress(InvalidStateError):
            whole.set_exception(error)


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
