"""Tasks for real worker processes: they hang, crash, eat memory, or tell what a worker looks like."""

import hashlib
import os
import signal
import socket
import sys
import time
from pathlib import Path

from desktop.core.problems import Problem


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
