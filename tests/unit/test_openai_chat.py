"""Every way in which a server answers ends in the right class, with the text that came, complete or not."""

import asyncio
import time
from decimal import Decimal

import pytest

from desktop.core.model import Usage
from desktop.core.problems import Code, ProblemError
from tests.helpers.chat import ask, collect, engine, question
from tests.helpers.loopback import Loopback

REPORTED = Usage(prompt_tokens=1234, completion_tokens=56, cached_tokens=1024)

COMPLETE = [
    # scenario, usage
    ("ok", REPORTED),
    ("slow", REPORTED),
    ("one_byte", REPORTED),
    ("whole_json", REPORTED),
    ("no_done", REPORTED),
    ("done_without_reason", REPORTED),
    ("ends_with_connection", REPORTED),
    ("no_usage", None),
    ("cut_after_reason", None),
]

INCOMPLETE = [
    # scenario, code, share of the text that is kept
    ("length", Code.LENGTH_LIMIT, 0.5),
    ("content_filter", Code.CONTENT_FILTERED, 0.2),
    ("ended_early", Code.ENDED_EARLY, 0.5),
    ("cut", Code.STREAM_CUT, 0.5),
    ("reset", Code.STREAM_CUT, 0.5),
    ("stalled", Code.STREAM_STALLED, 0.3),
    ("stalled_before_text", Code.STREAM_STALLED, 0),
    ("error_in_stream", Code.SERVER_ERROR, 0.3),
    ("bad_json", Code.NOT_THE_PROTOCOL, 0.3),
    ("huge_line", Code.ANSWER_TOO_LONG, 0.3),
    ("no_text", Code.EMPTY_ANSWER, 0),
    ("empty_body", Code.EMPTY_ANSWER, 0),
    ("html", Code.NOT_THE_PROTOCOL, 0),
    ("gzipped", Code.NOT_THE_PROTOCOL, 0),
    ("not_http", Code.NOT_THE_PROTOCOL, 0),
    ("error_with_200", Code.SERVER_OVERLOADED, 0),
    ("headers_never", Code.TIMED_OUT, 0),
    ("redirect", Code.REDIRECTED, 0),
    ("unauthorized", Code.UNAUTHORIZED, 0),
    ("forbidden", Code.FORBIDDEN, 0),
    ("model_not_found", Code.MODEL_NOT_FOUND, 0),
    ("not_found", Code.NOT_FOUND, 0),
    ("insufficient_quota", Code.QUOTA_USED_UP, 0),
    ("rate_limited_long", Code.RATE_LIMITED, 0),
    ("image_refused", Code.IMAGE_REFUSED, 0),
    ("plain_error", Code.IMAGE_REFUSED, 0),
    ("too_large", Code.PAYLOAD_TOO_LARGE, 0),
    ("context_too_long", Code.CONTEXT_TOO_LONG, 0),
]


@pytest.mark.parametrize(("scenario", "usage"), COMPLETE)
def test_a_finished_answer_is_complete_and_whole(
    loopback: Loopback, scenario: str, usage: Usage | None
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens, loopback.cached_tokens = 1234, 56, 1024
    loopback.pause_s = 0.001
    outcome = ask(loopback.url_as(scenario))
    assert outcome.text == loopback.text
    assert outcome.ending.complete
    assert outcome.ending.problem is None
    assert outcome.ending.usage == usage
    assert outcome.ending.request_id == ("req-loopback-1")


@pytest.mark.parametrize(("scenario", "code", "share"), INCOMPLETE)
def test_what_is_not_finished_is_never_complete(
    loopback: Loopback, scenario: str, code: Code, share: float
) -> None:
    outcome = ask(loopback.url_as(scenario), idle_timeout_s=0.5)
    assert outcome.code is code
    assert not outcome.ending.complete
    assert loopback.text.startswith(outcome.text)
    assert abs(len(outcome.text) - share * len(loopback.text)) <= 6, "a delta has 6 characters"
    assert not outcome.retries


def test_openrouters_comments_choice_beside_usage_and_real_charge(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("openrouter"))
    assert (outcome.ending.complete, outcome.text) == (True, loopback.text)
    assert outcome.ending.usage is not None
    assert outcome.ending.usage.charged_usd == Decimal("0.0012345")


def test_a_refusal_of_the_model_is_shown_as_its_text(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("refusal"))
    assert (outcome.ending.complete, outcome.text) == (True, "I can't help with that.")


def test_an_answer_beyond_two_million_characters_ends_there(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("huge_answer"))
    assert outcome.code is Code.ANSWER_TOO_LONG
    assert 1_990_000 <= len(outcome.text) <= 2_000_000


def test_silence_after_the_finish_reason_does_not_spoil_the_answer(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("stalled_after_reason"), idle_timeout_s=0.3)
    assert (outcome.ending.complete, outcome.text, outcome.ending.usage) == (True, loopback.text, None)


def test_a_dripping_server_is_ended_by_the_deadline(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("dripping"), deadline_s=1.0)
    assert outcome.code is Code.TIMED_OUT


def test_a_refusal_without_end_is_read_only_to_its_limit(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("endless_refusal"))
    assert outcome.code is Code.SERVER_ERROR
    assert outcome.ending.problem is not None
    assert len(str(outcome.ending.problem.parameters["message"])) <= 300


def test_a_slow_upload_is_no_silence(loopback: Loopback) -> None:
    big = question(text="long " * 2_400_000)
    began = time.monotonic()
    outcome = ask(loopback.url_as("slow_reads"), big, idle_timeout_s=1.5)
    assert outcome.ending.complete
    assert time.monotonic() - began > 1.5, "longer than the silence that is allowed"


def test_a_redirect_is_not_followed_and_says_where_it_points(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("redirect"))
    assert outcome.ending.problem is not None
    assert outcome.ending.problem.parameters["location"] == f"http://127.0.0.1:{loopback.port}/v1/elsewhere"
    assert len(loopback.requests) == 1


def test_a_refused_image_is_named(loopback: Loopback) -> None:
    outcome = ask(loopback.url_as("image_refused"))
    assert outcome.ending.problem is not None
    assert outcome.ending.problem.parameters["image"] == 1
    assert outcome.ending.problem.parameters["name"] == "a.png"


def test_no_server_at_the_address(unused_port: int) -> None:
    outcome = ask(f"http://127.0.0.1:{unused_port}/v1")
    assert outcome.code is Code.CONNECTION_REFUSED
    assert outcome.ending.problem is not None
    assert outcome.ending.problem.parameters["host"] == f"127.0.0.1:{unused_port}"


def test_a_server_without_encryption_behind_https(loopback: Loopback) -> None:
    assert ask(f"https://127.0.0.1:{loopback.port}/v1").code is Code.TLS_FAILED


@pytest.mark.parametrize("url", ["ftp://example.org/v1", "http://", "nonsense"])
def test_an_address_that_is_none(url: str) -> None:
    assert ask(url).code is Code.URL_INVALID


def test_a_broken_proxy_setting_is_a_proxy_failure(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nonsense://proxy")
    monkeypatch.setenv("NO_PROXY", "")
    assert ask(loopback.base_url).code is Code.PROXY_FAILED


def test_a_server_on_this_computer_is_reached_without_the_proxy(
    loopback: Loopback, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("NO_PROXY", "")
    assert ask(loopback.base_url).ending.complete
    assert ask(loopback.base_url.replace("127.0.0.1", "localhost")).ending.complete


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_down_is_named_and_not_the_server(
    scheme: str, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("NO_PROXY", "")
    outcome = ask(f"{scheme}://example.invalid/v1")
    assert outcome.code is Code.PROXY_FAILED


def test_a_certificate_file_that_is_not_there_is_no_matter_of_the_network(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/company.pem")
    outcome = ask(loopback.base_url)
    assert outcome.code is Code.TLS_FAILED
    assert outcome.ending.problem is not None
    assert outcome.ending.problem.parameters["reason"] == "No such file or directory"


def test_openai_without_a_key_is_not_even_asked() -> None:
    outcome = ask("https://api.openai.com/v1", key=lambda: None)
    assert outcome.code is Code.KEY_MISSING


def test_a_local_server_needs_no_key(loopback: Loopback) -> None:
    assert ask(loopback.base_url, key=lambda: None).ending.complete


@pytest.mark.parametrize(
    ("key", "code"), [("sk-\u00fcmlaut-key", Code.KEY_NOT_ASCII), ("sk-two\nlines", Code.KEY_MULTI_LINE)]
)
def test_a_key_that_fits_no_header_is_not_sent(loopback: Loopback, key: str, code: Code) -> None:
    assert ask(loopback.base_url, key=lambda: key).code is code
    assert not loopback.requests


def test_the_list_of_models(loopback: Loopback) -> None:
    loopback.models = ("gpt-4o", "x" * 201, "two\nlines", "gpt-4o", *(f"m-{i}" for i in range(3000)))

    async def names() -> tuple[str, ...]:
        async with engine(loopback.base_url) as chat:
            return await chat.list_models()

    found = asyncio.run(names())
    assert found[:2] == ("gpt-4o", "m-0")
    assert len(found) == 2000


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("unauthorized", Code.UNAUTHORIZED),
        ("forbidden", Code.FORBIDDEN),
        ("not_found", Code.NOT_FOUND),
        ("html", Code.NOT_THE_PROTOCOL),
        ("empty_body", Code.NOT_THE_PROTOCOL),
        ("redirect", Code.REDIRECTED),
        ("server_error", Code.SERVER_ERROR),
    ],
)
def test_a_list_of_models_that_does_not_come(loopback: Loopback, scenario: str, code: Code) -> None:
    async def names() -> tuple[str, ...]:
        async with engine(loopback.url_as(scenario)) as chat:
            return await chat.list_models()

    with pytest.raises(ProblemError) as caught:
        asyncio.run(names())
    assert caught.value.problem.code is code


def test_one_engine_answers_several_questions_at_once_and_after_being_closed(loopback: Loopback) -> None:
    async def run() -> list[str]:
        async with engine(loopback.base_url) as chat:
            outcomes = await asyncio.gather(*(collect(chat, question(text=f"{n}?")) for n in range(5)))
            await chat.close()
            outcomes.append(await collect(chat, question()))
            await chat.close()
            await chat.close()
        return [outcome.text for outcome in outcomes]

    assert asyncio.run(run()) == [loopback.text] * 6
