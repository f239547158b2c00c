"""Makes the ``openai`` package's client: no retries, no redirects, and refusals read within a limit."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.core.credentials import is_loopback
from desktop.engines.openai_errors import ServerRefusedError
from desktop.engines.providers import OPENAI, Provider
from desktop.engines.retries import retry_after_s

if TYPE_CHECKING:
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

MAX_REFUSAL_BYTES = 64 * 1024
_REFUSAL_S = 5.0
"""A server may send the headers of a refusal and never its body; the status alone says enough then."""

# Compressed bytes could grow a thousandfold in one piece, past every limit on lines.
_UNCOMPRESSED = {"Accept-Encoding": "identity"}
_SHOULD_RETRY = {"true": True, "false": False}


def make_client(
    *,
    base_url: str,
    provider: Provider,
    key: Callable[[], Awaitable[str]],
    connect_s: float,
    idle_s: float,
    deadline_s: float,
) -> "AsyncOpenAI":
    """A client for one server. Slow at the first call (0.4 to 1.2 s of imports): call it in a thread.

    Trust is the operating system's certificate store, and proxies come from the environment, both as the
    library does it; this computer's own servers are reached without a proxy.

    Args:
        base_url: of the server.
        provider: its row.
        key: asked before every request.
        connect_s: longest time to connect, in seconds.
        idle_s: longest silence, in seconds.
        deadline_s: longest time for everything; an upload is one write for the transport, so this is its
            limit, too.
    """
    import openai  # noqa: PLC0415 - not before the window shows
    import openai.resources.chat.completions  # noqa: PLC0415 - otherwise loaded on the event loop, at the first request
    import openai.resources.models  # noqa: PLC0415

    transport = make_transport(base_url, connect_s=connect_s, idle_s=idle_s, deadline_s=deadline_s)
    client = openai.AsyncOpenAI(
        base_url=base_url,
        api_key=key,
        max_retries=0,
        timeout=transport.timeout,
        http_client=transport,
        default_headers=_UNCOMPRESSED,
    )
    if provider is not OPENAI:
        # The library reads these from OPENAI_ORG_ID and OPENAI_PROJECT_ID; they are nobody else's business.
        client.organization = None
        client.project = None
    return client


def make_transport(
    url: str, *, connect_s: float, idle_s: float, deadline_s: float | None = None
) -> "DefaultAsyncHttpxClient":
    """The library's own HTTP client, which follows no redirect and raises every refusal within a limit.

    Slow at the first call, as `make_client`, whose arguments it takes; ``deadline_s`` None is ``idle_s``.
    """
    # A server on this computer is reached without a proxy: no other could, and it would see the images.
    mounts = {f"all://{_host(url)}": None} if is_loopback(url) else None
    return _transport(connect_s, idle_s, idle_s if deadline_s is None else deadline_s, mounts=mounts)


def make_pinned_transport(
    origin: str, proxy: str | None, *, connect_s: float, idle_s: float
) -> "DefaultAsyncHttpxClient":
    """As `make_transport`, for one origin whose proxy is decided already, whatever the environment says.

    Args:
        origin: ``scheme://host:port``; without a proxy the host is an IP address.
        proxy: what `proxy_for` said; None to connect to the origin itself.
        connect_s: longest time to connect, in seconds.
        idle_s: longest silence, in seconds.
    """
    if proxy is not None:
        return _transport(connect_s, idle_s, idle_s, proxy=proxy)
    return _transport(connect_s, idle_s, idle_s, mounts={f"all://{_host(origin)}": None})


def _transport(connect_s: float, idle_s: float, longest_s: float, **route: Any) -> "DefaultAsyncHttpxClient":  # noqa: ANN401 - the library's arguments
    import openai  # noqa: PLC0415 - not before the window shows

    return openai.DefaultAsyncHttpxClient(
        timeout=openai.Timeout(connect=connect_s, read=idle_s, write=longest_s, pool=longest_s),
        follow_redirects=False,
        event_hooks={"request": [_watch_handshake], "response": [_raise_refusal]},
        headers=_UNCOMPRESSED,
        **route,
    )


def uses_proxy(base_url: str) -> bool:
    """Whether a server is reached through a proxy of the environment or, on Windows and macOS, the system."""
    if is_loopback(base_url):
        return False
    parts = urlsplit(base_url)
    return proxy_for(parts.scheme, parts.hostname or "") is not None


def proxy_for(scheme: str, host: str) -> str | None:
    """The proxy through which a host is reached; None where it is reached directly."""
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - asked after a failure only

    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _host(base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    return f"[{host}]" if ":" in host else host


async def _watch_handshake(request: Any) -> None:  # noqa: ANN401 - a class of the transport
    """Called by the transport before a request: closes the socket of a TLS handshake that is cancelled.

    The transport closes it itself for every `Exception`, but a cancel is none, and the socket would stay open
    (httpcore2 2.16). Its ``trace`` extension is the only way to the socket.
    """
    connected: list[Any] = []

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            connected.append(info["return_value"])
        elif event.endswith("start_tls.failed"):
            for stream in connected:
                await stream.aclose()

    request.extensions["trace"] = trace


async def _raise_refusal(response: Any) -> None:  # noqa: ANN401 - a class of the transport
    """Called by the transport when headers have come, before the library would read a body of any length.

    Raises:
        ServerRefusedError: the status is not 2xx.
    """
    if 200 <= response.status_code < 300:
        return
    headers = response.headers
    raise ServerRefusedError(
        response.status_code,
        _decoded(await _beginning(response)),
        location=headers.get("location", ""),
        retry_after_s=retry_after_s(headers),
        may_retry=_SHOULD_RETRY.get(headers.get("x-should-retry", "").lower()),
        request_id=headers.get("x-request-id"),
    )


async def _beginning(response: Any) -> bytes:  # noqa: ANN401 - a class of the transport
    body = bytearray()
    # Whatever ends the body, the status has been said.
    with suppress(Exception):
        async with asyncio.timeout(_REFUSAL_S), aclosing(response.aiter_raw()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) >= MAX_REFUSAL_BYTES:
                    break
    return bytes(body[:MAX_REFUSAL_BYTES])


def _decoded(body: bytes) -> object:
    text = body.decode("utf-8", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
