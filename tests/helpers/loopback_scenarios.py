"""Ways in which a server can answer, well and badly: small functions, found by name in `SCENARIOS`."""

import asyncio
import contextlib
import gzip
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.helpers.loopback_checks import images_in
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
        for_models: it answers ``GET /models`` in the same way.
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


# Good answers


@scenario()
async def ok(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await finish(x)


@scenario()
async def slow(x: Exchange) -> None:
    await begin(x)
    await say(x, pause_s=x.server.pause_s)
    await finish(x)


@scenario()
async def no_usage(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await finish(x, usage=False)


@scenario()
async def no_done(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await finish(x, done=False)


@scenario()
async def done_without_reason(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await finish(x, None)


@scenario()
async def ends_with_connection(x: Exchange) -> None:
    await x.headers(length=-1)
    await say(x)
    await finish(x)


@scenario()
async def stalled_after_reason(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await x.event(x.chunk({}, "stop"))
    await x.until_closed()


@scenario()
async def cut_after_reason(x: Exchange) -> None:
    await begin(x)
    await say(x)
    await x.event(x.chunk({}, "stop"))


@scenario()
async def openrouter(x: Exchange) -> None:
    """Comment lines, and a usage chunk that has a choice and the real charge."""
    await x.headers()
    await x.send(b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n")
    await say(x)
    usage = {**usage_of(x), "cost": 0.0012345, "prompt_tokens_details": None}
    await x.event(x.chunk({"content": ""}, "stop", usage=usage))
    await x.event("[DONE]")
    await x.end()


@scenario()
async def one_byte(x: Exchange) -> None:
    """The same bytes as a good answer, in pieces of one."""
    await x.headers()
    chunks = [x.chunk({"content": delta}) for delta in pieces(x.server.text, 40)]
    chunks += [x.chunk({}, "stop"), {**x.chunk({}), "choices": [], "usage": usage_of(x)}]
    events = [json.dumps(chunk, ensure_ascii=False) for chunk in chunks] + ["[DONE]"]
    for byte in "".join(f"data: {event}\r\n\r\n" for event in events).encode():
        await x.send(bytes([byte]))
    await x.end()


@scenario()
async def whole_json(x: Exchange) -> None:
    """A server that does not stream although it was asked to."""
    message = {"role": "assistant", "content": x.server.text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    await x.json(200, {"object": "chat.completion", "choices": [choice], "usage": usage_of(x)})


@scenario()
async def refusal(x: Exchange) -> None:
    await begin(x)
    await x.event(x.chunk({"refusal": "I can't help with that."}))
    await finish(x)


# Answers that are not complete


@scenario()
async def length(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.5)
    await finish(x, "length")


@scenario()
async def content_filter(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.2)
    await finish(x, "content_filter")


@scenario()
async def no_text(x: Exchange) -> None:
    await begin(x)
    await finish(x)


@scenario()
async def ended_early(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.5)
    await x.end()


@scenario()
async def stalled(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.3)
    await x.until_closed()


@scenario()
async def stalled_before_text(x: Exchange) -> None:
    await begin(x)
    await x.until_closed()


@scenario()
async def dripping(x: Exchange) -> None:
    """Never silent for long, and never finished."""
    await begin(x)
    while not x.closed.is_set():
        await x.send(b": still here\n\n")
        await asyncio.sleep(0.05)


@scenario()
async def cut(x: Exchange) -> None:
    """In the middle of a chunk of HTTP and of JSON."""
    await begin(x)
    await say(x, part=0.5)
    data = f"data: {json.dumps(x.chunk({'content': 'lost'}))}\n\n".encode()
    await x.write(b"%x\r\n%s" % (len(data), data[: len(data) // 2]))


@scenario()
async def reset(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.5)
    # A reset overtakes what is still on its way: the text has to arrive first.
    await asyncio.sleep(0.2)
    x.reset()


@scenario()
async def error_in_stream(x: Exchange) -> None:
    await x.headers()
    await x.send(b": OPENROUTER PROCESSING\n\n")
    await say(x, part=0.3)
    error = {"code": 502, "message": "Provider returned error"}
    await x.event(x.chunk({"content": ""}, "error", error=error))
    await x.event("[DONE]")
    await x.end()


@scenario()
async def bad_json(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.3)
    await x.event('{"choices": [{"index": 0, "delta": {"content": "oops"')
    await x.end()


@scenario()
async def huge_line(x: Exchange) -> None:
    await begin(x)
    await say(x, part=0.3)
    await x.send(b"data: ")
    for _ in range(400):
        if x.closed.is_set():
            return
        await x.send(b"x" * 65536)
    await x.end()


@scenario()
async def huge_answer(x: Exchange) -> None:
    await begin(x)
    for _ in range(300):
        if x.closed.is_set():
            return
        await x.delta("wörd " * 2000)
    await finish(x)


# Things that are no answer


@scenario(for_models=True)
async def html(x: Exchange) -> None:
    page = "<!DOCTYPE html><html><title>Sign in</title><script>alert(1)</script></html>"
    await x.json(200, page, content_type="text/html")


@scenario(for_models=True)
async def empty_body(x: Exchange) -> None:
    await x.json(200, "", content_type="text/event-stream")


@scenario()
async def gzipped(x: Exchange) -> None:
    """Compressed although it was asked not to be: 5 MB in 5 KB."""
    data = gzip.compress(b"data: " + b" " * 5_000_000, compresslevel=1)
    await x.headers(length=len(data), content_encoding="gzip")
    await x.send(data)


@scenario()
async def error_with_200(x: Exchange) -> None:
    await x.json(200, {"error": {"message": "The model is loading", "code": 503}})


@scenario()
async def headers_never(x: Exchange) -> None:
    await x.until_closed()


@scenario(reads_body=False)
async def never_reads(x: Exchange) -> None:
    """Lets the upload fill all buffers; reads on, to see how it ended, when the test sets ``drain``."""
    await asyncio.to_thread(x.server.drain.wait)
    await _rest_of_body(x)


@scenario(reads_body=False)
async def slow_reads(x: Exchange) -> None:
    """Takes its time over the upload, and answers after it."""
    await _rest_of_body(x, pause_s=0.01)
    if not x.closed.is_set():
        x.recorded.body = json.loads(x.recorded.raw)
        x.recorded.images = images_in(x.recorded.body)
        await ok(x)


async def _rest_of_body(x: Exchange, pause_s: float = 0.0) -> None:
    left = int(x.recorded.headers["content-length"])
    with contextlib.suppress(ConnectionError):
        while left and (data := await x.reader.read(65536)):
            left -= len(data)
            x.recorded.raw += data
            await asyncio.sleep(pause_s)
    if left:
        x.note_closed()


@scenario()
async def drops(x: Exchange) -> None:
    """Closes the connection without a word, as a server does with one that has grown old."""


@scenario()
async def not_http(x: Exchange) -> None:
    await x.write(b"220 mail.example ESMTP ready\r\n\r\n")


# Refusals


@scenario(for_models=True)
async def redirect(x: Exchange) -> None:
    await x.json(307, "", location=f"http://127.0.0.1:{x.server.port}/v1/elsewhere")


@scenario(for_models=True)
async def unauthorized(x: Exchange) -> None:
    key = x.recorded.headers.get("authorization", "").removeprefix("Bearer ")
    await x.error(401, f"Incorrect API key provided: {key}.", code="invalid_api_key")


@scenario(for_models=True)
async def forbidden(x: Exchange) -> None:
    await x.error(403, "You are not allowed to sample from this model")


@scenario()
async def model_not_found(x: Exchange) -> None:
    await x.error(404, f"The model `{x.model}` does not exist", code="model_not_found")


@scenario(for_models=True)
async def not_found(x: Exchange) -> None:
    await x.json(404, "<html>404 page not found</html>", content_type="text/html")


@scenario()
async def rate_limited(x: Exchange) -> None:
    await x.error(429, "Rate limit reached", code="rate_limit_exceeded", headers={"retry_after": "0.05"})


@scenario()
async def rate_limited_long(x: Exchange) -> None:
    await x.error(429, "Rate limit reached", code="rate_limit_exceeded", headers={"retry_after": "3600"})


@scenario()
async def insufficient_quota(x: Exchange) -> None:
    await x.error(
        429, "You exceeded your current quota", code="insufficient_quota", headers={"retry_after": "1"}
    )


@scenario(for_models=True)
async def server_error(x: Exchange) -> None:
    await x.error(500, "The server had an error", type="server_error")


@scenario()
async def overloaded(x: Exchange) -> None:
    await x.error(503, "Overloaded", type="server_error")


@scenario()
async def endless_refusal(x: Exchange) -> None:
    await x.headers(500, "text/plain")
    while not x.closed.is_set():
        await x.send(b"error " * 10_000)


@scenario()
async def image_refused(x: Exchange) -> None:
    await x.error(
        400,
        "You uploaded an unsupported image. Please make sure your image is valid.",
        param="messages.[0].content.[0].image_url",
        code="invalid_image",
    )


@scenario()
async def too_large(x: Exchange) -> None:
    await x.json(413, "<html>413 Request Entity Too Large</html>", content_type="text/html")


@scenario()
async def context_too_long(x: Exchange) -> None:
    await x.error(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded")


@scenario()
async def plain_error(x: Exchange) -> None:
    """LM Studio's form: the message is a plain string."""
    await x.json(400, {"error": "The image could not be read"})


async def _refuse_parameter(x: Exchange, name: str, *, sent: bool) -> None:
    if not sent:
        return await ok(x)
    return await x.error(
        400,
        f"Unsupported parameter: '{name}' is not supported with this model.",
        param=name,
        code="unsupported_parameter",
    )


@scenario()
async def refuses_max_completion_tokens(x: Exchange) -> None:
    await _refuse_parameter(x, "max_completion_tokens", sent="max_completion_tokens" in x.recorded.body)


@scenario()
async def refuses_max_tokens(x: Exchange) -> None:
    await _refuse_parameter(x, "max_tokens", sent="max_tokens" in x.recorded.body)


@scenario()
async def refuses_stream_options(x: Exchange) -> None:
    """Mistral's form: a list of validation errors with status 422."""
    if "stream_options" not in x.recorded.body:
        await ok(x)
        return
    where = {
        "type": "extra_forbidden",
        "loc": ["body", "stream_options"],
        "msg": "Extra inputs are not permitted",
    }
    await x.json(422, {"detail": [where]})


@scenario()
async def refuses_detail(x: Exchange) -> None:
    sent = b'"detail"' in x.recorded.raw
    await _refuse_parameter(x, "messages[0].content[0].image_url.detail", sent=sent)
