"""Reads a server's list of models, within limits. Every name comes from outside."""

from typing import Any

from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable
from desktop.engines.bodies import read_body
from desktop.engines.chat_stream import parse_object

MAX_NAMES = 2000
MAX_NAME_CHARS = 200
_MAX_BODY_BYTES = 16 * 1024 * 1024


async def read_model_names(response: Any) -> tuple[str, ...]:  # noqa: ANN401 - its class is the library's secret
    """The ids in the body of ``GET /models``, in the server's order, each once.

    Args:
        response: of ``client.models.with_streaming_response.list()``.

    Raises:
        ProblemError: the body is no list of models, or larger than 16 MB (NOT_THE_PROTOCOL).
    """
    return model_names(await read_body(response.http_response, _MAX_BODY_BYTES))


def model_names(body: bytes) -> tuple[str, ...]:
    """The ids in a body. Those that could not be sent back as they are (too long, unprintable) are left out.

    Raises:
        ProblemError: the body is no list of models (NOT_THE_PROTOCOL).
    """
    models = parse_object(body).get("data")
    if not isinstance(models, list):
        raise ProblemError(problem(Code.NOT_THE_PROTOCOL))
    names: dict[str, None] = {}
    for model in models:
        name = model.get("id") if isinstance(model, dict) else None
        if isinstance(name, str) and _is_usable(name):
            names[name] = None
        if len(names) == MAX_NAMES:
            break
    return tuple(names)


def _is_usable(name: str) -> bool:
    return 0 < len(name) <= MAX_NAME_CHARS and printable(name) == name
