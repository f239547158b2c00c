"""Questions for the on-device reader, and its process as the system sees it."""

import asyncio
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from desktop.core.events import Answered, EngineEvent, TextDelta
from desktop.core.model import ON_DEVICE, ImageFacts, Role, Usage
from desktop.core.request import ImagePart, Request, Turn
from desktop.engines.on_device.engine import OnDeviceEngine
from tests.helpers import pictures


def part(picture: Image.Image, name: str = "a.png", **facts: Any) -> ImagePart:
    found = ImageFacts(
        path=Path(name),
        name=name,
        sha256=name,
        file_bytes=1234,
        modified_ns=0,
        format="PNG",
        width_px=picture.width,
        height_px=picture.height,
        **facts,
    )
    return ImagePart(data=pictures.encoded(picture), media_type="image/png", detail=None, facts=found)


def request(question: str, *images: ImagePart) -> Request:
    return Request(model=ON_DEVICE, turns=(Turn(role=Role.USER, images=images, text=question),))


async def collect(engine: OnDeviceEngine, asked: Request) -> tuple[str, Answered]:
    """The whole answer; checks that it ends exactly once."""
    events: list[EngineEvent] = [event async for event in engine.answer(asked)]
    ended = events[-1]
    assert isinstance(ended, Answered)
    assert all(isinstance(event, TextDelta) for event in events[:-1])
    assert ended.usage == Usage(prompt_tokens=0, completion_tokens=0)
    return "".join(event.text for event in events if isinstance(event, TextDelta)), ended


def reader_processes() -> set[int]:
    return {child.pid or 0 for child in multiprocessing.active_children()}


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - processes set no events
            await asyncio.sleep(0.01)


async def begun(engine: OnDeviceEngine) -> "asyncio.Task[tuple[str, Answered]]":
    """A question whose process runs, and is still busy."""
    large = pictures.text_page(*["many words to be read " * 4] * 40, size_px=40, width_px=2400)
    before = reader_processes()
    task = asyncio.create_task(collect(engine, request("Copy the text", *[part(large)] * 20)))
    await until(lambda: bool(reader_processes() - before))
    await asyncio.sleep(1.0)  # into the networks, which are written in C++
    assert not task.done()
    return task


async def reads(engine: OnDeviceEngine) -> bool:
    answer, ended = await collect(engine, request("Copy the text", part(pictures.text_page("again"))))
    return ended.complete and "again" in answer
