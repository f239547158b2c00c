"""What is written and not yet asked, and small state of the window: SQL as functions of a connection."""

import sqlite3

from desktop.core.edits import encode_edits
from desktop.core.model import Draft
from desktop.store import rows
from desktop.store.connections import transaction


def read_draft(connection: sqlite3.Connection, conversation_id: int) -> Draft:
    """The draft of a conversation, or of the one that is not stored yet (id 0); empty if there is none."""
    row = connection.execute("SELECT * FROM draft WHERE conversation_id = ?", (conversation_id,)).fetchone()
    if row is None:
        return Draft()
    images = connection.execute(
        "SELECT * FROM draft_image WHERE conversation_id = ? ORDER BY id", (conversation_id,)
    )
    return rows.draft(row, images)


def save_draft(connection: sqlite3.Connection, conversation_id: int, draft: Draft) -> None:
    """Keep a draft in place of the one before, unless its conversation was deleted meanwhile."""
    with transaction(connection):
        drop_draft(connection, conversation_id)
        if (
            conversation_id
            and not connection.execute(
                "SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)
            ).fetchone()
        ):
            return
        rows.insert(
            connection,
            "draft",
            {
                "conversation_id": conversation_id,
                "text": rows.clean(draft.text),
                "detail": draft.detail.value,
                "model": draft.model,
            },
        )
        for image in draft.images:
            rows.insert(
                connection,
                "draft_image",
                {
                    "conversation_id": conversation_id,
                    "path": rows.path_bytes(image.path),
                    "sha256": image.sha256,
                    "detail": image.detail.value if image.detail else None,
                    "page": image.page,
                    "edits": rows.clean(encode_edits(image.edits)),
                },
            )


def drop_draft(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Forget a draft, within the caller's transaction."""
    connection.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))


def remember(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a small value."""
    connection.execute(
        "INSERT INTO remembered (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, rows.clean(value)),
    )


def recall(connection: sqlite3.Connection, key: str) -> str | None:
    """The value that was kept last, if any."""
    row = connection.execute("SELECT value FROM remembered WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])
