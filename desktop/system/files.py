"""Folders and files that only their owner may read; small files that are replaced whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desktop.core.problems import Code, Problem, problem
from desktop.system.clock import now_utc


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` and its missing parents with mode 0700, whatever the umask; close one that is open.

    Raises:
        OSError: it cannot be created, belongs to somebody else, or a file is in its place.
    """
    if not folder.is_dir():
        if folder.parent != folder and not folder.parent.is_dir():
            make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    elif os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in place of the file, with mode 0600; a power cut leaves the old bytes or the new ones.

    A link stays a link: what it points at is replaced.

    Raises:
        OSError: the folder is read-only or full; the old file is untouched and nothing is left behind.
    """
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write what takes the place of the file at the end of the block, as `replace_file` does.

    Raises:
        OSError: the folder is read-only or full. Whatever ends the block early, the old file is untouched.
    """
    path = path.resolve()
    make_missing_folders(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        number = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(number, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def make_missing_folders(folder: Path) -> None:
    """Create what is missing of a folder with mode 0700; one that is there keeps its mode.

    Raises:
        OSError: it cannot be created.
    """
    if not folder.is_dir():
        make_private_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def aside(path: Path) -> Path:
    """A free name beside ``path`` for a damaged file that must not be lost."""
    stamp = f"{now_utc():%Y%m%dT%H%M%SZ}"
    name = f"{path.name}.damaged-{stamp}"
    number = 1
    while path.with_name(name).exists():
        number += 1
        name = f"{path.name}.damaged-{stamp}-{number}"
    return path.with_name(name)


def problem_of(error: OSError, folder: Path) -> Problem:
    """DISK_FULL or FOLDER_READ_ONLY, with ``folder``."""
    full = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return problem(Code.DISK_FULL if error.errno in full else Code.FOLDER_READ_ONLY, folder=str(folder))
