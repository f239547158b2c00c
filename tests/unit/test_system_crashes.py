"""How the last run ended is known at the next start, in a report that holds nothing of the user's."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.core.crashes import (
    CAREFUL_AFTER,
    End,
    LastRun,
    Surroundings,
    Uncaught,
    report_of_last_run,
    report_of_uncaught,
)
from desktop.system.crashes import MOST_REPORTS, RunWatch
from desktop.system.safety import watched
from desktop.system.trail import Trail
from desktop.system.uncaught import MOST_LOGGED, MOST_TOLD, UncaughtErrors
from desktop.system.versions import surroundings

ROOT = Path(__file__).parents[2]
AROUND = Surroundings(version="0.1.0", system="Linux 6")
A_RUN = """
import faulthandler, logging, os, signal, sys
from pathlib import Path
from desktop.system.safety import watched
logging.getLogger().setLevel(logging.INFO)
with watched(Path(sys.argv[1]), alone=True) as safety:
    logging.getLogger("desktop.test").info("opening %s", "canary.jpg")
    if "settle" in sys.argv[2]:
        safety.watch.settle()
    for name in ("SEGV", "ABRT", "KILL", "FPE"):
        if name in sys.argv[2]:
            os.kill(os.getpid(), getattr(signal, "SIG" + name))
    if "raise" in sys.argv[2]:
        raise ValueError("canary")
    if "exit" in sys.argv[2]:
        sys.exit(0)
"""


def run(folder: Path, what: str) -> int:
    command = [sys.executable, "-c", A_RUN, str(folder), what]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=60).returncode


def look(folder: Path) -> LastRun | None:
    """What the next start finds; it ends by itself."""
    watch = RunWatch(folder)
    watch.begin()
    watch.close()
    return watch.last


@pytest.mark.parametrize("what", ["nothing", "exit", "settle"])
def test_a_run_that_ends_by_itself_leaves_nothing(tmp_path: Path, what: str) -> None:
    assert run(tmp_path / "crashes", what) == 0
    assert list((tmp_path / "crashes").iterdir()) == []
    assert look(tmp_path / "crashes") is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "words"), [("SEGV", "Segmentation fault"), ("ABRT", "Aborted")])
def test_a_fatal_signal_is_told_with_its_trace_and_the_last_log_lines(
    tmp_path: Path, name: str, words: str
) -> None:
    assert run(tmp_path, name) < 0
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o700

    last = look(tmp_path)

    assert last is not None
    assert last.end is End.SIGNAL
    assert last.trace[0] == f"Fatal Python error: {words}"
    assert [line.partition(" ")[2] for line in last.log] == ["INFO desktop.test: opening [left out]"]
    assert last.began_at is not None
    assert timedelta(0) <= last.ended_at - last.began_at < timedelta(minutes=1)
    text = report_of_last_run(last, AROUND)
    assert "canary" not in text
    assert str(tmp_path) not in text
    assert "fatal signal" in text
    # Told once.
    assert look(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_run_is_told_apart_from_a_crash_and_from_a_computer_that_went_off(tmp_path: Path) -> None:
    run(tmp_path, "KILL")
    marker = json.loads((tmp_path / "running.json").read_text())
    killed = look(tmp_path)
    assert killed is not None
    assert (killed.end, killed.early) == (End.KILLED, 0)
    assert not killed.end.is_crash

    (tmp_path / "running.json").write_text(json.dumps({**marker, "boot": "another"}))
    went_off = look(tmp_path)
    assert went_off is not None
    assert went_off.end is End.COMPUTER_OFF


def test_an_exception_that_ends_the_window_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, "raise") == 1
    last = look(tmp_path)
    assert last is not None
    assert last.end is End.EXCEPTION
    assert last.trace[-1] == "ValueError: [left out]"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_crashes_right_after_the_start_ask_for_care(tmp_path: Path) -> None:
    found = []
    for what in ("ABRT", "ABRT", "settle ABRT", "KILL", "nothing"):
        run(tmp_path, what)
        marker = tmp_path / "running.json"
        found.append(json.loads(marker.read_text())["early"] if marker.exists() else None)
    # What each run knew of those before it: one, then two; after ten seconds of life it begins anew.
    assert found == [0, 1, 0, 0, None]
    assert CAREFUL_AFTER == 2

    run(tmp_path, "ABRT")
    run(tmp_path, "ABRT")
    last = look(tmp_path)
    assert last is not None
    assert last.asks_for_care


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1, 2]", "null", '{"began": "x", "early": -1, "trace": 3}', '{"began": 1e400}', "\0" * 99],
)
def test_a_marker_that_cannot_be_read_says_as_much_as_it_can(tmp_path: Path, text: str) -> None:
    (tmp_path / "running.json").write_text(text)
    last = look(tmp_path)
    assert last is not None
    assert (last.end, last.early, last.began_at) == (End.KILLED, 0, None)


def test_where_nothing_can_be_written_nothing_is_watched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with watched(tmp_path / "file", alone=True) as safety:
        safety.watch.settle()
        safety.watch.touch()
        assert safety.watch.last is None
        assert safety.watch.keep("text", datetime.now(UTC)) is None


def test_a_second_window_disturbs_the_first_ones_marker_in_no_way(tmp_path: Path) -> None:
    with watched(tmp_path, alone=True):
        with watched(tmp_path, alone=False) as other:
            assert other.watch.last is None
        assert (tmp_path / "running.json").exists()


def test_ten_reports_are_kept(tmp_path: Path) -> None:
    watch, at = RunWatch(tmp_path), datetime(2026, 11, 28, tzinfo=UTC)
    for number in range(MOST_REPORTS + 3):
        assert watch.keep(str(number), at + timedelta(hours=number)) is not None
    same = [watch.keep("twice", at + timedelta(days=2)) for _ in range(2)]
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == MOST_REPORTS
    assert len(set(same)) == 2
    assert kept[-1].read_text() == "twice"
    assert "0" not in {path.read_text() for path in kept}
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_the_trail_is_bounded_in_memory_and_in_its_file(tmp_path: Path) -> None:
    trail, log = Trail(), logging.getLogger("desktop.test_of_the_trail")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.addHandler(trail)
    log.info("before there was a file")
    path = tmp_path / "trail.txt"
    trail.write_to(path.open("w"))
    for number in range(5000):
        log.warning("line %d of a long story that is told again and again", number)
    trail.close()
    log.info("after it was closed")
    log.removeHandler(trail)
    assert path.stat().st_size < 120_000
    assert len(trail.lines) == trail.most
    assert "line 4999 of" in path.read_text().splitlines()[-1]


# What nothing catches


@pytest.fixture
def errors() -> UncaughtErrors:
    return UncaughtErrors(Trail())


def throw(error: Exception) -> None:
    """As PySide6 does with what a slot raises."""
    sys.excepthook(type(error), error, None)


def test_a_fault_in_a_paint_loop_is_told_once_and_logged_a_few_times(
    errors: UncaughtErrors, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Uncaught] = []
    errors.begin()
    try:
        errors.listen(told.append)
        for _ in range(1000):
            throw(ValueError("canary"))
    finally:
        errors.close()
    assert len(told) == 1
    assert told[0].trace[-1] == "ValueError: [left out]"
    assert len(caplog.records) == MOST_LOGGED + 3
    caplog.clear()


def test_different_faults_are_told_up_to_a_limit_also_those_before_anybody_listened(
    errors: UncaughtErrors, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Uncaught] = []
    kinds = [type(f"Fault{number}", (Exception,), {}) for number in range(MOST_TOLD + 5)]
    errors.begin()
    try:
        for kind in kinds[:3]:
            throw(kind())
        errors.listen(told.append)
        assert len(told) == 3
        for kind in kinds[3:]:
            throw(kind())
    finally:
        errors.close()
    assert len(told) == MOST_TOLD
    caplog.clear()


def test_threads_are_heard_and_endings_are_none(
    errors: UncaughtErrors, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Uncaught] = []

    def fail(how: Callable[[], None]) -> None:
        thread = threading.Thread(target=how)
        thread.start()
        thread.join()

    def wrong() -> None:
        raise LookupError

    errors.begin()
    try:
        errors.listen(told.append)
        fail(wrong)
        fail(lambda: sys.exit(1))
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        errors.close()
    assert [(one.where, one.trace[-1]) for one in told] == [("a thread", "LookupError")]
    caplog.clear()


def test_a_report_says_what_is_needed_and_nothing_of_the_computers_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    monkeypatch.setenv("XDG_SESSION_TYPE", "/home/canary")
    around = surroundings({"Qt": "6.11.3", "SQLite": "3.40.1"}, platform_name="xcb", language="zh_CN")
    uncaught = Uncaught(
        at=datetime(2026, 11, 28, tzinfo=UTC), where="the main thread", trace=("T",), log=("L",)
    )
    text = report_of_uncaught(uncaught, around)
    for part in ("Sightline 0.1.0", "Qt 6.11.3", "openai ", "Platform: xcb", "GNOME", "Trace\n  T", "  L"):
        assert part in text
    for private in ("canary", os.uname().nodename, str(Path.home()) + "/"):
        assert private not in text
    last = LastRun(end=End.KILLED, began_at=None, ended_at=uncaught.at, version="sk-canary012345678")
    assert "canary" not in report_of_last_run(last, replace(around, language="Bearer canary01234567"))
