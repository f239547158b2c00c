"""Guards around every test: no network beyond loopback, no thread and no process left behind."""

import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

GRACE_S = 5.0
"""Threads that were told to end may need a moment; one that is still there after this is a leak."""

KEPT_THREADS = ("asyncio_", "ThreadPoolExecutor-", "Dummy-")
"""Pools of libraries that live as long as the process, and Python's memory of threads that Qt has ended."""

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


class NetworkError(AssertionError):
    """A test reached for another computer."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection beyond this computer fails the test that makes it."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            raise NetworkError(f"connection to {address}")

    def guarded(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)


@pytest.fixture(autouse=True)
def no_leaked_threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Threads that a test started have ended after it; daemons of libraries are let be."""
    before = set(threading.enumerate())
    yield
    left = _settled(lambda: [t for t in threading.enumerate() if t not in before and not _is_kept(t)])
    assert not left, f"{request.node.name} left threads behind: {[t.name for t in left]}"


@pytest.fixture(autouse=True)
def no_leaked_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Worker processes that a test started have ended after it."""
    before = {child.pid for child in multiprocessing.active_children()}
    yield
    left = _settled(lambda: [p for p in multiprocessing.active_children() if p.pid not in before])
    assert not left, f"{request.node.name} left processes behind: {left}"


def _is_kept(thread: threading.Thread) -> bool:
    return thread.name.startswith(KEPT_THREADS)


def _settled(left: Any) -> list[Any]:
    """Ask until nothing is left or the grace is over."""
    deadline = time.monotonic() + GRACE_S
    found = left()
    while found and time.monotonic() < deadline:
        threading.Event().wait(0.02)
        found = left()
    return list(found)
