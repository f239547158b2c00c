"""Results of other threads arrive in the GUI thread, once, and never after closing."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.tasks.delivery import Delivery


def fails_with(error: Exception) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


def test_a_result_arrives_in_the_gui_thread(qtbot: QtBot) -> None:
    delivery, arrived = Delivery(), []
    with ThreadPoolExecutor(1) as pool:
        delivery.follow(
            pool.submit(threading.get_ident),
            lambda worker: arrived.append((worker, threading.get_ident(), QThread.isMainThread())),
        )
        qtbot.waitUntil(lambda: bool(arrived))
    worker, receiver, is_main = arrived[0]
    assert worker != receiver
    assert is_main


def test_a_caller_never_gets_its_result_before_its_call_has_returned(qtbot: QtBot) -> None:
    delivery, arrived = Delivery(), []
    done: Future[int] = Future()
    done.set_result(1)
    delivery.follow(done, arrived.append)
    assert arrived == []
    qtbot.waitUntil(lambda: arrived == [1])


def test_a_problem_is_told_as_such(qtbot: QtBot) -> None:
    delivery, told = Delivery(), []
    delivery.follow(fails_with(ProblemError(problem(Code.DISK_FULL, folder="/x"))), told.append, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [problem(Code.DISK_FULL, folder="/x")]


def test_what_a_lower_room_forgot_is_logged_and_told_as_unexpected(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    delivery: Delivery = Delivery()
    told: list[Problem] = []
    with caplog.at_level(logging.ERROR):
        delivery.follow(fails_with(ZeroDivisionError("ours")), lambda _result: None, told.append)
        qtbot.waitUntil(lambda: bool(told))
    assert told[0].code is Code.UNEXPECTED
    assert "ours" in caplog.text


def test_a_cancelled_operation_tells_nothing(qtbot: QtBot) -> None:
    delivery, told = Delivery(), []
    future: Future[int] = Future()
    delivery.follow(future, told.append, told.append)
    future.cancel()
    after: Future[str] = Future()
    after.set_result("after")
    delivery.follow(after, told.append)
    qtbot.waitUntil(lambda: told == ["after"])


def test_nothing_arrives_after_closing(qtbot: QtBot) -> None:
    closed, other, told = Delivery(), Delivery(), []
    first: Future[str] = Future()
    closed.follow(first, told.append)
    first.set_result("late")
    closed.close()
    second: Future[str] = Future()
    other.follow(second, told.append)
    second.set_result("in time")
    qtbot.waitUntil(lambda: told == ["in time"])
