"""Requests and questions for tests of an engine."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from desktop.core.events import Answered, EngineEvent, Retrying, TextDelta
from desktop.core.model import Detail, ImageFacts, Role
from desktop.core.options import Options
from desktop.core.problems import Code
from desktop.core.request import ImagePart, Request, Turn
from desktop.engines.openai_chat import OpenAIChat

KEY = "sk-canary-7Yq2mV4f2a"


def picture(width_px: int = 40, height_px: int = 30, colour: str = "red", kind: str = "PNG") -> bytes:
    """The bytes of a real picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width_px, height_px), colour).save(buffer, kind)
    return buffer.getvalue()


def part(data: bytes | None = None, *, name: str = "a.png", detail: Detail | None = Detail.LOW) -> ImagePart:
    """An image of a request."""
    data = picture() if data is None else data
    facts = ImageFacts(
        path=Path("/secret/place") / name,
        name=name,
        sha256="0" * 64,
        file_bytes=len(data),
        modified_ns=0,
        format="PNG",
        width_px=40,
        height_px=30,
    )
    media_type = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    return ImagePart(data=data, media_type=media_type, detail=detail, facts=facts)


def question(*images: ImagePart, text: str = "What is this?", **more: Any) -> Request:
    """A request of one turn."""
    if "schema" in more:
        more["options"] = Options(schema=more.pop("schema"))
    turns = (Turn(role=Role.USER, images=images or (part(),), text=text),)
    return Request(**{"model": "gpt-5.4-mini", "turns": turns, **more})


@dataclass
class Outcome:
    """All events of one answer."""

    text: str = ""
    retries: list[Retrying] = field(default_factory=list)
    endings: list[Answered] = field(default_factory=list)

    @property
    def ending(self) -> Answered:
        assert len(self.endings) == 1, "an engine ends exactly once"
        return self.endings[0]

    @property
    def code(self) -> Code | None:
        return self.ending.problem.code if self.ending.problem else None

    def add(self, event: EngineEvent) -> None:
        assert not self.endings, "nothing comes after the end"
        if isinstance(event, TextDelta):
            assert event.text, "no empty deltas"
            self.text += event.text
        elif isinstance(event, Retrying):
            self.retries.append(event)
        else:
            self.endings.append(event)


@asynccontextmanager
async def engine(base_url: str, **more: Any) -> AsyncIterator[OpenAIChat]:
    """An engine with short patience, closed afterwards."""
    options: dict[str, Any] = {
        "key": lambda: KEY,
        "idle_timeout_s": 1.0,
        "deadline_s": 20.0,
        "first_wait_s": 0.01,
    }
    chat = OpenAIChat(base_url=base_url, **{**options, **more})
    try:
        yield chat
    finally:
        await chat.close()


async def collect(chat: OpenAIChat, request: Request, outcome: Outcome | None = None) -> Outcome:
    """Ask and take all events."""
    outcome = outcome or Outcome()
    async with aclosing(chat.answer(request)) as events:
        async for event in events:
            outcome.add(event)
    return outcome


def ask(base_url: str, request: Request | None = None, **more: Any) -> Outcome:
    """Ask once, from a loop of its own."""

    async def run() -> Outcome:
        async with engine(base_url, **more) as chat:
            return await collect(chat, request or question())

    return asyncio.run(run())
