"""Make whole what was salvaged: rows that name others which are lost must not stay so."""

import hashlib
import sqlite3
import struct
from collections.abc import Mapping
from pathlib import Path

from desktop.core.model import AnswerState, Role
from desktop.store import images
from desktop.store.conversations import PRIVATE_FROM
from desktop.store.rows import sent_image

_PNG = b"\x89PNG\r\n\x1a\n"
_TITLE_CHARS = 60
_NO_HASH = "0" * 64
"""No text has it: what is said to have it is shown as damaged."""
_UNKNOWN_TIME = "1970-01-01T00:00:00+00:00"
_ROUNDS = 10


def mend(connection: sqlite3.Connection, folder: Path) -> None:
    """Give messages their conversation back, attachments their image, and drop what has lost its sense.

    Args:
        connection: within a transaction; foreign keys are not enforced.
        folder: the history's, where the images are.
    """
    _bring_messages_back(connection)
    _bring_conversations_back(connection)
    _bring_images_back(connection, folder)
    connection.execute(
        "DELETE FROM conversation WHERE NOT EXISTS"
        " (SELECT 1 FROM message WHERE message.conversation_id = conversation.id)"
    )
    _drop_dangling(connection)
    _join_branches(connection)
    # Else the first collection would take their files, which the damaged file may still name.
    connection.execute(
        "DELETE FROM image WHERE NOT EXISTS"
        " (SELECT 1 FROM attachment WHERE attachment.sent_sha256 = image.sha256)"
    )
    _drop_dangling(connection)
    connection.execute(
        "UPDATE conversation SET uid = coalesce(uid, lower(hex(randomblob(16)))), latest_id ="
        " (SELECT max(id) FROM message WHERE conversation_id = conversation.id)"
    )


def mark_lost(connection: sqlite3.Connection, messages: Mapping[int, int]) -> None:
    """Put an empty message, which counts as damaged, in the place of each that is lost.

    So the others keep their order, and its images their question.

    Args:
        connection: within a transaction; foreign keys are not enforced.
        messages: the conversation of each message that there was.
    """
    there = {row[0] for row in connection.execute("SELECT id FROM message")}
    for number in sorted(messages.keys() - there):
        conversation = messages[number]
        before = connection.execute(
            "SELECT id, role, created_at FROM message WHERE conversation_id = ? AND id < ?"
            " ORDER BY id DESC LIMIT 1",
            (conversation, number),
        ).fetchone()
        parent, role, created_at = before or (None, Role.ASSISTANT, None)
        connection.execute(
            "INSERT INTO message (id, conversation_id, parent_id, role, text, text_sha256, state, created_at)"
            " SELECT ?, ?, ?, ?, '', ?, ?, coalesce(?,"
            " (SELECT created_at FROM conversation WHERE id = ?),"
            " (SELECT created_at FROM message WHERE conversation_id = ? ORDER BY id LIMIT 1), ?)",
            (
                number,
                conversation,
                parent,
                Role.USER if role == Role.ASSISTANT else Role.ASSISTANT,
                _NO_HASH,
                AnswerState.INCOMPLETE,
                created_at,
                conversation,
                conversation,
                _UNKNOWN_TIME,
            ),
        )


def _bring_messages_back(connection: sqlite3.Connection) -> None:
    """Those of no possible conversation belong to that of the message before."""
    connection.execute(
        "UPDATE message SET conversation_id = coalesce((SELECT b.conversation_id FROM message b"
        " WHERE b.id < message.id AND b.conversation_id BETWEEN 1 AND ? ORDER BY b.id DESC LIMIT 1), 1)"
        " WHERE conversation_id NOT BETWEEN 1 AND ?",
        (PRIVATE_FROM - 1, PRIVATE_FROM - 1),
    )


def _bring_conversations_back(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO conversation (id, title, created_at)"
        " SELECT conversation_id, coalesce((SELECT substr(text, 1, ?) FROM message"
        " WHERE conversation_id = m.conversation_id AND text <> '' ORDER BY id LIMIT 1), '…'), created_at"
        " FROM message m WHERE id = (SELECT min(id) FROM message WHERE conversation_id = m.conversation_id)"
        " AND NOT EXISTS (SELECT 1 FROM conversation WHERE id = m.conversation_id)",
        (_TITLE_CHARS,),
    )


def _bring_images_back(connection: sqlite3.Connection, folder: Path) -> None:
    """Rows of images that are still there as files, with what their own headers say."""
    lost = connection.execute(
        "SELECT DISTINCT sent_sha256 FROM attachment WHERE sent_sha256 IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM image WHERE image.sha256 = attachment.sent_sha256)"
    ).fetchall()
    for (sha256,) in lost:
        for media_type in ("image/png", "image/jpeg"):
            row = {"sha256": sha256, "media_type": media_type, "width_px": 0, "height_px": 0, "size_bytes": 0}
            try:
                path = images.image_path(folder, sent_image(row))  # type: ignore[arg-type]
                data = path.read_bytes()
            except (OSError, ValueError):
                continue
            size = image_size(data)
            if size is not None and hashlib.sha256(data).hexdigest() == sha256:
                connection.execute(
                    "INSERT OR IGNORE INTO image (sha256, media_type, width_px, height_px, size_bytes)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (sha256, media_type, *size, len(data)),
                )


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or JPEG of ours; None if its header cannot be read."""
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        place = 2
        while data[:2] == b"\xff\xd8" and data[place] == 0xFF:
            marker, length = data[place + 1], struct.unpack_from(">H", data, place + 2)[0]
            if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
                height, width = struct.unpack_from(">HH", data, place + 5)
                return width, height
            place += 2 + length
    except (struct.error, IndexError):
        pass
    return None


def _drop_dangling(connection: sqlite3.Connection) -> None:
    """Rows that name something that is lost: without it where they may be, else not at all."""
    for _round in range(_ROUNDS):
        if not connection.execute("PRAGMA foreign_key_check").fetchone():
            break
        _drop_some(connection)


def _drop_some(connection: sqlite3.Connection) -> None:
    tables = {row[0] for row in connection.execute("PRAGMA foreign_key_check")}
    for table in tables:
        needed = {
            row[0]
            for row in connection.execute('SELECT name FROM pragma_table_info(?) WHERE "notnull"', (table,))
        }
        keys = connection.execute('SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', (table,))
        for parent, column, key in keys.fetchall():
            dangling = (
                f'"{column}" IS NOT NULL AND NOT EXISTS'  # noqa: S608 - names of our own tables
                f' (SELECT 1 FROM "{parent}" p WHERE p."{key}" = "{table}"."{column}")'
            )
            connection.execute(
                f'DELETE FROM "{table}" WHERE {dangling}'  # noqa: S608 - names of our own tables
                if column in needed
                else f'UPDATE "{table}" SET "{column}" = NULL WHERE {dangling}'  # noqa: S608 - the same
            )


def _join_branches(connection: sqlite3.Connection) -> None:
    """A message whose predecessor is lost follows the one before that."""
    connection.execute(
        "UPDATE message SET parent_id = (SELECT max(b.id) FROM message b"
        " WHERE b.conversation_id = message.conversation_id AND b.id < message.id)"
        " WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message p WHERE p.id = message.parent_id"
        " AND p.conversation_id = message.conversation_id AND p.id < message.id)"
    )
    connection.execute(
        "UPDATE conversation SET leaf_id ="
        " (SELECT max(id) FROM message WHERE conversation_id = conversation.id)"
        " WHERE leaf_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM message WHERE id = conversation.leaf_id AND conversation_id = conversation.id)"
    )
