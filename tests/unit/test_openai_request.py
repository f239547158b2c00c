"""What is sent: images first and byte by byte the same, the text last, and what each provider wants."""

import asyncio
from dataclasses import replace

import pytest

from desktop.core.edits import Edits
from desktop.core.model import Detail, Role
from desktop.core.request import Request, Turn, can_be_sent_as_link
from desktop.engines.chat_request import Quirks, arguments_of, learned, quirks_of, refused_image
from desktop.engines.openai_errors import ServerRefusedError
from desktop.engines.providers import PROVIDERS, UNKNOWN, Provider, provider_for
from tests.helpers.chat import KEY, collect, engine, part, picture, question
from tests.helpers.history import facts
from tests.helpers.loopback import Loopback

OPENAI_QUIRKS = Quirks(max_tokens_parameter="max_completion_tokens", detail=True)


def test_a_follow_up_sends_the_very_same_bytes_of_the_images(loopback: Loopback) -> None:
    first = (part(picture(colour="red"), detail=Detail.HIGH), part(picture(colour="blue", kind="JPEG")))
    asked = Turn(role=Role.USER, images=first, text="What are these?")

    async def run() -> None:
        async with engine(loopback.base_url) as chat:
            outcome = await collect(chat, Request(model="m", turns=(asked,)))
            answered = Turn(role=Role.ASSISTANT, text=outcome.text)
            more = Turn(role=Role.USER, images=(part(picture(colour="green")),), text="And this?")
            await collect(chat, Request(model="m", turns=(asked, answered, more)))

    asyncio.run(run())
    one, two = loopback.requests
    assert one.images == tuple(image.data for image in first)
    assert two.images[:2] == one.images
    assert two.body["messages"][0] == one.body["messages"][0], "the provider's cache needs the same prefix"
    assert two.body["messages"][1] == {"role": "assistant", "content": loopback.text}


def test_images_come_first_and_the_text_last() -> None:
    request = question(part(), part(detail=Detail.ORIGINAL), text="Compare")
    (message,) = arguments_of(request, OPENAI_QUIRKS)["messages"]
    assert [p["type"] for p in message["content"]] == ["image_url", "image_url", "text"]
    assert [p["image_url"].get("detail") for p in message["content"][:2]] == ["low", "original"]


def test_nothing_of_the_file_is_sent_but_its_pixels(loopback: Loopback) -> None:
    async def run() -> None:
        async with engine(loopback.base_url) as chat:
            await collect(chat, question(part(name="holiday-in-secret.png")))

    asyncio.run(run())
    (recorded,) = loopback.requests
    assert b"holiday" not in recorded.raw
    assert b"secret" not in recorded.raw
    assert recorded.headers["authorization"] == f"Bearer {KEY}"


def test_a_detail_is_left_out_where_the_model_has_none() -> None:
    (message,) = arguments_of(question(part(detail=None)), OPENAI_QUIRKS)["messages"]
    assert "detail" not in message["content"][0]["image_url"]


def test_a_question_without_images_and_one_without_words() -> None:
    words = Turn(role=Role.USER, text="hello")
    picture_only = Turn(role=Role.USER, images=(part(),), text="")
    arguments = arguments_of(Request(model="m", turns=(words, picture_only)), OPENAI_QUIRKS)
    assert arguments["messages"][0] == {"role": "user", "content": "hello"}
    assert [p["type"] for p in arguments["messages"][1]["content"]] == ["image_url"]


@pytest.mark.parametrize("provider", [*PROVIDERS, UNKNOWN], ids=lambda provider: provider.id)
def test_each_provider_gets_its_own_name_of_the_limit_and_detail_only_if_it_knows_it(
    provider: Provider,
) -> None:
    arguments = arguments_of(question(max_tokens=7), quirks_of(provider))
    assert arguments[provider.max_tokens_parameter] == 7
    assert {"max_tokens", "max_completion_tokens"} - arguments.keys(), "one of them, not both"
    image = arguments["messages"][0]["content"][0]["image_url"]
    assert ("detail" in image) == provider.sends_detail
    assert arguments["stream_options"] == {"include_usage": True}


def test_no_limit_is_sent_if_none_is_set() -> None:
    assert not {"max_tokens", "max_completion_tokens"} & arguments_of(question(), OPENAI_QUIRKS).keys()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://eu.api.openai.com/v1", "openai"),
        ("https://API.OpenAI.com./v1", "openai"),
        ("https://mine.openai.azure.com/openai/v1/", "azure"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/", "gemini"),
        ("https://api.anthropic.com/v1/", "anthropic"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://[::1]:11434/v1", "ollama"),
        ("http://192.168.1.5:11434/v1", "ollama"),
        ("http://localhost:1234/v1", "lm-studio"),
        ("http://127.0.0.1:8080/v1", "llama.cpp"),
        ("http://localhost:8000/v1", "vllm"),
        ("http://127.0.0.1:5555/v1", "custom"),
        ("https://example.org:8000/v1", "custom"),
        ("https://api.openai.com.example.org/v1", "custom"),
        ("https://notopenrouter.ai/v1", "custom"),
        ("http://[broken", "custom"),
        ("http://host:99999/v1", "custom"),
        ("", "custom"),
    ],
)
def test_a_base_url_is_recognised_by_its_host_and_port(url: str, expected: str) -> None:
    assert provider_for(url).id == expected


def _refused(message: str, status: int = 400, **fields: object) -> ServerRefusedError:
    return ServerRefusedError(status, {"error": {"message": message, **fields}})


def test_the_other_name_of_the_limit_is_learned() -> None:
    error = _refused(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
    )
    quirks = learned(Quirks(max_tokens_parameter="max_tokens", detail=True), error, question(max_tokens=5))
    assert quirks == Quirks(max_tokens_parameter="max_completion_tokens", detail=True)


@pytest.mark.parametrize(
    "error",
    [
        _refused("max_completion_tokens is too large: 100000. This model supports at most 16384 tokens."),
        _refused("Unsupported value: 'temperature' does not support 0.2", param="temperature"),
        _refused("Unsupported parameter: 'max_completion_tokens'", status=401),
        _refused("You uploaded an unsupported image"),
        _refused("Unsupported parameter: 'max_tokens'"),
        ValueError("Unsupported parameter: 'max_completion_tokens'"),
    ],
    ids=str,
)
def test_a_refusal_of_something_else_teaches_nothing(error: Exception) -> None:
    assert learned(OPENAI_QUIRKS, error, question(max_tokens=100_000)) is None


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("messages.[0].content.[1].image_url", 2),
        ("messages[2].content[0].image_url.url", 3),
        ("messages[0].content[2]", None),
        ("messages[9].content[0]", None),
        ("image_url", None),
    ],
)
def test_the_refused_image_is_counted_over_the_whole_request(where: str, number: int | None) -> None:
    turns = (
        Turn(role=Role.USER, images=(part(), part()), text="a"),
        Turn(role=Role.ASSISTANT, text="b"),
        Turn(role=Role.USER, images=(part(),), text="c"),
    )
    assert refused_image(Request(model="m", turns=turns), _refused("bad image", param=where)) == number


@pytest.mark.parametrize(("provider", "linked"), [("openai", True), ("ollama", False), ("gemini", False)])
def test_an_address_goes_in_place_of_the_bytes_only_where_the_server_takes_addresses(
    provider: str, linked: bool
) -> None:
    address = "https://cats.example/cat.png"
    row = next(row for row in PROVIDERS if row.id == provider)
    image = replace(part(), url=address)
    (message,) = arguments_of(question(image), quirks_of(row))["messages"]
    sent = message["content"][0]["image_url"]["url"]
    assert (sent == address) is linked
    assert sent.startswith("data:image/") is not linked


@pytest.mark.parametrize(
    ("changes", "edits", "url", "possible"),
    [
        ({}, Edits(), "https://cats.example/cat.png", True),
        ({}, Edits(), "", False),
        ({}, Edits(), "data:image/png;base64,AAAA", False),
        ({}, Edits(quarter_turns=1), "https://cats.example/cat.png", False),
        ({"format": "PDF"}, Edits(), "https://cats.example/cat.pdf", False),
        ({"format": "GIF", "frames": 3, "page": 1}, Edits(), "https://cats.example/cat.gif", False),
    ],
)
def test_what_is_edited_or_converted_is_never_sent_as_an_address(
    changes: dict[str, object], edits: Edits, url: str, possible: bool
) -> None:
    image = facts("cat.png", **{"format": "PNG", **changes})
    assert can_be_sent_as_link(image, edits, url) is possible
