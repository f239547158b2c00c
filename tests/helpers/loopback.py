"""A server on 127.0.0.1 that speaks the real protocol, misbehaves on request, and checks what it is sent.

As a program it lets a person try the window against it: ``python -m tests.helpers.loopback --port 0
--scenario slow`` prints its base URL and answers until it is interrupted.

Which scenario (see `loopback_scenarios`) answers a request is decided by, in this order: the path
(``/as/stalled/v1/…``, see `Loopback.url_as`), the queue `Loopback.script`, a model named
``loopback-stalled``, and `Loopback.scenario`.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Self

from tests.helpers import loopback_checks, loopback_counting
from tests.helpers.loopback_exchange import Exchange, Recorded
from tests.helpers.loopback_scenarios import ANSWER, SCENARIOS, Scenario

COUNT_PATH = "/v1/responses/input_tokens"
PRICES_PATH = "/v1/prices.json"
MODELS = ("gpt-5.4-mini", "gpt-4o", "gpt-6-astra")


class Loopback:
    """The server, on a thread of its own. Attributes may be set from any thread, between requests.

    Attributes:
        port: chosen by the system unless given.
        scenario: answers what nothing else decides.
        script: names of scenarios, each for one request.
        text: what good answers say.
        models: what ``GET /models`` lists.
        price_list: what ``GET /prices.json`` gives.
        prompt_tokens: reported in usage; None to compute them from the request.
        completion_tokens: as above.
        cached_tokens: reported in usage.
        pause_s: between the deltas of ``slow``, in seconds.
        drain: lets ``never_reads`` read on.
        requests: all that came, in order.
        violations: of all requests; the fixture asserts that there are none.
    """

    def __init__(self, *, port: int = 0, scenario: str = "ok") -> None:
        self.port = port
        self.scenario = scenario
        self.script: deque[str] = deque()
        self.text = ANSWER
        self.models: tuple[str, ...] = MODELS
        self.price_list = b"[]"
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self.cached_tokens = 0
        self.pause_s = 0.025
        self.drain = threading.Event()
        self.requests: list[Recorded] = []
        self.violations: list[str] = []
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="loopback-server", daemon=True)
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def url_as(self, scenario: str) -> str:
        """A base URL whose requests are answered by ``scenario``."""
        assert scenario in SCENARIOS, scenario
        return f"http://127.0.0.1:{self.port}/as/{scenario}/v1"

    def __enter__(self) -> Self:
        loopback_checks.warm_up()
        self._thread.start()
        assert self._ready.wait(10), "the loopback server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self.drain.set()
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the loopback server did not stop"

    def changed(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait_for(self, predicate: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Block until ``predicate`` holds; it is asked again after everything that happens to a request.

        Raises:
            AssertionError: it did not within ``timeout_s``.
        """
        with self._changed:
            assert self._changed.wait_for(predicate, timeout_s), "nothing of that kind happened in time"

    def wait_for_requests(self, count: int, timeout_s: float = 10.0) -> Recorded:
        """Block until ``count`` requests have come in all; the last of them."""
        self.wait_for(lambda: len(self.requests) >= count, timeout_s)
        return self.requests[count - 1]

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Small, so that a body which is not read is felt by the client after 100 KB instead of megabytes.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        server = await asyncio.start_server(self._connected, sock=listener, limit=65536)
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._answer_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection can take another."""
        head = await reader.readexactly(1)
        if head == b"\x16":
            # A TLS handshake: answered as web servers do, in words that are no TLS.
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            return False
        head += await reader.readuntil(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, _ = start.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        by_path, path = _chosen_by_path(target)
        recorded = Recorded(method, path, headers)
        exchange = Exchange(self, recorded, reader, writer)
        name = by_path or self._chosen_unread(method)
        if method == "POST" and (name is None or SCENARIOS[name].reads_body):
            await self._read(exchange)
        name = name or self._chosen_by_model(exchange)
        recorded.scenario = name
        try:
            await self._run_scenario(exchange, SCENARIOS[name])
        except ConnectionError:
            exchange.note_closed()
        finally:
            await exchange.stop_watching()
        return exchange.keep_alive

    async def _run_scenario(self, exchange: Exchange, scenario: Scenario) -> None:
        recorded = exchange.recorded
        self.requests.append(recorded)
        self.changed()
        if recorded.method == "GET" and recorded.path == "/v1/models":
            await self._list_models(exchange, scenario)
        elif recorded.method == "GET" and recorded.path == PRICES_PATH:
            await self._give_prices(exchange, scenario)
        elif recorded.method == "POST" and recorded.path == COUNT_PATH and not recorded.violations:
            await self._count(exchange, scenario)
        elif recorded.method != "POST" or recorded.path != "/v1/chat/completions":
            self.violations.append(f"{recorded.method} {recorded.path}")
            await exchange.error(404, "Unknown request URL")
        elif recorded.violations:
            self.violations += recorded.violations
            await exchange.error(400, "; ".join(recorded.violations))
        else:
            if scenario.reads_body:
                exchange.watch()
            await scenario.run(exchange)

    async def _read(self, exchange: Exchange) -> None:
        recorded = exchange.recorded
        await exchange.read_body()
        checks = loopback_counting if recorded.path == COUNT_PATH else loopback_checks
        recorded.violations = checks.violations(recorded.body)
        if not recorded.violations:
            recorded.images = checks.images_in(recorded.body)

    def _chosen_unread(self, method: str) -> str | None:
        """The scenario, if it is known before the body: queued, or one that shall not read it."""
        if method == "POST" and self.script:
            return self.script.popleft()
        return None if SCENARIOS[self.scenario].reads_body else self.scenario

    def _chosen_by_model(self, exchange: Exchange) -> str:
        name = exchange.model.removeprefix("loopback-")
        return name if exchange.model.startswith("loopback-") and name in SCENARIOS else self.scenario

    async def _list_models(self, exchange: Exchange, scenario: Scenario) -> None:
        if scenario.for_models:
            exchange.watch()
            await scenario.run(exchange)
            return
        data = [{"id": name, "object": "model", "created": 1, "owned_by": "loopback"} for name in self.models]
        await exchange.json(200, {"object": "list", "data": data})

    async def _count(self, exchange: Exchange, scenario: Scenario) -> None:
        exchange.watch()
        if scenario.for_models:
            await scenario.run(exchange)
        else:
            await loopback_counting.count(exchange)

    async def _give_prices(self, exchange: Exchange, scenario: Scenario) -> None:
        exchange.watch()
        if scenario.for_models:
            await scenario.run(exchange)
        else:
            await exchange.json(200, self.price_list.decode())


def _chosen_by_path(target: str) -> tuple[str | None, str]:
    if not target.startswith("/as/"):
        return None, target
    _, _, name, rest = target.split("/", 3)
    return name, f"/{rest}"


def main() -> None:
    """Answer until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="slow")
    options = parser.parse_args()
    with Loopback(port=options.port, scenario=options.scenario) as server:
        print(server.base_url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            shown = 0
            while True:
                time.sleep(0.2)
                for recorded in server.requests[shown:]:
                    shown += 1
                    line = {"model": (recorded.body or {}).get("model"), "images": len(recorded.images)}
                    print(recorded.method, recorded.path, recorded.scenario, json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
