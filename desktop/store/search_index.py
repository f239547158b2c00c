"""The full-text index: what can be found, made from the messages and kept beside them.

It is nobody's only copy: a missing or damaged one is made anew. One row of `search_index` stands for a
message (with the same id): its text, names and read texts of its files, title and tags of its conversation,
and the model and the tags as words that nobody types. All of it is folded before (`core.folding`), so that
SQLite's own tokenizer has nothing left to decide.

Triggers note in `touched` what has to be looked at again; `index_some` does it, a few milliseconds at a time.
"""

import sqlite3
import time
from collections.abc import Callable

from desktop.core.folding import shadow
from desktop.core.search import about
from desktop.store.connections import transaction

MAX_CHARS = 200_000
"""So much of one text can be found."""
BATCH_S = 0.004
"""So long an answer that is to be stored waits for the index at the most, about."""
_MOST_AT_ONCE = 200
_MERGE_PAGES = 24
_PURGE = "search_purge"
_FILL = "search_fill"
"""Messages below this id are older than the index and not in it yet."""

_CREATE = """
    CREATE VIRTUAL TABLE search_index USING fts5(
        body, names, read, about, facets, prefix = '3', tokenize = 'unicode61')
"""
_MESSAGE = """
    SELECT m.text, m.model, m.state, c.id AS conversation, c.title FROM message m
    JOIN conversation c ON c.id = m.conversation_id WHERE m.id = ?
"""
_FILES = """
    SELECT a.source_name AS name, t.text FROM attachment a LEFT JOIN found_text t ON t.source_id =
        a.source_sha256 || CASE a.source_page WHEN 0 THEN '' ELSE '#' || a.source_page END
    WHERE a.message_id = ? ORDER BY a.id
"""
_INSERT = "INSERT INTO search_index (rowid, body, names, read, about, facets) VALUES (?, ?, ?, ?, ?, ?)"


def has_index(connection: sqlite3.Connection) -> bool:
    """Whether there is an index, whole or not."""
    row = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'search_index'").fetchone()
    return row is not None


def index_some(connection: sqlite3.Connection, *, clock: Callable[[], float] = time.perf_counter) -> bool:
    """Look at some of the messages that were touched, the newest first.

    Args:
        connection: the writing one, of a SQLite with FTS5.
        clock: seconds.

    Returns:
        Whether there is more to do.

    Raises:
        sqlite3.Error: see `failures`.
    """
    try:
        if not has_index(connection):
            _begin(connection)
            return True
        if _take_in(connection, clock):
            return True
        return _wipe(connection, clock)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        drop_index(connection)
        return True


def drop_index(connection: sqlite3.Connection) -> None:
    """Forget the index, which is damaged; it is made anew by the next `index_some`."""
    connection.execute("DROP TABLE IF EXISTS search_index")


def count_unindexed(connection: sqlite3.Connection) -> int:
    """So many messages are not looked at yet."""
    query = """
        SELECT (SELECT count(*) FROM touched) + (
            SELECT count(*) FROM message
            WHERE id < (SELECT CAST(value AS INTEGER) FROM remembered WHERE key = ?))
    """
    return int(connection.execute(query, (_FILL,)).fetchone()[0])


def model_facet(model: str) -> str:
    """The word that stands for a model."""
    return "m" + model.encode("utf-8", "replace").hex()


def tag_facet(folded: str) -> str:
    """The word that stands for a tag; the beginning of a tag is the beginning of it."""
    return "t" + folded.encode().hex()


def document(connection: sqlite3.Connection, message_id: int) -> tuple[str, str, str, str, str] | None:
    """What is indexed of a message, column by column; None for one that cannot be found (yet)."""
    row = connection.execute(_MESSAGE, (message_id,)).fetchone()
    if row is None or row["state"] == "running":
        return None
    files = connection.execute(_FILES, (message_id,)).fetchall()
    tags = [
        tag[0]
        for tag in connection.execute(
            "SELECT name FROM tag WHERE conversation_id = ? ORDER BY name", (row["conversation"],)
        )
    ]
    facets = [model_facet(row["model"])] if row["model"] else []
    return (
        shadow(row["text"][:MAX_CHARS]),
        shadow("\n".join(file["name"] for file in files)),
        shadow("\n".join(file["text"] or "" for file in files)[:MAX_CHARS]),
        about(row["title"], tags),
        " ".join([*facets, *(tag_facet(shadow(tag)) for tag in tags)]),
    )


def _begin(connection: sqlite3.Connection) -> None:
    """An empty index; all messages that there are now are taken in from the newest down."""
    with transaction(connection):
        connection.execute(_CREATE)
        connection.execute("DELETE FROM touched")
        connection.execute(
            "INSERT OR REPLACE INTO remembered (key, value) SELECT ?, coalesce(max(id), 0) + 1 FROM message",
            (_FILL,),
        )


def _take_in(connection: sqlite3.Connection, clock: Callable[[], float]) -> bool:
    # Looked at first without the lock, which another process may hold: this is asked every second.
    query = "SELECT EXISTS (SELECT 1 FROM touched) OR EXISTS (SELECT 1 FROM remembered WHERE key = ?)"
    if not connection.execute(query, (_FILL,)).fetchone()[0]:
        return False
    until = clock() + BATCH_S
    with transaction(connection):
        query = "SELECT message_id FROM touched ORDER BY message_id DESC LIMIT ?"
        touched = [row[0] for row in connection.execute(query, (_MOST_AT_ONCE,))]
        for message_id in touched:
            _put(connection, message_id)
            if clock() >= until:
                break
        return bool(touched) or _fill(connection, clock, until)


def _fill(connection: sqlite3.Connection, clock: Callable[[], float], until: float) -> bool:
    """Take in some of the messages that are older than the index."""
    row = connection.execute("SELECT value FROM remembered WHERE key = ?", (_FILL,)).fetchone()
    if row is None:
        return False
    query = "SELECT id FROM message WHERE id < ? ORDER BY id DESC LIMIT ?"
    older = [found[0] for found in connection.execute(query, (int(row[0]), _MOST_AT_ONCE))]
    for message_id in older:
        _put(connection, message_id)
        connection.execute("UPDATE remembered SET value = ? WHERE key = ?", (str(message_id), _FILL))
        if clock() >= until:
            break
    if not older:
        connection.execute("DELETE FROM remembered WHERE key = ?", (_FILL,))
    return True


def _put(connection: sqlite3.Connection, message_id: int) -> None:
    made = document(connection, message_id)
    gone = connection.execute("DELETE FROM search_index WHERE rowid = ?", (message_id,)).rowcount
    if made is not None:
        connection.execute(_INSERT, (message_id, *made))
    elif gone:
        connection.execute("INSERT OR REPLACE INTO remembered (key, value) VALUES (?, '')", (_PURGE,))
    connection.execute("DELETE FROM touched WHERE message_id = ?", (message_id,))


def _wipe(connection: sqlite3.Connection, clock: Callable[[], float]) -> bool:
    """Bring all segments together: until then the words of what was deleted stay in the file's pages.

    SQLite's option 'secure-delete' would do it at once, but it is of 3.42. See "The 'merge' command",
    https://sqlite.org/fts5.html.
    """
    if connection.execute("SELECT 1 FROM remembered WHERE key = ?", (_PURGE,)).fetchone() is None:
        return False
    until = clock() + BATCH_S
    with transaction(connection):
        while clock() < until:
            before = connection.total_changes
            connection.execute(
                "INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (-_MERGE_PAGES,)
            )
            if connection.total_changes - before < 2:
                connection.execute("DELETE FROM remembered WHERE key = ?", (_PURGE,))
                break
        else:
            return True
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return False
