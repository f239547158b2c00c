"""How long the frozen app takes to be painted and usable, against the same sources run by Python.

    .venv/bin/python -m tests.bench.frozen_start [PROGRAM] [ROUNDS]

PROGRAM is the frozen one, by default that of `packaging/build.py`. Each round starts both, each with a data
folder of its own, on Qt's offscreen platform. The time runs from before the process starts until the window
listens for further launches, which it does in the first turn of the event loop after its first paint.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import print_figure

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "package" / "dist" / "sightline" / "sightline"
GOAL = 1.5
PATIENCE_S = 60.0


def seconds_to_listen(command: list[str], folder: Path, env: dict[str, str]) -> float:
    """Start a window and return when it listens, in seconds from before its start; then end it."""
    runtime = folder / "runtime"
    shutil.rmtree(folder, ignore_errors=True)
    runtime.mkdir(parents=True, mode=0o700)
    before = time.monotonic()
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder / "data")],
        cwd=ROOT,
        env={**env, "XDG_RUNTIME_DIR": str(runtime)},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not next(runtime.rglob("sightline-*"), None):
            if process.poll() is not None or time.monotonic() - before > PATIENCE_S:
                raise SystemExit(f"no window: {command[0]} ended with {process.poll()}")
            time.sleep(0.001)
        return time.monotonic() - before
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def main() -> int:
    """Print the figures; status 1 if the goal is missed."""
    frozen = Path(sys.argv[1]) if len(sys.argv) > 1 else BUILT
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        commands = ([sys.executable, "-m", "desktop"], [str(frozen)])
        pairs = [
            [seconds_to_listen(command, Path(folder, "one"), env) for command in commands]
            for _ in range(rounds + 1)
        ]
    del pairs[0]  # it compiled the modules, and read both from the disk
    source, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    print_figure("source_window", source * 1000, "ms")
    print_figure("frozen_window", ours * 1000, "ms")
    return 0 if print_figure("frozen_start", ours / source, "x", goal=GOAL) else 1


if __name__ == "__main__":
    sys.exit(main())
