"""The one table at the edge: every exception and every refusal has a class, and none shows a key."""

import json
import socket
import ssl
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.problems import Code, ProblemError, problem
from desktop.core.redact import HIDDEN, redact
from desktop.engines.openai_errors import (
    Context,
    Phase,
    ServerRefusedError,
    message_in,
    problem_in_body,
    problem_of,
)

KEY = "sk-canary-7Yq2mV4f2a"
CONTEXT = Context(host="example.org", model="gpt-x", keys=(KEY,))
REQUEST: Any = None


def _caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def _connection(cause: BaseException) -> BaseException:
    return _caused(openai.APIConnectionError(request=REQUEST), cause)


def _certificate() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


class _TransportError(Exception):
    """Stands for an exception of the transport, which is told by its class's name."""


def _transport(name: str, text: str = "") -> Exception:
    error: Exception = type(name, (_TransportError,), {})(text)
    return error


EXCEPTIONS = [
    (openai.APITimeoutError(request=REQUEST), Code.TIMED_OUT),
    (openai.APIConnectionError(request=REQUEST), Code.NO_CONNECTION),
    (_connection(ConnectionRefusedError(111, "refused")), Code.CONNECTION_REFUSED),
    (_connection(socket.gaierror(socket.EAI_NONAME, "unknown")), Code.HOST_NOT_FOUND),
    (_connection(socket.gaierror(socket.EAI_AGAIN, "later")), Code.NO_CONNECTION),
    (_connection(_certificate()), Code.TLS_FAILED),
    (_connection(ssl.SSLError(1, "wrong version number")), Code.TLS_FAILED),
    (_connection(OSError(101, "Network is unreachable")), Code.NO_CONNECTION),
    (
        _connection(ExceptionGroup("all", [OSError("a"), ConnectionRefusedError(111, "b")])),
        Code.CONNECTION_REFUSED,
    ),
    (_connection(_transport("ProxyError")), Code.PROXY_FAILED),
    (_connection(_transport("ConnectTimeout")), Code.TIMED_OUT),
    (_connection(_transport("UnsupportedProtocol")), Code.URL_INVALID),
    (
        _connection(_transport("RemoteProtocolError", "Server disconnected without sending")),
        Code.NO_CONNECTION,
    ),
    (_connection(_transport("RemoteProtocolError", "illegal status line")), Code.NOT_THE_PROTOCOL),
    (json.JSONDecodeError("bad", "x", 0), Code.NOT_THE_PROTOCOL),
    (AttributeError("'str' has no attribute"), Code.NOT_THE_PROTOCOL),
    (TypeError("not a mapping"), Code.NOT_THE_PROTOCOL),
    (KeyError("choices"), Code.NOT_THE_PROTOCOL),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), Code.NOT_THE_PROTOCOL),
    (RecursionError("too deep"), Code.NOT_THE_PROTOCOL),
    (UnicodeEncodeError("ascii", "\u00fc", 0, 1, "no"), Code.KEY_NOT_ASCII),
    (ProblemError(problem(Code.ANSWER_TOO_LONG)), Code.ANSWER_TOO_LONG),
    (MemoryError(), Code.UNEXPECTED),
    (RuntimeError(KEY), Code.UNEXPECTED),
]


@pytest.mark.parametrize(
    ("error", "code"), EXCEPTIONS, ids=[f"{type(e).__name__}-{c}" for e, c in EXCEPTIONS]
)
def test_every_exception_before_an_answer_has_a_class(error: BaseException, code: Code) -> None:
    found = problem_of(error, CONTEXT, Phase.WAITING)
    assert found.code is code
    assert KEY not in str(found)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (_transport("ReadTimeout"), Code.STREAM_STALLED),
        (_transport("ReadError"), Code.STREAM_CUT),
        (_transport("RemoteProtocolError", "incomplete chunked read"), Code.STREAM_CUT),
        (ConnectionResetError(104, "reset"), Code.STREAM_CUT),
        (openai.APIConnectionError(request=REQUEST), Code.STREAM_CUT),
        (_transport("DecodingError"), Code.NOT_THE_PROTOCOL),
        (ValueError("bad"), Code.NOT_THE_PROTOCOL),
        (ZeroDivisionError(), Code.UNEXPECTED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_exception_within_an_answer_has_a_class(error: Exception, code: Code) -> None:
    assert problem_of(error, CONTEXT, Phase.READING).code is code


REFUSALS = [
    (400, {"error": {"message": "Bad thing"}}, Code.BAD_REQUEST),
    (400, {"error": {"message": "Invalid image.", "code": "invalid_image"}}, Code.IMAGE_REFUSED),
    (
        400,
        {"error": {"message": "Invalid content", "param": "messages[0].content[0].image_url"}},
        Code.IMAGE_REFUSED,
    ),
    (400, {"error": "failed to process image"}, Code.IMAGE_REFUSED),
    (500, {"error": "something"}, Code.SERVER_ERROR),
    (400, {"error": {"message": "Image is too large"}}, Code.IMAGE_REFUSED),
    (400, {"error": {"message": "Request payload too large"}}, Code.PAYLOAD_TOO_LARGE),
    (400, {"error": {"message": "max_tokens is too large: 5"}}, Code.BAD_REQUEST),
    (400, {"error": {"message": "x", "code": "context_length_exceeded"}}, Code.CONTEXT_TOO_LONG),
    (400, {"error": {"message": "x", "code": "content_policy_violation"}}, Code.CONTENT_FILTERED),
    (400, {"error": {"message": "Incorrect API key provided"}}, Code.UNAUTHORIZED),
    (
        400,
        [{"error": {"message": "API key not valid. Please pass a valid one.", "code": 400}}],
        Code.UNAUTHORIZED,
    ),
    (401, None, Code.UNAUTHORIZED),
    (402, {"error": {"message": "Insufficient credits"}}, Code.QUOTA_USED_UP),
    (403, "<html>no</html>", Code.FORBIDDEN),
    (
        404,
        {"error": {"message": "The model `gpt-x` does not exist", "code": "model_not_found"}},
        Code.MODEL_NOT_FOUND,
    ),
    (404, {"error": {"message": "model 'gpt-x' not found, try pulling it first"}}, Code.MODEL_NOT_FOUND),
    (404, {"detail": "Not Found"}, Code.NOT_FOUND),
    (404, "404 page not found", Code.NOT_FOUND),
    (407, None, Code.PROXY_FAILED),
    (408, None, Code.TIMED_OUT),
    (413, None, Code.PAYLOAD_TOO_LARGE),
    (418, None, Code.BAD_REQUEST),
    (422, {"detail": [{"loc": ["body", "x"], "msg": "bad"}]}, Code.BAD_REQUEST),
    (429, {"error": {"message": "Rate limit"}}, Code.RATE_LIMITED),
    (429, {"error": {"message": "x", "type": "insufficient_quota"}}, Code.QUOTA_USED_UP),
    (429, {"error": {"message": "You exceeded your current quota"}}, Code.QUOTA_USED_UP),
    (500, None, Code.SERVER_ERROR),
    (502, "<html>bad gateway</html>", Code.SERVER_ERROR),
    (503, None, Code.SERVER_OVERLOADED),
    (529, None, Code.SERVER_OVERLOADED),
    (599, None, Code.SERVER_ERROR),
    (304, None, Code.NOT_THE_PROTOCOL),
]


@pytest.mark.parametrize(("status", "body", "code"), REFUSALS, ids=[f"{s}-{c}" for s, _, c in REFUSALS])
def test_every_refusal_has_a_class(status: int, body: object, code: Code) -> None:
    found = problem_of(ServerRefusedError(status, body), CONTEXT, Phase.WAITING)
    assert found.code is code
    assert found.parameters["host"] == "example.org"


def test_the_librarys_own_status_errors_are_understood_too() -> None:
    error = openai.AuthenticationError.__new__(openai.AuthenticationError)
    error.status_code = 401
    error.body = {"message": f"Incorrect API key provided: {KEY}"}
    found = problem_of(error, CONTEXT, Phase.WAITING)
    assert found.code is Code.UNAUTHORIZED
    assert found.parameters["message"] == f"Incorrect API key provided: {HIDDEN}"


def test_a_certificate_that_does_not_hold_says_why() -> None:
    found = problem_of(_connection(_certificate()), CONTEXT, Phase.WAITING)
    assert found.parameters["reason"] == "self-signed certificate"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "a\nb\u202ec"}}, "a bc"),
        ({"error": "text"}, "text"),
        ("plain", "plain"),
        ("<html>page</html>", ""),
        ({"error": {"message": 5}}, ""),
        ({"message": "top"}, "top"),
        ({"detail": "fast"}, "fast"),
        (None, ""),
        ([], ""),
        (f"Bearer {KEY} and sk-other-0123", f"Bearer {HIDDEN} and {HIDDEN}"),
    ],
)
def test_what_the_server_said_is_one_plain_line(body: object, message: str) -> None:
    assert message_in(body, (KEY,)) == message


def test_a_key_that_the_shortening_would_cut_in_two_is_not_shown() -> None:
    message = message_in("x" * 190 + KEY + "y" * 1000, (KEY,))
    assert len(message) <= 300
    assert KEY[:12] not in message


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "code", "type", "param", "detail", "status"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(anything, st.integers(0, 700))
def test_no_body_escapes_the_table(body: object, status: int) -> None:
    found = problem_in_body(body, CONTEXT, status)
    assert len(str(found.parameters["message"])) <= 300


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"key {KEY} here", f"key {HIDDEN} here"),
        ("sk-proj-abcDEF_123-x", HIDDEN),
        ("Incorrect key: sk-abcd*****wxyz.", f"Incorrect key: {HIDDEN}"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {HIDDEN}"),
        ("bearer abc", f"bearer {HIDDEN}"),
        ("http://user:pass@proxy:3128/", f"http://{HIDDEN}@proxy:3128/"),
        ("a desk-top and a risk-averse person", "a desk-top and a risk-averse person"),
        ("", ""),
    ],
)
def test_redacting(text: str, shown: str) -> None:
    assert redact(text, (KEY, None, "")) == shown


def test_a_placeholder_key_does_not_eat_words() -> None:
    assert redact("no key is none", ("no", "none")) == "no key is none"
