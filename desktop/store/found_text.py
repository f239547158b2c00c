"""Text that the reader on this computer has found, by the page it was found on.

It is of the untouched page, what is blacked out included, and is kept to be searched on this computer.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from desktop.store import rows
from desktop.store.connections import transaction

MAX_CHARS = 200_000
_IDS_AT_ONCE = 500


def keep_text(connection: sqlite3.Connection, source_id: str, text: str) -> None:
    """Keep what was read on a page; empty where nothing is written there. At most 200,000 characters."""
    connection.execute(
        "INSERT INTO found_text (source_id, text) VALUES (?, ?)"
        " ON CONFLICT (source_id) DO UPDATE SET text = excluded.text",
        (source_id, rows.clean(text[:MAX_CHARS])),
    )


def read_texts(connection: sqlite3.Connection, source_ids: Sequence[str]) -> Mapping[str, str]:
    """The texts of those pages that were read."""
    found: dict[str, str] = {}
    for part, marks in _parts(source_ids):
        query = f"SELECT source_id, text FROM found_text WHERE source_id IN ({marks})"  # noqa: S608 - only marks
        found.update((row["source_id"], row["text"]) for row in connection.execute(query, part))
    return found


def unread(connection: sqlite3.Connection, source_ids: Sequence[str]) -> frozenset[str]:
    """Those of the pages that were not read yet."""
    read: set[str] = set()
    for part, marks in _parts(source_ids):
        query = f"SELECT source_id FROM found_text WHERE source_id IN ({marks})"  # noqa: S608 - only marks
        read.update(row["source_id"] for row in connection.execute(query, part))
    return frozenset(source_ids) - read


def forget_texts(connection: sqlite3.Connection, source_ids: Sequence[str]) -> None:
    """Forget what was read on these pages, unless some conversation has them."""
    with transaction(connection):
        for part, marks in _parts(source_ids):
            connection.execute(
                f"DELETE FROM found_text WHERE source_id IN ({marks}) AND NOT EXISTS ("  # noqa: S608 - only marks
                "SELECT 1 FROM attachment WHERE source_sha256 = substr(source_id, 1, 64)"
                " AND source_page = CAST(substr(source_id, 66) AS INTEGER))",
                part,
            )


def drop_texts(connection: sqlite3.Connection, source_ids: Iterable[str]) -> None:
    """Forget what was read on these pages, whoever has them."""
    with transaction(connection):
        connection.executemany(
            "DELETE FROM found_text WHERE source_id = ?", [(source_id,) for source_id in source_ids]
        )


def _parts(source_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """Slices, each with its question marks."""
    for start in range(0, len(source_ids), _IDS_AT_ONCE):
        part = source_ids[start : start + _IDS_AT_ONCE]
        yield part, ", ".join("?" * len(part))
