"""Room on a disk that is full to the last byte, so that what the user deletes can be deleted."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from desktop.store.upgrades import drop_backups


def make_room(connection: sqlite3.Connection, database: Path) -> None:
    """Give back what goes with a deleted conversation anyway: the backups, and the log.

    Args:
        connection: the writing one, outside of a transaction.
        database: the file.
    """
    drop_backups(database)
    with suppress(sqlite3.OperationalError):
        # What the log holds goes to its place, and the log's own room is free.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
