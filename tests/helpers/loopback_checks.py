"""Checks a chat request against the ``openai`` package's own types, and its images with Pillow."""

import base64
import copy
import functools
import io
import re
from typing import Any

_DATA_URL = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/=]+)")


@functools.cache
def _adapter() -> Any:
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
    from pydantic import TypeAdapter

    return TypeAdapter(CompletionCreateParamsStreaming)


def warm_up() -> None:
    """Import now what the first check needs, so that it does not delay an answer."""
    _adapter()


def violations(body: Any) -> list[str]:
    """What is wrong with a request body; empty if nothing is.

    Pydantic validates an ``Iterable`` lazily and ignores unknown keys, so the result is drained to the last
    leaf (which raises what was put off) and compared with the input: a key that is gone, or a value that was
    coerced, is a violation.
    """
    return differences(_adapter(), body) or image_violations(body)


def differences(adapter: Any, body: Any) -> list[str]:
    """What is in ``body`` and not in the type of a pydantic adapter, or of another type there."""
    from pydantic import ValidationError

    try:
        drained = _drain(adapter.validate_python(copy.deepcopy(body)))
    except ValidationError as error:
        return [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
    return _differences(body, drained, "body")


def images_in(body: Any) -> tuple[bytes, ...]:
    """The exact bytes of all images, in order; empty bytes for one that is no data URL of a PNG or JPEG."""
    return tuple(_image_bytes(url) for url in _image_urls(body))


def image_violations(body: Any) -> list[str]:
    """Images that are not what their data URL says, decoded to the last pixel."""
    return wrong_images(_image_urls(body))


def wrong_images(urls: list[str]) -> list[str]:
    """As above, from the data URLs."""
    from PIL import Image

    found = []
    for number, url in enumerate(urls, start=1):
        match = _DATA_URL.fullmatch(url)
        if match is None:
            found.append(f"image {number}: no base64 data URL of a PNG or JPEG")
            continue
        try:
            with Image.open(io.BytesIO(_image_bytes(url))) as image:
                image.load()
                if image.format != match[1].upper():
                    found.append(f"image {number}: a {image.format}, sent as {match[1]}")
        except Exception as error:
            found.append(f"image {number}: not an image ({type(error).__name__})")
    return found


def _image_bytes(url: str) -> bytes:
    match = _DATA_URL.fullmatch(url)
    return base64.b64decode(match[2]) if match else b""


def _image_urls(body: Any) -> list[str]:
    return [
        part["image_url"]["url"]
        for message in body["messages"]
        if isinstance(message.get("content"), list)
        for part in message["content"]
        if part["type"] == "image_url"
    ]


def _drain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drain(item) for key, item in value.items()}
    if value is None or isinstance(value, str | bytes | int | float):
        return value
    return [_drain(item) for item in value]


def _differences(given: Any, known: Any, place: str) -> list[str]:
    if isinstance(given, dict) and isinstance(known, dict):
        unknown = [f"{place}: unknown key {key!r}" for key in given if key not in known]
        return unknown + [
            line for key in known for line in _differences(given.get(key), known[key], f"{place}.{key}")
        ]
    if isinstance(given, list) and isinstance(known, list) and len(given) == len(known):
        return [
            line
            for index, pair in enumerate(zip(given, known, strict=True))
            for line in _differences(*pair, f"{place}[{index}]")
        ]
    same = type(given) is type(known) and given == known
    return [] if same else [f"{place}: a value of another type"]
