"""Bring a file to the version that this Sightline knows, with a backup before, or refuse a newer one."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from desktop.core.problems import Code, ProblemError, problem
from desktop.store.connections import file_uri, transaction
from desktop.store.files import create_private_file, sync_folder
from desktop.store.migrations import MIGRATIONS, SCRUBS, Migration

Scrub = Callable[[sqlite3.Connection], None]


def version_of(connection: sqlite3.Connection) -> int:
    """The file's ``user_version``: the number of migrations that it has seen; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Stop before anything is changed in a file of a later Sightline.

    Raises:
        ProblemError: DATABASE_NEWER with ``found`` and ``known``.
    """
    version = version_of(connection)
    if version > len(migrations):
        raise ProblemError(problem(Code.DATABASE_NEWER, found=version, known=len(migrations)))


def upgrade(
    connection: sqlite3.Connection,
    path: Path | None,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    scrubs: Mapping[int, Scrub] = SCRUBS,
) -> None:
    """Run the migrations that the file has not seen, each in one transaction with its number.

    Args:
        connection: the only one that writes.
        path: the file, for the backup beside it; None for a database in memory.
        migrations: all of them, from the first.
        scrubs: what is taken out of the backup of a file of that version.

    Raises:
        ProblemError: DATABASE_NEWER.
        sqlite3.Error: a migration failed; it is undone, and the ones before it stay.
    """
    refuse_newer(connection, migrations)
    version = version_of(connection)
    if path is not None and 0 < version < len(migrations):
        back_up(connection, path.with_name(f"{path.name}.backup-v{version}"), scrub=scrubs.get(version))
    for number in range(version, len(migrations)):
        with transaction(connection):
            for statement in migrations[number]:
                if isinstance(statement, str):
                    connection.execute(statement)
                else:
                    statement(connection)
            # A pragma takes no parameters; the number is ours.
            connection.execute(f"PRAGMA user_version = {number + 1}")
    if version < len(migrations):
        # What a migration took out is still in the file's old pages until the log is written into it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def back_up(connection: sqlite3.Connection, target: Path, *, scrub: Scrub | None = None) -> None:
    """Copy the whole database to ``target``, which is whole or not there.

    Args:
        connection: to the database.
        target: the copy.
        scrub: takes out of the copy what must be in no file of ours any more.

    Raises:
        OSError: the folder is read-only or full.
        sqlite3.Error: the same, seen by SQLite.
    """
    unfinished = target.with_name(f"{target.name}.part")
    # Of an upgrade that was killed: what it left need not be a database.
    unfinished.unlink(missing_ok=True)
    try:
        create_private_file(unfinished)
        with closing(sqlite3.connect(file_uri(unfinished, mode="rw"), uri=True)) as copy:
            connection.backup(copy)
            if scrub is not None:
                _scrub(copy, scrub)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(target.parent)


def _scrub(copy: sqlite3.Connection, scrub: Scrub) -> None:
    copy.execute("PRAGMA secure_delete = ON").fetchone()
    # Without a log beside it, and with no page left over in which something stood before.
    copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    scrub(copy)
    copy.commit()
    copy.execute("VACUUM")


def drop_backups(path: Path) -> None:
    """Delete the backups beside a database: they hold what was deleted from it."""
    for backup in path.parent.glob(f"{path.name}.backup-v*"):
        backup.unlink(missing_ok=True)
