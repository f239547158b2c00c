"""Folders that are watched for new images: SQL as functions of a connection."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from desktop.store import rows
from desktop.store.connections import transaction


def watched_folders(connection: sqlite3.Connection) -> tuple[Path, ...]:
    """The folders, by their names."""
    found = connection.execute("SELECT path FROM watched_folder ORDER BY path")
    return tuple(rows.path_value(row["path"]) for row in found)


def set_watched(connection: sqlite3.Connection, folders: Iterable[Path]) -> None:
    """Watch these, and no others."""
    with transaction(connection):
        connection.execute("DELETE FROM watched_folder")
        connection.executemany(
            "INSERT OR IGNORE INTO watched_folder (path) VALUES (?)",
            [(rows.path_bytes(folder),) for folder in folders],
        )
