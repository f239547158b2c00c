"""An answer of 100,000 characters streams at 30 updates a second: how busy the GUI thread is.

    .venv/bin/python -m tests.bench.streaming

Each update is rendered, laid out and painted at once, as the window does it within one frame; what an
update took is the time of all three. Busy is the part of the streaming time that they take together. The last
line of each kind is what reading the whole answer anew takes, as a baseline.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.ui import theme
from desktop.ui.conversation import answer_view
from desktop.ui.conversation.splitting import split
from desktop.ui.conversation.transcript import Transcript
from tests.bench.add_folder import _look, _part
from tests.bench.figures import print_figure
from tests.helpers.conversations import billed, conversation, question, running

LENGTH = 100_000
UPDATES = 1_000
"""At 30 a second they are 33 s; 100 characters come with each."""

FRAME_S = 1 / 30
GOAL_BUSY_PERCENT = 30.0
GOAL_P95_MS = 16.0


def _mixed(number: int) -> str:
    rows = "".join(f"| Sourdough {row} | {row} | €{row}.80 |\n" for row in range(5))
    return (
        f"## Part {number}\n\nThe receipt from **Corner Bakery** has `four` items and *costs* $5 or $6,"
        f" as [the shop](https://example.org/{number}) says, with $x_{{{number}}}^2$. "
        + "More words come here and there, and make lines. " * 5
        + "\n\n- one item\n- two *items*\n  - nested one\n- [x] three\n\n"
        + "| Item | Qty | Price |\n|:--|--:|--:|\n"
        + f"{rows}\n```python\ndef part_{number}(x: int) -> int:\n"
        + "    value = str(x) + 'text'  # a note\n" * 4
        + "    return x\n```\n\n> A quote of some words.\n\n"
    )


KINDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "mixed": ("", _mixed),
    "one_fence": ("```python\n", lambda n: f"def function_{n}(x, y):\n    return x + {n} * 'abc'\n\n"),
    "one_table": (
        "| a | b | c |\n|--|--|--|\n",
        lambda n: f"| cell {n} | value {n} | more text {n} here |\n",
    ),
    "one_list": ("", lambda n: f"- item number {n} with **some** words in it\n"),
    "one_paragraph": ("", lambda n: f"Sentence {n} has some **words** in it. "),
    "lines_without_blank": ("", lambda n: f"Line {n} has some **words** in it.\n"),
    "one_quote": ("", lambda n: f"> Line {n} has some **words** in it.\n"),
    "one_word": ("", lambda _n: "x"),
}


def text_of(kind: str) -> str:
    """An answer of one kind."""
    begin, part = KINDS[kind]
    parts, length, number = [begin], len(begin), 0
    while length < LENGTH:
        parts.append(part(number))
        length += len(parts[-1])
        number += 1
    return "".join(parts)[:LENGTH]


def stream(app: QApplication, transcript: Transcript, text: str) -> list[float]:
    """Milliseconds of each update."""
    transcript.show_conversation(conversation(question("What is it?"), running(id=2)))
    app.processEvents()
    took: list[float] = []
    step = len(text) // UPDATES
    for at in range(0, len(text), step):
        began = time.perf_counter()
        transcript.append(text[at : at + step])
        # The timer of the next rendering has run out: an update is a frame apart from the one before.
        transcript._running()._body._render()
        app.processEvents()
        took.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    transcript.finish(billed(text, id=2))
    app.processEvents()
    print_figure("end_of_the_answer", (time.perf_counter() - began) * 1000, "ms")
    return took


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    _look(app)
    answer_view.FRAME_MS = 0
    transcript = Transcript()
    transcript.resize(680, 640)
    transcript.show()
    theme.current()
    reached = []
    for kind in sys.argv[1:] or KINDS:
        text = text_of(kind)
        print(f"# {kind}: {len(text)} characters")
        took = stream(app, transcript, text)
        busy = sum(took) / 1000 / (len(took) * FRAME_S) * 100
        reached.append(print_figure(f"{kind}: busy", busy, "%", goal=GOAL_BUSY_PERCENT))
        reached.append(print_figure(f"{kind}: p95_of_updates", _part(took, 0.95), "ms", goal=GOAL_P95_MS))
        print_figure(f"{kind}: max_of_updates", max(took), "ms")
        early, late = statistics.median(took[50:150]), statistics.median(took[-150:-50])
        print_figure(f"{kind}: late_to_early_update", late / early, "x")
        began = time.perf_counter()
        split(text)
        print_figure(f"{kind}: reading_all_anew", (time.perf_counter() - began) * 1000, "ms")
    transcript.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
