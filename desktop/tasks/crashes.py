"""What goes wrong inside the window, and how the last run ended: reports, made off the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication

from desktop.core.crashes import (
    EARLY_S,
    End,
    LastRun,
    Report,
    Surroundings,
    Uncaught,
    report_of_last_run,
    report_of_uncaught,
)
from desktop.core.problems import Code
from desktop.store.connections import SQLITE_VERSION
from desktop.system.safety import Safety
from desktop.system.showing import show_in_file_manager
from desktop.system.versions import surroundings
from desktop.tasks.delivery import Delivery

T = TypeVar("T")

TOUCH_MS = 60_000
"""So exactly is it known until when a run lived that was killed."""


class CrashTasks(QObject):
    """Makes reports and keeps them.

    Attributes:
        last: the run before this one, if it did not end by itself.

    Signals:
        reported(Report): something went wrong inside, and the window goes on.
    """

    reported = Signal(object)
    _uncaught = Signal(object)

    def __init__(
        self, safety: Safety | None, language: str, delivery: Delivery, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._safety = safety
        self._language = language
        self._delivery = delivery
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crashes")
        self._closed = False
        self.last: LastRun | None = safety.watch.last if safety is not None else None
        self._uncaught.connect(self._on_uncaught)
        self._settled = QTimer(self, singleShot=True, interval=round(EARLY_S * 1000))
        self._settled.timeout.connect(self._on_settled)
        self._alive = QTimer(self, interval=TOUCH_MS)
        self._alive.timeout.connect(self._on_alive)

    def begin(self) -> None:
        """The window is shown: tell what has happened meanwhile, and from now on."""
        if self._safety is not None:
            # Emitted in whatever thread it happens: from here on it waits for the loop.
            self._safety.errors.listen(self._uncaught.emit)
            self._settled.start()
            self._alive.start()

    def report_last(self, made: Callable[[Report], None]) -> None:
        """The report about the run before this one."""
        if self.last is not None:
            last = self.last
            self._make(last.end.code, last.ended_at, lambda around: report_of_last_run(last, around), made)

    def show(self, report: Report, folder: Path, shown: Callable[[bool], None]) -> None:
        """Ask the file manager to show a report's file, or the folder; tells whether somebody did."""
        paths = [report.path] if report.path is not None else [folder]
        self._delivery.follow(self._submit(lambda: show_in_file_manager(paths)), shown)

    def note_display_lost(self) -> None:
        """The process is about to end because the display is gone."""
        if self._safety is not None:
            self._safety.watch.note_end(End.DISPLAY_LOST)

    @property
    def folder(self) -> Path | None:
        """Where reports are kept."""
        return self._safety.watch.folder if self._safety is not None else None

    def close(self) -> None:
        """Make nothing more; idempotent."""
        self._closed = True
        self._settled.stop()
        self._alive.stop()
        self._thread.shutdown(wait=True)

    def _on_uncaught(self, uncaught: Uncaught) -> None:
        self._make(
            Code.FAULT_INSIDE,
            uncaught.at,
            lambda around: report_of_uncaught(uncaught, around),
            self.reported.emit,
        )

    def _make(
        self,
        code: Code,
        at: datetime,
        text_of: Callable[[Surroundings], str],
        made: Callable[[Report], None],
    ) -> None:
        others = {"Qt": qVersion(), "SQLite": SQLITE_VERSION}
        name = QGuiApplication.platformName()

        def work() -> Report:
            text = text_of(surroundings(others, platform_name=name, language=self._language))
            path = self._safety.watch.keep(text, at) if self._safety is not None else None
            return Report(code=code, at=at, text=text, path=path)

        self._delivery.follow(self._submit(work), made)

    def _on_settled(self) -> None:
        if self._safety is not None:
            self._submit(self._safety.watch.settle)

    def _on_alive(self) -> None:
        if self._safety is not None:
            self._submit(self._safety.watch.touch)

    def _submit(self, work: Callable[[], T]) -> "Future[T]":
        if self._closed:
            ended: Future[T] = Future()
            ended.cancel()
            return ended
        return self._thread.submit(work)
