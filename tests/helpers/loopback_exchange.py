"""One HTTP request and its answer, byte by byte, so that a server can misbehave at every one of them."""

import asyncio
import contextlib
import json
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

REASONS = {
    200: "OK",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    429: "Too Many Requests",
}


@dataclass(eq=False)
class Recorded:
    """What the server saw of one request. Times are of the monotonic clock, in seconds.

    Attributes:
        method: ``GET`` or ``POST``.
        path: without the scenario's prefix.
        headers: names in lower case.
        scenario: which one answered.
        raw: the body as it came, or the part of it that was read.
        body: decoded JSON.
        images: the exact bytes of the images in it.
        violations: what was wrong with it.
        received_at: when its headers had come.
        closed_at: when the client closed the connection before the server did; None if it has not.
        sent: how many pieces of text have been written.
    """

    method: str
    path: str
    headers: dict[str, str]
    scenario: str = ""
    raw: bytes = b""
    body: Any = None
    images: tuple[bytes, ...] = ()
    violations: list[str] = field(default_factory=list)
    received_at: float = field(default_factory=time.monotonic)
    closed_at: float | None = None
    sent: int = 0


class Exchange:
    """A recorded request and the means to answer it."""

    def __init__(
        self, server: Any, recorded: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.recorded = recorded
        self.reader = reader
        self.writer = writer
        self.keep_alive = False
        self.closed = asyncio.Event()
        self._chunked = True
        self._watcher: asyncio.Task[None] | None = None

    @property
    def model(self) -> str:
        return str((self.recorded.body or {}).get("model", ""))

    async def read_body(self) -> None:
        length = int(self.recorded.headers.get("content-length", "0"))
        self.recorded.raw = await self.reader.readexactly(length)
        self.recorded.body = json.loads(self.recorded.raw) if length else None

    def watch(self) -> None:
        """Notice from now on when the client closes the connection."""
        self._watcher = asyncio.create_task(self._watch())

    async def stop_watching(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None

    async def _watch(self) -> None:
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass
        self.note_closed()

    def note_closed(self) -> None:
        if not self.closed.is_set():
            self.recorded.closed_at = time.monotonic()
            self.closed.set()
            self.server.changed()

    async def headers(
        self,
        status: int = 200,
        content_type: str = "text/event-stream",
        *,
        length: int | None = None,
        **more: str,
    ) -> None:
        """The head of the answer: chunked, or ``length`` bytes; -1: the body ends with the connection."""
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", f"content-type: {content_type}"]
        self._chunked = length is None
        if self._chunked:
            lines.append("transfer-encoding: chunked")
        elif length == -1:
            lines.append("connection: close")
        else:
            lines.append(f"content-length: {length}")
        lines.append(f"x-request-id: req-loopback-{len(self.server.requests)}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
        await self.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def write(self, data: bytes) -> None:
        """Bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, data: bytes) -> None:
        """A piece of the body."""
        await self.write(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)

    async def event(self, data: object) -> None:
        """One server-sent event."""
        text = data if isinstance(data, str) else json.dumps(data)
        await self.send(f"data: {text}\n\n".encode())

    async def delta(self, text: str) -> None:
        """One piece of the answer's text."""
        await self.event(self.chunk({"content": text}))
        self.recorded.sent += 1
        self.server.changed()

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> dict[str, Any]:
        return {
            "id": "chatcmpl-loopback",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": self.model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
            **more,
        }

    async def end(self) -> None:
        """The proper end of the body; the connection stays open for another request where it can."""
        await self.stop_watching()
        if self._chunked:
            self.keep_alive = not self.closed.is_set()
            await self.write(b"0\r\n\r\n")

    async def json(self, status: int, body: object, **headers: str) -> None:
        """A whole answer that is no stream."""
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = headers.pop("content_type", "application/json")
        await self.headers(status, kind, length=len(data), **headers)
        await self.stop_watching()
        self.keep_alive = not self.closed.is_set()
        await self.write(data)

    async def error(self, status: int, message: str, **fields: Any) -> None:
        """A refusal in OpenAI's form; names of ``headers`` are written as HTTP headers."""
        headers = fields.pop("headers", {})
        await self.json(
            status, {"error": {"message": message, "type": "invalid_request_error", **fields}}, **headers
        )

    async def until_closed(self) -> None:
        """Nothing, until the client closes the connection."""
        await self.closed.wait()

    def reset(self) -> None:
        """Cut the connection without a goodbye (RST)."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
