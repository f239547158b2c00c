"""Reads one file into memory: only a regular file, within the limit, with the hash of what was read."""

import errno
import hashlib
import os
import stat
import time
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final, NamedTuple

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable

MAX_FILE_BYTES = 100_000_000
"""Larger files are refused before they are read."""

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})

_SETTLED_NS: Final = 50_000_000
"""The clock of a file system ticks every 1 to 10 ms: two changes within a tick have one time."""

_SECOND_NS: Final = 1_000_000_000


class Signature(NamedTuple):
    """What changes when a file does. The third time cannot be set back by any program.

    Attributes:
        size_bytes: size of the file.
        modified_ns: modification time in nanoseconds since the epoch.
        changed_ns: when its content, name or rights were changed last; on Windows, when it was made.
        number: its number in the file system.
    """

    size_bytes: int
    modified_ns: int
    changed_ns: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file as it was at one moment.

    Attributes:
        data: all bytes.
        sha256: hex digest of ``data``.
        signature: of the file when it was opened.
        read_ns: when it was opened, in nanoseconds since the epoch.
    """

    data: bytes
    sha256: str
    signature: Signature
    read_ns: int

    @property
    def settled(self) -> bool:
        """Whether a change after reading it would show in the signature."""
        since_modified = abs(self.read_ns - self.signature.modified_ns)
        return min(self.read_ns - self.signature.changed_ns, since_modified) > _SETTLED_NS

    @property
    def second_is_over(self) -> bool:
        """Whether a change after reading it would show in the whole seconds of its modification time."""
        return self.signature.modified_ns // _SECOND_NS < self.read_ns // _SECOND_NS


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
        with open_without_waiting(path) as file:
            # The name may mean another file by now.
            status = os.fstat(file.fileno())
            _check(status, path)
            read_ns = time.time_ns()
            # No more: memory for the largest file takes longer to get than most files to read.
            data = file.read(status.st_size + 1)
    except (OSError, ValueError) as error:
        raise ProblemError(_why(error, path)) from error
    if not data:
        raise ProblemError(problem(Code.IMAGE_EMPTY, name=shown_name(path)))
    _check_size(len(data), path)
    return FileContent(
        data=data, sha256=hashlib.sha256(data).hexdigest(), signature=_signature(status), read_ns=read_ns
    )


def signature_of(path: Path) -> Signature:
    """What the file that ``path`` leads to has now.

    Raises:
        OSError: it cannot be reached.
    """
    return _signature(path.stat())


def open_without_waiting(path: Path) -> FileIO:
    """Open a file for reading, unbuffered. A pipe that took its place does not block.

    Raises:
        OSError: it cannot be opened.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb", buffering=0)


def read_small(path: Path, most_bytes: int) -> bytes:
    """All of a small regular file of a cache.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or something else than a file.
    """
    with open_without_waiting(path) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > most_bytes:
            raise ValueError(path)
        return file.read(most_bytes)


def write_private(path: Path, data: bytes) -> None:
    """Put a file of a cache in its place, whole, with mode 0600; missing folders are made with 0700.

    Not synced: what a power cut takes is found out again.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write_new(temporary, data)
    except FileNotFoundError:
        _make_folders(path.parent)
        _write_new(temporary, data)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise


def _write_new(path: Path, data: bytes) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags, 0o600)
    except FileExistsError:
        # A process of this number died over it.
        path.unlink()
        number = os.open(path, flags, 0o600)
    with os.fdopen(number, "wb", buffering=0) as file:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            path.unlink()
            raise


def _make_folders(folder: Path) -> None:
    for missing in reversed([folder, *folder.parents]):
        if not missing.is_dir():
            missing.mkdir(mode=0o700, exist_ok=True)


def _signature(status: os.stat_result) -> Signature:
    return Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


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
