"""Prices for the window: loaded once off the GUI thread, then plain arithmetic."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from desktop.core.catalog import Model
from desktop.core.pricing import Rates
from desktop.tasks.delivery import Delivery


class PriceTasks(QObject):
    """The rates of a model; unknown until `loaded`.

    Signals:
        loaded(): prices are there.
    """

    loaded = Signal()

    def __init__(
        self, rates: Callable[[Model], Rates | None], delivery: Delivery, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rates = rates
        self._delivery = delivery
        self._loaded = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prices")

    def load(self, model: Model) -> None:
        """Load in the background, by asking for one model's rates; `loaded` tells."""
        self._delivery.follow(self._thread.submit(self._rates, model), self._on_loaded)

    def rates(self, model: Model) -> Rates | None:
        """Prices of ``model``; None while loading or if unknown."""
        return self._rates(model) if self._loaded else None

    def close(self) -> None:
        """End the thread; idempotent."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _on_loaded(self, _rates: Rates | None) -> None:
        self._loaded = True
        self.loaded.emit()
