"""Stop closes the socket within a second, whatever the request is waiting for."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.core.request import Request
from desktop.engines.openai_chat import OpenAIChat
from tests.helpers.chat import Outcome, collect, engine, part, question
from tests.helpers.loopback import Loopback

BIG = part(b"\x89PNG" + os.urandom(8_000_000))
"""Never decoded: the server of these tests does not read it."""

STATES: list[tuple[str, Callable[[Loopback], bool]]] = [
    ("headers_never", lambda server: len(server.requests) == 1),
    ("stalled_before_text", lambda server: len(server.requests) == 1),
    ("stalled", lambda server: bool(server.requests) and server.requests[0].sent > 5),
    ("slow", lambda server: bool(server.requests) and server.requests[0].sent > 5),
    ("dripping", lambda server: len(server.requests) == 1),
]


async def _cancel(
    chat: OpenAIChat, request: Request, reached: Callable[[], None], outcome: Outcome | None = None
) -> float:
    """Ask, cancel when ``reached`` returns, and check that the task ends at once; the time of cancelling."""
    task = asyncio.create_task(collect(chat, request, outcome))
    await asyncio.to_thread(reached)
    assert not task.done()
    cancelled_at = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - cancelled_at < 1
    return cancelled_at


@pytest.mark.parametrize(("scenario", "reached"), STATES, ids=[name for name, _ in STATES])
def test_stop_closes_the_socket_within_a_second(
    loopback: Loopback, scenario: str, reached: Callable[[Loopback], bool]
) -> None:
    outcome = Outcome()

    async def run() -> float:
        # The engine stays open: it is the cancelling that closes the socket, not the engine's end.
        async with engine(loopback.url_as(scenario), idle_timeout_s=30, deadline_s=60) as chat:
            at = await _cancel(
                chat, question(), lambda: loopback.wait_for(lambda: reached(loopback)), outcome
            )
            await asyncio.to_thread(
                loopback.wait_for, lambda: loopback.requests[0].closed_at is not None, 2.0
            )
            return at

    cancelled_at = asyncio.run(run())
    closed_at = loopback.requests[0].closed_at
    assert closed_at is not None
    assert 0 <= closed_at - cancelled_at < 1
    assert loopback.text.startswith(outcome.text)
    assert not outcome.endings


def test_stop_while_a_big_image_is_uploaded_to_a_server_that_does_not_read(loopback: Loopback) -> None:
    async def run() -> float:
        async with engine(loopback.url_as("never_reads"), idle_timeout_s=30, deadline_s=60) as chat:
            at = await _cancel(chat, question(BIG), lambda: loopback.wait_for_requests(1) and None)
            # Only a server that reads can see an end: first comes what had been sent, then the end.
            loopback.drain.set()
            await asyncio.to_thread(
                loopback.wait_for, lambda: loopback.requests[0].closed_at is not None, 2.0
            )
            return at

    cancelled_at = asyncio.run(run())
    recorded = loopback.requests[0]
    assert recorded.closed_at is not None
    assert recorded.closed_at - cancelled_at < 1
    assert len(recorded.raw) < int(recorded.headers["content-length"])


def test_stop_while_connecting() -> None:
    with _full_listener() as port:
        before = _open_descriptors()

        async def run() -> int:
            async with engine(f"http://127.0.0.1:{port}/v1", connect_timeout_s=30) as chat:
                await _cancel(chat, question(), lambda: time.sleep(0.3))
                return _open_descriptors()

        # The loop itself holds three descriptors while it runs.
        assert asyncio.run(run()) <= before + 3


def test_stop_in_the_middle_of_a_tls_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        connections = []

        def handshake_begun() -> None:
            connection, _address = server.accept()
            connection.settimeout(10)
            connections.append(connection)
            assert connection.recv(1) == b"\x16"

        async def run() -> tuple[float, float]:
            async with engine(f"https://127.0.0.1:{server.getsockname()[1]}/v1") as chat:
                at = await _cancel(chat, question(), handshake_begun)
                # The engine stays open: it is the cancelling that closes the socket, not the engine's end.
                return at, await asyncio.to_thread(_closed_at, connections[0])

        cancelled_at, closed_at = asyncio.run(run())
        assert closed_at - cancelled_at < 1


def test_stop_while_waiting_to_try_again(loopback: Loopback) -> None:
    loopback.script.extend(["overloaded", "ok"])
    outcome = Outcome()

    async def run() -> None:
        async with engine(loopback.base_url, first_wait_s=30, deadline_s=60) as chat:
            await _cancel(chat, question(), lambda: _until(lambda: bool(outcome.retries)), outcome)

    asyncio.run(run())
    assert len(loopback.requests) == 1


def test_leaving_the_answer_early_closes_the_socket_too(loopback: Loopback) -> None:
    async def run() -> None:
        async with engine(loopback.url_as("stalled"), idle_timeout_s=30) as chat:
            events = chat.answer(question())
            await anext(events)
            await events.aclose()
            await asyncio.to_thread(
                loopback.wait_for, lambda: loopback.requests[0].closed_at is not None, 1.0
            )

    asyncio.run(run())


def _open_descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def _closed_at(connection: socket.socket) -> float:
    with connection:
        while connection.recv(65536):
            pass
    return time.monotonic()


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def _full_listener() -> Iterator[int]:
    """A port whose queue of connections is full: the next one neither succeeds nor fails."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    waiting = []
    for _ in range(4):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", port))
        waiting.append(sock)
    try:
        yield port
    finally:
        for sock in (*waiting, listener):
            sock.close()
