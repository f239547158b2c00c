"""The rows of the history's list, a page at a time, and what orders them: pins, tags, archive, deletion."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from desktop.core.model import ON_DEVICE, ConversationSummary
from desktop.core.summaries import Listed, Place
from desktop.store import rows
from desktop.store.connections import reading, transaction

_COLUMNS = """
    SELECT c.id, c.title, c.pinned, c.archived, c.latest_id, latest.created_at AS updated_at,
        (SELECT count(DISTINCT a.source_sha256 || ' ' || a.source_page || ' ' || a.edits) FROM attachment a
            JOIN message m ON m.id = a.message_id WHERE m.conversation_id = c.id) AS image_count,
        (SELECT group_concat(u.cost_usd, ' ') FROM usage u JOIN message m ON m.id = u.message_id
            WHERE m.conversation_id = c.id) AS costs,
        EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.provider <> :on_device)
            AS network_answers,
        EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.state = 'running') AS running,
        (SELECT group_concat(name, char(31)) FROM tag WHERE conversation_id = c.id) AS tags,
        image.*
    FROM {conversations} c
    JOIN message latest ON latest.id = c.latest_id
    LEFT JOIN image ON image.sha256 = (
        SELECT a.sent_sha256 FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE m.conversation_id = c.id AND a.sent_sha256 IS NOT NULL ORDER BY a.id LIMIT 1)
"""
_PAGE = _COLUMNS.format(
    conversations="""(
        SELECT * FROM conversation WHERE deleted_at IS NULL AND archived = :archived
        AND latest_id IS NOT NULL AND (pinned, latest_id) < (:pinned, :latest){tagged}
        ORDER BY pinned DESC, latest_id DESC LIMIT :limit)"""
)
_TAGGED = " AND EXISTS (SELECT 1 FROM tag WHERE conversation_id = conversation.id AND name = :tag)"
_IN_ORDER = " ORDER BY c.pinned DESC, c.latest_id DESC"
_IDS_AT_ONCE = 500
_ALL = 2**62


def summaries(
    connection: sqlite3.Connection,
    listed: Listed = Listed(),  # noqa: B008 - frozen
    *,
    after: Place | None = None,
    limit: int | None = None,
) -> tuple[ConversationSummary, ...]:
    """Conversations in order: pinned ones, then the one with the newest message first; by id, never by clock.

    Args:
        connection: any.
        listed: which of them.
        after: `ConversationSummary.place` of the last one of the page before; None for the first page.
        limit: no more than so many; None for all.
    """
    query = _PAGE.format(tagged=_TAGGED if listed.tag else "") + _IN_ORDER
    place = after or (2, _ALL)
    values = {
        "on_device": ON_DEVICE,
        "archived": int(listed.archived),
        "tag": listed.tag,
        "pinned": place[0],
        "latest": place[1],
        "limit": _ALL if limit is None else limit,
    }
    return tuple(rows.summary(row) for row in connection.execute(query, values))


def summaries_of(
    connection: sqlite3.Connection, conversation_ids: Sequence[int]
) -> tuple[ConversationSummary, ...]:
    """The rows of these, archived ones included, in the order of the list; deleted ones are not there."""
    found: list[ConversationSummary] = []
    with reading(connection):
        for start in range(0, len(conversation_ids), _IDS_AT_ONCE):
            part = conversation_ids[start : start + _IDS_AT_ONCE]
            names = [f":id{number}" for number in range(len(part))]
            query = _COLUMNS.format(conversations="conversation")
            query += f" WHERE c.deleted_at IS NULL AND c.id IN ({', '.join(names)})" + _IN_ORDER
            values = {f"id{number}": conversation_id for number, conversation_id in enumerate(part)}
            found += [
                rows.summary(row) for row in connection.execute(query, {"on_device": ON_DEVICE, **values})
            ]
    return tuple(found)


def count_archived(connection: sqlite3.Connection) -> int:
    """So many conversations are in the archive."""
    query = "SELECT count(*) FROM conversation WHERE deleted_at IS NULL AND archived = 1"
    return int(connection.execute(query).fetchone()[0])


def set_pinned(connection: sqlite3.Connection, conversation_ids: Iterable[int], *, pinned: bool) -> None:
    """Have conversations stand above the others, or no longer."""
    _update(connection, "pinned", int(pinned), conversation_ids)


def set_archived(connection: sqlite3.Connection, conversation_ids: Iterable[int], *, archived: bool) -> None:
    """Put conversations into the archive, where the list does not show them, or take them out."""
    _update(connection, "archived", int(archived), conversation_ids)


def set_deleted(
    connection: sqlite3.Connection, conversation_ids: Iterable[int], moment: datetime | None
) -> None:
    """Have conversations listed and found nowhere any more; None takes that back."""
    _update(connection, "deleted_at", None if moment is None else rows.time_text(moment), conversation_ids)


def deleted_ids(connection: sqlite3.Connection) -> list[int]:
    """Conversations that the user has deleted and that are still in the file."""
    return [row[0] for row in connection.execute("SELECT id FROM conversation WHERE deleted_at IS NOT NULL")]


def sources_only_in(connection: sqlite3.Connection, conversation_ids: Iterable[int]) -> frozenset[str]:
    """The `ImageFacts.source_id` of every image that these conversations have and no other one."""
    own = """
        SELECT DISTINCT a.source_sha256, a.source_page FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE m.conversation_id = ?
    """
    having = """
        SELECT DISTINCT m.conversation_id FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE a.source_sha256 = ? AND a.source_page = ?
    """
    ids = frozenset(conversation_ids)
    images = {tuple(row) for number in ids for row in connection.execute(own, (number,))}
    return frozenset(
        f"{image[0]}#{image[1]}" if image[1] else image[0]
        for image in images
        if {row[0] for row in connection.execute(having, image)} <= ids
    )


def set_tags(connection: sqlite3.Connection, conversation_id: int, names: Iterable[str]) -> None:
    """A conversation has exactly these tags; nothing happens if it is gone."""
    wanted = {rows.clean(name) for name in names}
    with transaction(connection):
        query = "SELECT name FROM tag WHERE conversation_id = ?"
        before = {row[0] for row in connection.execute(query, (conversation_id,))}
        connection.executemany(
            "DELETE FROM tag WHERE conversation_id = ? AND name = ?",
            [(conversation_id, name) for name in sorted(before - wanted)],
        )
        connection.executemany(
            "INSERT INTO tag (conversation_id, name) SELECT id, ? FROM conversation WHERE id = ?",
            [(name, conversation_id) for name in sorted(wanted - before)],
        )


def all_tags(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The tags that some conversation has, the most used first."""
    query = """
        SELECT name FROM tag JOIN conversation ON conversation.id = tag.conversation_id
        WHERE deleted_at IS NULL GROUP BY name ORDER BY count(*) DESC, name
    """
    return tuple(row[0] for row in connection.execute(query))


def _update(
    connection: sqlite3.Connection, column: str, value: rows.Value, conversation_ids: Iterable[int]
) -> None:
    with transaction(connection):
        connection.executemany(
            f"UPDATE conversation SET {column} = ? WHERE id = ?",  # noqa: S608 - the name is ours
            [(value, conversation_id) for conversation_id in conversation_ids],
        )
