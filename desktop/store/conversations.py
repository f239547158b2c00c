"""Conversations as they are read, listed, renamed and deleted: SQL as functions of a connection."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from desktop.core.model import ON_DEVICE, AnswerState, Attachment, Conversation, ConversationSummary, Message
from desktop.core.problems import Code, ProblemError, problem
from desktop.store import rows
from desktop.store.connections import transaction
from desktop.store.drafts import drop_draft, read_draft

_SUMMARIES = """
    SELECT c.id, c.title, latest.created_at AS updated_at,
        (SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id
            WHERE m.conversation_id = c.id) AS image_count,
        (SELECT group_concat(u.cost_usd, ' ') FROM usage u JOIN message m ON m.id = u.message_id
            WHERE m.conversation_id = c.id) AS costs,
        EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.provider <> :on_device)
            AS network_answers,
        EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.state = 'running') AS running,
        image.*
    FROM conversation c
    JOIN message latest ON latest.id = (SELECT max(id) FROM message WHERE conversation_id = c.id)
    LEFT JOIN image ON image.sha256 = (
        SELECT a.sent_sha256 FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE m.conversation_id = c.id AND a.sent_sha256 IS NOT NULL ORDER BY a.id LIMIT 1)
    ORDER BY latest.id DESC
"""
_MESSAGES = """
    SELECT m.*, u.prompt_tokens, u.completion_tokens, u.cached_tokens, u.cache_write_tokens, u.image_tokens,
        u.reasoning_tokens, u.reported, u.charged_usd, u.cost_usd, u.estimate_usd
    FROM message m LEFT JOIN usage u ON u.message_id = m.id
    WHERE m.conversation_id = ? ORDER BY m.id
"""
_ATTACHMENTS = """
    SELECT a.*, image.sha256, image.media_type, image.width_px, image.height_px, image.size_bytes
    FROM attachment a JOIN message m ON m.id = a.message_id LEFT JOIN image ON image.sha256 = a.sent_sha256
    WHERE m.conversation_id = ? ORDER BY a.id
"""


def summaries(connection: sqlite3.Connection) -> tuple[ConversationSummary, ...]:
    """All conversations, the one with the newest message first; by id, because clocks are set back."""
    return tuple(rows.summary(row) for row in connection.execute(_SUMMARIES, {"on_device": ON_DEVICE}))


def read_conversation(connection: sqlite3.Connection, conversation_id: int) -> Conversation:
    """The whole conversation with its draft.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    # One transaction, so that a commit between two of the queries is not seen by half of them.
    nested = connection.in_transaction
    if not nested:
        connection.execute("BEGIN")
    try:
        return _read(connection, conversation_id)
    finally:
        if not nested:
            connection.execute("COMMIT")


def _read(connection: sqlite3.Connection, conversation_id: int) -> Conversation:
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise gone()
    attachments: dict[int, list[Attachment]] = {}
    for line in connection.execute(_ATTACHMENTS, (conversation_id,)):
        attachments.setdefault(line["message_id"], []).append(rows.attachment(line))
    messages = tuple(
        _checked(rows.message(line, tuple(attachments.get(line["id"], ()))), line["text_sha256"])
        for line in connection.execute(_MESSAGES, (conversation_id,))
    )
    return Conversation(
        id=conversation_id,
        title=row["title"],
        messages=messages,
        draft=read_draft(connection, conversation_id),
    )


def _checked(message: Message, text_sha256: str | None) -> Message:
    """A damaged answer must not look whole: SQLite's own check misses most damage inside texts."""
    if text_sha256 is None or hash_of(message.text) == text_sha256:
        return message
    return replace(message, state=AnswerState.INCOMPLETE, problem=problem(Code.DATABASE_DAMAGED))


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def gone() -> ProblemError:
    """What is raised for a conversation that was deleted, by this process or another."""
    return ProblemError(problem(Code.CONVERSATION_GONE))


def rename(connection: sqlite3.Connection, conversation_id: int, title: str) -> None:
    """Give a conversation another title.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    cursor = connection.execute(
        "UPDATE conversation SET title = ? WHERE id = ?", (rows.clean(title), conversation_id)
    )
    if cursor.rowcount == 0:
        raise gone()


def delete(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Delete a conversation with its messages, attachments and draft, if it is there; what it cost stays."""
    with transaction(connection):
        drop_draft(connection, conversation_id)
        connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))


def set_left_out(connection: sqlite3.Connection, attachment_ids: Sequence[int], *, left_out: bool) -> None:
    """Take images out of what follow-ups carry, or put them back."""
    with transaction(connection):
        connection.executemany(
            "UPDATE attachment SET left_out = ? WHERE id = ?",
            [(int(left_out), attachment_id) for attachment_id in attachment_ids],
        )
