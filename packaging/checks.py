"""`dev.py test`: every check and every test, each a named step with its seconds."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import setup_steps
import system_packages
from ordinary_user import OrdinaryUser
from setup_steps import BUILD, PROGRAMS, PYTHON, ROOT, SUFFIX
from steps import say

NOTHING_COLLECTED = 5  # pytest's exit status where a selection holds no test
STEP_LIMIT_S = 1200
QT_PARTS = 4
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)")
COVERAGE = BUILD / "coverage.json"
# With a real key, a proxy or the user's own screen and keyring, tests would reach what they must not touch.
NOT_FOR_TESTS = re.compile(
    r"OPENAI_.*|(HTTPS?|ALL|NO|FTP)_PROXY|LANGUAGE|LC_.*|QT_.*|(WAYLAND_)?DISPLAY|DBUS_SESSION_BUS_ADDRESS",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Check:
    """One step.

    Attributes:
        name: What it is called in the output.
        command: The program and its arguments.
        environment: What differs from the tests' environment.
        folder: Where it runs.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT

    @property
    def is_tests(self) -> bool:
        """Whether pytest runs in this step."""
        return "pytest" in self.command


@dataclass(frozen=True)
class Outcome:
    """How a step ended.

    Attributes:
        check: The step.
        status: Its exit status.
        output: All that it printed.
        seconds: How long it took.
    """

    check: Check
    status: int
    output: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing failed. One group without tests is no failure; `conclude` sees to having none."""
        return self.status == 0 or (self.check.is_tests and self.status == NOTHING_COLLECTED)


def test(arguments: Sequence[str]) -> int:
    """Set up what is missing and run everything; with arguments, only pytest with these.

    Args:
        arguments: For pytest; `--coverage` alone runs everything and measures, which takes a minute longer.

    Returns:
        The exit status: 0 where every step passed.
    """
    setup_steps.make_ready("test")
    measured = list(arguments) == ["--coverage"]
    if arguments and not measured:
        # Each folder's conftest chooses its own screen.
        environment = clean_environment(os.environ)
        return subprocess.run(
            [PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False
        ).returncode
    start = time.monotonic()
    BUILD.mkdir(exist_ok=True)
    COVERAGE.unlink(missing_ok=True)
    # macOS has no saved user to come back to; there, tests are not run as root.
    as_root = system_packages.is_root() and hasattr(os, "setresuid")
    # Two at a time for two cores; those that look at a screen or at the clock not beside those that compute.
    with ThreadPoolExecutor(2) as pool:
        first = [*static_checks(), *side_by_side(as_root=as_root, measured=measured)]
        outcomes = list(pool.map(carry_out, first))
        # These wait more than they work.
        outcomes += pool.map(carry_out, on_screens(as_root=as_root))
    if as_root:
        outcomes += run_as_ordinary_user()
    return conclude(outcomes, time.monotonic() - start)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment without what would change a test's result, with one locale for all."""
    kept = {name: value for name, value in environment.items() if not NOT_FOR_TESTS.fullmatch(name)}
    return kept | {"LC_ALL": "C.UTF-8"}


def static_checks() -> list[Check]:
    """List the checks that only read the code."""
    python: list[str | Path] = [PYTHON, "-m"]
    return [
        Check("types (mypy)", [*python, "mypy"]),
        Check("lint (ruff check)", [*python, "ruff", "check", "--output-format", "concise", "."]),
        Check("format (ruff format)", [*python, "ruff", "format", "--check", "."]),
        Check("layers (lint-imports)", [PROGRAMS / f"lint-imports{SUFFIX}"]),
        Check("unused code (vulture)", [*python, "vulture"]),
    ]


def side_by_side(*, as_root: bool, measured: bool) -> list[Check]:
    """List the tests that can run beside each other; ``measured`` counts what of the code they reach."""
    coverage = ["--cov", "--cov-report=", f"--cov-report=json:{COVERAGE}"] if measured else []
    data = {"COVERAGE_FILE": str(BUILD / ".coverage")}
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    # In parts, and the small ones last, so that two processors end at about the same time.
    parts = [
        check
        for number in range(QT_PARTS)
        for check in group("qt", offscreen, as_root=as_root, part=(number, QT_PARTS))
    ]
    return [
        *group("unit", data, *coverage, as_root=as_root),
        *parts,
        *group("reader", {}, as_root=as_root),
    ]


def on_screens(*, as_root: bool) -> list[Check]:
    """List the tests that start their own screens, servers and processes."""
    return [*group("window", {}, as_root=as_root), *group("e2e", {}, as_root=as_root)]


def group(
    folder: str,
    environment: Mapping[str, str],
    *options: str,
    as_root: bool,
    part: tuple[int, int] = (0, 1),
) -> list[Check]:
    """Make the step for one folder of tests, or none where there is no such folder.

    Args:
        folder: Its name below `tests`.
        environment: What these tests need beyond the clean environment.
        options: Further options for pytest.
        as_root: Whether tests about permissions are left for `run_as_ordinary_user`.
        part: Which of how many parts: every so many files, from this one on.
    """
    files = sorted((ROOT / "tests" / folder).rglob("test_*.py"))[part[0] :: part[1]]
    if not files:
        return []
    whole = part[1] == 1
    name = f"tests/{folder}" if whole else f"tests/{folder}, part {part[0] + 1} of {part[1]}"
    selection = ["-m", "not unprivileged"] if as_root else []
    # Each group has its own cache, as two of them write at the same time.
    cache = ["-o", f"cache_dir=.pytest_cache/{folder}-{part[0]}"]
    tests = [f"tests/{folder}"] if whole else [str(file.relative_to(ROOT)) for file in files]
    arguments = ["-q", "--no-header", *cache, *selection, *options, *tests]
    return [Check(name, [PYTHON, "-m", "pytest", *arguments], environment)]


def run_as_ordinary_user() -> list[Outcome]:
    """Run the tests marked `unprivileged` as a user whom permissions bind; root is bound by none."""
    marked = [
        file.relative_to(ROOT)
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if "mark.unprivileged" in file.read_text("utf-8")
    ]
    if not marked:
        return []
    with OrdinaryUser(ROOT) as user:
        options = ["-q", "--no-header", "-p", "no:cacheprovider", "-m", "unprivileged", *user.pytest_options]
        command: list[str | Path] = [PYTHON, "-m", "pytest", *options, *marked]
        environment = user.environment | {"QT_QPA_PLATFORM": "offscreen"}
        return [carry_out(Check("tests about permissions", command, environment, user.checkout))]


def carry_out(check: Check) -> Outcome:
    """Run one step and say how it ended."""
    start = time.monotonic()
    # A file and not a pipe: a process that a test left behind would keep a pipe open, and this waiting.
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            check.command,
            cwd=check.folder,
            env={**clean_environment(os.environ), **check.environment},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        late = ""
        try:
            process.wait(STEP_LIMIT_S)
        except subprocess.TimeoutExpired:
            late = f"\nStopped after {STEP_LIMIT_S} s."
        finally:
            end(process)
        printed.seek(0)
        output = printed.read().decode(errors="replace") + late
    outcome = Outcome(check, process.returncode, output, time.monotonic() - start)
    say(report(outcome))
    return outcome


def end(process: subprocess.Popen[bytes]) -> None:
    """End a step that is still running, with all the processes that it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def report(outcome: Outcome) -> str:
    """Put how a step ended into words: a line where it passed, everything it printed where it did not."""
    word = "ok    " if outcome.passed else "FAILED"
    numbers = count([outcome])
    counted = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    line = f"{word}  {outcome.check.name}  {outcome.seconds:.1f} s" + (f"  {counted}" if counted else "")
    if not outcome.passed:
        return f"{line}\n{outcome.output}"
    skipped = [text for text in outcome.output.splitlines() if text.startswith(("SKIPPED", "XFAIL"))]
    return "\n".join([line, *(f"          {text}" for text in skipped)])


def count(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Add up the tests from pytest's closing lines.

    Returns:
        The numbers of tests by "passed", "failed" (errors included) and "skipped".
    """
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for outcome in outcomes:
        if not outcome.check.is_tests or not outcome.output.strip():
            continue
        for number, what in COUNTS.findall(outcome.output.strip().splitlines()[-1]):
            kind = {"error": "failed", "errors": "failed", "xfailed": "skipped"}.get(what, what)
            totals[kind] += int(number)
    return totals


def conclude(outcomes: Sequence[Outcome], seconds: float) -> int:
    """Say the result of all steps.

    Args:
        outcomes: How each step ended.
        seconds: How long they took together.

    Returns:
        The exit status.
    """
    if COVERAGE.exists():
        say(coverage_by_room(json.loads(COVERAGE.read_text("utf-8"))))
    failed = [outcome.check.name for outcome in outcomes if not outcome.passed]
    totals = count(outcomes)
    if failed:
        say(f"Failed: {', '.join(failed)}  ({seconds:.0f} s)")
    elif totals["passed"] == 0:
        say("No test was run.")
    else:
        say(f"Everything passed  ({seconds:.0f} s)")
    say(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 1 if failed or totals["passed"] == 0 else 0


def coverage_by_room(measured: Mapping[str, object]) -> str:
    """Sum up the coverage of the unit tests in one line.

    Args:
        measured: What `coverage json` writes.

    Returns:
        The share of lines and branches covered, by room. Rooms that unit tests never enter (the window's)
        are left out: other tests cover them.
    """
    rooms: dict[str, list[int]] = {}
    files = measured["files"]
    assert isinstance(files, dict)
    for name, file in files.items():
        parts = Path(name).parts
        if parts[1:] == ("__init__.py",):
            continue
        summary = file["summary"]
        covered = summary["covered_lines"] + summary.get("covered_branches", 0)
        room = rooms.setdefault(parts[1] if len(parts) > 2 else Path(name).stem, [0, 0])
        room[0] += covered
        room[1] += summary["num_statements"] + summary.get("num_branches", 0)
    shares = {room: 100 * covered // total for room, (covered, total) in sorted(rooms.items()) if covered}
    return "Covered by unit tests: " + ", ".join(f"{room} {share} %" for room, share in shares.items())
