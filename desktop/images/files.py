"""Reads one file into memory: only a regular file, within the limit, with the hash of what was read."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable

MAX_FILE_BYTES = 100_000_000
"""Larger files are refused before they are read."""

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file as it was at one moment.

    Attributes:
        data: all bytes.
        sha256: hex digest of ``data``.
        modified_ns: modification time in nanoseconds since the epoch.
    """

    data: bytes
    sha256: str
    modified_ns: int


def shown_name(path: Path) -> str:
    """The last part of ``path``, as it may be shown; the whole path where it has no last part."""
    return printable(path.name or str(path))


def read_file(path: Path) -> FileContent:
    """Read ``path`` whole.

    Raises:
        ProblemError: IMAGE_MISSING, IMAGE_NOT_A_FILE (a folder, a device, a pipe), IMAGE_EMPTY,
            IMAGE_TOO_MANY_BYTES or IMAGE_UNREADABLE.
    """
    try:
        _check(os.stat(path), path)  # noqa: PTH116 - opening a device may already do something
        with _open(path) as file:
            # The name may mean another file by now.
            status = os.fstat(file.fileno())
            _check(status, path)
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ProblemError(_why(error, path)) from error
    if not data:
        raise ProblemError(problem(Code.IMAGE_EMPTY, name=shown_name(path)))
    _check_size(len(data), path)
    return FileContent(data=data, sha256=hashlib.sha256(data).hexdigest(), modified_ns=status.st_mtime_ns)


def _open(path: Path) -> BinaryIO:
    # A pipe that took the place of the file must not block.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb", buffering=0)


def _check(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ProblemError(problem(Code.IMAGE_NOT_A_FILE, name=shown_name(path)))
    if status.st_size == 0:
        raise ProblemError(problem(Code.IMAGE_EMPTY, name=shown_name(path)))
    _check_size(status.st_size, path)


def _check_size(size_bytes: int, path: Path) -> None:
    if size_bytes > MAX_FILE_BYTES:
        raise ProblemError(
            problem(
                Code.IMAGE_TOO_MANY_BYTES,
                name=shown_name(path),
                size_bytes=size_bytes,
                limit_bytes=MAX_FILE_BYTES,
            )
        )


def _why(error: OSError | ValueError, path: Path) -> Problem:
    number = error.errno if isinstance(error, OSError) else None
    if number in _GONE:
        return problem(Code.IMAGE_MISSING, name=shown_name(path))
    reason = os.strerror(number) if number else str(error)
    return problem(Code.IMAGE_UNREADABLE, name=shown_name(path), reason=printable(reason))
