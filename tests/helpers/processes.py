"""Real processes of the application: a clean environment, output in files, ended by their ids."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TypeVar

import pytest

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
"""For what takes a second on an idle machine; tests share two cores with others."""

_NO_KEYRING = "keyring.backends.null.Keyring"


def patient(items: list[pytest.Item], folder: Path) -> None:
    """Give a folder's tests a limit that their own waits reach first.

    At pytest's limit the whole run ends at once, and leaves every process behind.
    """
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.timeout(600))


def until(ask: Callable[[], T], what: str, timeout_s: float = PATIENCE_S) -> T:
    """Ask again and again until the answer is true; the answer.

    Raises:
        AssertionError: it was not within ``timeout_s``.
    """
    deadline = time.monotonic() + timeout_s
    while not (found := ask()):
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s for {what}"
        threading.Event().wait(0.02)
    return found


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """What an application is started with: a home of its own, no key, no keyring, no session bus.

    Without an address Qt would start a bus of its own, which stays behind.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "LC_ALL": "C.UTF-8",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "PYTHON_KEYRING_BACKEND": _NO_KEYRING,
        **more,
    }


class Process:
    """One process of the application in a session of its own, as a terminal gives it."""

    def __init__(
        self,
        arguments: list[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        screen: IO[bytes] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=screen or out,
                stderr=err,
                start_new_session=True,
            )
        self.pid = self._process.pid

    @property
    def out(self) -> str:
        """What has come on standard output so far."""
        return self._out.read_bytes().decode(errors="replace")

    @property
    def err(self) -> str:
        """What has come on standard error so far."""
        return self._err.read_bytes().decode(errors="replace")

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.poll()

    def wait(self, timeout_s: float = PATIENCE_S) -> int:
        """The exit status, once it has ended."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s:.0f} s; stderr: {self.err}") from None

    def terminate(self) -> None:
        """What a session or a service manager sends to end a process."""
        self._process.terminate()

    def interrupt(self) -> None:
        """Ctrl+C: a terminal sends it to the whole group, worker processes included."""
        os.killpg(self.pid, signal.SIGINT)

    def end(self) -> None:
        """Kill whatever is left of it."""
        for pid in (*descendants(self.pid), self.pid):
            if self._process.poll() is None or pid != self.pid:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        self._process.wait(10)


def sightline(
    *arguments: str | Path,
    environment: Mapping[str, str],
    folder: Path,
    options: tuple[str, ...] = (),
    out: IO[bytes] | None = None,
) -> Process:
    """Start the application; ``options`` are Python's own, and ``out`` is what it writes to, if no file."""
    command = [sys.executable, *options, "-m", "desktop", *map(str, arguments)]
    return Process(command, environment=environment, folder=folder, screen=out)


def descendants(pid: int) -> list[int]:
    """Ids of the living children of a process and of theirs."""
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    for child in children:
        found += [child, *descendants(child)]
    return found


def environment_of(pid: int) -> str:
    """The environment that a process was started with; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
