"""The loopback server's token counter: checked like a question, counted from the images that really came."""

import base64
import functools
import io
import math
from collections.abc import Iterator
from typing import Any

from desktop.core.catalog import Catalog
from desktop.core.image_tokens import image_tokens
from desktop.core.model import Detail
from tests.helpers import loopback_checks
from tests.helpers.loopback_exchange import Exchange

TEXT_CHARS_A_TOKEN = 4


@functools.cache
def _adapter() -> Any:
    from openai.types.responses.input_token_count_params import InputTokenCountParams
    from pydantic import TypeAdapter

    return TypeAdapter(InputTokenCountParams)


@functools.cache
def _catalog() -> Catalog:
    from desktop.system.resources import load_catalog

    return load_catalog()


def violations(body: Any) -> list[str]:
    """What is wrong with a request to count; the parts of Chat Completions are no parts of Responses."""
    return loopback_checks.differences(_adapter(), body) or loopback_checks.wrong_images(image_urls(body))


def image_urls(body: Any) -> list[str]:
    return [part["image_url"] for part in _parts(body) if part["type"] == "input_image"]


def images_in(body: Any) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(url.partition(",")[2]) for url in image_urls(body))


async def count(x: Exchange) -> None:
    """Tokens by the published rules, from the pixels of each image as it came; four characters make one."""
    body = x.recorded.body
    total = math.ceil(sum(map(len, _texts(body))) / TEXT_CHARS_A_TOKEN)
    details = [Detail(part["detail"]) for part in _parts(body) if part["type"] == "input_image"]
    for image, detail in zip(x.recorded.images, details, strict=True):
        total += image_token_count(x.model, image, detail)
    await x.json(200, {"object": "response.input_tokens", "input_tokens": total})


def image_token_count(model: str, image: bytes, detail: Detail) -> int:
    from PIL import Image

    with Image.open(io.BytesIO(image)) as opened:
        counted = image_tokens(_catalog().model(model), *opened.size, detail)
    assert counted is not None, f"nobody knows the rule of {model}"
    assert counted.tokens is not None, "the model rejects it"
    return counted.tokens


def _parts(body: Any) -> Iterator[dict[str, Any]]:
    for message in body["input"]:
        if isinstance(message["content"], list):
            yield from message["content"]


def _texts(body: Any) -> Iterator[str]:
    yield from (message["content"] for message in body["input"] if isinstance(message["content"], str))
    yield from (part["text"] for part in _parts(body) if part["type"] == "input_text")
