"""The form of a key and of a base URL, checked while they are typed; nothing here keeps or sends either.

A key with a line break surfaces in the ``openai`` package as "Connection error.", one with a non-ASCII
character as `UnicodeEncodeError` (section 2 of ``OPENAI_VISION.md``): so the form is checked before any
request.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable

KEY_MINIMUM = 8
"""A key has at least this many characters."""
URL_MAXIMUM = 2_000
"""A base URL has at most this many characters."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NEVER_IN_URLS = frozenset(' \\<>"?#@')
_HOST_NAME = re.compile(r"[a-z0-9._-]+")
_SHOWN_WHOLE = 16


def check_key(text: str) -> str:
    """The key in ``text``, without the white space around it.

    Raises:
        ProblemError: ``text`` cannot be a key, and the problem says why: one of the ``KEY_`` codes. It never
            holds the text.
    """
    key = text.strip()
    code = _wrong_with_key(key)
    if code is not None:
        raise ProblemError(_key_problem(code))
    return key


def _wrong_with_key(key: str) -> Code | None:
    # The order matters: a masked key is not ASCII, an address may be too short.
    rules = (
        (Code.KEY_EMPTY, not key),
        (Code.KEY_MULTI_LINE, len(key.splitlines()) > 1),
        (Code.KEY_IS_MASKED, any(mask in key for mask in ("…", "*", "...", "•"))),
        (Code.KEY_IS_AN_ADDRESS, "://" in key or key.lower().startswith("www.")),
        (Code.KEY_HAS_SPACES, any(c.isspace() for c in key)),
        (Code.KEY_NOT_ASCII, not key.isascii() or not key.isprintable()),
        (Code.KEY_TOO_SHORT, len(key) < KEY_MINIMUM),
    )
    return next((code for code, wrong in rules if wrong), None)


def _key_problem(code: Code) -> Problem:
    return problem(code, limit=KEY_MINIMUM) if code is Code.KEY_TOO_SHORT else problem(code)


def mask_key(key: str) -> str:
    """The key as it may be shown: ``sk-…4f2a``. Of a short key only two characters are shown."""
    prefix = "sk-" if key.startswith("sk-") else ""
    shown = 4 if len(key) >= _SHOWN_WHOLE else 2
    return f"{prefix}…{key[-shown:]}" if len(key) > len(prefix) + shown else "…"


def check_base_url(text: str) -> str:
    """The base URL in ``text``: scheme and host in lower case, no default port, no slash at the end.

    Raises:
        ProblemError: URL_INVALID for anything but ``http`` or ``https`` with a host and a path: white space
            inside, a user or password, a query or fragment, a bad port or a bad host.
    """
    scheme, host, port, path = _parse(text)
    shown_port = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{_bracketed(host)}{shown_port}{path.rstrip('/')}"


def is_encrypted_or_loopback(url: str) -> bool:
    """Whether a key may go to ``url`` without a warning: https, or a server on this computer.

    Raises:
        ProblemError: URL_INVALID.
    """
    return _parse(url)[0] == "https" or is_loopback(url)


def is_loopback(url: str) -> bool:
    """Whether ``url`` leads to this computer.

    Raises:
        ProblemError: URL_INVALID.
    """
    host = _parse(url)[1]
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def origin(url: str) -> str:
    """What a key belongs to: ``scheme://host:port`` of ``url``, in lower case, the port always named.

    Raises:
        ProblemError: URL_INVALID.
    """
    scheme, host, port, _ = _parse(url)
    return f"{scheme}://{_bracketed(host)}:{port}"


def _parse(text: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        raise ProblemError(problem(Code.URL_INVALID, url=_without_secrets(url))) from None
    # urlsplit drops line breaks and tabs without a word, so the text itself is looked at too.
    wrong = len(url) > URL_MAXIMUM or not url.isprintable() or any(c in _NEVER_IN_URLS for c in url)
    if wrong or parts.scheme not in _DEFAULT_PORTS or port == 0 or not _is_host(host):
        raise ProblemError(problem(Code.URL_INVALID, url=_without_secrets(url)))
    return parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], parts.path


def _is_host(host: str) -> bool:
    # The idna codec lets some characters become spaces and the like.
    return _HOST_NAME.fullmatch(host) is not None or _is_address(host)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _without_secrets(url: str) -> str:
    """For a sentence: what stands before an ``@`` may be a password, and a query may hold a key."""
    scheme, separator, rest = url.rpartition("://")
    return printable(scheme + separator + rest.rpartition("@")[2].partition("?")[0])
