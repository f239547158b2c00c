"""How long answers that are data, or that point, take to look at, to show and to paint.

QT_QPA_PLATFORM=offscreen .venv/bin/python -m tests.bench.answers

What runs off the GUI thread is held against Python's own reading of the same JSON, in the same run; what runs
on it has a goal in milliseconds.
"""

import json
import os
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.core.pointing import Scale
from desktop.core.pointing_text import find_pointing
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schemas import MOST_CHARS, check, strict_flaws
from desktop.core.shaped import shaped
from desktop.ui import theme
from desktop.ui.structured.answer_table import AnswerTableView
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.places_layer import place_marks
from tests.bench.figures import print_figure

RESOURCES = Path(__file__).parents[2] / "resources"
ROWS = 10_000
FRAME_MS = 16.0
SHAPED_GOAL = 30.0
"""Times what `json.loads` alone needs: rows are made, and every value is held against the schema."""
RUNS = 7


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=app))
    theme.current().apply("light")
    good = [*_tables(app), *_schemas(), *_places(app)]
    return 0 if all(good) else 1


def _tables(app: QApplication) -> list[bool]:
    receipt = SCHEMA_PRESETS[0].schema()
    rows = [
        {"description": f"Thing {n} with words", "quantity": n % 7, "unit_price": n * 0.5, "amount": n * 1.5}
        for n in range(ROWS)
    ]
    text = json.dumps({"merchant": "a", "items": rows, "total": 1})
    bare = _median_ms(lambda: json.loads(text))
    found = shaped(text, receipt)
    whole = _median_ms(lambda: shaped(text, receipt))
    view = AnswerTableView()
    view.resize(640, 600)
    view.show()
    app.processEvents()
    assert found.table is not None
    shown = _median_ms(lambda: (view.show_answer(found.table, found.fit), app.processEvents()))
    bar = view.grid.verticalScrollBar()
    frames = []
    for step in range(100):
        start = time.perf_counter()
        bar.setValue(bar.maximum() * step // 100)
        view.grid.viewport().repaint()
        frames.append((time.perf_counter() - start) * 1000)
    view.close()
    return [
        print_figure("shaped_10000_rows", whole, "ms"),
        print_figure("shaped_to_json_loads", whole / bare, "x", goal=SHAPED_GOAL),
        print_figure("table_shown", shown, "ms", goal=2 * FRAME_MS),
        print_figure("table_scrolled_p99", statistics.quantiles(frames, n=100)[98], "ms", goal=FRAME_MS),
    ]


def _schemas() -> list[bool]:
    properties = {f"p{n}": {"type": "string", "description": "words " * 5} for n in range(340)}
    text = json.dumps({"type": "object", "properties": properties})
    assert len(text) <= MOST_CHARS
    times = []
    for run in range(RUNS):
        # Another text each time: what was judged before is remembered.
        typed = text.replace("p0", f"q{run}")
        start = time.perf_counter()
        check(typed)
        strict_flaws(typed)
        times.append((time.perf_counter() - start) * 1000)
    return [print_figure("schema_checked", statistics.median(times), "ms", goal=2 * FRAME_MS)]


def _places(app: QApplication) -> list[bool]:
    words = "The cup stands on the table, left of the spoon (see above), and [this] is no place. " * 1200
    boxes = json.dumps([{"bbox_2d": [n, n, n + 90, n + 60], "label": f"thing {n}"} for n in range(500)])
    times = []
    for run in range(RUNS):
        start = time.perf_counter()
        found = find_pointing(f"{run} {words}\n```json\n{boxes}\n```")
        times.append((time.perf_counter() - start) * 1000)
    assert found is not None
    canvas = Canvas()
    canvas.resize(1060, 778)
    canvas.show()
    canvas.set_view("sent")
    canvas.show_sent(QImage(1024, 768, QImage.Format.Format_RGB32), None, region=False)
    app.processEvents()
    bare = _median_ms(canvas.repaint)
    # The chips of the first paint are kept.
    canvas.places.take(
        place_marks(found, (1024, 768), scale=Scale.THOUSANDTHS),
        canvas.editor.edits,
        (1024, 768),
        (1024, 768),
    )
    painted = _median_ms(canvas.repaint)
    canvas.close()
    return [
        print_figure("places_found_in_100000_characters", statistics.median(times), "ms"),
        print_figure("canvas_painted", bare, "ms"),
        print_figure("canvas_painted_with_500_places", painted, "ms", goal=2 * FRAME_MS),
    ]


def _median_ms(do: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        start = time.perf_counter()
        do()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
