"""Long work lets events through, and only the newest of it counts."""

from collections.abc import Generator

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.ui import sliced as sliced_module
from desktop.ui.sliced import Sliced


def counting(steps: int, closed: list[int] | None = None) -> Generator[None, None, int]:
    try:
        for _step in range(steps):
            yield
    except GeneratorExit:
        if closed is not None:
            closed.append(steps)
        raise
    return steps


def test_short_work_is_done_at_once(qtbot: QtBot) -> None:
    done: list[int] = []
    runner = Sliced()
    runner.run(counting(3), done.append)
    assert done == [3]
    assert not runner.is_running


def test_events_come_through_while_long_work_goes_on(qtbot: QtBot, monkeypatch: object) -> None:
    done: list[int] = []
    ticks: list[int] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    runner = Sliced()
    runner.run(counting(200_000), done.append)
    qtbot.waitUntil(lambda: bool(done))
    timer.stop()
    assert done == [200_000]
    assert len(ticks) > 2
    assert runner.seconds > sliced_module.SLICE_S


def test_newer_work_takes_the_place_of_older(qtbot: QtBot) -> None:
    done: list[int] = []
    closed: list[int] = []
    runner = Sliced()
    runner.run(counting(10_000_000, closed), done.append)
    runner.run(counting(5), done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert done == [5]
    assert closed == [10_000_000]


def test_what_is_stopped_hands_nothing_over(qtbot: QtBot) -> None:
    done: list[int] = []
    runner = Sliced()
    runner.run(counting(10_000_000), done.append)
    assert runner.is_running
    runner.stop()
    qtbot.wait(20)
    assert done == []
