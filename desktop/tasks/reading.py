"""Reading pages on this computer: viewed ones first, the newest of them before all, and each only once."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.asking.services import Services
from desktop.core.found_text import PageText, searchable
from desktop.core.model import Attachment, Detail, ImageFacts
from desktop.core.planning import plan_image
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread

_KEPT_PAGES: Final = 64
"""Of the pages read last, for turning back to them."""


class ReadPage(Protocol):
    """How a page is read."""

    def __call__(
        self, data: bytes, *, page_px: tuple[int, int], name: str, after: asyncio.Event | None = None
    ) -> Coroutine[Any, Any, PageText]:
        """Read an encoded page; see `OnDeviceEngine.read_page`."""
        ...


class ReadingTasks(QObject):
    """Text and codes of pages, with their places. A question to the reader goes before all pages.

    What is read is kept in the history's file, without the places, by `ImageFacts.source_id`.

    Signals:
        found(str, str): the source id of a page that was read just now, and its text.
        not_kept(Problem): what was read cannot be kept; told once, until it can.
    """

    found = Signal(str, str)
    not_kept = Signal(object)

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
        self._viewed = 0
        self._none_viewed = asyncio.Event()
        self._none_viewed.set()
        self._known: OrderedDict[str, PageText] = OrderedDict()
        self._keeps = True

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
        return self._follow(facts, succeeded, failed, viewed=True)

    def read_later(
        self, facts: ImageFacts, succeeded: Callable[[PageText], None], failed: Callable[[Problem], None]
    ) -> "Future[PageText]":
        """As `read`, for a page that nobody waits for: all viewed pages and all questions come first.

        What is being read already is not interrupted for them: starting the reader anew takes over a second.
        """
        return self._follow(facts, succeeded, failed, viewed=False)

    def read_sent(
        self, image: Attachment, succeeded: Callable[[PageText], None], failed: Callable[[Problem], None]
    ) -> "Future[PageText]":
        """Read the bytes that were sent of an image: what was blacked out cannot be read there. Not kept."""
        future = self._network.submit(self._read_sent(image))
        self._delivery.follow(future, succeeded, failed)
        return future

    def texts(
        self,
        source_ids: Sequence[str],
        succeeded: Callable[[Mapping[str, str]], None],
        failed: Callable[[Problem], None] | None = None,
    ) -> None:
        """What was read on pages, now or earlier; those that were not read are not in it."""
        self._delivery.follow(self._services.store.texts(source_ids), succeeded, failed or _not_told)

    def forget(self, source_ids: Sequence[str]) -> None:
        """These are at hand no more: what was read on them goes, unless some conversation has them."""
        for source_id in source_ids:
            self._known.pop(source_id, None)
        self._delivery.follow(self._services.store.forget_texts(source_ids), _done)

    def _follow(
        self,
        facts: ImageFacts,
        succeeded: Callable[[PageText], None],
        failed: Callable[[Problem], None],
        *,
        viewed: bool,
    ) -> "Future[PageText]":
        known = self.known(facts)
        if known is None:
            future = self._network.submit(self._read(facts) if viewed else self._read_later(facts))
        else:
            future = Future()
            future.set_result(known)

        def keep(page: PageText) -> None:
            if viewed:
                self._remember(facts.source_id, page)
            if page is not known:
                self._keep(facts.source_id, searchable(page))
            succeeded(page)

        self._delivery.follow(future, keep, failed)
        return future

    def _remember(self, source_id: str, page: PageText) -> None:
        self._known[source_id] = page
        self._known.move_to_end(source_id)
        while len(self._known) > _KEPT_PAGES:
            self._known.popitem(last=False)

    def _keep(self, source_id: str, text: str) -> None:
        kept = self._services.store.keep_text(source_id, text)
        self._delivery.follow(kept, self._on_kept, self._on_not_kept)
        self.found.emit(source_id, text)

    def _on_kept(self, _none: None) -> None:
        self._keeps = True

    def _on_not_kept(self, trouble: Problem) -> None:
        # A folder that can only be read was told of when the history was opened.
        if self._keeps and trouble not in self._services.store.notices:
            self.not_kept.emit(trouble)
        self._keeps = False

    async def _read(self, facts: ImageFacts) -> PageText:
        self._viewed += 1
        self._none_viewed.clear()
        try:
            async with self._turn.taken():
                data = await self._encoded(facts)
                return await self._read_page(data, page_px=_size(facts), name=facts.name)
        finally:
            self._viewed -= 1
            if not self._viewed:
                self._none_viewed.set()

    async def _read_sent(self, image: Attachment) -> PageText:
        if image.sent is None:
            raise ProblemError(problem(Code.STORED_IMAGE_MISSING, file=image.image.name))
        async with self._turn.taken():
            data = await asyncio.wrap_future(self._services.store.image_bytes(image.sent))
            size = image.sent.width_px, image.sent.height_px
            return await self._read_page(data, page_px=size, name=image.image.name)

    async def _read_later(self, facts: ImageFacts) -> PageText:
        data = await self._encoded(facts, ahead=True)
        return await self._read_page(data, page_px=_size(facts), name=facts.name, after=self._none_viewed)

    async def _encoded(self, facts: ImageFacts, *, ahead: bool = False) -> bytes:
        reader = self._services.catalog.on_device()
        plan = plan_image(reader, facts.width_px, facts.height_px, Detail.AUTO)
        encoding = self._services.images.encode(
            facts.path,
            expected_sha256=facts.sha256,
            width_px=plan.width_px,
            height_px=plan.height_px,
            lossless=True,
            page=facts.page,
            ahead=ahead,
        )
        return (await asyncio.wrap_future(encoding)).data


def _size(facts: ImageFacts) -> tuple[int, int]:
    return facts.width_px, facts.height_px


def _not_told(_problem: Problem) -> None:
    """Who asks does without."""


def _done(_none: None) -> None:
    """A write that needs no answer."""


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
