"""Addresses of images on the web: which may be fetched, and what a file from there is called. Pure."""

import ipaddress
import re
import socket
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable

MAX_URL_CHARS = 8_000
MAX_DATA_URL_CHARS = 140_000_000
_SUFFIXES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (0, b"GIF8", ".gif"),
    (8, b"WEBP", ".webp"),
    (0, b"BM", ".bmp"),
    (0, b"II*\x00", ".tif"),
    (0, b"MM\x00*", ".tif"),
    (4, b"ftyphei", ".heic"),
    (4, b"ftyphev", ".heic"),
    (4, b"ftypmif1", ".heic"),
    (4, b"ftypavi", ".avif"),
    (0, b"%PDF-", ".pdf"),
)
SNIFFED_BYTES = 16
"""So many bytes tell the type."""
_NAME_CHARS = 80
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Tables (of IANA's special-purpose registries): `is_global` differs between versions of Python.
_NOT_PUBLIC_4 = tuple(map(ipaddress.IPv4Network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")))
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_link(text: str) -> bool:
    """Whether a text is nothing but an address that `checked` may take, or a data URL of an image."""
    text = text.strip()
    if is_data_url(text):
        return True
    return (
        len(text) <= MAX_URL_CHARS and re.fullmatch(r"https?://[^\s/?#]+\S*", text, re.IGNORECASE) is not None
    )


def is_data_url(text: str) -> bool:
    """Whether it is a data URL of an image."""
    return text[:11].lower() == "data:image/"


def checked(url: str) -> str:
    """An address that may be asked: http or https, with a host.

    Raises:
        ProblemError: LINK_INVALID.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        valid = parts.scheme.lower() in ("http", "https") and bool(host_of(url)) and parts.port != 0
    except ValueError:
        valid = False
    # Browsers take a backslash for a slash, and would go to another host.
    if not valid or len(url) > MAX_URL_CHARS or re.search(r"\s", url) or "\\" in parts.netloc:
        raise ProblemError(problem(Code.LINK_INVALID, url=printable(url)))
    return url


def host_of(url: str) -> str:
    """The host of an address, in ASCII and small letters, without a dot at its end.

    Raises:
        ValueError: it has none that could be looked up.
    """
    return (urlsplit(url).hostname or "").rstrip(".").encode("idna").decode("ascii").lower()


def may_be_told(url: str) -> bool:
    """Whether an address may be kept and given to a provider: no login, not of one's own network."""
    try:
        return "@" not in urlsplit(checked(url)).netloc and not is_private_name(host_of(url))
    except ProblemError:
        return False


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, in whatever form it is written.

    Not: this computer, private and shared networks (RFC 1918, 6598, 4193), link-local, multicast, reserved
    ones, and IPv6 forms (mapped, 6to4, Teredo, NAT64) of an IPv4 address that is none.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return (
            address.is_global
            and not address.is_multicast
            and not any(address in network for network in _NOT_PUBLIC_4)
        )
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    # Loopback, link-local, site-local, unique local, multicast and local NAT64 are all outside of it.
    return address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_private_name(host: str) -> bool:
    """Whether a name, or an address in its place, is of this computer or network, before it is looked up.

    Addresses count in every notation that a resolver takes (``127.1``, ``0x7f000001``): behind a proxy nobody
    here looks them up. So do names without a dot.
    """
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        pass
    with suppress(OSError, UnicodeError, ValueError):
        return not is_public(ipaddress.IPv4Address(socket.inet_aton(host)))
    return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))


def suffix_of(beginning: bytes) -> str | None:
    """The suffix of the kind of image that begins like this; None if it is none."""
    return next((suffix for at, mark, suffix in _SUFFIXES if beginning.startswith(mark, at)), None)


def is_page(beginning: bytes) -> bool:
    """Whether it begins like a web page."""
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!do", b"<html", b"<head", b"<?xm", b"<!--", b"<body", b"<script"))


def file_name(url: str, suffix: str) -> str:
    """A name for a file that came from an address: its last part, made safe for every system."""
    last = unquote(urlsplit(url).path.rsplit("/", 1)[-1], errors="replace") if not is_data_url(url) else ""
    stem = last.rsplit(".", 1)[0] if "." in last else last
    stem = _FORBIDDEN.sub("_", printable(stem, limit=_NAME_CHARS)).strip(" ._")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"image_{stem}".rstrip("_")
    return stem[:_NAME_CHARS] + suffix
