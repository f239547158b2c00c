"""How long the GUI thread is held while a folder of 10,000 images is added, and when the first is seen.

    .venv/bin/python -m tests.bench.add_folder [FILES]

A timer of 1 ms runs in the window's event loop; the time from one tick to the next is a hold, whether of our
work or of somebody else's. The same probe runs before in the idle window: what it shows is the computer. Of
each hold the processor time of the GUI thread is given beside it, which other programs do not add to.
"""

import gc
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import SWITCH_S, make_ground
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.garbage import Garbage
from desktop.ui.main_window import MainWindow
from desktop.ui.start_options import StartOptions
from desktop.wiring import Parts, make_parts
from tests.bench.figures import print_figure
from tests.bench.photo_folder import fill
from tests.helpers import pictures
from tests.helpers.asking import CATALOG

RESOURCES = Path(__file__).parents[2] / "resources"
IDLE_S = 3.0
MOST_S = 240.0
GOAL_P99_MS = 16.0
GOAL_P999_MS = 33.0
GOAL_FIRST_MS = 300.0


class Probe(QObject):
    """Notes the time between the turns of the event loop, in ms: of the clock, and of this thread's work."""

    def __init__(self) -> None:
        super().__init__()
        self.holds: list[float] = []
        self.used: list[float] = []
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def stop(self) -> None:
        """Note no more."""
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.holds.append(1000 * (now[0] - self._last[0]))
        self.used.append(1000 * (now[1] - self._last[1]))
        self._last = now


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    app = QApplication([])
    _look(app)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        base = pictures.photo().resize((640, 480))
        originals = [
            pictures.encoded(base.transform(base.size, Image.Transform.AFFINE, (1, 0, n, 0, 1, n)), "JPEG")
            for n in range(24)
        ]
        fill(folder / "photos", originals, count)
        reached = []
        with _window(folder / "data") as (window, parts):
            for _ in [parts.services.images.inspect(folder, thumbnail_px=8).exception() for _ in range(8)]:
                pass
            idle = Probe()
            began = time.perf_counter()
            _wait(lambda: time.perf_counter() - began > IDLE_S)
            idle.stop()
            reached += _measure(window, folder / "photos", count, idle, "first")
            window._gallery_state.remove(list(window._gallery_state.entries))
            reached += _measure(window, folder / "photos", count, idle, "again")
    return 0 if all(reached) else 1


def _measure(window: MainWindow, folder: Path, count: int, idle: Probe, name: str) -> list[bool]:
    """Add the folder and watch until all of it is looked at."""
    state = window._gallery_state
    seen: list[float] = []
    known: list[int] = []

    def on_pictured(_key: int, _pixmap: object) -> None:
        seen.append(time.perf_counter())

    def on_updated(keys: list[int]) -> None:
        known.extend(keys)

    state.pictured.connect(on_pictured)
    state.updated.connect(on_updated)
    probe = Probe()
    began = time.perf_counter()
    window.gallery_room.incoming.add([folder])
    _wait(lambda: len(known) >= count or time.perf_counter() - began > MOST_S)
    probe.stop()
    state.pictured.disconnect(on_pictured)
    state.updated.disconnect(on_updated)
    print_figure(f"{name}: files_looked_at", len(known), f"of {count}")
    print_figure(f"{name}: all", time.perf_counter() - began, "s")
    for kind, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)):
        print_figure(f"{name}: {kind}_of_idle_probe", _part(idle.holds, share), "ms")
        print_figure(f"{name}: {kind}_of_work_in_gui_thread", _part(probe.used, share), "ms")
    first = 1000 * (seen[0] - began) if seen else float("inf")
    return [
        print_figure(f"{name}: first_thumbnail", first, "ms", goal=GOAL_FIRST_MS),
        print_figure(f"{name}: p99_of_holds", _part(probe.holds, 0.99), "ms", goal=GOAL_P99_MS),
        print_figure(f"{name}: p99.9_of_holds", _part(probe.holds, 0.999), "ms", goal=GOAL_P999_MS),
    ]


def _part(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def _window(folder: Path) -> Iterator[tuple[MainWindow, Parts]]:
    data = DataFolder(folder)
    data.prepare()
    parts = make_parts(folder=data, settings=Settings(), secrets=Secrets(None), catalog=CATALOG)
    backend = Backend(make_ground(parts, Settings()))
    window = MainWindow(backend, StartOptions())
    restored: list[object] = []
    backend.history.restored.connect(restored.append)
    window.resize(1360, 860)
    window.show()
    # As `app.run` does it.
    gc.freeze()
    garbage = Garbage(window)
    sys.setswitchinterval(SWITCH_S)
    try:
        _wait(lambda: bool(restored))
        yield window, parts
    finally:
        garbage.stop()
        window.close()
        backend.close()


def _wait(done: Callable[[], bool]) -> None:
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _look(app: QApplication) -> None:
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=app))
    theme.current().apply("light")


if __name__ == "__main__":
    sys.exit(main())
