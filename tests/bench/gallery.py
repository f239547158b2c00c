"""The gallery with 10,000 images: scrolling, selecting, sorting, filtering, memory; against an idle window.

    .venv/bin/python -m tests.bench.gallery [FILES]

A timer of 1 ms runs in the event loop; the time from one tick to the next is a hold. The idle probe of the
same run shows what the computer does by itself. Memory is PSS, of the window and of its workers together.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from desktop.core.arranging import Arranged, GroupBy, SortBy
from desktop.core.model import Detail
from desktop.ui.main_window import MainWindow
from tests.bench.add_folder import GOAL_P99_MS, GOAL_P999_MS, MOST_S, Probe, _look, _part, _wait, _window
from tests.bench.figures import print_figure
from tests.bench.photo_folder import fill
from tests.helpers import pictures

GOAL_MEMORY_MB = 400.0
GOAL_LEFT_MB = 60.0
"""Above the start, once everything is cleared and the workers have ended."""
IDLE_S = 2.0


def pss_mb(processes: list[int] | None = None) -> float:
    """Memory of this process and all below it, or of some; what several share counts once."""
    total = 0
    for pid in processes or _family(os.getpid()):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _family(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def pause(seconds: float) -> None:
    """Let the window live for so long."""
    until = time.perf_counter() + seconds
    _wait(lambda: time.perf_counter() > until)


def held(name: str, act: Callable[[], object], seconds: float) -> list[bool]:
    """What the GUI thread is held while something is done, and for some seconds after."""
    probe = Probe()
    act()
    pause(seconds)
    probe.stop()
    print_figure(f"{name}: max_of_holds", max(probe.holds), "ms")
    return [
        print_figure(f"{name}: p99_of_holds", _part(probe.holds, 0.99), "ms", goal=GOAL_P99_MS),
        print_figure(f"{name}: p99.9_of_holds", _part(probe.holds, 0.999), "ms", goal=GOAL_P999_MS),
    ]


def scroll(window: MainWindow) -> list[bool]:
    """From the first tile to the last, a third of a screen at a time."""
    bar = window._gallery.view.verticalScrollBar()
    probe = Probe()
    for value in range(0, bar.maximum(), max(1, bar.maximum() // 400)):
        bar.setValue(value)
        pause(0.016)
    probe.stop()
    return [
        print_figure("scrolling: p99_of_holds", _part(probe.holds, 0.99), "ms", goal=GOAL_P99_MS),
        print_figure("scrolling: p99.9_of_holds", _part(probe.holds, 0.999), "ms", goal=GOAL_P999_MS),
    ]


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
        made = [
            pictures.encoded(base.transform(base.size, Image.Transform.AFFINE, (1, 0, n, 0, 1, n)), "JPEG")
            for n in range(24)
        ]
        fill(folder / "photos", made, count)
        with _window(folder / "data") as (window, parts):
            pause(IDLE_S)
            start = pss_mb()
            idle = Probe()
            pause(IDLE_S)
            idle.stop()
            print_figure("p99.9_of_idle_probe", _part(idle.holds, 0.999), "ms")
            print_figure("memory_at_start", start, "MB")
            reached = _with_images(window, folder / "photos", count)
            window._gallery_state.remove(list(window._gallery_state.entries))
            parts.services.images.close()
            pause(IDLE_S)
            reached.append(print_figure("memory_after_clearing", pss_mb() - start, "MB", goal=GOAL_LEFT_MB))
    return 0 if all(reached) else 1


def _with_images(window: MainWindow, folder: Path, count: int) -> list[bool]:
    state, controller, view = window._gallery_state, window.gallery_room.controller, window._gallery.view
    began = time.perf_counter()
    window.gallery_room.incoming.add([folder])

    def known() -> bool:
        done = sum(entry.facts is not None for entry in state.entries.values())
        return done >= count or time.perf_counter() - began > MOST_S

    while not known():
        pause(0.5)
    pause(IDLE_S)
    reached = scroll(window)
    print_figure("memory_of_the_window", pss_mb([os.getpid()]), "MB")
    reached.append(print_figure("memory_with_images", pss_mb(), "MB", goal=GOAL_MEMORY_MB))
    by_size = Arranged(sort=SortBy.BYTES, descending=True, group=GroupBy.DAY)
    reached += held("sorting", lambda: controller._arrange(by_size), 2)
    reached += held("as_added", lambda: controller._arrange(Arranged()), 2)
    line = window.gallery_room.filter.line
    reached += held("filtering", lambda: line.set_text("w>100 type:jpeg 0042"), 2)
    reached += held("all_again", lambda: line.set_text(""), 2)
    window._choice.use_model("gpt-5.4")
    pause(1)
    reached += held("selecting_all", view.selectAll, 3)
    reached += held("another_detail", lambda: window._choice.use_detail(Detail.HIGH), 3)
    reached += held("selecting_none", view.clearSelection, 2)
    return reached


if __name__ == "__main__":
    sys.exit(main())
