"""A server counts a request's tokens: from the very images, and what goes wrong is a problem of its own."""

import asyncio

import pytest

from desktop.core.model import Detail, Role
from desktop.core.problems import Code, ProblemError
from desktop.core.request import Request, Turn
from tests.helpers.chat import KEY, engine, part, picture, question
from tests.helpers.loopback import Loopback


def count(base_url: str, request: Request | None = None, **more: object) -> int:
    async def run() -> int:
        async with engine(base_url, **more) as chat:
            return await chat.count_tokens(request or question())

    return asyncio.run(run())


def test_every_turn_and_image_is_counted_at_its_detail(loopback: Loopback) -> None:
    large, small = picture(1024, 1024), picture(512, 512, kind="JPEG")
    turns = (
        Turn(role=Role.USER, images=(part(large, detail=Detail.HIGH), part(small)), text="abcd" * 3),
        Turn(role=Role.ASSISTANT, text="abcd" * 5),
        Turn(role=Role.USER, text="abcd" * 2),
    )

    counted = count(loopback.base_url, Request(model="gpt-4o", turns=turns))

    assert counted == 765 + 85 + 3 + 5 + 2
    (request,) = loopback.requests
    assert request.path == "/v1/responses/input_tokens"
    assert request.images == (large, small)
    assert [message["role"] for message in request.body["input"]] == ["user", "assistant", "user"]
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("not_found", Code.COUNT_NOT_OFFERED),
        ("unauthorized", Code.UNAUTHORIZED),
        ("server_error", Code.SERVER_ERROR),
        ("html", Code.NOT_THE_PROTOCOL),
        ("empty_body", Code.NOT_THE_PROTOCOL),
        ("endless_body", Code.NOT_THE_PROTOCOL),
        ("redirect", Code.REDIRECTED),
        ("headers_never", Code.TIMED_OUT),
    ],
)
def test_a_server_that_does_not_count_is_said_as_such(loopback: Loopback, scenario: str, code: Code) -> None:
    with pytest.raises(ProblemError) as caught:
        count(loopback.url_as(scenario))

    assert caught.value.problem.code is code
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:11434/v1", "https://openrouter.ai/api/v1"])
def test_a_server_that_is_known_not_to_count_is_not_asked(base_url: str) -> None:
    with pytest.raises(ProblemError) as caught:
        count(base_url)

    assert caught.value.problem.code is Code.COUNT_NOT_OFFERED


def test_cancelling_closes_the_connection(loopback: Loopback) -> None:
    async def run() -> None:
        async with engine(loopback.url_as("headers_never"), idle_timeout_s=60) as chat:
            task = asyncio.create_task(chat.count_tokens(question()))
            await asyncio.to_thread(loopback.wait_for_requests, 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.to_thread(loopback.wait_for, lambda: loopback.requests[0].closed_at is not None)

    asyncio.run(run())
