"""Version 2: a row for every image of every request, edits, what was expected; positions are gone.

A position must be in no file of ours: `scrub` takes it out of the rows and of the answers in which the reader
had told it, and the columns are dropped, so that none can come back.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable

# The reader's row of a table, in any language: two decimal degrees with three places.
_TOLD = re.compile(
    r"^\|([^|\n]*)\|[^|\n]*\d{1,3}\.\d{3}°[^|\n]*\d{1,3}\.\d{3}°[^|\n]*\|$".encode(), re.MULTILINE
)
_GONE = r"|\1| — |".encode()


def scrub(connection: sqlite3.Connection) -> None:
    """Take positions out of a version 1 file; also out of the backup of one."""
    connection.execute(
        "UPDATE attachment SET source_latitude = NULL, source_longitude = NULL"
        " WHERE source_latitude IS NOT NULL OR source_longitude IS NOT NULL"
    )
    # As bytes, because one damaged answer, which is no UTF-8 any more, must not keep the history shut.
    told = connection.execute(
        "SELECT id, CAST(text AS BLOB), text_sha256 FROM message"
        " WHERE provider = 'on-device' AND instr(text, '°')"
    ).fetchall()
    for message_id, text, digest in told:
        kept = _TOLD.sub(_GONE, text)
        if kept == text:
            continue
        # One that was damaged before must not look whole now.
        whole = digest == hashlib.sha256(text).hexdigest()
        connection.execute(
            "UPDATE message SET text = CAST(? AS TEXT), text_sha256 = ? WHERE id = ?",
            (kept, hashlib.sha256(kept).hexdigest() if whole else digest, message_id),
        )


STATEMENTS: tuple[str | Callable[[sqlite3.Connection], None], ...] = (
    scrub,
    "ALTER TABLE attachment DROP COLUMN source_latitude",
    "ALTER TABLE attachment DROP COLUMN source_longitude",
    "ALTER TABLE attachment ADD COLUMN source_page INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE attachment ADD COLUMN source_lens TEXT",
    "ALTER TABLE attachment ADD COLUMN edits TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE attachment ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE draft_image ADD COLUMN page INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE draft_image ADD COLUMN edits TEXT NOT NULL DEFAULT ''",
    # What the estimate said; `planned_image_tokens` is without what was learned, so that learning does not
    # learn from itself.
    "ALTER TABLE usage ADD COLUMN expected_text_tokens INTEGER",
    "ALTER TABLE usage ADD COLUMN expected_image_tokens INTEGER",
    "ALTER TABLE usage ADD COLUMN planned_image_tokens INTEGER",
    "ALTER TABLE usage ADD COLUMN expected_answer_tokens INTEGER",
    "CREATE INDEX usage_of_model ON usage (provider, model, id)",
    # A row for each image of each request, carried ones included. `attachment_id` is no foreign key: the row
    # stays when the conversation is deleted, and a number that is never used again tells nothing.
    """
    CREATE TABLE usage_image (
        id INTEGER PRIMARY KEY,
        usage_id INTEGER NOT NULL REFERENCES usage (id) ON DELETE CASCADE,
        attachment_id INTEGER NOT NULL,
        detail TEXT NOT NULL,
        carried INTEGER NOT NULL,
        tokens INTEGER,
        cost_usd TEXT,
        sent_bytes INTEGER NOT NULL,
        source_bytes INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX usage_image_of_usage ON usage_image (usage_id)",
    # Of older requests only the new images are known for certain: what they carried may have changed since.
    """
    INSERT INTO usage_image
        (usage_id, attachment_id, detail, carried, tokens, cost_usd, sent_bytes, source_bytes)
    SELECT u.id, a.id, a.detail, 0, a.tokens, a.cost_usd, image.size_bytes, a.source_bytes
    FROM usage u
    JOIN message answer ON answer.id = u.message_id
    JOIN attachment a ON a.message_id = (
        SELECT max(question.id) FROM message question
        WHERE question.conversation_id = answer.conversation_id
        AND question.id < answer.id AND question.role = 'user')
    JOIN image ON image.sha256 = a.sent_sha256
    ORDER BY u.id, a.id
    """,
)
