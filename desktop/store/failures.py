"""What the environment did wrong, as problems; what we did wrong stays an exception."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.core.problems import Code, Problem, ProblemError, problem

# The low byte of an extended result code is its class: https://sqlite.org/rescode.html
_BY_CLASS = {
    sqlite3.SQLITE_FULL: Code.DISK_FULL,
    sqlite3.SQLITE_READONLY: Code.FOLDER_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Code.FOLDER_READ_ONLY,
    sqlite3.SQLITE_PERM: Code.FOLDER_READ_ONLY,
    sqlite3.SQLITE_AUTH: Code.FOLDER_READ_ONLY,
    sqlite3.SQLITE_BUSY: Code.DATABASE_LOCKED,
    sqlite3.SQLITE_LOCKED: Code.DATABASE_LOCKED,
    sqlite3.SQLITE_PROTOCOL: Code.DATABASE_LOCKED,
    sqlite3.SQLITE_CORRUPT: Code.DATABASE_DAMAGED,
    sqlite3.SQLITE_NOTADB: Code.DATABASE_DAMAGED,
    # What is left of the I/O errors: the disk cannot give back what was written.
    sqlite3.SQLITE_IOERR: Code.DATABASE_DAMAGED,
}
# A quota, a file size limit and a full disk below the shared memory file do not come as SQLITE_FULL.
_NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
    }
)
_BY_ERRNO = {
    errno.ENOSPC: Code.DISK_FULL,
    errno.EFBIG: Code.DISK_FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): Code.DISK_FULL,
    errno.EACCES: Code.FOLDER_READ_ONLY,
    errno.EPERM: Code.FOLDER_READ_ONLY,
    errno.EROFS: Code.FOLDER_READ_ONLY,
    errno.EEXIST: Code.FOLDER_READ_ONLY,
    errno.ENOTDIR: Code.FOLDER_READ_ONLY,
    errno.ELOOP: Code.FOLDER_READ_ONLY,
    errno.ENAMETOOLONG: Code.FOLDER_READ_ONLY,
}


def environment_problem(error: BaseException, folder: Path) -> Problem | None:
    """Name what went wrong around us.

    Args:
        error: what SQLite or the operating system raised.
        folder: the data folder, for the sentence.

    Returns:
        DISK_FULL, FOLDER_READ_ONLY, DATABASE_LOCKED or DATABASE_DAMAGED, each with ``folder``; None if it is
        our mistake.
    """
    code: Code | None = None
    if isinstance(error, sqlite3.Error):
        code = _code_of(getattr(error, "sqlite_errorcode", None))
    elif isinstance(error, OSError):
        code = _BY_ERRNO.get(error.errno or 0)
    return None if code is None else problem(code, folder=str(folder))


def says_damaged(error: sqlite3.Error, folder: Path) -> bool:
    """Whether SQLite means that the file itself is not what it should be."""
    return _says(error, folder, Code.DATABASE_DAMAGED)


def says_locked(error: sqlite3.Error, folder: Path) -> bool:
    """Whether SQLite means that another process has the file."""
    return _says(error, folder, Code.DATABASE_LOCKED)


def _says(error: sqlite3.Error, folder: Path, code: Code) -> bool:
    trouble = environment_problem(error, folder)
    return trouble is not None and trouble.code is code


def _code_of(result_code: int | None) -> Code | None:
    if result_code is None:
        return None
    if result_code in _NO_ROOM:
        return Code.DISK_FULL
    return _BY_CLASS.get(result_code & 0xFF)


@contextmanager
def environment_named(folder: Path) -> Iterator[None]:
    """Within this block the environment's errors become `ProblemError`; ours pass as they are."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        trouble = environment_problem(error, folder)
        if trouble is None:
            raise
        raise ProblemError(trouble) from error
