"""Text that the reader on this computer has found, by the page it was found on."""

import sqlite3
from collections.abc import Mapping, Sequence

from desktop.store import rows
from desktop.store.connections import transaction

MAX_CHARS = 200_000
_IDS_AT_ONCE = 500


def keep_text(connection: sqlite3.Connection, source_id: str, text: str) -> None:
    """Keep what was read on a page; empty where nothing is written there. At most 200,000 characters."""
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO found_text (source_id, text) VALUES (?, ?)",
            (source_id, rows.clean(text[:MAX_CHARS])),
        )


def read_texts(connection: sqlite3.Connection, source_ids: Sequence[str]) -> Mapping[str, str]:
    """The texts of those pages that were read."""
    found: dict[str, str] = {}
    for start in range(0, len(source_ids), _IDS_AT_ONCE):
        part = source_ids[start : start + _IDS_AT_ONCE]
        marks = ", ".join("?" * len(part))
        query = f"SELECT source_id, text FROM found_text WHERE source_id IN ({marks})"  # noqa: S608 - only marks
        found.update((row["source_id"], row["text"]) for row in connection.execute(query, part))
    return found
