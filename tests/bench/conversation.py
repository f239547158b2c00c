"""A conversation of 1,000 turns: opening it, scrolling through it, jumping, memory; against an idle window.

    .venv/bin/python -m tests.bench.conversation [TURNS]

Opening ends when its newest messages are painted. A timer of 1 ms runs in the event loop; the time from one
tick to the next is a hold. Scrolling is by the wheel's steps, a frame apart; flinging is twice as quick.
"""

import os
import sys
import time
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.core.model import Conversation
from desktop.ui.conversation.transcript import Transcript
from tests.bench.add_folder import GOAL_P99_MS, GOAL_P999_MS, Probe, _look, _part
from tests.bench.figures import print_figure
from tests.bench.gallery import pss_mb
from tests.bench.streaming import text_of
from tests.helpers.conversations import attachment, billed, conversation, question

GOAL_OPEN_MS = 150.0
GOAL_JUMP_MS = 150.0
IDLE_S = 2.0
FRAME_S = 0.016


def pause(seconds: float) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def many_turns(turns: int) -> Conversation:
    """Answers of some paragraphs, every fourth with a table and code; an image in every tenth question."""
    messages = []
    words = "The receipt lists **four** items, and `2.44` of tax is in the total. "
    part = text_of("mixed")[:1200]
    for turn in range(turns):
        images = (attachment(turn + 1),) if turn % 10 == 0 else ()
        messages.append(question(f"Question {turn}: what does it say?", *images, id=2 * turn + 1))
        text = part if turn % 4 == 0 else "\n\n".join([words * (1 + turn % 3)] * (1 + turn % 5))
        messages.append(billed(text, id=2 * turn + 2))
    return conversation(*messages)


def scrolled(transcript: Transcript, name: str, places: Iterable[int]) -> list[bool]:
    """What the GUI thread is held while it is scrolled."""
    probe = Probe()
    for place in places:
        transcript.verticalScrollBar().setValue(place)
        pause(FRAME_S)
    probe.stop()
    print_figure(f"{name}: max_of_holds", max(probe.holds), "ms")
    return [
        print_figure(f"{name}: p99_of_holds", _part(probe.holds, 0.99), "ms", goal=GOAL_P99_MS),
        print_figure(f"{name}: p99.9_of_holds", _part(probe.holds, 0.999), "ms", goal=GOAL_P999_MS),
    ]


def opened_ms(transcript: Transcript, shown: Conversation) -> float:
    """From the click to the painted end."""
    began = time.perf_counter()
    transcript.show_conversation(shown)
    transcript.repaint()
    return (time.perf_counter() - began) * 1000


def jumped_ms(transcript: Transcript, place: int) -> float:
    """Until what is there is built and painted."""
    began = time.perf_counter()
    transcript.verticalScrollBar().setValue(place)
    high = transcript.viewport().height()
    while True:
        top = transcript.verticalScrollBar().value()
        seen = transcript.rows.between(top, top + high)
        if all(transcript.rows.all[number].item is not None for number in seen):
            break
        QApplication.processEvents()
    transcript.repaint()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    _look(app)
    transcript = Transcript()
    transcript.resize(680, 640)
    transcript.show()
    pause(IDLE_S)
    idle = Probe()
    pause(IDLE_S)
    idle.stop()
    print_figure("p99.9_of_idle_probe", _part(idle.holds, 0.999), "ms")
    shown = many_turns(turns)
    first = opened_ms(transcript, many_turns(4))
    print_figure("open_4_turns_first", first, "ms")
    before = pss_mb([os.getpid()])
    reached = [print_figure(f"open_{turns}_turns", opened_ms(transcript, shown), "ms", goal=GOAL_OPEN_MS)]
    pause(1)
    bar = transcript.verticalScrollBar()
    for name, place in (("start", 0), ("middle", bar.maximum() // 2), ("end", bar.maximum())):
        reached.append(print_figure(f"jump_to_{name}", jumped_ms(transcript, place), "ms", goal=GOAL_JUMP_MS))
        pause(0.3)
    end = bar.maximum()
    reached += scrolled(transcript, "wheel", range(end, max(0, end - 60_000), -100))
    reached += scrolled(transcript, "fling", range(0, min(60_000, end), 200))
    print_figure("memory_of_it", pss_mb([os.getpid()]) - before, "MB")
    print_figure("widgets_built", len(transcript.items()), "messages")
    transcript.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
