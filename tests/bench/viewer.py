"""How fast the viewer paints and leafs.

QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.viewer

Painting is held against the same run's bare smoothed `QPainter.drawImage` of all pixels, as a label does
that scales. Leafing goes through the real window with its worker processes, while the first of the selected
pictures are encoded ahead, and is held against decoding the same photos here.
"""

import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, QRectF, QSize, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.app import make_ground
from desktop.core.edits import Area, Arrow, Edits, Frame
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.main_window import MainWindow
from desktop.ui.start_options import StartOptions
from desktop.ui.viewer.canvas import Canvas
from desktop.wiring import make_parts
from tests.bench.figures import print_figure
from tests.helpers.asking import CATALOG

RESOURCES = Path(__file__).parents[2] / "resources"
CANVAS_PX = QSize(1500, 900)
PAGE_PX = (4000, 3000)
ZOOMS = (None, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 8.0)
"""None is all of the picture."""
PAINT_GOAL_MS = 16.0
SHOWN_GOAL = 3.0
"""Times what Pillow needs here for the same pixels: a picture waits for one other task at most."""
PICTURES = 30
PAINTS = 12


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    app = QApplication([])
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=app))
    theme.current().apply("light")
    with tempfile.TemporaryDirectory() as folder:
        reached = [_measure_painting(), _measure_leafing(Path(folder))]
    return 0 if all(reached) else 1


def _measure_painting() -> bool:
    page = _page()
    canvas = Canvas()
    canvas.resize(CANVAS_PX)
    canvas.show()
    canvas.show_original(page, PAGE_PX)
    target = QImage(CANVAS_PX, QImage.Format.Format_RGB32)
    _wait(lambda: not canvas._original._timer.isActive())
    painted: list[float] = []
    for turns in range(4):
        canvas.set_edits(_edits(turns))
        _wait(lambda: not canvas._original._timer.isActive())
        for zoom in ZOOMS:
            if zoom is None:
                canvas.fit()
            else:
                canvas.zoom_to(zoom)
            for _ in range(PAINTS):
                canvas.pan(7, 5)
                painted.append(_milliseconds(lambda: canvas.render(target, QPoint())))
    canvas.hide()
    bare = [_milliseconds(lambda: _paint_bare(target, page)) for _ in range(PAINTS)]
    print_figure("bare_scaled_draw_12_mp_median", statistics.median(bare), "ms")
    print_figure("canvas_paint_12_mp_median", statistics.median(painted), "ms")
    print_figure("canvas_paint_12_mp_worst", max(painted), "ms")
    return print_figure("canvas_paint_12_mp_p95", _p95(painted), "ms", goal=PAINT_GOAL_MS)


def _measure_leafing(folder: Path) -> bool:
    pictures = _photos(folder / "pictures")
    with _window(folder / "data", pictures) as window:
        gallery, viewer, canvas = (
            window._gallery_state,
            window._viewer_controller,
            window._parts.viewer.canvas,
        )
        keys = list(gallery.entries)
        opening = _Loaded(window)
        began = time.perf_counter()
        viewer.open(keys[0])
        first = 1000 * (time.perf_counter() - began) if canvas.has_picture() else float("nan")
        sharp = [opening.wait(began)]
        stalls = _Stalls()
        for _ in keys[1:]:
            began = time.perf_counter()
            window._parts.viewer.stepped.emit(1)
            sharp.append(opening.wait(began))
        worst = stalls.end()
    print_figure("viewer_first_pixels", first, "ms")
    print_figure("viewer_own_pixels_median", statistics.median(sharp), "ms")
    print_figure("leafing_longest_stall", worst, "ms")
    print_figure("viewer_own_pixels_p95", _p95(sharp), "ms")
    bare = statistics.median(_milliseconds(partial(_decode, path)) for path in pictures[:5])
    print_figure("bare_decoding_median", bare, "ms")
    return print_figure("own_pixels_to_bare_decoding", _p95(sharp) / bare, "times", goal=SHOWN_GOAL)


class _Loaded:
    """Waits for the file's own pixels, after the thumbnail that is there at once."""

    def __init__(self, window: MainWindow) -> None:
        self._count = 0
        window._viewer_controller._view._originals.loaded.connect(self._on_loaded)

    def wait(self, began: float) -> float:
        """Milliseconds from ``began`` until they are on the canvas."""
        before = self._count
        _wait(lambda: self._count > before)
        return 1000 * (time.perf_counter() - began)

    def _on_loaded(self) -> None:
        self._count += 1


class _Stalls:
    """The longest time in which the GUI thread answered nothing."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._worst = 0.0
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def end(self) -> float:
        """It, in milliseconds."""
        self._timer.stop()
        return 1000 * self._worst

    def _tick(self) -> None:
        now = time.perf_counter()
        self._worst, self._last = max(self._worst, now - self._last), now


@contextmanager
def _window(folder: Path, pictures: list[Path]) -> Iterator[MainWindow]:
    data = DataFolder(folder)
    data.prepare()
    settings = replace(Settings(), model="gpt-4.1")
    parts = make_parts(folder=data, settings=settings, secrets=Secrets("sk-of-a-bench"), catalog=CATALOG)
    backend = Backend(make_ground(parts, settings))
    window = MainWindow(backend, StartOptions(model="gpt-4.1", images=tuple(pictures)))
    window.show()
    try:
        state = window._gallery_state
        _wait(lambda: sum(entry.facts is not None for entry in state.entries.values()) == len(pictures))
        yield window
    finally:
        window.close()
        backend.close()


def _decode(path: Path) -> None:
    with Image.open(path) as photo:
        photo.resize((2828, 2121), Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA").tobytes()


def _photos(folder: Path) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{number:02}.jpg" for number in range(PICTURES)]
    noise = Image.effect_noise((400, 300), 60).resize(PAGE_PX).convert("RGB")
    for number, path in enumerate(paths):
        noise.rotate(number).save(path, quality=88)
    return paths


def _page() -> QImage:
    noise = Image.effect_noise((400, 300), 60).resize(PAGE_PX).convert("RGBX")
    return QImage(noise.tobytes(), *PAGE_PX, 4 * PAGE_PX[0], QImage.Format.Format_RGBX8888).copy()


def _edits(turns: int) -> Edits:
    arrows = tuple(Arrow(start=(200.0 * n, 200.0), end=(900.0, 150.0 * n)) for n in range(1, 9))
    return Edits(
        quarter_turns=turns,
        marks=(*arrows, Frame(Area(300, 300, 1900, 1500))),
        blackouts=(Area(2000, 100, 2600, 400),),
    )


def _paint_bare(target: QImage, page: QImage) -> None:
    painter = QPainter(target)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, 1200, 900), page, QRectF(page.rect()))
    painter.end()


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _wait(ready: Callable[[], bool]) -> None:
    ticks = QTimer(interval=1)
    ticks.start()
    while not ready():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    ticks.stop()


if __name__ == "__main__":
    sys.exit(main())
