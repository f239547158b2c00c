"""What scenarios share: the text of a good answer, how it is said, and the table that they register in."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.helpers.loopback_exchange import Exchange

ANSWER = """## What the receipt says

The total is **$23.45**, paid by card. The lines add up:

| Item | Amount | Price |
|---|---:|---:|
| Espresso | 2 | $6.40 |
| Lemon cake | 1 | $4.90 |
| Sandwich | 1 | $8.65 |
| Water | 1 | $3.50 |

- The sum of the lines is `6.40 + 4.90 + 8.65 + 3.50 = 23.45`.
- No tip was added.

Crème brûlée is not on it, although the menu above lists it 🍮.
"""


@dataclass(frozen=True)
class Scenario:
    """One way to answer.

    Attributes:
        run: answers.
        reads_body: the body is read and checked first.
        for_models: it answers ``GET /models``, the price list and the token counter in the same way.
    """

    run: Callable[[Exchange], Awaitable[None]]
    reads_body: bool = True
    for_models: bool = False


SCENARIOS: dict[str, Scenario] = {}

_Function = Callable[[Exchange], Awaitable[None]]


def scenario(*, reads_body: bool = True, for_models: bool = False) -> Callable[[_Function], _Function]:
    def register(function: _Function) -> _Function:
        SCENARIOS[function.__name__] = Scenario(function, reads_body, for_models)
        return function

    return register


def usage_of(x: Exchange) -> dict[str, Any]:
    """Plausible tokens: four characters a token, and a tile model's rule for each image."""
    prompt = x.server.prompt_tokens
    if prompt is None:
        text = sum(
            len(str(m["content"])) for m in x.recorded.body["messages"] if isinstance(m["content"], str)
        )
        parts = [
            p for m in x.recorded.body["messages"] if isinstance(m["content"], list) for p in m["content"]
        ]
        text += sum(len(p["text"]) for p in parts if p["type"] == "text")
        prompt = math.ceil(text / 4) + sum(85 + 170 * _tiles(image) for image in x.recorded.images)
    completion = x.server.completion_tokens or max(1, math.ceil(len(x.server.text) / 4))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": x.server.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def _tiles(image: bytes) -> int:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(image)) as opened:
        return math.ceil(opened.width / 512) * math.ceil(opened.height / 512)


def pieces(text: str, size: int = 6) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


async def begin(x: Exchange, **headers: str) -> None:
    await x.headers(**headers)
    await x.event(x.chunk({"role": "assistant", "content": ""}))


async def say(x: Exchange, *, part: float = 1.0, pause_s: float = 0.0) -> None:
    deltas = pieces(x.server.text)
    for delta in deltas[: math.ceil(len(deltas) * part)]:
        await x.delta(delta)
        if pause_s:
            await asyncio.sleep(pause_s)


async def finish(x: Exchange, reason: str | None = "stop", *, usage: bool = True, done: bool = True) -> None:
    if reason is not None:
        await x.event(x.chunk({}, reason))
    if usage and (x.recorded.body.get("stream_options") or {}).get("include_usage"):
        await x.event({**x.chunk({}), "choices": [], "usage": usage_of(x)})
    if done:
        await x.event("[DONE]")
    await x.end()
