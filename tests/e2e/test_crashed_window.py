"""The window's process crashes, is killed or is told to end; the next start knows how, and has everything."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.asking import make_image
from tests.helpers.history import opened
from tests.helpers.processes import Process, clean_environment, sightline, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")

KEY = "sk-canary0123456789abcdefghij"
Start = Callable[..., Process]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(tmp_path: Path, data: Path) -> Iterator[Start]:
    started: list[Process] = []

    def begin(*arguments: str | Path, wait: bool = True, platform: str = "offscreen") -> Process:
        environment = clean_environment(
            tmp_path / "home", QT_QPA_PLATFORM=platform, OPENAI_API_KEY=KEY, XDG_CURRENT_DESKTOP="GNOME"
        )
        process = sightline(
            *arguments,
            "--data-dir",
            data,
            environment=environment,
            folder=tmp_path / f"run-{len(started)}",
        )
        started.append(process)
        if wait:
            # Held by the reader's side of an open history, at the end of a start.
            until(lambda: any((data / "running").glob("*")), "the history to be open")
        return process

    yield begin
    for process in started:
        process.end()


def in_gallery(data: Path) -> list[Path]:
    with opened(data) as store:
        return [item.path for item in store.gallery().result()]


def reports(data: Path) -> list[str]:
    return [path.read_text() for path in sorted((data / "crashes").glob("report-*.txt"))]


def crash(process: Process, number: int = signal.SIGABRT) -> None:
    os.kill(process.pid, number)
    # Reading the stacks of threads that run, faulthandler itself may trip, once in a hundred times.
    assert process.wait() in (-number, -signal.SIGSEGV)


def end(process: Process, number: int = signal.SIGTERM) -> float:
    """Seconds until it has ended, with status 0."""
    began = time.monotonic()
    os.kill(process.pid, number)
    assert process.wait() == 0, process.err
    return time.monotonic() - began


def test_a_crash_is_told_once_in_a_report_without_key_path_or_question(
    start: Start, data: Path, tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "canary wedding.png")
    process = start(picture)
    until(lambda: in_gallery(data) == [picture], "the image in the gallery")
    crash(process, signal.SIGSEGV)

    again = start(wait=False)
    (text,) = until(lambda: reports(data), "the report")
    end(again)

    assert "Fatal Python error: Segmentation fault" in text
    assert "desktop/app.py" in text
    assert "PySide6-Essentials" in text
    for private in ("canary", str(tmp_path), tmp_path.name, os.uname().nodename):
        assert private not in text
    assert in_gallery(data) == [picture]
    assert [path.name for path in (data / "crashes").iterdir() if not path.name.startswith("report-")] == []


def test_after_two_crashes_right_after_the_start_nothing_is_brought_back_and_nothing_lost(
    start: Start, data: Path, tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "a.png")
    process = start(picture)
    until(lambda: in_gallery(data) == [picture], "the image in the gallery")
    crash(process)
    process = start(wait=False)
    until(lambda: len(reports(data)) == 1, "the first report")
    crash(process)

    careful = start(wait=False)
    until(lambda: len(reports(data)) == 2, "the second report")
    end(careful)

    assert in_gallery(data) == [picture]
    assert reports(data)[1].count("in a row: 2") == 1


def test_a_start_without_a_display_is_no_crash(start: Start, data: Path) -> None:
    process = start(wait=False, platform="xcb")
    assert process.wait() == -signal.SIGABRT
    assert "no Qt platform plugin could be initialized" in process.err
    assert list((data / "crashes").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_during_the_start_ends_it_with_status_0(start: Start, data: Path, number: int) -> None:
    for delay_s in (0.15, 0.4, 0.7):
        process = start(wait=False)
        wait_for_handler(process.pid, number)
        pass_time(delay_s)
        assert end(process, number) < 5
        assert not process.err
    assert not reports(data)


def wait_for_handler(pid: int, number: int) -> None:
    """Wait until a process handles SIGTERM and the like by itself; Python alone does so for SIGINT."""

    def there() -> bool:
        status = Path(f"/proc/{pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
        return all(int(caught.split()[1], 16) >> (one - 1) & 1 for one in (number, signal.SIGTERM))

    until(there, "its handlers")


def pass_time(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    until(lambda: time.monotonic() > deadline, "another moment of the start")
