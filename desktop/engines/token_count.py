"""Has a server count the tokens of a request before it is asked.

Protocol: ``POST /responses/input_tokens``, as typed in ``openai.types.responses.input_token_count_params``.
The Responses API names the same parts otherwise than Chat Completions does.
"""

import base64
from typing import Any

from desktop.core.model import Role
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, Request, Turn
from desktop.engines.bodies import read_body
from desktop.engines.chat_request import response_format
from desktop.engines.chat_stream import parse_object

_MAX_BODY_BYTES = 64 * 1024
_MOST_TOKENS = 10**12


def count_arguments(request: Request) -> dict[str, Any]:
    """The arguments of ``responses.input_tokens.count``. Encodes all images: call it in a thread."""
    arguments: dict[str, Any] = {"model": request.model, "input": input_of(request)}
    if request.options.instructions:
        arguments["instructions"] = request.options.instructions
    if request.schema is not None:
        # The same words as in Chat Completions, one level higher.
        named = response_format(request.schema)["json_schema"]
        arguments["text"] = {"format": {"type": "json_schema", **named}}
    return arguments


def input_of(request: Request) -> list[dict[str, Any]]:
    """The turns of ``request`` in the form of the Responses API. Encodes all images: call it in a thread."""
    return [_message(turn) for turn in request.turns]


async def read_count(response: Any) -> int:  # noqa: ANN401 - its class is the library's secret
    """The count in the body of an answer.

    Args:
        response: of ``client.responses.input_tokens.with_streaming_response.count()``.

    Raises:
        ProblemError: the body holds no count (NOT_THE_PROTOCOL).
    """
    count = parse_object(await read_body(response.http_response, _MAX_BODY_BYTES)).get("input_tokens")
    if type(count) is not int or not 0 <= count <= _MOST_TOKENS:
        raise ProblemError(problem(Code.NOT_THE_PROTOCOL))
    return count


def _message(turn: Turn) -> dict[str, Any]:
    if turn.role is not Role.USER or not turn.images:
        return {"role": turn.role.value, "content": turn.text}
    content = [_image(image) for image in turn.images]
    if turn.text:
        content.append({"type": "input_text", "text": turn.text})
    return {"role": turn.role.value, "content": content}


def _image(image: ImagePart) -> dict[str, Any]:
    encoded = base64.b64encode(image.data).decode("ascii")
    return {
        "type": "input_image",
        "image_url": f"data:{image.media_type};base64,{encoded}",
        # Here it must be said; where it is left out of a question, the server takes it for this.
        "detail": image.detail.value if image.detail is not None else "auto",
    }
