"""When a failed request is sent again, and after how long.

The ``openai`` package's own retries are switched off: it would upload all images again after a time-out
without a word, and repeat ``insufficient_quota`` for nothing (section 2 of ``OPENAI_VISION.md``).
"""

import email.utils
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.core.problems import Code
from desktop.engines.openai_errors import Context, Phase, ServerRefusedError, causes, problem_of

MAX_TRIES = 3
MAX_RETRY_AFTER_S = 60.0
"""A server that asks for more is not waited for; the user is told how long it wants."""

FIRST_WAIT_S = 1.0
_LONGEST_BACKOFF_S = 8.0

_REFUSALS: dict[int, bool] = {408: True, 409: False, 429: False, 503: False, 529: False}
"""Statuses that are worth another try; True where the first one may have been worked on, and billed."""

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
"""The transport's exceptions from before the first byte of a request."""

_NEVER = frozenset(
    {
        Code.HOST_NOT_FOUND,
        Code.TLS_FAILED,
        Code.QUOTA_USED_UP,
        Code.URL_INVALID,
        Code.PROXY_FAILED,
        Code.NOT_THE_PROTOCOL,
    }
)
"""Trying these again cannot succeed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait ``seconds``, then try again."""

    seconds: float
    may_bill_twice: bool


def wait_before_retry(
    error: BaseException, context: Context, *, tries: int, first_wait_s: float
) -> Wait | None:
    """How to go on after a failure from before the answer's first byte; None if the failure is final.

    Args:
        error: what ended the try.
        context: as for `problem_of`.
        tries: how many there have been.
        first_wait_s: the wait after the first try where the server asks for none; it doubles each time.
    """
    if tries >= MAX_TRIES or problem_of(error, context, Phase.WAITING).code in _NEVER:
        return None
    backoff_s = min(first_wait_s * 2 ** (tries - 1), _LONGEST_BACKOFF_S) * random.uniform(0.75, 1)
    if isinstance(error, ServerRefusedError):
        return _after_refusal(error, backoff_s)
    names = {cls.__name__ for cause in causes(error) for cls in type(cause).__mro__}
    if names & _NOT_SENT:
        return Wait(backoff_s, may_bill_twice=False)
    if "APIConnectionError" in names and "APITimeoutError" not in names:
        # The server may have read the request before it closed the connection: often a kept connection that
        # had grown old.
        return Wait(backoff_s, may_bill_twice=True)
    return None


def _after_refusal(refusal: ServerRefusedError, backoff_s: float) -> Wait | None:
    if refusal.may_retry is False:
        return None
    if refusal.status not in _REFUSALS and refusal.status < 500 and not refusal.may_retry:
        return None
    asked_s = refusal.retry_after_s
    if asked_s is not None and asked_s > MAX_RETRY_AFTER_S:
        return None
    return Wait(
        backoff_s if asked_s is None else asked_s,
        may_bill_twice=_REFUSALS.get(refusal.status, refusal.status >= 500),
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The wait that a server asks for, in seconds, 0 or more; None if it asks for none that is understood.

    ``Retry-After`` holds seconds or a date (RFC 9110, section 10.2.3); ``retry-after-ms`` is OpenAI's own.
    """
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            value = float(headers[name]) / divisor
        except (KeyError, ValueError):
            continue
        if math.isfinite(value):
            return max(0.0, value)
    try:
        date = email.utils.parsedate_to_datetime(headers["retry-after"])
        return max(0.0, date.timestamp() - time.time())
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None
