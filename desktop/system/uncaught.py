"""What no code caught, in any thread: logged, and told once. It may come sixty times a second."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from desktop.core.crashes import Uncaught
from desktop.core.harmless import harmless_trace, place_of
from desktop.system.clock import now_utc
from desktop.system.trail import Trail

MOST_TOLD = 5
"""So many different ones are told in a run; after that they are logged."""
MOST_LOGGED = 3
"""Of each; after that at every tenth, hundredth, thousandth time."""
_MOST_KNOWN = 1000

Listener = Callable[[Uncaught], object]
_log = logging.getLogger(__name__)


class UncaughtErrors:
    """In the places of Python's own hooks from `begin` to `close`; PySide6 calls them for slots too."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._told = 0
        self._listener: Listener | None = None
        self._waiting: list[Uncaught] = []

    def begin(self) -> None:
        """From now on."""
        sys.excepthook = self._on_main
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def close(self) -> None:
        """Python's own hooks again."""
        self._listener = None
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__

    def listen(self, listener: Listener) -> None:
        """Tell this one, in whatever thread it happens; what happened before is told now."""
        self._listener = listener
        waiting, self._waiting = self._waiting, []
        for uncaught in waiting:
            listener(uncaught)

    def _on_main(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        thread = threading.current_thread()
        is_main = thread is threading.main_thread()
        self._take(kind, error, trace, "the main thread" if is_main else "a thread of Qt's")

    def _on_thread(self, told: threading.ExceptHookArgs) -> None:
        self._take(told.exc_type, told.exc_value, told.exc_traceback, "a thread")

    def _on_unraisable(self, told: "sys.UnraisableHookArgs") -> None:
        """Where nothing can be raised, as when an object is taken down: nobody misses what it did."""
        if told.exc_value is not None:
            self._log(told.exc_value, told.exc_traceback, "what cannot raise", self._count(told.exc_value))

    def _take(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
        where: str,
    ) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        count = self._count(error)
        self._log(error, trace, where, count)
        if count == 1 and self._told < MOST_TOLD:
            self._told += 1
            log, trail = harmless_trace(error), self._trail.lines
            self._tell(Uncaught(at=now_utc(), where=where, trace=log, log=trail))

    def _count(self, error: BaseException) -> int:
        place = place_of(error)
        with self._lock:
            if place not in self._counts and len(self._counts) >= _MOST_KNOWN:
                return MOST_LOGGED + 1
            self._counts[place] = self._counts.get(place, 0) + 1
            return self._counts[place]

    def _log(self, error: BaseException, trace: TracebackType | None, where: str, count: int) -> None:
        if count <= MOST_LOGGED:
            _log.critical("uncaught in %s", where, exc_info=(type(error), error, trace))
        elif str(count).rstrip("0") == "1":
            _log.critical("uncaught for the %d. time", count)

    def _tell(self, uncaught: Uncaught) -> None:
        if self._listener is None:
            self._waiting.append(uncaught)
        else:
            self._listener(uncaught)
