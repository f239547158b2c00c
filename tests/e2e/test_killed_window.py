"""The window's process is killed while it asks, stores, deletes, starts and upgrades; nothing is lost.

`tests.bench.kill_moments` does the same at 200 moments.
"""

import random
import sys
from pathlib import Path

import pytest

from tests.helpers.kill_rounds import Figures, Folder, kill_while_upgrading, moments
from tests.helpers.loopback import Loopback

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="worker processes are found in /proc")

KILLS = 10
SEED = 7


def test_a_window_that_is_killed_at_any_moment_loses_no_finished_answer(
    tmp_path: Path, loopback: Loopback
) -> None:
    figures = Figures()
    folder = Folder(tmp_path / "all", loopback, figures)
    chance = random.Random(SEED)

    for moment in moments(chance, KILLS):
        folder.kill_at(moment, chance)
    folder.end()

    assert figures.faults == []
    assert figures.kinds.total() == KILLS
    assert figures.finished > 0


def test_a_window_that_is_killed_while_it_upgrades_an_old_history_loses_no_message(
    tmp_path: Path, loopback: Loopback
) -> None:
    figures = Figures()
    chance = random.Random(SEED)

    for number in range(2):
        kill_while_upgrading(tmp_path / str(number), loopback, chance, figures)

    assert figures.faults == []
