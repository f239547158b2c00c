"""What a question needs from the rooms below."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.catalog import Catalog, Model
from desktop.core.limits import Limits
from desktop.core.ports import Engine
from desktop.core.pricing import Prices
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that `ask` drives.

    Attributes:
        catalog: every model.
        store: the history.
        images: the worker processes.
        engine_for: the engine that answers for a model.
        limits_for: the most that the server behind a model takes in one request.
        provider_for: the id of the provider behind a model, kept with the answer.
        prices: loads the prices at its first call (slow, so never on the GUI thread) and keeps them.
    """

    catalog: Catalog
    store: Store
    images: ImageWorkers
    engine_for: Callable[[Model], Engine]
    limits_for: Callable[[Model], Limits]
    provider_for: Callable[[Model], str]
    prices: Callable[[], Prices]
