"""Gives a file another name in its folder, and never writes over another file."""

import errno
import os
import sys
from pathlib import Path

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable

_MAX_NAME_BYTES = 255
_AT_FDCWD = -100
_NO_REPLACE = 1
_NOT_THERE = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
_FORBIDDEN_ON_WINDOWS = frozenset('<>:"/\\|?*')


def name_problem(name: str) -> Problem | None:
    """NAME_NOT_POSSIBLE, if no file can have this name on this system."""
    try:
        length = len(os.fsencode(name))
    except UnicodeEncodeError:
        length = _MAX_NAME_BYTES + 1
    forbidden = _FORBIDDEN_ON_WINDOWS if os.name == "nt" else {"/"}
    wrong = not name.strip() or name in (".", "..") or "\0" in name or not forbidden.isdisjoint(name)
    if wrong or length > _MAX_NAME_BYTES:
        return problem(Code.NAME_NOT_POSSIBLE, name=printable(name))
    return None


def rename(path: Path, name: str) -> Path:
    """Give a file another name; its new path.

    Raises:
        ProblemError: NAME_NOT_POSSIBLE, NAME_TAKEN, IMAGE_MISSING or NOT_RENAMED.
    """
    wrong = name_problem(name)
    if wrong is not None:
        raise ProblemError(wrong)
    renamed = path.with_name(name)
    try:
        move(path, renamed)
    except FileExistsError as error:
        raise ProblemError(problem(Code.NAME_TAKEN, name=printable(name))) from error
    except FileNotFoundError as error:
        raise ProblemError(problem(Code.IMAGE_MISSING, name=printable(path.name))) from error
    except OSError as error:
        raise ProblemError(
            problem(Code.NOT_RENAMED, name=printable(path.name), reason=printable(error.strerror or ""))
        ) from error
    return renamed


def move(path: Path, to: Path) -> None:
    """Move within one disk.

    Raises:
        FileExistsError: there is something else at ``to``.
        OSError: any other reason; EXDEV between two disks.
    """
    if _renamed_without_replacing(path, to):
        return
    # Another file may come in this moment, but not on Windows, which never replaces one.
    if os.path.lexists(to) and not _is_same(path, to):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(to))
    os.rename(path, to)  # noqa: PTH104 - `Path.rename` is the same


def _renamed_without_replacing(path: Path, to: Path) -> bool:
    """False where the system or the file system cannot: Linux can, mostly."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415 - not needed to start

    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(path), _AT_FDCWD, os.fsencode(to), _NO_REPLACE) == 0:
        return True
    number = ctypes.get_errno()
    # A disk that ignores case says that the name is taken, by the file itself.
    if number in _NOT_THERE or (number == errno.EEXIST and _is_same(path, to)):
        return False
    raise OSError(number, os.strerror(number), str(path))


def _is_same(path: Path, to: Path) -> bool:
    """Whether both are one entry of a folder, written otherwise."""
    try:
        return path.name.casefold() == to.name.casefold() and path.parent == to.parent and path.samefile(to)
    except OSError:
        return False
