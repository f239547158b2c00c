"""Answers, complete and not, and things that are no answer at all."""

import asyncio
import contextlib
import gzip
import json
import time

from tests.helpers.loopback_checks import images_in
from tests.helpers.loopback_exchange import Exchange
from tests.helpers.loopback_script import begin, finish, pieces, say, scenario, usage_of

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


@scenario(for_models=True)
async def stalled_body(x: Exchange) -> None:
    """Headers, and the beginning of a list that never goes on."""
    await x.headers(content_type="application/json")
    await x.send(b"[")
    await x.until_closed()


@scenario(for_models=True)
async def endless_body(x: Exchange) -> None:
    """A list without an end."""
    await x.headers(content_type="application/json")
    with contextlib.suppress(ConnectionError):
        while not x.closed.is_set():
            await x.send(b"[" + b" " * 1_000_000)


@scenario()
async def gzipped(x: Exchange) -> None:
    """Compressed although it was asked not to be: 5 MB in 5 KB."""
    data = gzip.compress(b"data: " + b" " * 5_000_000, compresslevel=1)
    await x.headers(length=len(data), content_encoding="gzip")
    await x.send(data)


@scenario()
async def error_with_200(x: Exchange) -> None:
    await x.json(200, {"error": {"message": "The model is loading", "code": 503}})


@scenario(for_models=True)
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
    await _rest_of_body(x, bytes_per_s=6_000_000)
    if not x.closed.is_set():
        x.recorded.body = json.loads(x.recorded.raw)
        x.recorded.images = images_in(x.recorded.body)
        await ok(x)


async def _rest_of_body(x: Exchange, bytes_per_s: float = float("inf")) -> None:
    left = int(x.recorded.headers["content-length"])
    began = time.monotonic()
    with contextlib.suppress(ConnectionError):
        while left and (data := await x.reader.read(65536)):
            left -= len(data)
            x.recorded.raw += data
            await asyncio.sleep(max(0.0, began + len(x.recorded.raw) / bytes_per_s - time.monotonic()))
    if left:
        x.note_closed()


@scenario()
async def drops(x: Exchange) -> None:
    """Closes the connection without a word, as a server does with one that has grown old."""


@scenario()
async def not_http(x: Exchange) -> None:
    await x.write(b"220 mail.example ESMTP ready\r\n\r\n")
