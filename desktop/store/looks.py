"""What sent images look like, and the conversations that have the same one or a near copy."""

import sqlite3
from collections.abc import Mapping

from desktop.core.model import Role, SentImage
from desktop.core.near_copies import is_near
from desktop.core.search import FoundConversation, FoundPage, Hit, Marked, Where
from desktop.store import rows
from desktop.store.connections import reading, transaction
from desktop.store.summaries import summaries_of

MOST_FOUND = 200
_SIGN = 2**64
_UNSEEN = """
    SELECT * FROM image WHERE NOT EXISTS (SELECT 1 FROM image_look look WHERE look.sha256 = image.sha256)
    AND EXISTS (SELECT 1 FROM attachment WHERE attachment.sent_sha256 = image.sha256) LIMIT ?
"""
_WITH = """
    SELECT m.conversation_id, m.id, m.role, m.model, m.created_at, a.source_name AS name
    FROM attachment a JOIN message m ON m.id = a.message_id
    JOIN conversation c ON c.id = m.conversation_id
    WHERE c.deleted_at IS NULL AND {which} ORDER BY m.id DESC
"""
_SAME = _WITH.format(which="a.source_sha256 = ? AND a.source_page = ?")
_SENT = _WITH.format(which="a.sent_sha256 = ?")


def unseen(connection: sqlite3.Connection, limit: int) -> tuple[SentImage, ...]:
    """Images of conversations of which it is not known what they look like."""
    return tuple(rows.sent_image(row) for row in connection.execute(_UNSEEN, (limit,)))


def keep_looks(connection: sqlite3.Connection, looks: Mapping[str, int | None]) -> None:
    """Keep fingerprints by the hash of the sent bytes; None for what shows too little, or is gone."""
    with transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO image_look (sha256, bits) SELECT sha256, ? FROM image WHERE sha256 = ?",
            [(_signed(bits), sha256) for sha256, bits in looks.items()],
        )


def with_image(
    connection: sqlite3.Connection, source_id: str, fingerprint: int | None, size: tuple[int, int]
) -> FoundPage:
    """The conversations that have an image, or one that looks nearly the same; at most 200.

    Args:
        connection: any.
        source_id: `ImageFacts.source_id`.
        fingerprint: 64 bits; None if it shows too little to be told from others.
        size: width and height in px.
    """
    found: dict[int, list[Hit]] = {}
    with reading(connection):
        sha256, _mark, page = source_id.partition("#")
        same = connection.execute(_SAME, (sha256, int(page or 0))).fetchall()
        _gather(found, same, Where.IMAGE)
        # Bytes that were sent and came back as a file are the same image, too.
        _gather(found, connection.execute(_SENT, (sha256,)).fetchall(), Where.IMAGE)
        for near in _near(connection, fingerprint, size):
            if len(found) >= MOST_FOUND:
                break
            _gather(found, connection.execute(_SENT, (near,)).fetchall(), Where.NEAR)
        known = {summary.id: summary for summary in summaries_of(connection, list(found))}
    told = [
        FoundConversation(summary=known[number], title=Marked(known[number].title), hits=tuple(hits))
        for number, hits in found.items()
        if number in known
    ]
    told.sort(key=lambda one: (one.hits[0].where is Where.IMAGE, one.hits[0].message_id), reverse=True)
    return FoundPage(found=tuple(told))


def _near(connection: sqlite3.Connection, fingerprint: int | None, size: tuple[int, int]) -> list[str]:
    if fingerprint is None:
        return []
    query = (
        "SELECT sha256, bits, width_px, height_px FROM image_look JOIN image USING (sha256)"
        " WHERE bits IS NOT NULL"
    )
    return [
        sha256
        for sha256, bits, width, height in connection.execute(query)
        if is_near((fingerprint, size), (bits % _SIGN, (width, height)))
    ]


def _gather(found: dict[int, list[Hit]], messages: list[sqlite3.Row], where: Where) -> None:
    for row in messages:
        hits = found.setdefault(row["conversation_id"], [])
        if not hits:
            hits.append(
                Hit(
                    message_id=row["id"],
                    role=Role(row["role"]),
                    model=row["model"],
                    created_at=rows.time_value(row["created_at"]),
                    where=where,
                    snippet=Marked(row["name"]),
                )
            )


def _signed(bits: int | None) -> int | None:
    """SQLite's integers have a sign."""
    return bits if bits is None or bits < _SIGN // 2 else bits - _SIGN
