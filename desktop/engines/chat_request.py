"""Turns a request into the arguments of one HTTP call, and learns when a server refuses one of them by name.

Protocol: https://platform.openai.com/docs/api-reference/chat/create, as typed in ``openai.types.chat``.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from desktop.core.model import Role
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, Request, Turn
from desktop.core.schemas import AnswerSchema, check, is_strict, wire_name, wire_schema
from desktop.engines.openai_errors import ServerRefusedError, message_in, parameter_in
from desktop.engines.providers import Provider

_OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}

_NAMING_STATUSES = frozenset({400, 422})
_MOST_WORDS = 8000

_REFUSAL = re.compile(
    r"unsupported|unknown|unrecogni[sz]ed|unexpected|not supported|not support\b|not permitted"
    r"|not allowed|additional propert|extra[ _](inputs?|fields?|forbidden|propert)|invalid parameter|no such"
)
"""Wording of "I do not know this parameter"; "this value is too large" must not lose the user's limit."""

_SCHEMA_STATUSES = frozenset({400, 404, 422, 500, 501})
_WRONG_SCHEMA = re.compile(
    r"invalid (json[ _]?)?schema|schema (is|was) (invalid|not valid)|schema conversion failed"
    r"|(compile|parse|convert|build)\w* .{0,40}(grammar|schema)|unsupported schema|schema .{0,40}unsupported"
)
"""Said of the schema itself, as OpenAI (Invalid schema for response_format), llama.cpp and vLLM word it."""
_NO_SCHEMA = re.compile(r"response_?format|json_schema|structured[ _]outputs?|response schema")

_DETAIL = re.compile(r"image_url[^a-z]{1,6}detail|'detail'|`detail`|\\\"detail\\\"|parameter:? .?detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What one server wants differently; begins as its provider's row and is learned from its refusals.

    Attributes:
        max_tokens_parameter: how the limit of the answer is called.
        detail: send ``detail`` with images.
        stream_options: ask for usage.
        links: send an image's address where it has one.
    """

    max_tokens_parameter: str
    detail: bool
    stream_options: bool = True
    links: bool = False


def quirks_of(provider: Provider) -> Quirks:
    """The quirks that are known before the first request."""
    return Quirks(
        max_tokens_parameter=provider.max_tokens_parameter,
        detail=provider.sends_detail,
        links=provider.takes_urls,
    )


def arguments_of(request: Request, quirks: Quirks) -> dict[str, Any]:
    """The arguments of ``chat.completions.create``. Encodes all images: call it in a thread."""
    messages = [_message(turn, quirks) for turn in request.turns]
    if request.options.instructions:
        messages.insert(0, {"role": "system", "content": request.options.instructions})
    arguments: dict[str, Any] = {"model": request.model, "messages": messages, "stream": True}
    if request.options.temperature is not None:
        arguments["temperature"] = request.options.temperature
    if request.options.effort is not None:
        arguments["reasoning_effort"] = request.options.effort.value
    if quirks.stream_options:
        arguments["stream_options"] = {"include_usage": True}
    if request.max_tokens is not None:
        arguments[quirks.max_tokens_parameter] = request.max_tokens
    if request.schema is not None:
        arguments["response_format"] = response_format(request.schema)
    return arguments


def response_format(schema: AnswerSchema) -> dict[str, Any]:
    """What asks for an answer of this shape: guaranteed where strict mode takes it, else as a wish.

    Raises:
        ProblemError: the schema is none (SCHEMA_INVALID); one from elsewhere has not been looked at yet.
    """
    if check(schema.text) is not None:
        raise ProblemError(problem(Code.SCHEMA_INVALID, schema=schema.name))
    described = {
        "name": wire_name(schema.name),
        "schema": wire_schema(schema.text),
        "strict": is_strict(schema),
    }
    return {"type": "json_schema", "json_schema": described}


def schema_refusal(error: ServerRefusedError) -> Code | None:
    """What a refusal says about the schema that was sent: that it takes none, or not this one."""
    if error.status not in _SCHEMA_STATUSES:
        return None
    words = f"{parameter_in(error.body)} {_words(error.body)}".lower()
    if _WRONG_SCHEMA.search(words):
        return Code.SCHEMA_REFUSED
    return Code.SCHEMA_NOT_TAKEN if _NO_SCHEMA.search(words) else None


def learned(quirks: Quirks, error: BaseException, request: Request) -> Quirks | None:
    """The quirks after a refusal that names a parameter which was sent; None if it teaches nothing."""
    if not isinstance(error, ServerRefusedError) or error.status not in _NAMING_STATUSES:
        return None
    words = f"{parameter_in(error.body)} {_words(error.body)}".lower()
    if not _REFUSAL.search(words):
        return None
    name = quirks.max_tokens_parameter
    if request.max_tokens is not None and re.search(rf"\b{name}\b", words):
        return replace(quirks, max_tokens_parameter=_OTHER_NAME[name])
    if quirks.stream_options and re.search(r"stream_options|include_usage", words):
        return replace(quirks, stream_options=False)
    if quirks.detail and _sends_detail(request) and _DETAIL.search(words):
        return replace(quirks, detail=False)
    return None


def refused_image(request: Request, error: ServerRefusedError) -> int | None:
    """The 1-based number in the whole request of the image that a refusal points at; None if it does not."""
    words = f"{parameter_in(error.body)} {message_in(error.body)}"
    place = re.search(r"messages\D{1,3}(\d{1,4})\D{1,3}content\D{1,3}(\d{1,4})", words)
    if place is None:
        images = sum(len(turn.images) for turn in request.turns)
        return 1 if images == 1 else None
    # The system message comes before the first turn.
    turn, part = int(place[1]) - bool(request.options.instructions), int(place[2])
    if turn < 0 or turn >= len(request.turns) or part >= len(request.turns[turn].images):
        return None
    return sum(len(earlier.images) for earlier in request.turns[:turn]) + part + 1


def _message(turn: Turn, quirks: Quirks) -> dict[str, Any]:
    if turn.role is not Role.USER or not turn.images:
        return {"role": turn.role.value, "content": turn.text}
    # Images first: the question after them may change while a provider's cache still knows the images.
    content = [_image(image, quirks) for image in turn.images]
    if turn.text:
        content.append({"type": "text", "text": turn.text})
    return {"role": turn.role.value, "content": content}


def _image(image: ImagePart, quirks: Quirks) -> dict[str, Any]:
    if image.url and quirks.links:
        image_url = {"url": image.url}
    else:
        encoded = base64.b64encode(image.data).decode("ascii")
        image_url = {"url": f"data:{image.media_type};base64,{encoded}"}
    if quirks.detail and image.detail is not None:
        image_url["detail"] = image.detail.value
    return {"type": "image_url", "image_url": image_url}


def _sends_detail(request: Request) -> bool:
    return any(image.detail is not None for turn in request.turns for image in turn.images)


def _words(body: object) -> str:
    # All of the body: validation errors name the parameter in a list beside the message.
    if isinstance(body, str):
        return body[:_MOST_WORDS]
    try:
        return json.dumps(body)[:_MOST_WORDS]
    except (ValueError, TypeError, RecursionError):
        return ""
