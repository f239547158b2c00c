"""Downloads an image from the web: within limits, from public addresses, its type told by its content."""

import asyncio
import base64
import binascii
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable
from desktop.core.web_addresses import (
    MAX_DATA_URL_CHARS,
    SNIFFED_BYTES,
    checked,
    file_name,
    host_of,
    is_page,
    is_private_name,
    is_public,
    suffix_of,
)
from desktop.engines.openai_client import make_pinned_transport, proxy_for
from desktop.engines.openai_errors import Context, Phase, ServerRefusedError, causes, problem_of

MAX_BYTES = 100_000_000
_DEADLINE_S = 30.0
_SILENCE_S = 15.0
_MOST_REDIRECTS = 5
_MOST_ADDRESSES = 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Awaitable[list[str]]]
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """An image as it came.

    Attributes:
        data: the whole file.
        name: a name for it, with the suffix of what it is.
    """

    data: bytes
    name: str


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def download_image(
    url: str,
    *,
    private_hosts: frozenset[str] = frozenset(),
    progress: Progress = lambda _bytes, _of: None,
    look_up: Resolve = resolve,
    deadline_s: float = _DEADLINE_S,
) -> Downloaded:
    """Fetch ``url``. Cancelling closes the connection.

    A host is looked up once, all of its addresses are checked, and the connection goes to one of them: a name
    that means another address a moment later does not matter. TLS is checked against the name. Behind a proxy
    the proxy looks names up, and only what can be told from the name is checked.

    Args:
        url: http, https, or a data URL.
        private_hosts: hosts on this computer or network that the user allows.
        progress: told how many bytes have come, and of how many if that is known.
        look_up: the addresses of a host and port.
        deadline_s: longest time for all of it.

    Raises:
        ProblemError: why it could not be fetched; LINK_PRIVATE has ``host``.
    """
    if url.strip()[:5].lower() == "data:":
        return _from_data_url(url.strip())
    url = checked(url)
    host = printable(host_of(url))
    phase = Phase.WAITING
    try:
        async with asyncio.timeout(deadline_s):
            return await _follow(url, private_hosts, progress, look_up)
    except ServerRefusedError as error:
        raise ProblemError(problem(Code.LINK_REFUSED, host=host, status=error.status)) from None
    except Exception as error:  # noqa: BLE001 - the one table at the edge maps whatever it is
        raise ProblemError(_named(problem_of(error, Context(host=host), phase), host)) from None


async def _follow(
    url: str, private_hosts: frozenset[str], progress: Progress, look_up: Resolve
) -> Downloaded:
    """Fetch, following redirects, each of which is checked like the first address."""
    first_host = printable(host_of(url))
    for _hop in range(_MOST_REDIRECTS + 1):
        try:
            return await _fetch(url, private_hosts, progress, look_up)
        except ServerRefusedError as error:
            if error.status not in _REDIRECTS or not error.location:
                raise
            url = checked(urljoin(url, error.location))
    raise ProblemError(problem(Code.LINK_LOOPS, host=first_host))


async def _fetch(url: str, private_hosts: frozenset[str], progress: Progress, look_up: Resolve) -> Downloaded:
    parts = urlsplit(url)
    host = host_of(url)
    if is_private_name(host) and host not in private_hosts:
        raise ProblemError(problem(Code.LINK_PRIVATE, host=printable(host)))
    # What is of one's own network, and was allowed, is no affair of a proxy.
    proxy = None if is_private_name(host) else proxy_for(parts.scheme.lower(), host)
    places = [host] if proxy else await _addresses(host, parts, private_hosts, look_up)
    for place in places[: _MOST_ADDRESSES - 1]:
        if place == places[-1]:
            break
        try:
            return await _ask(url, place, proxy, progress)
        except Exception as error:
            if not _never_connected(error):
                raise
    return await _ask(url, places[-1], proxy, progress)


async def _ask(url: str, place: str, proxy: str | None, progress: Progress) -> Downloaded:
    """One request. ``place`` is connected to (or named to the proxy), and asked by the name in ``url``."""
    parts, host = urlsplit(url), host_of(url)
    target = _at(parts, place)
    transport = await asyncio.to_thread(
        make_pinned_transport, _origin(target), proxy, connect_s=_SILENCE_S, idle_s=_SILENCE_S
    )
    named = urlsplit(_at(parts, host)).netloc
    headers = {"Host": named, "Accept": "image/*,application/pdf;q=0.9,*/*;q=0.1"}
    extensions = {"sni_hostname": host}
    async with transport, transport.stream("GET", target, headers=headers, extensions=extensions) as response:
        data = await _read(response, host, progress)
    suffix = suffix_of(data)
    if suffix is None:
        raise ProblemError(_not_an_image(data, host))
    return Downloaded(data, file_name(url, suffix))


def _never_connected(error: Exception) -> bool:
    names = {cls.__name__ for cause in causes(error) for cls in type(cause).__mro__}
    return bool(names & {"ConnectError", "ConnectTimeout"})


async def _addresses(
    host: str, parts: SplitResult, private_hosts: frozenset[str], look_up: Resolve
) -> list[str]:
    port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    addresses = await look_up(host, port)
    if not addresses:
        raise ProblemError(problem(Code.HOST_NOT_FOUND, host=printable(host)))
    if host not in private_hosts and not all(is_public(_parsed(address)) for address in addresses):
        raise ProblemError(problem(Code.LINK_PRIVATE, host=printable(host)))
    return addresses


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    # A zone (fe80::1%eth0) is only of this computer.
    return ipaddress.ip_address(address.partition("%")[0])


def _at(parts: SplitResult, address: str) -> str:
    """The same address at a host that is named by its number. Names and passwords go nowhere."""
    shown = f"[{address}]" if ":" in address else address
    netloc = f"{shown}:{parts.port}" if parts.port else shown
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def _read(response: Any, host: str, progress: Progress) -> bytes:  # noqa: ANN401 - a class of the transport
    length = response.headers.get("content-length", "")
    expected = int(length) if length.isdigit() else None
    if expected is not None and expected > MAX_BYTES:
        raise ProblemError(_too_large(host))
    body = bytearray()
    async with aclosing(response.aiter_raw()) as chunks:
        async for chunk in chunks:
            begun = len(body) >= SNIFFED_BYTES
            body += chunk
            if len(body) > MAX_BYTES:
                raise ProblemError(_too_large(host))
            if not begun and len(body) >= SNIFFED_BYTES and suffix_of(bytes(body[:SNIFFED_BYTES])) is None:
                raise ProblemError(_not_an_image(bytes(body[:256]), host))
            progress(len(body), expected)
    if expected is not None and len(body) < expected:
        raise ProblemError(problem(Code.LINK_CUT, host=printable(host)))
    return bytes(body)


def _from_data_url(url: str) -> Downloaded:
    """What a data URL holds (RFC 2397)."""
    head, comma, body = url.partition(",")
    if not comma or len(url) > MAX_DATA_URL_CHARS:
        raise ProblemError(problem(Code.LINK_INVALID, url=printable(url[:100])))
    raw = unquote_to_bytes(body)
    if head.lower().endswith(";base64"):
        try:
            raw = base64.b64decode(b"".join(raw.split()), validate=True)
        except (binascii.Error, ValueError):
            raise ProblemError(problem(Code.LINK_INVALID, url=printable(url[:100]))) from None
    suffix = suffix_of(raw)
    if suffix is None or len(raw) > MAX_BYTES:
        raise ProblemError(problem(Code.LINK_NOT_AN_IMAGE, host="data:"))
    return Downloaded(raw, file_name(url, suffix))


def _too_large(host: str) -> Problem:
    return problem(Code.LINK_TOO_LARGE, host=printable(host), limit_bytes=MAX_BYTES)


def _not_an_image(beginning: bytes, host: str) -> Problem:
    code = Code.LINK_IS_A_PAGE if is_page(beginning) else Code.LINK_NOT_AN_IMAGE
    return problem(code, host=printable(host))


_CUT = frozenset({Code.STREAM_CUT, Code.STREAM_STALLED, Code.NOT_THE_PROTOCOL, Code.TIMED_OUT})


def _named(found: Problem, host: str) -> Problem:
    """Words for half an answer do not fit half an image."""
    if found.code in _CUT:
        return problem(Code.LINK_CUT, host=host)
    return problem(found.code, **{"host": host, **found.parameters})
