"""`sightline ask` beside an open window: how soon its conversation is listed, and that nothing is lost.

    .venv/bin/python -m tests.bench.beside [QUESTIONS]

Half of the questions come while the window does nothing, half while it asks and answers all the time.
"""

import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.bench.figures import print_figure
from tests.helpers.asking import make_image
from tests.helpers.driven_app import DrivenApp
from tests.helpers.driven_window import ELSEWHERE
from tests.helpers.kill_rounds import Figures, Folder
from tests.helpers.loopback import Loopback
from tests.helpers.processes import Process, clean_environment, sightline, until

QUESTIONS = 20


def _ask(folder: Folder, number: int, server: Loopback) -> Process:
    return sightline(
        *("ask", make_image(folder.root / "asked.png"), "--prompt", f"{ELSEWHERE} {number}"),
        *("--model", "gpt-4.1", "--base-url", server.base_url, "--data-dir", folder.data),
        environment=clean_environment(folder.root / "home"),
        folder=folder.root / f"asking-{number}",
    )


def _id_of(data: Path, title: str) -> int:
    with closing(sqlite3.connect(f"file:{data}/sightline.db?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT id FROM conversation WHERE title = ?", (title,)).fetchone()
    return row[0] if row else 0


def _listed_at(app: DrivenApp, number: int) -> float:
    return next((float(line[-1]) for line in app.told.of("listed") if str(number) in line[1:-1]), 0.0)


def _wait_listed(app: DrivenApp, folder: Folder, number: int, server: Loopback) -> float:
    """Seconds from the row to the list."""
    process = _ask(folder, number, server)
    try:
        stored = until(lambda: _id_of(folder.data, f"{ELSEWHERE} {number}"), "the row")
        stored_at = time.monotonic()
        listed_at = until(lambda: _listed_at(app, stored), "the list")
        if process.wait():
            folder.figures.faults.append(f"question {number}: {process.err}")
    finally:
        process.end()
    return max(0.0, listed_at - stored_at)


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    figures = Figures()
    waits: dict[str, list[float]] = {"idle": [], "busy": []}
    with tempfile.TemporaryDirectory(prefix="sightline-beside-") as root, Loopback() as server:
        folder = Folder(Path(root), server, figures)
        app = folder.start()
        try:
            app.wait_for("restored")
            # What starting does is over.
            threading.Event().wait(2)
            for number in range(count):
                state = "idle" if number < count // 2 else "busy"
                if number == count // 2:
                    app.go(1, "only")
                waits[state].append(_wait_listed(app, folder, number, server))
        finally:
            app.kill()
        folder.note(app.told)
        folder.end()
        answered = [_id_of(folder.data, f"{ELSEWHERE} {number}") for number in range(count)]
    print_figure("answers_of_the_window", figures.finished, "answers")
    reached = [
        print_figure("listed_after_idle", max(waits["idle"]), "s", goal=2),
        print_figure("listed_after_busy", max(waits["busy"]), "s", goal=2),
        print_figure("questions_lost", answered.count(0), "questions", goal=0),
        print_figure("faults", len(figures.faults), "faults", goal=0),
    ]
    for fault in figures.faults:
        print(fault)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
