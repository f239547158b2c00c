"""Open the history: private, checked, up to date; or for reading only, when the folder cannot be written."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.core.model import AnswerState
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.store.connections import (
    BUSY_TIMEOUT_MS,
    open_empty,
    open_reader,
    open_writer,
    transaction,
)
from desktop.store.failures import environment_named, environment_problem
from desktop.store.files import create_private_file, make_private, make_private_folder
from desktop.store.images import collect_garbage, forget_holds, sweep_unfinished
from desktop.store.owners import Owner, become_owner, living
from desktop.store.reserve import drop_reserve, keep_reserve
from desktop.store.soundness import checked_at, is_known_sound
from desktop.store.upgrades import refuse_newer, upgrade

DATABASE = "sightline.db"
OPENING_LOCK = "opening.lock"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open history.

    Attributes:
        reader: for the reading thread; never writes.
        writer: for the writing thread; None if the folder cannot be written.
        owner: this process's mark; None with ``writer``.
        notices: what the user must be told, in the order in which it happened.
        checked_s: when the whole file was checked, in seconds since the epoch.
    """

    reader: sqlite3.Connection
    writer: sqlite3.Connection | None = None
    owner: Owner | None = None
    notices: tuple[Problem, ...] = ()
    checked_s: float = 0.0


def open_history(folder: Path) -> Opened:
    """Open or create the history in ``folder``.

    Raises:
        ProblemError: DATABASE_LOCKED, DATABASE_NEWER; DATABASE_DAMAGED if another process uses the damaged
            file, or it cannot be set aside. Nothing was changed.
    """
    try:
        return _open_for_writing(folder)
    except ProblemError as error:
        if error.problem.code is Code.DISK_FULL and drop_reserve(folder):
            return _open_for_writing(folder)
        if error.problem.code not in {Code.FOLDER_READ_ONLY, Code.DISK_FULL}:
            raise
        return _open_for_reading(folder, error.problem)


def _open_for_writing(folder: Path) -> Opened:
    with environment_named(folder):
        try:
            make_private_folder(folder)
        except FileNotFoundError as error:
            # Its parent is there: no folder can be made in it, as in /proc.
            raise PermissionError(13, "read-only", str(folder)) from error
        make_private(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "read-only", str(folder))
        try:
            # One at a time: nobody writes to a file that is set aside, or sweeps what is just made.
            with FileLock(folder / OPENING_LOCK, timeout=BUSY_TIMEOUT_MS / 1000, mode=0o600):
                return _open_alone(folder)
        except Timeout:
            raise ProblemError(problem(Code.DATABASE_LOCKED, folder=str(folder))) from None


def _open_alone(folder: Path) -> Opened:
    path = folder / DATABASE
    alive = living(folder)
    create_private_file(path)
    checked_s = checked_at(path) if is_known_sound(path) else time.time()
    notices = _set_aside_if_damaged(path, in_use=bool(alive))
    writer = open_writer(path)
    try:
        upgrade(writer, path)
        _end_what_died(writer, folder, alive)
        notices += _reserve_notices(folder)
        return Opened(open_reader(path), writer, become_owner(folder), notices, checked_s)
    except BaseException:
        writer.close()
        raise


def _reserve_notices(folder: Path) -> tuple[Problem, ...]:
    try:
        keep_reserve(folder)
    except OSError as error:
        trouble = environment_problem(error, folder)
        return () if trouble is None else (trouble,)
    return ()


def _end_what_died(writer: sqlite3.Connection, folder: Path, alive: frozenset[str]) -> None:
    mark_interrupted(writer, alive)
    sweep_unfinished(folder, alive)
    forget_holds(writer, alive)
    collect_garbage(writer, folder)


def mark_interrupted(connection: sqlite3.Connection, alive: frozenset[str]) -> None:
    """Answers whose process has died stay with the text that had come, marked INTERRUPTED."""
    owners = {row[0] for row in connection.execute("SELECT owner FROM message WHERE state = 'running'")}
    if not owners - alive:
        return
    with transaction(connection):
        for owner in owners - alive:
            connection.execute(
                "UPDATE message SET state = ?, owner = NULL WHERE state = 'running' AND owner IS ?",
                (AnswerState.INTERRUPTED, owner),
            )


def _set_aside_if_damaged(path: Path, *, in_use: bool) -> tuple[Problem, ...]:
    if not _is_damaged(path):
        return ()
    if in_use:
        # Renaming it under a living process would send that process's writes to the file that was set aside.
        raise ProblemError(problem(Code.DATABASE_DAMAGED, folder=str(path.parent), file=path.name))
    aside = _free_name(path)
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(aside.with_name(aside.name + suffix))
    create_private_file(path)
    return (problem(Code.DATABASE_DAMAGED, folder=str(path.parent), file=aside.name),)


def _is_damaged(path: Path) -> bool:
    """Look without writing: a connection that may write would change the file when it is closed."""
    try:
        with closing(open_reader(path)) as probe:
            refuse_newer(probe)
            # Reading all of a large history would be most of the start.
            return not is_known_sound(path) and bool(
                probe.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"
            )
    except sqlite3.Error as error:
        trouble = environment_problem(error, path.parent)
        if trouble is None or trouble.code is not Code.DATABASE_DAMAGED:
            raise
        return True


def _free_name(path: Path) -> Path:
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    name = f"{path.name}.damaged-{stamp}"
    number = 1
    while path.with_name(name).exists():
        number += 1
        name = f"{path.name}.damaged-{stamp}-{number}"
    return path.with_name(name)


def _open_for_reading(folder: Path, notice: Problem) -> Opened:
    """Serve a copy in memory: it can be of an older version, and answers of dead processes are marked."""
    with environment_named(folder):
        memory = open_empty()
        path = folder / DATABASE
        if _has_content(path):
            with closing(_open_unwritable(path)) as source:
                refuse_newer(source)
                source.backup(memory)
        upgrade(memory, None)
        mark_interrupted(memory, frozenset())
        memory.execute("PRAGMA query_only = ON")
        return Opened(memory, notices=(notice,))


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _open_unwritable(path: Path) -> sqlite3.Connection:
    """With what is in the ``-wal`` if SQLite can read that here, else without."""
    connection = open_reader(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return open_reader(path, immutable=True)
    return connection
