"""Prices for the window: loaded once off the GUI thread, then plain arithmetic."""

from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.catalog import Model
from desktop.core.own_prices import OwnPrice
from desktop.core.pricing import PriceList, Rates
from desktop.core.problems import Problem
from desktop.core.settings import Settings
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """Where prices come from; `wiring` makes them.

    Attributes:
        rates: of a model at the server in force, what the user entered first.
        listed: the same without what the user entered.
        price_list: which list is in force; slow the first time, because it loads the list.
        update: fetches another one.
        use_own: what the user entered holds from now on.
    """

    rates: Callable[[Model], Rates | None]
    listed: Callable[[Model], Rates | None]
    price_list: Callable[[], PriceList]
    update: Callable[[], Coroutine[Any, Any, PriceList]]
    use_own: Callable[[Mapping[str, OwnPrice]], None]


class PriceTasks(QObject):
    """The rates of a model; unknown until `loaded`.

    Attributes:
        price_list: which list is in force; None while it is loading.

    Signals:
        loaded(): prices are there, or are others than before.
    """

    loaded = Signal()

    def __init__(
        self,
        source: PriceSource,
        delivery: Delivery,
        *,
        own: Mapping[str, OwnPrice],
        network: NetworkThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.price_list: PriceList | None = None
        self._source = source
        self._own = own
        self._delivery = delivery
        self._network = network
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prices")

    def load(self) -> None:
        """Load the list in the background; `loaded` tells."""
        self._delivery.follow(self._thread.submit(self._source.price_list), self._on_loaded)

    def rates(self, model: Model) -> Rates | None:
        """Prices of ``model``; None while loading or if unknown."""
        return self._source.rates(model) if self.price_list is not None else None

    def listed(self, model: Model) -> Rates | None:
        """As `rates`, without what the user entered."""
        return self._source.listed(model) if self.price_list is not None else None

    def update(self, succeeded: Callable[[PriceList], None], failed: Callable[[Problem], None]) -> None:
        """Fetch the price list, because the user asked for it; nothing else ever does."""

        def updated(price_list: PriceList) -> None:
            self._on_loaded(price_list)
            succeeded(price_list)

        # On the network's loop and not on a thread of its own: only there can a stalled one be ended.
        self._delivery.follow(self._network.submit(self._source.update()), updated, failed)

    def use_own(self, settings: Settings) -> None:
        """What the user entered holds from now on."""
        if settings.own_prices == self._own:
            return
        self._own = settings.own_prices
        self._source.use_own(self._own)
        if self.price_list is not None:
            self.loaded.emit()

    def close(self) -> None:
        """End the thread; idempotent."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _on_loaded(self, price_list: PriceList) -> None:
        self.price_list = price_list
        self.loaded.emit()
