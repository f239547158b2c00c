"""Tasks for real worker processes: they hang, crash, eat memory, or tell what a worker looks like."""

import hashlib
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from desktop.core.problems import Code, Problem, problem
from desktop.images import jobs
from desktop.images.inspect import CacheFolders, Inspection


def hang(started: Path) -> Problem | str:
    """Say that it began, then stay in C, as a decoder does, where no signal handler of Python is reached."""
    started.write_text(str(os.getpid()))
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)
    return "never"


def wait_until_told(started: Path, go_on: Path) -> Problem | str:
    started.write_text(str(os.getpid()))
    while not go_on.exists():
        time.sleep(0.01)
    return "done"


def segfault(marker: Path) -> Problem | str:
    with marker.open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"


def die(number: int) -> Problem | str:
    os.kill(os.getpid(), number)
    return "never"


def eat_memory() -> Problem | int:
    return len(bytearray(8_000_000_000))


def echo(value: object) -> Problem | object:
    return value


def look_at_odd_files(
    places: Sequence[tuple[Path, int]], thumbnail_px: int, caches: CacheFolders | None, most_s: float
) -> tuple[Inspection | Problem, ...] | Problem:
    """As `jobs.look_at_files`, but what a file is called happens; each try is noted beside it."""
    found: list[Inspection | Problem] = []
    for place in places:
        path = place[0]
        with path.with_suffix(".tries").open("a") as file:
            file.write(f"{len(places)} ")
        if "crash" in path.name:
            os.kill(os.getpid(), signal.SIGSEGV)
        elif "hang" in path.name:
            hang(path.with_suffix(".pid"))
        elif "memory" in path.name:
            found.append(problem(Code.IMAGE_CRASHED_DECODER, name=path.name))
            continue
        elif "slow" in path.name:
            time.sleep(0.3)
        outcome = jobs.look_at_files([place], thumbnail_px, caches, 0)
        assert isinstance(outcome, tuple)
        found.extend(outcome)
        if "slow" in path.name:
            break
    return tuple(found)


def connect(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except PermissionError as error:
        return f"refused: {error}"
    return "connected"


def process_id() -> Problem | int:
    return os.getpid()


def modules() -> Problem | tuple[str, ...]:
    return tuple(sorted(sys.modules))


def environment() -> Problem | bytes:
    return Path("/proc/self/environ").read_bytes()


def write_everywhere() -> Problem | str:
    os.write(1, b"noise on stdout")
    os.write(2, b"noise on stderr")
    print("noise")
    return "quiet"
