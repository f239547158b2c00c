"""Screenshot programs: run with a limit, into a folder that nobody else can read, and nothing is left."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.capture.job import Stop

_MOST_SAID_BYTES = 4_000
_GRACE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended.

    Attributes:
        status: its exit status; None if it had to be ended.
        said: the last line that it wrote on its standard error.
    """

    status: int | None
    said: str = ""

    @property
    def is_well(self) -> bool:
        """Whether it says that it did what it should."""
        return self.status == 0


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of mode 0700, in memory where the session has such a place; gone after the block."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    place = runtime if runtime and os.access(runtime, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="sightline-capture-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_all(commands: Sequence[Sequence[str]], folder: Path, *, limit_s: float, stop: Stop) -> list[Ended]:
    """Run programs side by side, so that they see the same moment, and wait for all of them.

    Args:
        commands: programs with their arguments.
        folder: private; what they say is kept there meanwhile.
        limit_s: whoever takes longer is ended.
        stop: ends them at once.

    Raises:
        OSError: one cannot be started.
    """
    with contextlib.ExitStack() as ends:
        running = [
            ends.enter_context(_running(command, folder / f"said-{number}", stop))
            for number, command in enumerate(commands)
        ]
        deadline = time.monotonic() + limit_s
        return [
            Ended(status=_status(process, deadline), said=_last_line(folder / f"said-{number}"))
            for number, process in enumerate(running)
        ]


@contextlib.contextmanager
def _running(command: Sequence[str], said: Path, stop: Stop) -> Iterator["subprocess.Popen[bytes]"]:
    with said.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=out,
            env=_environment(),
            start_new_session=True,
        )
    try:
        stop.call(lambda: _signal(process, signal.SIGTERM))
        yield process
    finally:
        _end(process)


def _status(process: "subprocess.Popen[bytes]", deadline: float) -> int | None:
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    _signal(process, signal.SIGTERM)
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Tell it and its children; `poll` keeps its id its own until then."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def _last_line(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as said:
        said.seek(max(0, path.stat().st_size - _MOST_SAID_BYTES))
        lines = said.read(_MOST_SAID_BYTES).decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
    return ""


def _environment() -> dict[str, str]:
    """Ours, without what is for our own Qt and for the libraries of a frozen Sightline."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    if getattr(sys, "frozen", False):
        # PyInstaller keeps there what it was before.
        before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
        environment.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            environment["LD_LIBRARY_PATH"] = before
    return environment
