"""Open the history: private, checked, up to date; or a copy for this session, when it cannot be written."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.core.model import AnswerState
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.store.connections import (
    BUSY_TIMEOUT_MS,
    open_empty,
    open_reader,
    open_writer,
    patience,
    transaction,
)
from desktop.store.failures import environment_named, environment_problem, says_damaged, says_locked
from desktop.store.files import create_private_file, make_private, make_private_folder
from desktop.store.images import collect_garbage, forget_holds, sweep_unfinished
from desktop.store.owners import Owner, become_owner, living, release
from desktop.store.replacing import empty, end_replacing, replace_if_damaged, salvage_beside
from desktop.store.reserve import drop_reserve, keep_reserve
from desktop.store.soundness import checked_at, is_known_sound, note_closed
from desktop.store.stand_in import make_stand_in, remove_stand_in
from desktop.store.upgrades import refuse_newer, upgrade

DATABASE = "sightline.db"
OPENING_LOCK = "opening.lock"
CLEANING_TIMEOUT_MS = 500
"""Whoever opens waits no longer for another process only to clean up."""


_UNWRITABLE = frozenset({Code.FOLDER_READ_ONLY, Code.DISK_FULL, Code.DATABASE_NEWER, Code.DATABASE_DAMAGED})
"""Where the user can still read what is there, and ask what is kept for this session alone."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open history.

    Attributes:
        folder: where it is.
        reader: for the reading thread; never writes.
        writer: for the writing thread; None if there is no place at all that can be written.
        owner: this process's mark; None with ``writer``.
        notices: what the user must be told, in the order in which it happened.
        stands_in_for: the folder whose history cannot be written; ``folder`` is a temporary one then.
        has_reserve: room is kept for what matters, see `reserve`.
        checked_s: when the whole file was checked, in seconds since the epoch.
    """

    folder: Path
    reader: sqlite3.Connection
    writer: sqlite3.Connection | None = None
    owner: Owner | None = None
    notices: tuple[Problem, ...] = ()
    stands_in_for: Path | None = None
    has_reserve: bool = False
    checked_s: float = 0.0


def open_history(folder: Path) -> Opened:
    """Open or create the history in ``folder``, or what stands in for it where it cannot be written.

    Raises:
        ProblemError: DATABASE_LOCKED. Nothing was changed.
    """
    try:
        return _open_for_writing(folder)
    except ProblemError as error:
        if error.problem.code is Code.DISK_FULL and drop_reserve(folder):
            return open_history(folder)
        if error.problem.code not in _UNWRITABLE:
            raise
        return _open_stand_in(folder, error.problem)


def close_history(opened: Opened) -> None:
    """Let go of the writing connection and of this process's mark; what stands in is removed."""
    if opened.writer is not None:
        opened.writer.close()
        if opened.stands_in_for is None:
            note_closed(opened.folder / DATABASE, opened.checked_s)
    if opened.owner is not None:
        release(opened.owner, opened.folder)
    if opened.stands_in_for is not None and opened.writer is not None:
        remove_stand_in(opened.folder)


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
    notices = end_replacing(path)
    create_private_file(path)
    checked_s = checked_at(path) if is_known_sound(path) else time.time()
    notices += replace_if_damaged(path, in_use=bool(alive))
    writer = open_writer(path)
    try:
        upgrade(writer, path)
        _end_what_died(writer, folder, alive)
        notices += _reserve_notices(folder)
        owner = become_owner(folder)
        return Opened(
            folder, open_reader(path), writer, owner, notices, has_reserve=True, checked_s=checked_s
        )
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
    sweep_unfinished(folder, alive)
    try:
        with patience(writer, CLEANING_TIMEOUT_MS):
            mark_interrupted(writer, alive)
            forget_holds(writer, alive)
            collect_garbage(writer, folder)
    except sqlite3.OperationalError as error:
        if not says_locked(error, folder):
            raise
        # Another process writes, and the history can be read: the next start does it.


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


def _open_stand_in(folder: Path, notice: Problem) -> Opened:
    """Serve a copy, which can be written; one in memory that cannot, if there is no place for it."""

    def fill(target: sqlite3.Connection) -> None:
        # What a newer version has written is not understood, and left alone.
        if notice.code is not Code.DATABASE_NEWER:
            _copy(folder / DATABASE, target)
        upgrade(target, None)
        mark_interrupted(target, frozenset())

    with environment_named(folder):
        try:
            place = make_stand_in(DATABASE, fill)
        except (OSError, sqlite3.Error):
            memory = open_empty()
            fill(memory)
            memory.execute("PRAGMA query_only = ON")
            return Opened(folder, memory, notices=(notice,))
    with environment_named(place):
        writer = open_writer(place / DATABASE)
        return Opened(
            place,
            open_reader(place / DATABASE),
            writer,
            become_owner(place),
            (notice, problem(Code.NOTHING_STORED)),
            stands_in_for=folder,
        )


def _copy(path: Path, memory: sqlite3.Connection) -> None:
    """The history as it is; what can be read of a damaged one."""
    if not _has_content(path):
        return
    try:
        with closing(_open_unwritable(path)) as source:
            refuse_newer(source)
            source.backup(memory)
        if memory.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
            return
    except sqlite3.DatabaseError as error:
        if not says_damaged(error, path.parent):
            raise
    empty(memory)
    salvage_beside(memory, path)


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
