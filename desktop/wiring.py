"""Makes the parts and joins them: key, store, worker processes, engines. For window and terminal alike."""

import asyncio
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.asking.price_book import PriceBook
from desktop.asking.services import Services
from desktop.core.catalog import Catalog, Model
from desktop.core.credentials import check_base_url, origin
from desktop.core.found_text import PageText
from desktop.core.limits import OPENAI_LIMITS, Limits
from desktop.core.model import ON_DEVICE
from desktop.core.ports import Engine
from desktop.core.pricing import PriceList, Rates
from desktop.core.settings import Settings
from desktop.engines.providers import provider_for
from desktop.images.inspect import CacheFolders
from desktop.images.workers import ImageWorkers
from desktop.store.private import Histories
from desktop.system.environment import Secrets, prices_url
from desktop.system.keys import KeyringKeys
from desktop.system.paths import DataFolder

if TYPE_CHECKING:
    from desktop.engines.on_device.engine import OnDeviceEngine
    from desktop.engines.openai_chat import OpenAIChat


def _make_reader() -> "OnDeviceEngine":
    from desktop.engines.on_device.engine import OnDeviceEngine  # noqa: PLC0415 - after the window shows

    return OnDeviceEngine()


@dataclass(slots=True, kw_only=True)
class Engines:
    """The engines of this process: one a server that was asked, and the reader. For the network loop only."""

    keys: KeyringKeys
    base_url: str
    prices: PriceBook
    _servers: "dict[str, OpenAIChat]" = field(default_factory=dict)
    _reader: "OnDeviceEngine | None" = None

    def engine_for(self, model: Model) -> Engine:
        """The engine that answers for ``model``."""
        if model.id != ON_DEVICE:
            return self._server()
        return self._on_device()

    async def read_page(
        self, data: bytes, *, page_px: tuple[int, int], name: str, after: asyncio.Event | None = None
    ) -> PageText:
        """Text and codes of a page, by the reader; see `OnDeviceEngine.read_page`."""
        return await self._on_device().read_page(data, page_px=page_px, name=name, after=after)

    def _on_device(self) -> "OnDeviceEngine":
        if self._reader is None:
            self._reader = _make_reader()
        return self._reader

    def _server(self) -> "OpenAIChat":
        if self.base_url not in self._servers:
            self._servers[self.base_url] = self.chat(self.base_url)
        return self._servers[self.base_url]

    def server_for(self, model: Model) -> "OpenAIChat | None":
        """The engine that sends questions to ``model`` over a network; None for the reader."""
        return None if model.id == ON_DEVICE else self._server()

    def chat(self, base_url: str, key: str | None = None) -> "OpenAIChat":
        """An engine for a server; ``key`` is one that is being tried and not kept yet."""
        from desktop.engines.openai_chat import OpenAIChat  # noqa: PLC0415 - after the window shows

        key_of = functools.partial(self.keys.key, origin(base_url))
        return OpenAIChat(base_url=base_url, key=(lambda: key) if key else key_of)

    async def prepare(self, model: Model) -> None:
        """Do ahead what the first question would wait for; the reader is too large to start on a guess."""
        if model.id != ON_DEVICE:
            await self._server().prepare()

    def provider_for(self, model: Model) -> str:
        """The id of the provider behind ``model``."""
        return ON_DEVICE if model.id == ON_DEVICE else provider_for(self.base_url).id

    def limits_for(self, model: Model) -> Limits:
        """The most that the server behind ``model`` takes in one request."""
        row = provider_for(self.base_url)
        if model.id == ON_DEVICE:
            return OPENAI_LIMITS
        return Limits(
            images=row.max_images or OPENAI_LIMITS.images,
            request_bytes=row.max_request_bytes or OPENAI_LIMITS.request_bytes,
        )

    def rates(self, model: Model) -> Rates | None:
        """What the user says ``model`` costs, else its list price at the server in force."""
        return self.prices.rates(model, self._whose_prices(model))

    def listed_rates(self, model: Model) -> Rates | None:
        """The list price of ``model``; a local server has none, whatever its models are called."""
        return self.prices.listed(model, self._whose_prices(model))

    async def update_prices(self) -> PriceList:
        """Fetch the price list, because the user asked for it."""
        return await self.prices.update(prices_url())

    def _whose_prices(self, model: Model) -> str | None:
        return ON_DEVICE if model.id == ON_DEVICE else provider_for(self.base_url).pricing_id

    async def close(self) -> None:
        """Close every engine; idempotent."""
        engines: list[Engine] = [*self._servers.values()]
        if self._reader is not None:
            engines.append(self._reader)
        self._servers.clear()
        self._reader = None
        for engine in engines:
            await engine.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything below the window, made once a process.

    Attributes:
        folder: where data lives.
        settings: as they were at start, with the options of the command line over them.
        keys: the keyring, on a thread of its own.
        engines: who answers.
        services: what `asking.ask` needs.
    """

    folder: DataFolder
    settings: Settings
    keys: KeyringKeys
    engines: Engines
    services: Services


def make_parts(*, folder: DataFolder, settings: Settings, secrets: Secrets, catalog: Catalog) -> Parts:
    """Join the parts. Starts nothing and reads nothing: each part does so when it is first used."""
    keys = KeyringKeys(secrets)
    prices = PriceBook(folder.price_list, settings.own_prices)
    engines = Engines(keys=keys, base_url=settings.base_url, prices=prices)
    services = Services(
        catalog=catalog,
        store=Histories(folder.root),
        images=ImageWorkers(
            processes=max(1, min(4, os.cpu_count() or 1)),
            caches=CacheFolders(
                own=folder.cache / "pictures", shared=folder.shared_thumbnails, left_out=(folder.root,)
            ),
        ),
        engine_for=engines.engine_for,
        limits_for=engines.limits_for,
        provider_for=engines.provider_for,
        rates=engines.rates,
        budget_usd=lambda: settings.budget_usd,
        server_for=engines.server_for,
    )
    return Parts(folder=folder, settings=settings, keys=keys, engines=engines, services=services)


async def download(
    url: str, private_hosts: frozenset[str], progress: Callable[[int, int | None], None]
) -> tuple[bytes, str]:
    """Fetch an image from an address; its bytes and a name for them. See `download_image`."""
    from desktop.engines.image_download import download_image  # noqa: PLC0415 - after the window shows

    found = await download_image(url, private_hosts=private_hosts, progress=progress)
    return found.data, found.name


def effective_base_url(option: str | None, secrets: Secrets, settings: Settings) -> str:
    """The command line's base URL, else the environment's, else the settings'.

    Raises:
        ProblemError: the address is none (URL_INVALID).
    """
    return check_base_url(option or secrets.base_url or settings.base_url)


def data_folder(option: str | None) -> DataFolder:
    """The folder of ``--data-dir``, or the user's own."""
    return DataFolder(Path(option).expanduser().absolute()) if option else DataFolder()
