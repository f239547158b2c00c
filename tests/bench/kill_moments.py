"""Kills the real window's process at random moments of asking, storing, deleting and starting.

    .venv/bin/python -m tests.bench.kill_moments [MOMENTS] [SEED]

After each kill the application is started again in the same folder and everything is checked: finished
answers, what had come of unfinished ones, `integrity_check`, image files, left-over files and processes.
"""

import random
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.figures import print_figure, print_least
from tests.helpers.kill_rounds import Figures, Folder, kill_while_upgrading, moments
from tests.helpers.loopback import Loopback

MOMENTS = 200
SEED = 20261128
LANES = 2
"""So many folders at the same time."""


def lane(seed: int, count: int, figures: Figures) -> None:
    """Kill so many times in a folder of its own, and a tenth as often while a history is upgraded."""
    chance = random.Random(seed)
    upgrades = count // 10
    with tempfile.TemporaryDirectory(prefix="sightline-kills-") as root, Loopback() as server:
        folder = Folder(Path(root) / "all", server, figures)
        for moment in moments(chance, count - upgrades):
            known = len(figures.faults)
            folder.kill_at(moment, chance)
            for fault in figures.faults[known:]:
                print(f"found before a kill while {moment.name}: {fault}", flush=True)
        folder.end()
        for number in range(upgrades):
            kill_while_upgrading(Path(root) / f"old-{number}", server, chance, figures)


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MOMENTS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    began = time.monotonic()
    lanes = [Figures() for _ in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        running = [
            pool.submit(lane, seed + number, count // LANES, figures) for number, figures in enumerate(lanes)
        ]
        for ended in running:
            ended.result()
    figures = Figures.of(lanes)
    for name, times in sorted(figures.kinds.items()):
        print_figure(f"killed_while_{name}", times, "times")
    for name, times in sorted(figures.left.items()):
        print_figure(f"kills_that_left: {name}", times, "kills")
    print_figure("took", time.monotonic() - began, "s")
    print_figure("finished_answers", figures.finished, "answers")
    print_figure("interrupted_answers", figures.interrupted, "answers")
    print_figure("start_median", statistics.median(figures.starts_s), "s")
    print_figure("start_with_upgrade_slowest", max(figures.upgrades_s, default=0), "s")
    reached = [
        print_least("kills", figures.kinds.total(), "kills", goal=count),
        print_figure("start_slowest", max(figures.starts_s), "s", goal=2),
        print_figure("text_lost_at_most", max(figures.lost_s, default=0), "s", goal=1.3),
        print_figure("workers_ended_after", max(figures.workers_s), "s", goal=15),
        print_figure("faults", len(figures.faults), "faults", goal=0),
    ]
    for fault in figures.faults:
        print(fault)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
