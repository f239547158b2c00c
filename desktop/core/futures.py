"""Operations one after the other as one Future, whatever thread each runs in."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")


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

    def end(ended: "Future[U]") -> None:
        if ended.cancelled():
            # `concurrent.futures.wait` counts it only then.
            ended.set_running_or_notify_cancel()
            for future in under_way:
                future.cancel()
        # Else the futures would hold each other, and 100 MB of pixels, until the collector comes.
        under_way.clear()

    whole.add_done_callback(end)
    first.add_done_callback(lambda ended: _pass_on(ended, whole, go_on))
    return whole


def together(parts: "Sequence[Future[T]]") -> "Future[tuple[T, ...]]":
    """All as one: their results in order, or what goes wrong first. Cancelling it cancels all of them."""
    whole: Future[tuple[T, ...]] = Future()
    left = len(parts)
    lock = threading.Lock()

    def count(ended: "Future[T]") -> None:
        nonlocal left
        with lock:
            left -= 1
            is_last = left == 0
        if ended.cancelled() or ended.exception() is not None:
            _pass_on(ended, whole, lambda _result: None)
        elif is_last and not whole.done():
            with contextlib.suppress(InvalidStateError):
                whole.set_result(tuple(part.result(timeout=0) for part in parts))

    def end(ended: "Future[tuple[T, ...]]") -> None:
        if ended.cancelled():
            ended.set_running_or_notify_cancel()
            for part in parts:
                part.cancel()

    whole.add_done_callback(end)
    if not parts:
        whole.set_result(())
    for part in parts:
        part.add_done_callback(count)
    return whole


def follower(leader: "Future[T]", unwanted: Callable[[], object]) -> "Future[T]":
    """A Future of its own with the same end; cancelling it calls ``unwanted`` and leaves ``leader`` alone."""
    own: Future[T] = Future()

    def end(ended: "Future[T]") -> None:
        if ended.cancelled():
            ended.set_running_or_notify_cancel()
            unwanted()

    own.add_done_callback(end)
    leader.add_done_callback(lambda ended: _pass_on(ended, own, own.set_result))
    return own


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
