"""What a question needs from the rooms below."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.catalog import Catalog, Model
from desktop.core.limits import Limits
from desktop.core.ports import Engine
from desktop.core.pricing import Rates
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
        rates: the prices of a model at the server in force; None if unknown. Slow at its first
            call, so that is never made on the GUI thread.
    """

    catalog: Catalog
    store: Store
    images: ImageWorkers
    engine_for: Callable[[Model], Engine]
    limits_for: Callable[[Model], Limits]
    provider_for: Callable[[Model], str]
    rates: Callable[[Model], Rates | None]
