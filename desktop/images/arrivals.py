"""Tells which images are new in a folder and finished: no Qt, no thread, no clock of its own."""

import contextlib
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable
from desktop.images.files import Signature, signature_of
from desktop.images.scan import scan

STILL_S: Final = 0.5
"""A file whose size and times have stayed for so long is finished, unless a program still writes to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a folder found.

    Attributes:
        arrived: new files that are finished, in natural order.
        waiting: whether some new file is not finished yet.
        problem: why the folder cannot be looked at (WATCHED_FOLDER_MISSING, FOLDER_UNREADABLE).
    """

    arrived: tuple[Path, ...] = ()
    waiting: bool = False
    problem: Problem | None = None


@dataclass(slots=True)
class Arrivals:
    """One folder, looked at again and again by one thread.

    What is there at the first look is not new, and neither is what the folder holds after another disk has
    come into its place. Names that go are forgotten: a file that comes back is new.

    Attributes:
        folder: absolute.
    """

    folder: Path
    _known: dict[int, set[Path]] = field(default_factory=dict)
    _growing: dict[Path, tuple[Signature, float]] = field(default_factory=dict)

    def look(self, now_s: float) -> Look:
        """Look at the folder.

        Args:
            now_s: the monotonic clock, in seconds.
        """
        try:
            device, there = _images_in(self.folder)
        except ProblemError as error:
            self._growing.clear()
            return Look(problem=error.problem)
        if device not in self._known:
            self._known[device] = set(there)
            return Look()
        known = self._known[device]
        known.intersection_update(there)
        fresh = dict.fromkeys(path for path in there if path not in known)
        self._growing = {path: seen for path, seen in self._growing.items() if path in fresh}
        arrived = tuple(path for path in fresh if self._is_finished(path, now_s))
        known.update(arrived)
        for path in arrived:
            self._growing.pop(path, None)
        return Look(arrived=arrived, waiting=len(arrived) < len(fresh))

    def _is_finished(self, path: Path, now_s: float) -> bool:
        try:
            signature = signature_of(path)
        except OSError:
            # It is gone already, or its disk does not answer: the next look tells.
            self._growing.pop(path, None)
            return False
        seen = self._growing.get(path)
        if seen is None or seen[0] != signature:
            self._growing[path] = (signature, now_s)
            return False
        # Many programs make an empty file first.
        return signature.size_bytes > 0 and now_s - seen[1] >= STILL_S and not is_being_written(path)


FolderState = tuple[int, int, int]
"""Its disk, its number on that, and when its entries changed last."""


def state_of(folder: Path) -> FolderState | None:
    """Tells cheaply whether a look is worth while; None if the folder is not there."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns


def is_being_written(path: Path) -> bool:
    """Whether a program of this computer has the file open for writing; False where it cannot be told.

    On Linux a lease for reading is given only while nobody has (``fcntl(2)``, F_SETLEASE).
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - not on every system

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Who opens it in this very moment waits until it is let go of, and we are told by a signal: by
        # one that does nothing, because the usual one ends the process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        # Not every file system has leases, and not every file is one's own.
        return False
    else:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    finally:
        os.close(descriptor)


def _images_in(folder: Path) -> tuple[int, list[Path]]:
    """The number of the folder's disk, and its images."""
    device = _device(folder)
    found: list[Path] = []
    for step in scan((folder,), recursive=False):
        unreadable = [trouble for trouble in step.problems if trouble.code is not Code.NOTHING_FOUND]
        if unreadable:
            raise ProblemError(unreadable[0])
        found.extend(step.files)
    # If it was gone in this moment, its name was taken for that of a file.
    if folder in found or _device(folder) != device:
        raise ProblemError(_missing(folder))
    return device, found


def _device(folder: Path) -> int:
    try:
        if not folder.is_dir():
            raise ProblemError(_missing(folder))
        return folder.stat().st_dev
    except OSError as error:
        raise ProblemError(_missing(folder)) from error


def _missing(folder: Path) -> Problem:
    return problem(Code.WATCHED_FOLDER_MISSING, name=printable(folder.name or str(folder)))
