"""What an ordinary user has in a clean root: a home, a bus, an unlocked keyring, a history to look into."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.display import Display
from tests.helpers.processes import until
from tests.package.clean_root import HOME, USER, CleanRoot, processes_in

_BUS = "/tmp/session-bus"


@dataclass
class Session:
    """One user's session.

    Attributes:
        root: where it is.
        display: its screen, with a window manager.
        environment: of everything that is started in it.
    """

    root: CleanRoot
    display: Display
    environment: dict[str, str]

    def run(self, *command: str, check: bool = True, **environment: str) -> str:
        """Run a program to its end. Returns what it printed."""
        return self.root.run_as_user(*command, environment={**self.environment, **environment}, check=check)

    def pids(self) -> list[int]:
        """The app's processes that show windows; not its workers."""
        commands = self._commands()
        return [pid for pid, words in commands.items() if not {b"--multiprocessing-fork", b"-c"} & set(words)]

    def all_pids(self) -> list[int]:
        """All processes of the app, workers included."""
        return list(self._commands())

    def _commands(self) -> dict[int, list[bytes]]:
        found = {}
        for pid in processes_in(self.root):
            words = _read(Path(f"/proc/{pid}/cmdline")).split(b"\0")
            if words[0].endswith(b"sightline"):
                found[pid] = words
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the history; none where there is none yet."""
        file = self.root.path / HOME[1:] / ".local/share/Sightline/sightline.db"
        if not file.exists():
            return []
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            database.close()

    def environment_of(self, pid: int) -> dict[str, str]:
        """With what a process was started."""
        pairs = _read(Path(f"/proc/{pid}/environ")).decode(errors="replace").split("\0")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    def key_in_keyring(self, service: str) -> list[str]:
        """What the keyring holds for a service, read as any other program of the user reads it."""
        return self.run("secret-tool", "search", "--all", "service", service, check=False).splitlines()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@contextmanager
def opened(root: CleanRoot, display: Display, **more: str) -> Iterator[Session]:
    """A session with a bus and a keyring; both end with the block."""
    runtime = root.path / "run/user/1000"
    runtime.mkdir(mode=0o700, parents=True)
    os.chown(runtime, 1000, 1000)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": HOME,
        "USER": USER,
        "LC_ALL": "C.UTF-8",
        "DISPLAY": display.name,
        "XDG_RUNTIME_DIR": "/run/user/1000",
        "XDG_CURRENT_DESKTOP": "X-Generic",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={_BUS}",
        **more,
    }
    with ExitStack() as ends:
        bus = ["dbus-daemon", "--session", f"--address=unix:path={_BUS}", "--nofork"]
        ends.enter_context(_running(root.as_user(*bus), environment))
        until((root.path / _BUS[1:]).exists, "the bus")
        keyring = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        ends.enter_context(_running(root.as_user(*keyring), environment, b"throw-away"))
        session = Session(root, display, environment)
        until(lambda: "freedesktop.secrets" in session.run(*_NAMES, check=False), "the keyring")
        yield session


_NAMES = (
    "gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
    "--method", "org.freedesktop.DBus.ListNames",
)  # fmt: skip


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], data: bytes = b"") -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
