"""Real parts for tests of `asking.ask`: a store, worker processes, an engine against the loopback server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from desktop.asking.ask import ask
from desktop.asking.services import Services
from desktop.core.catalog import Model
from desktop.core.events import Finished, QuestionEvent
from desktop.core.limits import OPENAI_LIMITS
from desktop.core.model import ON_DEVICE, Conversation, Detail, ImageFacts
from desktop.core.ports import Engine
from desktop.core.pricing import load_prices
from desktop.core.request import NewImage, Question
from desktop.engines.openai_chat import OpenAIChat
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.system.resources import load_catalog

CATALOG = load_catalog()
PRICES = load_prices()


def make_image(path: Path, width_px: int = 640, height_px: int = 480, *, color: str = "tomato") -> Path:
    """A plain picture with a mark in its middle, so that it is no single colour."""
    image = Image.new("RGB", (width_px, height_px), color)
    image.paste("navy", (width_px // 4, height_px // 4, width_px // 2, height_px // 2))
    image.save(path)
    return path


class Bench:
    """A store, workers and an engine, closed by `running`."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.store = Store(folder)
        self.images = ImageWorkers(processes=1)
        self.engine = engine
        self.services = Services(
            catalog=CATALOG,
            store=self.store,
            images=self.images,
            engine_for=lambda _model: self.engine,
            limits_for=lambda _model: OPENAI_LIMITS,
            provider_for=_provider,
            rates=PRICES.rates,
            server_for=lambda model: None if model.id == ON_DEVICE else self.engine,
        )

    def facts(self, path: Path) -> ImageFacts:
        return self.images.inspect(path, thumbnail_px=None).result(20).facts

    def question(
        self,
        text: str,
        *paths: Path,
        conversation: Conversation | None = None,
        model: str = "gpt-4.1",
        detail: Detail = Detail.HIGH,
    ) -> Question:
        return Question(
            conversation=conversation or Conversation(),
            text=text,
            images=tuple(NewImage(image=self.facts(path), detail=detail) for path in paths),
            model=model,
        )

    async def ask(
        self, question: Question, on_event: Callable[[QuestionEvent], None] = lambda _event: None
    ) -> Finished:
        """Ask to the end; there is exactly one `Finished`, and it is the last event."""
        events = []
        async for event in ask(question, self.services):
            on_event(event)
            events.append(event)
        assert [isinstance(event, Finished) for event in events].index(True) == len(events) - 1
        last = events[-1]
        assert isinstance(last, Finished)
        return last


@asynccontextmanager
async def running(folder: Path, base_url: str = "", engine: Engine | None = None) -> AsyncIterator[Bench]:
    """A bench whose parts are closed in the end."""
    bench = Bench(folder, engine or OpenAIChat(base_url=base_url, key=lambda: "sk-test-key-of-the-bench"))
    try:
        await asyncio.wrap_future(bench.store.open())
        yield bench
    finally:
        await bench.engine.close()
        bench.images.close()
        bench.store.close()


def _provider(model: Model) -> str:
    return model.provider or "custom"
