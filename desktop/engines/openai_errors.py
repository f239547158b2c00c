"""The one table at the edge: whatever can go wrong with a server becomes a `Problem` here; nothing escapes.

Catching ``openai.OpenAIError`` is not enough: hostile bodies raise JSONDecodeError, AttributeError,
TypeError, UnicodeError and RecursionError, and reading a body raises the transport's own exceptions. The
transport (``httpx2``) is the ``openai`` package's affair, so its exceptions are told by their names.
"""

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.redact import redact
from desktop.core.text import printable

_MESSAGE_CHARS = 300
_MOST_CAUSES = 50


class Phase(Enum):
    """How far a request had come."""

    CLIENT = auto()
    """Making the client: the environment's proxies and certificates are read here."""
    WAITING = auto()
    """From connecting to the headers of the answer."""
    READING = auto()
    """The answer's body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a sentence about a failure needs, and what must not be in it.

    Attributes:
        host: host and port of the server, as shown.
        model: the model that was asked; empty for a list of models.
        keys: taken out of every message.
    """

    host: str
    model: str = ""
    keys: tuple[str, ...] = field(default=(), repr=False)


class ServerRefusedError(Exception):
    """The server answered with a status other than 2xx. Its text is the status: bodies may hold anything.

    Attributes:
        status: the HTTP status.
        body: the beginning of what the server said, decoded JSON where it is JSON.
        location: where a redirect points; empty if it is none.
        retry_after_s: how long the server asks to wait, in seconds; None if it does not.
        may_retry: what the server says itself about trying again; None if nothing.
        request_id: the server's id of the request.
    """

    def __init__(
        self,
        status: int,
        body: object = None,
        *,
        location: str = "",
        retry_after_s: float | None = None,
        may_retry: bool | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status
        self.body = body
        self.location = location
        self.retry_after_s = retry_after_s
        self.may_retry = may_retry
        self.request_id = request_id


def problem_of(error: BaseException, context: Context, phase: Phase) -> Problem:
    """The problem behind any exception; UNEXPECTED with the exception's type where nothing is known of it."""
    if isinstance(error, ProblemError):
        return error.problem
    if isinstance(error, ServerRefusedError):
        return _problem_of_refusal(error, context)
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _problem_of_refusal(ServerRefusedError(status, getattr(error, "body", None)), context)
    names = {cls.__name__ for cause in causes(error) for cls in type(cause).__mro__}
    code = (
        _code_of_names(names, phase) or _code_of_system_error(error, phase) or _code_of_bad_data(error, phase)
    )
    if code is None:
        return problem(Code.UNEXPECTED, kind=type(error).__name__, host=context.host)
    if code is Code.TLS_FAILED:
        return problem(code, host=context.host, reason=_tls_reason(error))
    return problem(code, host=context.host)


def problem_in_body(body: object, context: Context, status: int = 0) -> Problem:
    """The problem that an error body names: ``{"error": {…}}``, ``{"error": "text"}`` or plain text.

    Args:
        body: decoded JSON or text.
        context: the server, the model, and the keys to take out.
        status: the HTTP status; 0 inside a stream that began with 200, where the body may name one
            (OpenRouter does).
    """
    error = _error_object(body)
    if status == 0:
        status = _status_in(error)
    message = message_in(body, context.keys)
    words = f"{error.get('code')} {error.get('type')} {error.get('param')} {message}".lower()
    code = _code_of_words(status, words) or _STATUS_CODES.get(status) or _code_of_range(status)
    if code is Code.NOT_FOUND and context.model and "model" in words:
        code = Code.MODEL_NOT_FOUND
    parameters: dict[str, str | int] = {"host": context.host, "message": message}
    if code is Code.MODEL_NOT_FOUND:
        parameters["model"] = printable(context.model)
    if status:
        parameters["status"] = status
    return problem(code, **parameters)


def message_in(body: object, keys: tuple[str, ...] = ()) -> str:
    """What the server said, as one plain line without keys; empty if it said nothing that can be shown."""
    error = _error_object(body)
    text = error.get("message") or error.get("detail") or error.get("error_description")
    if not isinstance(text, str):
        text = body if isinstance(body, str) else ""
    if text.lstrip()[:1] == "<":
        # A login or proxy page: its source says nothing to a person.
        return ""
    return printable(redact(text[: 20 * _MESSAGE_CHARS], keys), limit=_MESSAGE_CHARS).strip()


def parameter_in(body: object) -> str:
    """The parameter that a refusal names (``messages[0].content[1].image_url``); empty if it names none."""
    value = _error_object(body).get("param")
    return printable(value) if isinstance(value, str) else ""


def causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and all that led to it: causes, contexts and the members of groups, the outermost first."""
    todo: list[BaseException] = [error]
    seen: set[int] = set()
    while todo and len(seen) < _MOST_CAUSES:
        current = todo.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        todo += [cause for cause in (current.__cause__, current.__context__) if cause is not None]
        if isinstance(current, BaseExceptionGroup):
            todo += current.exceptions


_STATUS_CODES: dict[int, Code] = {
    400: Code.BAD_REQUEST,
    401: Code.UNAUTHORIZED,
    402: Code.QUOTA_USED_UP,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    407: Code.PROXY_FAILED,
    408: Code.TIMED_OUT,
    413: Code.PAYLOAD_TOO_LARGE,
    429: Code.RATE_LIMITED,
    503: Code.SERVER_OVERLOADED,
    529: Code.SERVER_OVERLOADED,
}

_WORTH_WAITING = frozenset({Code.RATE_LIMITED, Code.SERVER_OVERLOADED, Code.SERVER_ERROR, Code.TIMED_OUT})
"""Problems whose sentence may name the wait that the server asked for."""

_BAD_REQUESTS = frozenset({0, 400, 415, 422})

_WORDS: tuple[tuple[frozenset[int], re.Pattern[str], Code], ...] = (
    (
        frozenset({0, 402, 403, 429}),
        re.compile(
            r"insufficient[_ ]quota|exceeded your current quota|billing_hard_limit"
            r"|insufficient (credits|funds|balance)"
        ),
        Code.QUOTA_USED_UP,
    ),
    (
        _BAD_REQUESTS | {413},
        re.compile(
            r"context_length|context length|context window|maximum context|too many tokens|prompt is too long"
            r"|exceeds? the (available )?context|string_above_max_length"
        ),
        Code.CONTEXT_TOO_LONG,
    ),
    (
        _BAD_REQUESTS,
        re.compile(r"content_filter|content_policy|content policy|safety system"),
        Code.CONTENT_FILTERED,
    ),
    (
        _BAD_REQUESTS | {404},
        re.compile(r"model_not_found|model .{0,120}(does not exist|not found)"),
        Code.MODEL_NOT_FOUND,
    ),
    (_BAD_REQUESTS, re.compile(r"too large|payload|entity too"), Code.PAYLOAD_TOO_LARGE),
    (_BAD_REQUESTS, re.compile(r"image|multimodal|vision|mmproj"), Code.IMAGE_REFUSED),
    (
        frozenset({0, 400, 401}),
        re.compile(r"invalid_api_key|incorrect api key|invalid api key|api key not valid"),
        Code.UNAUTHORIZED,
    ),
    (frozenset({0}), re.compile(r"rate.?limit|too many requests"), Code.RATE_LIMITED),
    (frozenset({0, 500}), re.compile(r"overloaded"), Code.SERVER_OVERLOADED),
)
"""What a status alone does not say, in the order in which it is looked for."""

_IMAGE_WORD = re.compile(r"image|multimodal")


def _code_of_words(status: int, words: str) -> Code | None:
    for statuses, pattern, code in _WORDS:
        if status in statuses and pattern.search(words):
            if code is Code.PAYLOAD_TOO_LARGE and _IMAGE_WORD.search(words):
                return Code.IMAGE_REFUSED
            if code is Code.PAYLOAD_TOO_LARGE and "max_" in words:
                return Code.BAD_REQUEST
            return code
    return None


def _code_of_range(status: int) -> Code:
    if 400 <= status < 500:
        return Code.BAD_REQUEST
    if status >= 500 or status == 0:
        return Code.SERVER_ERROR
    return Code.NOT_THE_PROTOCOL


def _problem_of_refusal(refusal: ServerRefusedError, context: Context) -> Problem:
    if 300 <= refusal.status < 400 and refusal.location:
        location = printable(redact(refusal.location, context.keys))
        return problem(Code.REDIRECTED, host=context.host, location=location)
    found = problem_in_body(refusal.body, context, refusal.status)
    if refusal.retry_after_s is None or found.code not in _WORTH_WAITING:
        return found
    return problem(found.code, **found.parameters, seconds=max(1, round(refusal.retry_after_s)))


def _error_object(body: object) -> dict[str, Any]:
    """The mapping with ``message``, ``code``, ``type`` and ``param``, wherever a server puts it."""
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return {}
    error = body.get("error", body)
    if isinstance(error, str):
        return {**body, "message": error}
    return error if isinstance(error, dict) else body


def _status_in(error: dict[str, Any]) -> int:
    for name in ("code", "status", "status_code"):
        value = error.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:
            return value
    return 0


_BEFORE_AN_ANSWER: dict[str, Code] = {
    "InvalidURL": Code.URL_INVALID,
    "UnsupportedProtocol": Code.URL_INVALID,
    "ProxyError": Code.PROXY_FAILED,
    "TooManyRedirects": Code.REDIRECTED,
    "ConnectTimeout": Code.TIMED_OUT,
    "PoolTimeout": Code.TIMED_OUT,
    "WriteTimeout": Code.TIMED_OUT,
    "ReadTimeout": Code.TIMED_OUT,
    "APITimeoutError": Code.TIMED_OUT,
    "TimeoutError": Code.TIMED_OUT,
}
_IN_AN_ANSWER: dict[str, Code] = {
    "ReadTimeout": Code.STREAM_STALLED,
    "TimeoutError": Code.STREAM_STALLED,
    "RemoteProtocolError": Code.STREAM_CUT,
    "ReadError": Code.STREAM_CUT,
    "NetworkError": Code.STREAM_CUT,
    "TransportError": Code.STREAM_CUT,
    "APIConnectionError": Code.STREAM_CUT,
    "EndOfStream": Code.STREAM_CUT,
    "StreamError": Code.STREAM_CUT,
    "OSError": Code.STREAM_CUT,
    "DecodingError": Code.NOT_THE_PROTOCOL,
}


def _code_of_names(names: set[str], phase: Phase) -> Code | None:
    table = _IN_AN_ANSWER if phase is Phase.READING else _BEFORE_AN_ANSWER
    return next((code for name, code in table.items() if name in names), None)


def _code_of_system_error(error: BaseException, phase: Phase) -> Code | None:
    """What the operating system said when no connection came about."""
    found = list(causes(error))
    if phase is Phase.CLIENT and isinstance(error, ValueError | ImportError):
        # Making a client fails over the environment's proxy address only.
        return Code.PROXY_FAILED
    if phase is Phase.CLIENT and isinstance(error, OSError):
        # And over the certificates that the environment names (SSL_CERT_FILE).
        return Code.TLS_FAILED
    codes = (_code_of_os_error(cause) for cause in found)
    return next(filter(None, codes), None) or _code_of_lost_connection(found)


def _code_of_os_error(cause: BaseException) -> Code | None:
    if isinstance(cause, ssl.SSLError):
        return Code.TLS_FAILED
    if isinstance(cause, socket.gaierror):
        # "Temporary failure" is what a computer without any network gets.
        return Code.NO_CONNECTION if cause.errno == socket.EAI_AGAIN else Code.HOST_NOT_FOUND
    if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED:
        return Code.CONNECTION_REFUSED
    return None


def _code_of_lost_connection(found: list[BaseException]) -> Code | None:
    names = {cls.__name__ for cause in found for cls in type(cause).__mro__}
    if "LocalProtocolError" in names:
        return None
    if "RemoteProtocolError" in names and not any(isinstance(cause, OSError) for cause in found):
        # What came back is no HTTP, or nothing came back before the connection was closed.
        closed = any("disconnected" in str(cause) for cause in found)
        return Code.NO_CONNECTION if closed else Code.NOT_THE_PROTOCOL
    if names & {"APIConnectionError", "TransportError", "OSError", "EndOfStream"}:
        return Code.NO_CONNECTION
    return None


def _code_of_bad_data(error: BaseException, phase: Phase) -> Code | None:
    if phase is not Phase.READING and isinstance(error, UnicodeEncodeError):
        # The only text of ours that goes into a header is the key.
        return Code.KEY_NOT_ASCII
    if isinstance(error, ValueError | TypeError | AttributeError | RecursionError | LookupError):
        return Code.NOT_THE_PROTOCOL
    return None


def _tls_reason(error: BaseException) -> str:
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return printable(getattr(cause, "verify_message", ""), limit=_MESSAGE_CHARS)
        if isinstance(cause, ssl.SSLError):
            return printable(getattr(cause, "reason", None) or "", limit=_MESSAGE_CHARS)
    return printable(getattr(error, "strerror", None) or "", limit=_MESSAGE_CHARS)
