"""The bin of the desktop on Linux and the BSDs, by the Trash specification 1.0 of freedesktop.org.

Not Qt's: names are bytes here, and those that are no UTF-8 do not exist for Qt. A file never moves to another
disk, because that would be a copy and a deletion.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

import platformdirs

from desktop.core.leaving import cut_name
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable
from desktop.system.clock import now_utc
from desktop.system.renaming import move

_MOST_TRIED = 10_000
_MOST_STEM_BYTES = 200
"""A name in the bin gets an ending, and a number if there is one like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """A file in the bin.

    Attributes:
        path: where it was.
        kept_at: where it is now.
        told_by: the file of the bin that tells where it was; None where the system keeps that itself.
    """

    path: Path
    kept_at: Path
    told_by: Path | None = None


def put_into_bin(path: Path) -> Binned:
    """Move a file into the bin of its disk.

    Raises:
        ProblemError: IMAGE_MISSING, NO_BIN or NOT_BINNED; the file is where it was.
    """
    name = printable(path.name)
    try:
        for folder, shown in _bins(path):
            # Two places of one disk may still be two disks to the system: then the next bin is tried.
            if (binned := _moved(path, folder, shown)) is not None:
                return binned
    except FileNotFoundError as error:
        raise ProblemError(problem(Code.IMAGE_MISSING, name=name)) from error
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise ProblemError(problem(Code.NOT_BINNED, name=name, reason=reason)) from error
    raise ProblemError(problem(Code.NO_BIN, name=name))


def put_back(binned: Binned) -> Path:
    """Move a file out of the bin to where it was.

    Raises:
        ProblemError: NAME_TAKEN if another file is there by now, else NOT_PUT_BACK; it is still in the bin.
    """
    name = printable(binned.path.name)
    try:
        move(binned.kept_at, binned.path)
    except FileExistsError as error:
        raise ProblemError(problem(Code.NAME_TAKEN, name=name)) from error
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise ProblemError(problem(Code.NOT_PUT_BACK, name=name, reason=reason)) from error
    if binned.told_by is not None:
        with contextlib.suppress(OSError):
            binned.told_by.unlink()
    return binned.path


def _bins(path: Path) -> Iterator[tuple[Path, bytes]]:
    """The bins that may take the file, the best first, and the path that they note."""
    status = path.lstat()
    # Links in the folder's name are followed: what counts is the disk on which the file is.
    real = path.parent.resolve() / path.name
    home = platformdirs.user_data_path() / "Trash"
    if status.st_dev == _nearest(home).st_dev:
        if _made(home):
            yield home, os.fsencode(real)
        return
    top = _top_of_disk(real.parent)
    inside = os.fsencode(real)[len(os.fsencode(top)) :].lstrip(b"/")
    shared = top / ".Trash"
    # One for all users counts only if nobody can take away or redirect what is another's.
    with contextlib.suppress(OSError):
        mode = shared.lstat().st_mode
        if stat.S_ISDIR(mode) and mode & stat.S_ISVTX and _made(shared / str(os.getuid())):
            yield shared / str(os.getuid()), inside
    own = top / f".Trash-{os.getuid()}"
    if _made(own):
        yield own, inside


def _moved(path: Path, folder: Path, shown: bytes) -> Binned | None:
    stamp = f"{now_utc().astimezone():%Y-%m-%dT%H:%M:%S}"
    told = b"[Trash Info]\nPath=%s\nDeletionDate=%s\n" % (quote_from_bytes(shown).encode(), stamp.encode())
    info, kept = _reserved(folder, path, told)
    try:
        move(path, kept)
    except OSError as error:
        info.unlink()
        if error.errno == errno.EXDEV:
            return None
        raise
    return Binned(path=path, kept_at=kept, told_by=info)


def _reserved(folder: Path, path: Path, told: bytes) -> tuple[Path, Path]:
    """A name that is free in the bin: the note is made first, and only if there is none."""
    stem = cut_name(path.stem, _MOST_STEM_BYTES)
    for number in range(1, _MOST_TRIED):
        name = f"{stem}{path.suffix}" if number == 1 else f"{stem}.{number}{path.suffix}"
        info, kept = folder / "info" / f"{name}.trashinfo", folder / "files" / name
        if os.path.lexists(kept):
            continue
        try:
            descriptor = os.open(info, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(told)
        return info, kept
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def _made(folder: Path) -> bool:
    """Whether the bin is there, and is this user's own; it is made if it is missing."""
    try:
        for part in (folder, folder / "files", folder / "info"):
            if not part.is_dir():
                part.mkdir(mode=0o700, parents=part is folder)
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def _nearest(folder: Path) -> os.stat_result:
    """Of the folder, or of the first above it that is there."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(FileNotFoundError):
            return place.stat()
    raise FileNotFoundError(folder)


def _top_of_disk(folder: Path) -> Path:
    while not os.path.ismount(folder) and folder.parent != folder:
        folder = folder.parent
    return folder
