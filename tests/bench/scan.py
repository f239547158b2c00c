"""How soon the files of a very large folder are found, and how soon looking for them stops.

    .venv/bin/python -m tests.bench.scan [FILES]

Empty files, all hard links to a few. What the computer can do at best is listing the folder and sorting the
names as they are, which is printed beside it. The scan is measured alone, and in its own thread beside an
event loop with a probe, as the window has it.
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer

from desktop.images.inspect import CacheFolders
from desktop.images.scan import scan
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.gallery import Found, GalleryTasks
from tests.bench.figures import print_figure

GOAL_FIRST_S = 1.0
GOAL_CANCEL_MS = 300.0
GOAL_P999_MS = 33.0
MOST_LINKS = 30_000
"""Fewer than any file system allows."""


def made(folder: Path, count: int) -> None:
    """Files whose names the disk gives back in no order."""
    folder.mkdir()
    names = [f"IMG_{number:06}.jpg" for number in range(count)]
    random.Random(1).shuffle(names)
    for at, name in enumerate(names):
        if at % MOST_LINKS == 0:
            original = folder / name
            original.touch()
        else:
            (folder / name).hardlink_to(original)


def bare_s(folder: Path) -> float:
    """Seconds of listing the folder and sorting the names."""
    began = time.perf_counter()
    sorted(entry.name for entry in os.scandir(folder))
    return time.perf_counter() - began


def alone(folder: Path, count: int) -> tuple[float, float]:
    """Seconds until the first files are told, and all."""
    began = time.perf_counter()
    first, found = 0.0, 0
    for step in scan([folder]):
        found += len(step.files)
        first = first or (time.perf_counter() - began if step.files else 0.0)
    if found != count:
        raise SystemExit(f"{found} of {count} files were found")
    return first, time.perf_counter() - began


class Listener(QObject):
    """What the window would be told, and the time between the turns of its event loop, in ms."""

    def __init__(self, tasks: GalleryTasks) -> None:
        super().__init__()
        self.files = 0
        self.first_at = 0.0
        self.ended_at = 0.0
        self.holds: list[float] = []
        self._last = time.perf_counter()
        tasks.found.connect(self._on_found)
        tasks.scanned.connect(self._on_scanned)
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def p999(self) -> float:
        """All but one of a thousand holds are shorter."""
        return sorted(self.holds)[int(0.999 * len(self.holds))]

    def _on_found(self, step: Found) -> None:
        self.files += len(step.files)
        if step.files and not self.first_at:
            self.first_at = time.perf_counter()

    def _on_scanned(self, _cancelled: bool) -> None:
        self.ended_at = time.perf_counter()
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.holds.append(1000 * (now - self._last))
        self._last = now


def in_window(tasks: GalleryTasks, folder: Path, *, cancel_after_s: float | None = None) -> Listener:
    """Scan beside an event loop, and stop after a while if that is asked for; ``first_at`` is in seconds."""
    listener = Listener(tasks)
    began = time.perf_counter()
    cancelled_at = 0.0
    tasks.scan([folder])
    while not listener.ended_at:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if cancel_after_s is not None and not cancelled_at and time.perf_counter() - began > cancel_after_s:
            cancelled_at = time.perf_counter()
            tasks.cancel_scan()
    tasks.disconnect(listener)
    listener.first_at -= began
    listener.ended_at -= cancelled_at or began
    return listener


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    app = QCoreApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "photos"
        made(folder, count)
        print_figure("list_and_sort", bare_s(folder), "s")
        first, everything = alone(folder, count)
        print_figure("scan_alone: first_files", first, "s")
        print_figure("scan_alone: all", everything, "s")
        tasks = GalleryTasks(
            ImageWorkers(caches=CacheFolders(own=Path(name) / "own")),
            Store(Path(name) / "history"),
            Delivery(),
            pasted_folder=Path(name),
        )
        whole = in_window(tasks, folder)
        print_figure("in_window: files", whole.files, f"of {count}")
        print_figure("in_window: all", whole.ended_at, "s")
        stops = [in_window(tasks, folder, cancel_after_s=after) for after in (0.05, 0.2, 0.4, 0.8, 1.2)]
        slowest = 1000 * max(stop.ended_at for stop in stops)
        reached = [
            print_figure("in_window: first_files", whole.first_at, "s", goal=GOAL_FIRST_S),
            print_figure("in_window: slowest_stop_of_5", slowest, "ms", goal=GOAL_CANCEL_MS),
            print_figure("in_window: p99.9_of_holds", whole.p999(), "ms", goal=GOAL_P999_MS),
        ]
        tasks.close()
        app.processEvents()
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
