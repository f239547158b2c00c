"""Reading viewed pages on this computer: one at a time, the newest first, and each only once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject

from desktop.asking.services import Services
from desktop.core.found_text import PageText
from desktop.core.model import Detail, ImageFacts
from desktop.core.planning import plan_image
from desktop.core.problems import Problem
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread

_KEPT_PAGES: Final = 64
"""Of the pages read last, for turning back to them."""


class ReadPage(Protocol):
    """How a page is read."""

    def __call__(self, data: bytes, *, page_px: tuple[int, int], name: str) -> Coroutine[Any, Any, PageText]:
        """Read an encoded page; see `OnDeviceEngine.read_page`."""
        ...


class ReadingTasks(QObject):
    """Text and codes of pages, with their places. A question to the reader goes before all pages."""

    def __init__(
        self,
        services: Services,
        read_page: ReadPage,
        *,
        network: NetworkThread,
        delivery: Delivery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._read_page = read_page
        self._network = network
        self._delivery = delivery
        self._turn = NewestFirst()
        self._known: OrderedDict[str, PageText] = OrderedDict()

    def known(self, facts: ImageFacts) -> PageText | None:
        """What was found on a page that has been read; at once, and never starts anything."""
        return self._known.get(facts.source_id)

    def read(
        self, facts: ImageFacts, succeeded: Callable[[PageText], None], failed: Callable[[Problem], None]
    ) -> "Future[PageText]":
        """Read one page; takes seconds. Cancelling the Future ends it, and nothing is told then.

        Args:
            facts: the page; IMAGE_CHANGED if its file is not the same any more.
            succeeded: gets what was found, in pixels of the upright page.
            failed: gets why not: READER_MISSING, READER_CRASHED, IMAGE_TOO_SLOW, IMAGE_CHANGED...
        """
        found = self.known(facts)
        if found is None:
            future = self._network.submit(self._read(facts))
        else:
            future = Future()
            future.set_result(found)

        def keep(page: PageText) -> None:
            self._known[facts.source_id] = page
            self._known.move_to_end(facts.source_id)
            while len(self._known) > _KEPT_PAGES:
                self._known.popitem(last=False)
            succeeded(page)

        self._delivery.follow(future, keep, failed)
        return future

    async def _read(self, facts: ImageFacts) -> PageText:
        reader = self._services.catalog.on_device()
        plan = plan_image(reader, facts.width_px, facts.height_px, Detail.AUTO)
        async with self._turn.taken():
            encoding = self._services.images.encode(
                facts.path,
                expected_sha256=facts.sha256,
                width_px=plan.width_px,
                height_px=plan.height_px,
                lossless=True,
                page=facts.page,
            )
            encoded = await asyncio.wrap_future(encoding)
            page_px = facts.width_px, facts.height_px
            return await self._read_page(encoded.data, page_px=page_px, name=facts.name)


class NewestFirst:
    """A lock that goes to whoever came last; for one event loop."""

    def __init__(self) -> None:
        self._held = False
        self._waiting: list[asyncio.Future[None]] = []

    @asynccontextmanager
    async def taken(self) -> AsyncGenerator[None]:
        """Hold it."""
        if self._held:
            mine = asyncio.get_running_loop().create_future()
            self._waiting.append(mine)
            try:
                await mine
            except asyncio.CancelledError:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                elif not mine.cancelled():
                    # It had just been handed over.
                    self._pass_on()
                raise
        self._held = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            newest = self._waiting.pop()
            if not newest.done():
                newest.set_result(None)
                return
        self._held = False
