"""What is tried again, how often, after what wait, and what the user is told meanwhile."""

import time
from email.utils import formatdate

import pytest

from desktop.core.problems import Code
from desktop.engines.openai_errors import Context, ServerRefusedError
from desktop.engines.retries import retry_after_s, wait_before_retry
from tests.helpers.chat import ask, question
from tests.helpers.loopback import Loopback

RETRIED = [
    # scenario, problem, whether the first try may be billed
    ("server_error", Code.SERVER_ERROR, True),
    ("overloaded", Code.SERVER_OVERLOADED, False),
    ("rate_limited", Code.RATE_LIMITED, False),
    ("drops", Code.NO_CONNECTION, True),
]

FINAL = [
    "insufficient_quota",
    "rate_limited_long",
    "unauthorized",
    "forbidden",
    "model_not_found",
    "image_refused",
    "too_large",
    "headers_never",
    "stalled_before_text",
    "cut",
    "error_in_stream",
    "html",
    "not_http",
    "redirect",
]


@pytest.mark.parametrize(("scenario", "code", "may_bill_twice"), RETRIED)
def test_a_passing_failure_is_tried_again_and_announced(
    loopback: Loopback, scenario: str, code: Code, may_bill_twice: bool
) -> None:
    loopback.script.extend([scenario, "ok"])
    outcome = ask(loopback.base_url)
    assert (outcome.ending.complete, outcome.text) == (True, loopback.text)
    (retry,) = outcome.retries
    assert (retry.problem.code, retry.attempt, retry.may_bill_twice) == (code, 2, may_bill_twice)
    assert 0 < retry.seconds < 1


@pytest.mark.parametrize(("scenario", "code", "_"), RETRIED)
def test_three_tries_are_all(loopback: Loopback, scenario: str, code: Code, _: bool) -> None:
    outcome = ask(loopback.url_as(scenario))
    assert outcome.code is code
    assert [retry.attempt for retry in outcome.retries] == [2, 3]
    assert len(loopback.requests) == 3


@pytest.mark.parametrize("scenario", FINAL)
def test_what_cannot_succeed_or_has_begun_is_not_tried_again(loopback: Loopback, scenario: str) -> None:
    outcome = ask(loopback.url_as(scenario), idle_timeout_s=0.3)
    assert not outcome.ending.complete
    assert not outcome.retries
    assert len(loopback.requests) == 1


def test_the_server_decides_how_long_to_wait(loopback: Loopback) -> None:
    loopback.script.extend(["rate_limited", "ok"])
    began = time.monotonic()
    outcome = ask(loopback.base_url, first_wait_s=30.0)
    assert outcome.retries[0].seconds == pytest.approx(0.05)
    assert time.monotonic() - began < 10


def test_a_wait_of_more_than_a_minute_is_told_instead(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("rate_limited_long"))
    assert outcome.ending.problem is not None
    assert outcome.ending.problem.parameters["seconds"] == 3600


@pytest.mark.parametrize(("asked_s", "waited_s"), [(0.0, 0.0), (60.0, 60.0), (60.5, None)])
def test_a_wait_of_up_to_a_minute_is_honoured(asked_s: float, waited_s: float | None) -> None:
    refusal = ServerRefusedError(429, retry_after_s=asked_s)
    wait = wait_before_retry(refusal, Context(host="h"), tries=1, first_wait_s=1.0)
    assert (wait.seconds if wait else None) == waited_s


@pytest.mark.parametrize(("may_retry", "status", "retried"), [(False, 503, False), (True, 400, True)])
def test_the_server_may_say_itself_whether_to_try_again(may_retry: bool, status: int, retried: bool) -> None:
    refusal = ServerRefusedError(status, may_retry=may_retry)
    wait = wait_before_retry(refusal, Context(host="h"), tries=1, first_wait_s=1.0)
    assert (wait is not None) == retried


def test_no_wait_reaches_beyond_the_deadline(loopback: Loopback) -> None:
    began = time.monotonic()
    outcome = ask(loopback.url_as("overloaded"), first_wait_s=8.0, deadline_s=3.0)
    assert outcome.code is Code.SERVER_OVERLOADED
    assert not outcome.retries
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "scenario", ["refuses_max_completion_tokens", "refuses_stream_options", "refuses_detail"]
)
def test_a_parameter_that_the_server_does_not_know_is_left_out_from_then_on(
    loopback: Loopback, scenario: str
) -> None:
    import asyncio

    from tests.helpers.chat import collect, engine

    async def run() -> list[bool]:
        async with engine(loopback.url_as(scenario)) as chat:
            return [(await collect(chat, question(max_tokens=100))).ending.complete for _ in range(2)]

    assert asyncio.run(run()) == [True, True]
    assert len(loopback.requests) == 3, "one refusal, and none at the second question"
    if scenario == "refuses_max_completion_tokens":
        assert [r.body.get("max_tokens") for r in loopback.requests] == [None, 100, 100]


def test_a_server_that_refuses_both_names_of_the_limit_has_refused(loopback: Loopback) -> None:
    loopback.script.extend(["refuses_max_completion_tokens", "refuses_max_tokens", "ok"])
    outcome = ask(loopback.base_url, question(max_tokens=100))
    assert outcome.code is Code.BAD_REQUEST
    assert len(loopback.requests) == 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-4"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "9" * 5000}, None),
        ({"retry-after": "Mon, 99 Foo 0000 00:00:00"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_retry_after_as_a_date() -> None:
    asked = retry_after_s({"retry-after": formatdate(time.time() + 30, usegmt=True)})
    assert asked == pytest.approx(30, abs=2)
