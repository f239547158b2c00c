"""A schema goes out as ``response_format``; a server that takes none is told of, never asked without it."""

import asyncio
from pathlib import Path

import pytest

from desktop.asking.as_code import question_as_code
from desktop.core.model import Conversation
from desktop.core.options import Options
from desktop.core.problem_text import sentence
from desktop.core.problems import Code
from desktop.core.request import CodeLanguage
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schemas import AnswerSchema
from desktop.engines.chat_request import arguments_of, quirks_of, schema_refusal
from desktop.engines.openai_chat import OpenAIChat
from desktop.engines.openai_errors import ServerRefusedError
from desktop.engines.providers import PROVIDERS
from tests.helpers.asking import make_image, running
from tests.helpers.chat import KEY, ask, engine, question
from tests.helpers.loopback import Loopback

RECEIPT = SCHEMA_PRESETS[0].schema()
LOOSE = AnswerSchema("Nummernschild ß", '{"type": "object", "properties": {"plate": {"type": "string"}}}')


def test_a_strict_schema_is_asked_for_strictly(loopback: Loopback) -> None:
    outcome = ask(loopback.base_url, question(options=Options(schema=RECEIPT)))
    (recorded,) = loopback.requests
    assert outcome.code is None
    sent = recorded.body["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["strict"] is True
    assert sent["json_schema"]["name"] == "Receipt"
    assert sent["json_schema"]["schema"]["required"][0] == "merchant"


def test_a_schema_that_strict_mode_refuses_is_sent_as_a_wish(loopback: Loopback) -> None:
    ask(loopback.base_url, question(options=Options(schema=LOOSE)))
    described = loopback.requests[0].body["response_format"]["json_schema"]
    assert (described["strict"], described["name"]) == (False, "Nummernschild")


def test_without_a_schema_nothing_is_said_of_one(loopback: Loopback) -> None:
    ask(loopback.base_url)
    assert "response_format" not in loopback.requests[0].body


def test_a_server_that_takes_no_schema_is_told_of_and_not_asked_without(loopback: Loopback) -> None:
    loopback.script.append("refuses_response_format")
    outcome = ask(loopback.base_url, question(options=Options(schema=RECEIPT)))
    assert outcome.code is Code.SCHEMA_NOT_TAKEN
    assert len(loopback.requests) == 1
    assert outcome.ending.problem is not None
    said = sentence(outcome.ending.problem)
    assert "takes no schema" in said
    assert "ask without a schema" in said


def test_a_schema_that_the_server_refuses_is_named(loopback: Loopback) -> None:
    loopback.script.append("refuses_this_schema")
    outcome = ask(loopback.base_url, question(options=Options(schema=LOOSE)))
    assert outcome.code is Code.SCHEMA_REFUSED
    assert outcome.ending.problem is not None
    assert "Nummernschild ß" in sentence(outcome.ending.problem)


def test_a_provider_that_would_ignore_the_schema_is_not_even_asked() -> None:
    provider = next(row for row in PROVIDERS if row.id == "anthropic")
    assert not provider.takes_schema
    outcome = ask("https://api.anthropic.com/v1/", question(options=Options(schema=RECEIPT)))
    assert outcome.code is Code.SCHEMA_NOT_TAKEN


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_the_schema_goes_to_every_other_provider_in_the_same_form(provider: object) -> None:
    arguments = arguments_of(question(options=Options(schema=RECEIPT)), quirks_of(provider))  # type: ignore[arg-type]
    assert arguments["response_format"]["json_schema"]["name"] == "Receipt"


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (
            400,
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported.",
            Code.SCHEMA_NOT_TAKEN,
        ),
        (400, "This response_format type is unavailable now", Code.SCHEMA_NOT_TAKEN),
        (400, "'response_format.type' must be 'text'", Code.SCHEMA_NOT_TAKEN),
        (501, "json_schema is not implemented", Code.SCHEMA_NOT_TAKEN),
        (
            400,
            "Invalid schema for response_format 'a': In context=(), 'x' is not permitted",
            Code.SCHEMA_REFUSED,
        ),
        (400, "JSON schema conversion failed: unrecognized schema", Code.SCHEMA_REFUSED),
        (400, "Failed to parse grammar", Code.SCHEMA_REFUSED),
        (400, "You uploaded an unsupported image", None),
        (401, "response_format", None),
        (429, "Rate limit reached", None),
    ],
)
def test_refusals_are_told_apart_by_their_words(status: int, message: str, code: Code | None) -> None:
    assert schema_refusal(ServerRefusedError(status, {"error": {"message": message}})) is code


def test_a_validation_error_that_names_the_parameter_is_understood() -> None:
    body = {
        "detail": [{"type": "extra_forbidden", "loc": ["body", "response_format"], "msg": "Extra inputs"}]
    }
    assert schema_refusal(ServerRefusedError(422, body)) is Code.SCHEMA_NOT_TAKEN


def test_the_schema_is_counted_with_the_question(loopback: Loopback) -> None:
    async def run() -> None:
        async with engine(loopback.base_url) as chat:
            assert isinstance(chat, OpenAIChat)
            await chat.count_tokens(question(options=Options(schema=RECEIPT)))

    asyncio.run(run())
    (recorded,) = loopback.requests
    assert recorded.body["text"]["format"]["name"] == "Receipt"
    assert recorded.headers["authorization"] == f"Bearer {KEY}"


def test_a_question_with_a_schema_sends_it_and_so_does_its_code(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            asked = Conversation(options=Options(schema=RECEIPT))
            question = bench.question("List it", make_image(tmp_path / "a.png"), conversation=asked)
            code = await question_as_code(question, CodeLanguage.CURL, bench.services)
            assert '"json_schema"' in code
            assert '"merchant"' in code
            await bench.ask(question)

    asyncio.run(run())
    assert loopback.requests[-1].body["response_format"]["json_schema"]["name"] == "Receipt"


def test_a_schema_that_is_none_is_said_and_not_sent(loopback: Loopback) -> None:
    broken = AnswerSchema("From elsewhere", '{"type": "array"}')
    outcome = ask(loopback.base_url, question(options=Options(schema=broken)))
    assert outcome.code is Code.SCHEMA_INVALID
    assert loopback.requests == []
