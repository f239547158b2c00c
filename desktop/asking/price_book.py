"""The prices in force: the user's own, then a fetched list, then the one that came with the package."""

import asyncio
import json
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from desktop.core.catalog import Model
from desktop.core.own_prices import OwnPrice
from desktop.core.pricing import PriceList, Prices, Rates, load_prices, own_rates, parse_prices
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable
from desktop.system.clock import now_utc
from desktop.system.price_file import KeptPrices, keep_prices, load_kept_prices, package_version


class PriceBook:
    """Methods on any thread; the first that needs a list loads it, which takes half a second.

    Attributes:
        own: what the user entered, by model id; replaced whole, never changed.
    """

    def __init__(self, file: Path, own: Mapping[str, OwnPrice]) -> None:
        """``file`` keeps what is fetched."""
        self.own = own
        self._file = file
        self._loading = threading.Lock()
        self._prices: Prices | None = None
        self._fetched_on: date | None = None

    def rates(self, model: Model, provider: str | None) -> Rates | None:
        """What the user says ``model`` costs, else what the list says; None if nobody does.

        Args:
            model: as it is asked.
            provider: whose list applies, by its id in ``genai-prices``; None where there is none.
        """
        own = self.own.get(model.id)
        return self.listed(model, provider) if own is None else own_rates(own)

    def listed(self, model: Model, provider: str | None) -> Rates | None:
        """As `rates`, without what the user entered."""
        return None if provider is None else self._list().rates(model, provider=provider)

    def price_list(self) -> PriceList:
        """Which list is in force."""
        models = self._list().models
        return PriceList(models=models, fetched_on=self._fetched_on, package=package_version())

    async def update(self, url: str | None = None) -> PriceList:
        """Fetch the list, use it, and keep it. The only request that anything here makes.

        Args:
            url: where from; None for genai-prices' own place.

        Raises:
            ProblemError: it could not be fetched, is no list, or could not be kept (DISK_FULL,
                FOLDER_READ_ONLY): all stays as it was.
        """
        from desktop.engines.price_download import download_prices  # noqa: PLC0415 - rarely, and not at start

        place = await asyncio.to_thread(_own_place) if url is None else url
        data = await download_prices(place)
        return await asyncio.to_thread(self._use, data, printable(urlsplit(place).netloc))

    def _use(self, data: bytes, host: str) -> PriceList:
        try:
            kept = KeptPrices(now_utc().astimezone().date(), json.loads(data))
            prices = parse_prices(kept.providers)
        except (ValueError, RecursionError) as error:
            raise ProblemError(problem(Code.NO_PRICE_TABLE, host=host)) from error
        keep_prices(self._file, kept)
        with self._loading:
            self._prices, self._fetched_on = prices, kept.fetched_on
        return self.price_list()

    def _list(self) -> Prices:
        if self._prices is None:
            with self._loading:
                if self._prices is None:
                    self._prices = self._load()
        return self._prices

    def _load(self) -> Prices:
        kept = load_kept_prices(self._file)
        if kept is not None:
            try:
                prices = parse_prices(kept.providers)
            except ValueError:
                return load_prices()
            self._fetched_on = kept.fetched_on
            return prices
        return load_prices()


def _own_place() -> str:
    from genai_prices.update_prices import DEFAULT_UPDATE_URL  # noqa: PLC0415 - slow

    return DEFAULT_UPDATE_URL
