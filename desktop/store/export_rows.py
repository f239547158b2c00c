"""A conversation as it leaves: every branch, with what the ledger knows; SQL as functions of a connection."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from desktop.core.archive import ArchivedConversation, ArchivedMessage, ArchivedRequest
from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import AnswerState, Attachment
from desktop.core.options import decode_options
from desktop.store import rows
from desktop.store.connections import reading
from desktop.store.conversations import ATTACHMENTS, checked, gone

HISTORY_KEY = "history"
"""Where the history's own random name is remembered. It never leaves; only digests of it do."""

_MESSAGES = """
    SELECT m.*, u.prompt_tokens, u.completion_tokens, u.cached_tokens, u.cache_write_tokens, u.image_tokens,
        u.reasoning_tokens, u.reported, u.charged_usd, u.cost_usd, u.estimate_usd, u.id AS usage_id,
        u.created_at AS asked_at, u.provider AS asked_provider, u.model AS asked_model, u.detail, u.images,
        u.sent_bytes, u.seconds AS billed_seconds, u.expected_text_tokens, u.expected_image_tokens,
        u.planned_image_tokens, u.expected_answer_tokens, u.origin
    FROM message m LEFT JOIN usage u ON u.message_id = m.id WHERE m.conversation_id = ? ORDER BY m.id
"""
_IMAGES = """
    SELECT i.* FROM usage_image i JOIN usage u ON u.id = i.usage_id JOIN message m ON m.id = u.message_id
    WHERE m.conversation_id = ? ORDER BY i.id
"""


def read_titles(connection: sqlite3.Connection) -> dict[int, str]:
    """The titles of all conversations that were not deleted, the oldest first."""
    found = connection.execute("SELECT id, title FROM conversation WHERE deleted_at IS NULL ORDER BY id")
    return {row["id"]: row["title"] for row in found}


def read_archived(connection: sqlite3.Connection, conversation_id: int) -> ArchivedConversation:
    """Everything of a conversation but its draft.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    with reading(connection):
        row = connection.execute(
            "SELECT * FROM conversation WHERE id = ? AND deleted_at IS NULL", (conversation_id,)
        ).fetchone()
        if row is None:
            raise gone()
        history = history_name(connection)
        uid = row["uid"] or hashlib.sha256(f"{history} {conversation_id}".encode()).hexdigest()[:32]
        found = connection.execute(_MESSAGES, (conversation_id,)).fetchall()
        numbers = {line["id"]: number for number, line in enumerate(found, 1)}
        tags = connection.execute(
            "SELECT name FROM tag WHERE conversation_id = ? ORDER BY name", (conversation_id,)
        )
        return ArchivedConversation(
            uid=uid,
            title=row["title"],
            created_at=rows.time_value(row["created_at"]),
            options=decode_options(row["options"]),
            pinned=bool(row["pinned"]),
            archived=bool(row["archived"]),
            tags=tuple(line["name"] for line in tags),
            leaf=numbers.get(row["leaf_id"]),
            messages=_messages(connection, found, numbers, origin=partial(origin_of, history, uid)),
        )


def history_name(connection: sqlite3.Connection) -> str:
    """The random name of this history; empty in a file that could not be brought up to date."""
    row = connection.execute("SELECT value FROM remembered WHERE key = ?", (HISTORY_KEY,)).fetchone()
    return "" if row is None else str(row["value"])


def origin_of(history: str, uid: str, asked_at: datetime) -> str:
    """What tells a request of this history from those of others, and tells nobody else anything."""
    return hashlib.sha256(f"{history} {uid} {rows.time_text(asked_at)}".encode()).hexdigest()


def _messages(
    connection: sqlite3.Connection,
    lines: Sequence[sqlite3.Row],
    numbers: Mapping[int, int],
    *,
    origin: Callable[[datetime], str],
) -> tuple[ArchivedMessage, ...]:
    if not lines:
        return ()
    attachments, places = _attachments(connection, lines[0]["conversation_id"])
    sent = _sent(connection, lines[0]["conversation_id"], places)
    firsts: dict[int, int] = {}
    for line in lines:
        if line["comparison"] is not None:
            firsts.setdefault(line["comparison"], numbers[line["id"]])
    found = []
    for line in lines:
        message = checked(rows.message(line, tuple(attachments.get(line["id"], ()))), line["text_sha256"])
        if message.state is AnswerState.RUNNING:
            # Wherever it is imported, nobody writes it any more.
            message = replace(message, state=AnswerState.INTERRUPTED)
        found.append(
            ArchivedMessage(
                message=replace(
                    message, id=numbers[message.id], comparison=firsts.get(message.comparison or 0)
                ),
                parent=numbers.get(line["parent_id"]),
                request=_request(line, sent.get(line["usage_id"], []), origin),
            )
        )
    return tuple(found)


def _attachments(
    connection: sqlite3.Connection, conversation_id: int
) -> tuple[dict[int, list[Attachment]], dict[int, int]]:
    """The attachments of each message, numbered, and the numbers by row."""
    found: dict[int, list[Attachment]] = {}
    numbers: dict[int, int] = {}
    for line in connection.execute(ATTACHMENTS, (conversation_id,)):
        numbers[line["id"]] = len(numbers) + 1
        image = replace(rows.attachment(line), id=numbers[line["id"]])
        found.setdefault(line["message_id"], []).append(image)
    return found, numbers


def _sent(
    connection: sqlite3.Connection, conversation_id: int, places: Mapping[int, int]
) -> dict[int, list[RequestImage]]:
    """What went out with each request."""
    found: dict[int, list[RequestImage]] = {}
    for line in connection.execute(_IMAGES, (conversation_id,)):
        found.setdefault(line["usage_id"], []).append(
            RequestImage(
                attachment_id=places.get(line["attachment_id"], 0),
                detail=line["detail"],
                carried=bool(line["carried"]),
                tokens=line["tokens"],
                cost_usd=rows.decimal_value(line["cost_usd"]),
                sent_bytes=line["sent_bytes"],
                source_bytes=line["source_bytes"],
            )
        )
    return found


def _request(
    line: sqlite3.Row, sent: list[RequestImage], origin: Callable[[datetime], str]
) -> ArchivedRequest | None:
    if line["usage_id"] is None:
        return None
    asked_at = rows.time_value(line["asked_at"])
    return ArchivedRequest(
        created_at=asked_at,
        provider=line["asked_provider"],
        model=line["asked_model"],
        detail=line["detail"],
        images=line["images"],
        sent_bytes=line["sent_bytes"],
        seconds=line["billed_seconds"],
        expected=Expected(
            text_tokens=line["expected_text_tokens"],
            image_tokens=line["expected_image_tokens"],
            planned_image_tokens=line["planned_image_tokens"],
            answer_tokens=line["expected_answer_tokens"],
            cost_usd=rows.decimal_value(line["estimate_usd"]),
        ),
        sent=tuple(sent),
        origin=line["origin"] or origin(asked_at),
    )
