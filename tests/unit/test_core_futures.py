"""Two operations as one Future: one result, and cancelling reaches whichever is under way."""

import gc
import threading
import weakref
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait

import pytest

from desktop.core.futures import then


def done(value: int) -> "Future[int]":
    future: Future[int] = Future()
    future.set_result(value)
    return future


def test_the_second_gets_the_result_of_the_first() -> None:
    with ThreadPoolExecutor(2) as pool:
        whole = then(pool.submit(lambda: 20), lambda value: pool.submit(lambda: value + 1))
        assert whole.result(10) == 21


def test_what_goes_wrong_in_either_or_between_is_the_result() -> None:
    failed: Future[int] = Future()
    failed.set_exception(ZeroDivisionError("first"))
    with pytest.raises(ZeroDivisionError, match="first"):
        then(failed, done).result(10)
    with pytest.raises(ZeroDivisionError):
        then(done(0), lambda value: done(1 // value)).result(10)
    with pytest.raises(ZeroDivisionError, match="first"):
        then(done(0), lambda _value: failed).result(10)


def test_cancelling_reaches_the_first_and_the_second_never_starts() -> None:
    first: Future[int] = Future()
    started: list[int] = []

    def start(value: int) -> "Future[int]":
        started.append(value)
        return done(value)

    whole = then(first, start)
    assert whole.cancel()
    assert first.cancelled()
    assert started == []
    assert wait([whole], timeout=10).done == {whole}


def test_cancelling_reaches_the_second() -> None:
    second: Future[int] = Future()
    whole = then(done(1), lambda _value: second)
    assert whole.cancel()
    assert second.cancelled()


def test_what_is_cancelled_within_cancels_the_whole() -> None:
    first: Future[int] = Future()
    whole = then(first, done)
    first.cancel()
    with pytest.raises(CancelledError):
        whole.result(10)


def test_a_result_that_comes_while_it_is_cancelled_is_dropped() -> None:
    for _ in range(200):
        second: Future[int] = Future()
        whole = then(done(1), lambda _value, second=second: second)  # type: ignore[misc]
        second.set_running_or_notify_cancel()
        thread = threading.Thread(target=second.set_result, args=(5,))
        thread.start()
        whole.cancel()
        thread.join()
        assert whole.cancelled() or whole.result(0) == 5


def test_what_nobody_looks_at_any_more_stayed_until_the_collector_came() -> None:
    """Each picture of the viewer is 100 MB."""
    first: Future[int] = Future()
    gc.disable()
    try:
        whole = then(first, done)
        first.set_result(1)
        result = weakref.ref(whole)
        del whole, first
        assert result() is None
    finally:
        gc.enable()
