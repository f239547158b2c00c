"""Put a new history, with all that can be read, in the place of a damaged one, which is kept byte for byte.

Killed at any moment, the next start has either the damaged file still to replace, or a salvaged one that is
whole and has only to be put into its place.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.store.connections import file_uri, open_reader
from desktop.store.failures import environment_problem, says_damaged
from desktop.store.files import create_private_file, sync_folder
from desktop.store.salvage import Salvaged, count_saved, salvage
from desktop.store.soundness import is_known_sound
from desktop.store.upgrades import refuse_newer

_DAMAGED, _SALVAGED, _PART = ".damaged-", ".salvaged-", ".part"
_BESIDE = ("", "-wal", "-shm")

_log = logging.getLogger(__name__)


def replace_if_damaged(path: Path, *, in_use: bool) -> tuple[Problem, ...]:
    """Look at the file, and replace it if need be. Only while nobody else opens it.

    Args:
        path: the database.
        in_use: another process has it open.

    Returns:
        What must be told: DATABASE_SALVAGED, or DATABASE_DAMAGED if nothing could be saved.

    Raises:
        ProblemError: DATABASE_DAMAGED if another process uses it; DATABASE_NEWER.
        OSError: there is no room for what can be saved; nothing was changed.
        sqlite3.Error: the same, or the file is locked.
    """
    if not is_damaged(path):
        return ()
    if in_use:
        # Renaming it under a living process would send that process's writes to the file that was set aside.
        raise ProblemError(problem(Code.DATABASE_DAMAGED, folder=str(path.parent), file=path.name))
    stamp = _free_stamp(path)
    salvaged = path.with_name(f"{path.name}{_SALVAGED}{stamp}")
    saved = _salvage_to(salvaged, path)
    notice = _put_aside(path, stamp)
    if saved is None:
        create_private_file(path)
        return (notice,)
    salvaged.replace(path)
    sync_folder(path.parent)
    return (_told(notice, saved),)


def end_replacing(path: Path) -> tuple[Problem, ...]:
    """Do what is left of a replacement that was cut off; what it has to tell."""
    notices: tuple[Problem, ...] = ()
    for left in sorted(path.parent.glob(f"{path.name}{_SALVAGED}*")):
        stamp = left.name.removeprefix(f"{path.name}{_SALVAGED}")
        if _PART in stamp:
            left.unlink(missing_ok=True)
            continue
        notice = _put_aside(path, stamp)
        left.replace(path)
        sync_folder(path.parent)
        with closing(open_reader(path)) as connection:
            notices += (_told(notice, count_saved(connection)),)
    return notices


def is_damaged(path: Path) -> bool:
    """Look without writing: a connection that may write would change the file when it is closed.

    Raises:
        ProblemError: DATABASE_NEWER.
        sqlite3.Error: it cannot be looked at, for example because it is locked.
    """
    try:
        with closing(open_reader(path)) as probe:
            refuse_newer(probe)
            # Reading all of a large history would be most of the start.
            if is_known_sound(path):
                return False
            return bool(probe.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")
    except UnicodeDecodeError:
        # Python cannot even tell what SQLite says of a damaged name.
        return True
    except sqlite3.Error as error:
        if not says_damaged(error, path.parent):
            raise
        return True


def salvage_beside(target: sqlite3.Connection, path: Path) -> Salvaged:
    """Fill an empty database with what can be read of a damaged file and of the backups beside it."""
    log = path.with_name(f"{path.name}-wal")
    return salvage(
        target, path, log if log.exists() else None, backups=tuple(_backups(path)), folder=path.parent
    )


def empty(connection: sqlite3.Connection) -> None:
    """Make a database in memory an empty one again."""
    blank = sqlite3.connect(":memory:")
    with closing(blank):
        blank.backup(connection)


def _salvage_to(salvaged: Path, path: Path) -> Salvaged | None:
    """A new file with what could be saved, whole and on the disk; None if nothing could."""
    part = salvaged.with_name(f"{salvaged.name}{_PART}")
    create_private_file(part)
    try:
        with closing(_open_scratch(part)) as target:
            saved = salvage_beside(target, path)
        _sync(part)
    except Exception as error:
        _unlink(part)
        trouble = environment_problem(error, path.parent)
        if trouble is not None and trouble.code is Code.DISK_FULL:
            raise
        # Whatever a damaged file can make of our code: it is kept, and the application goes on.
        _log.exception("nothing could be saved of a damaged history")
        return None
    part.replace(salvaged)
    sync_folder(path.parent)
    return saved


def _open_scratch(path: Path) -> sqlite3.Connection:
    """For a file that nobody knows yet: quick, because what is cut off is thrown away."""
    connection = sqlite3.connect(file_uri(path, mode="rw"), uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = MEMORY").fetchone()
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _unlink(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink(missing_ok=True)


def _put_aside(path: Path, stamp: str) -> Problem:
    """Rename the damaged file and what SQLite keeps beside it, as far as they are there."""
    aside = path.with_name(f"{path.name}{_DAMAGED}{stamp}")
    for suffix in _BESIDE:
        old = path.with_name(f"{path.name}{suffix}")
        if old.exists():
            old.rename(aside.with_name(f"{aside.name}{suffix}"))
    return problem(Code.DATABASE_DAMAGED, folder=str(path.parent), file=aside.name)


def _told(notice: Problem, saved: Salvaged) -> Problem:
    if not saved.conversations:
        return notice
    return problem(
        Code.DATABASE_SALVAGED,
        **notice.parameters,
        conversations=saved.conversations,
        damaged=saved.damaged,
    )


def _free_stamp(path: Path) -> str:
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    name, number = stamp, 1
    while path.with_name(f"{path.name}{_DAMAGED}{name}").exists():
        number += 1
        name = f"{stamp}-{number}"
    return name


def _backups(path: Path) -> Iterator[Path]:
    """Those that upgrades have left, the newest first."""
    start = f"{path.name}.backup-v"
    found = [p for p in path.parent.glob(f"{start}*") if p.name.removeprefix(start).isdigit()]
    yield from sorted(found, key=lambda p: int(p.name.removeprefix(start)), reverse=True)
