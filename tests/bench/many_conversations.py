"""Whether 10,000 conversations slow the window down, against those of one page in the same run.

    .venv/bin/python -m tests.bench.many_conversations [CONVERSATIONS]

Each start is a process of its own: the time runs from the window's first paint, where its work begins, to
the first rows on the screen (with no conversations: to the list that is known to be empty). An empty history
is told, too: it has no rows to show, so that what differs from it is the showing of a first page, whatever
stands behind it. Then, with every row scrolled into the list, an answer is stored and the list follows.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import SWITCH_S, make_ground
from desktop.core.model import Conversation
from desktop.core.settings import Settings
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.system.resources import load_catalog
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.main_window import MainWindow
from desktop.ui.start_options import StartOptions
from desktop.wiring import make_parts
from tests.bench.figures import print_figure
from tests.helpers.history import answered, ask, opened

CONVERSATIONS = 10_000
ONE_PAGE = 100
MESSAGES = 4
ROUNDS = 9
RATIO_GOAL = 1.2
FIRST_ROWS_GOAL_MS = 100
HOLD_GOAL_MS = 16
RESOURCES = Path(__file__).parents[2] / "resources"


class Pulse(QObject):
    """Ticks every millisecond and remembers the longest time without a tick.

    Attributes:
        longest_s: that time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_s = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def reset(self) -> None:
        """Forget what was."""
        self.longest_s, self._last = 0.0, time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now


def fill(folder: Path, conversations: int) -> None:
    """Conversations of two questions and two answers each, indexed."""
    with opened(folder):
        pass
    now = datetime.now(UTC)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        message = 0
        for number in range(1, conversations + 1):
            moment = (now - timedelta(minutes=50 * (conversations - number))).isoformat()
            connection.execute(
                "INSERT INTO conversation (id, title, created_at, pinned) VALUES (?, ?, ?, ?)",
                (number, f"What is the total of receipt {number}?", moment, int(number % 500 == 0)),
            )
            for part in range(MESSAGES):
                message += 1
                connection.execute(
                    "INSERT INTO message (id, conversation_id, parent_id, role, text, state, created_at,"
                    " model, provider) VALUES (?, ?, ?, ?, ?, 'complete', ?, 'gpt-5-mini', 'openai')",
                    (
                        message,
                        number,
                        message - 1 if part else None,
                        "assistant" if part % 2 else "user",
                        "The total is 37.34, as the receipt says. " * 5,
                        moment,
                    ),
                )
                if part % 2:
                    connection.execute(
                        "INSERT INTO usage (message_id, created_at, provider, model, images, sent_bytes,"
                        " cost_usd) VALUES (?, ?, 'openai', 'gpt-5-mini', 0, 0, '0.0021')",
                        (message, moment),
                    )
            if number % 10 == 0:
                connection.execute("INSERT INTO tag VALUES (?, 'receipts')", (number,))
        connection.commit()
    with opened(folder) as store:
        while store.finding.index_some().result():
            pass


def until(told: list[object], limit_s: float = 30.0) -> None:
    """Let events pass until something was told."""
    before = time.perf_counter()
    while not told:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
        if time.perf_counter() - before > limit_s:
            raise SystemExit("nothing came")


def rest(seconds: float) -> None:
    """Let events pass for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 2)


def look(folder: Path, *, scrolled: bool) -> dict[str, float]:
    """Open the window of a folder; in a process of its own."""
    application = QApplication([])
    # As `app` has it.
    sys.setswitchinterval(SWITCH_S)
    theme.load_fonts(RESOURCES / "fonts")
    import tomllib

    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    sheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=sheet))
    theme.current().apply("light")
    data = DataFolder(folder)
    data.prepare()
    parts = make_parts(folder=data, settings=Settings(), secrets=Secrets(None), catalog=load_catalog())
    backend = Backend(make_ground(parts, Settings()))
    window = MainWindow(backend, StartOptions())
    figures: dict[str, float] = {}
    began: list[object] = []
    told: list[object] = []
    backend.history.opened.connect(lambda: began.append(time.perf_counter()))
    backend.history.summarised.connect(told.append)
    try:
        before = time.perf_counter()
        window.show()
        until(told)
        figures["start_ms"] = 1000 * (time.perf_counter() - before)
        figures["rows_ms"] = 1000 * (time.perf_counter() - float(str(began[0])))
        if scrolled:
            rest(3)
            follow(window, backend, parts.services.store, figures)
    finally:
        window.close()
        backend.close()
        application.quit()
    return figures


def follow(window: MainWindow, backend: Backend, store: Store, figures: dict[str, float]) -> None:
    """Scroll to the end of the list page by page, then store an answer."""
    panel = window.findChild(HistoryPanel)
    pulse = Pulse()
    bar = panel.view.verticalScrollBar()
    rest(0.2)
    pulse.reset()
    before = time.perf_counter()
    while backend.history.rows.more and time.perf_counter() - before < 120:
        bar.setValue(bar.maximum())
        rest(0.02)
    figures["scroll_hold_ms"] = 1000 * pulse.longest_s
    figures["rows"] = len(backend.history.rows.summaries)
    rest(0.5)
    holds = []
    for number in range(5):
        conversation: Conversation = ask(store, "And in all?", conversation_id=100 + number)
        store.finish(answered(conversation), ()).result()
        rest(0.2)
        told: list[object] = []
        backend.history.summarised.connect(told.append)
        pulse.reset()
        backend.history.refresh()
        until(told)
        rest(0.2)
        backend.history.summarised.disconnect(told.append)
        holds.append(1000 * pulse.longest_s)
    figures["refresh_hold_ms"] = statistics.median(holds)


def run(folder: Path, *, scrolled: bool = False) -> dict[str, float]:
    """`look` in a process of its own."""
    env = {**os.environ}
    if not env.get("DISPLAY"):
        env["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.many_conversations", "--look", str(folder), str(int(scrolled))],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    if sys.argv[1:2] == ["--look"]:
        sys.stdout.write(json.dumps(look(Path(sys.argv[2]), scrolled=sys.argv[3] == "1")) + "\n")
        return 0
    conversations = int(sys.argv[1]) if len(sys.argv) > 1 else CONVERSATIONS
    with tempfile.TemporaryDirectory() as folder:
        many, few, none = (Path(folder) / name for name in ("many", "few", "none"))
        for made in (many, few, none):
            made.mkdir()
        fill(many, conversations)
        fill(few, ONE_PAGE)
        starts = [(run(none), run(few), run(many)) for _ in range(ROUNDS + 1)][1:]
        scrolled = run(many, scrolled=True)
    # The best of each: what else runs on the machine only ever adds.
    empty, page, full = (min(start[at]["start_ms"] for start in starts) for at in range(3))
    rows = min(start[2]["rows_ms"] for start in starts)
    print_figure("start_empty", empty, "ms")
    print_figure("start_one_page", page, "ms")
    print_figure("start_many", full, "ms")
    reached = print_figure("start_many_to_one_page", full / page, "x", goal=RATIO_GOAL)
    reached &= print_figure("first_rows_after_opening", rows, "ms", goal=FIRST_ROWS_GOAL_MS)
    print_figure("rows_scrolled", scrolled["rows"], "rows")
    print_figure("scroll_hold", scrolled["scroll_hold_ms"], "ms")
    reached &= print_figure("refresh_hold", scrolled["refresh_hold_ms"], "ms", goal=HOLD_GOAL_MS)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
