"""What a question needs from the rooms below."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal

from desktop.core.catalog import Catalog, Model
from desktop.core.edits import Edits
from desktop.core.limits import Limits
from desktop.core.ports import Engine, Server
from desktop.core.pricing import Rates
from desktop.images.inspect import EncodedImage
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store

PaintMarks = Callable[[Edits, tuple[int, int], tuple[int, int]], bytes | None]
Encode = Callable[..., Future[EncodedImage]]
"""`ImageWorkers.encode`, or something with its arguments."""


def no_budget() -> None:
    """Nothing is limited."""


def no_server(_model: Model) -> None:
    """Nothing is sent."""


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
        paint_marks: marks as a transparent PNG of the finished picture's size, from edits, size of the page
            and size of the picture; None where nobody can paint, as in the terminal. Thread-safe.
        budget_usd: the month's budget in force; None for none.
        encode: encodes new images in place of ``images``, see `sharing.SharedEncodings`; None for them.
        server_for: the engine that sends a model's questions over a network; None for the reader.
    """

    catalog: Catalog
    store: Store
    images: ImageWorkers
    engine_for: Callable[[Model], Engine]
    limits_for: Callable[[Model], Limits]
    provider_for: Callable[[Model], str]
    rates: Callable[[Model], Rates | None]
    paint_marks: PaintMarks | None = None
    budget_usd: Callable[[], Decimal | None] = no_budget
    encode: Encode | None = None
    server_for: Callable[[Model], Server | None] = no_server
