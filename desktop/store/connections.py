"""SQLite connections with the pragmas that every use of this history needs, and transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SQLITE_VERSION = sqlite3.sqlite_version
BUSY_TIMEOUT_MS = 5000
"""How long a statement waits for another process: `ask` may run beside the window."""


def open_writer(path: Path) -> sqlite3.Connection:
    """Open the file for the one thread that writes; ``-wal`` and ``-shm`` get its mode, 0600.

    Raises:
        sqlite3.Error: see `failures`.
    """
    connection = _connect(file_uri(path, mode="rw"))
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        # A finished answer must be there after a power cut, not only after a crash.
        connection.execute("PRAGMA synchronous = FULL")
        # What the user deletes is overwritten.
        connection.execute("PRAGMA secure_delete = ON").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reader(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """Open the file for reading only; nothing is created, and nothing in it is changed, not even at the end.

    Args:
        path: the database.
        immutable: for a folder that cannot be written, where SQLite cannot make its ``-shm``; the ``-wal`` is
            not read.

    Raises:
        sqlite3.Error: see `failures`.
    """
    return _connect(file_uri(path, immutable="1") if immutable else file_uri(path, mode="ro"))


def open_empty() -> sqlite3.Connection:
    """A database in memory, for a folder that cannot be written and holds no history."""
    return _connect("file::memory:")


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        # Opened on the writing thread, which hands the reading one over and never touches it again.
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    # One damaged text must not keep the rows around it from being read; its hash tells that it is damaged.
    connection.text_factory = _text
    connection.execute("PRAGMA foreign_keys = ON")
    # Rows of a hostile file must not run functions of ours.
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def file_uri(path: Path, **parameters: str) -> str:
    """A ``file:`` address of any path, also of one that is not UTF-8 (https://sqlite.org/uri.html)."""
    name = os.fsencode(path.absolute().as_posix())
    slash = b"" if name.startswith(b"/") else b"/"
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    return f"file://{quote(slash + name)}?{query}"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing. Takes the write lock first, so that what was read is still true when it is written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # Some failures (a full disk) have rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def patience(connection: sqlite3.Connection, timeout_ms: int) -> Iterator[None]:
    """Within the block a statement waits for another process so long, and no longer."""
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    # A pragma takes no parameters; both numbers are ours.
    connection.execute(f"PRAGMA busy_timeout = {timeout_ms:d}").fetchone()
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before:d}").fetchone()


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Several queries that see the same: a commit between two of them is seen by none."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("COMMIT")


def has_full_text_search(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5, which searching the history needs."""
    row = connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone()
    return row is not None
