"""How long the window takes to be painted and usable, against a bare QMainWindow in the same run.

    .venv/bin/python -m tests.bench.start_window [ROUNDS]

Each round starts both programs as processes of their own, with their modules compiled as on any computer
that has started them once. The time runs from before the process starts to the first turn of the event loop
after the window's first paint. Uses the display at hand, else Qt's offscreen one.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import print_figure

ROOT = Path(__file__).parents[2]
GOAL = 4.0

PROBE = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Probe(QObject):
    painted = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow) and not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        import sys
        print(time.monotonic(), *{"openai", "PIL", "rapidocr", "onnxruntime"} & set(sys.modules), flush=True)
        QTimer.singleShot(0, QApplication.quit)
"""

BARE = (
    PROBE
    + """
app = QApplication([])
probe = Probe()
app.installEventFilter(probe)
window = QMainWindow()
window.resize(1360, 860)
window.show()
app.exec()
"""
)

SIGHTLINE = (
    PROBE
    + """
import sys
execute = QApplication.exec
def probed(self=None):
    probe = Probe()
    QApplication.instance().installEventFilter(probe)
    return execute()
QApplication.exec = probed
from desktop.__main__ import window
sys.argv = ["sightline", "--data-dir", sys.argv[1]]
window()
"""
)


def environment(compiled: str) -> dict[str, str]:
    """The environment of both programs; ``compiled`` is the folder of compiled modules."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if not env.get("DISPLAY"):
        env["QT_QPA_PLATFORM"] = "offscreen"
    return env


def seconds_to_paint(code: str, env: dict[str, str], *arguments: str) -> float:
    """Start a process and return when its window was painted, in seconds from before its start."""
    before = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    painted, *heavy = done.stdout.split()
    if heavy:
        raise SystemExit(f"imported before the window showed: {heavy}")
    return float(painted) - before


def main() -> int:
    """Print the figures; status 1 if the goal is missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        env = environment(f"{folder}/compiled")
        pairs = [
            (seconds_to_paint(BARE, env), seconds_to_paint(SIGHTLINE, env, f"{folder}/data"))
            for _ in range(rounds + 1)
        ]
    del pairs[0]  # it compiled the modules
    bare, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    print_figure("bare_window", bare * 1000, "ms")
    print_figure("sightline_window", ours * 1000, "ms")
    return 0 if print_figure("start_ratio", ours / bare, "x", goal=GOAL) else 1


if __name__ == "__main__":
    sys.exit(main())
