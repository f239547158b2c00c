"""What covers the screen must go when something in it fails: nobody could reach the desktop below it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


class Guarded(Protocol):
    """What has `guarded` methods."""

    def on_trouble(self) -> None:
        """A method has failed; called outside of it, and must not fail itself."""


S = TypeVar("S", bound=Guarded)


def guarded(method: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """A handler of events or signals whose exceptions are logged, and end the overlay."""

    @wraps(method)
    def run(self: S, *arguments: P.args, **named: P.kwargs) -> None:
        try:
            method(self, *arguments, **named)
        except Exception:  # noqa: BLE001 - whatever it is, the desktop must be free again
            _log.exception("the capture overlay failed in %s", method.__qualname__)
            self.on_trouble()

    return cast("Callable[Concatenate[S, P], None]", run)
