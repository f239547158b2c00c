"""What was asked about each image before, and what that has cost: read from the ledger."""

import sqlite3
from collections.abc import Iterable, Mapping
from decimal import Decimal

from desktop.core.asked import Asked
from desktop.store import rows
from desktop.store.connections import reading

# Costs are gathered as text, because SQLite has no decimals. Two parts of one image in one request are one
# request. The conversations come in the order in which their questions were asked.
_ASKED = """
    WITH deleted (id) AS (
        SELECT m.id FROM conversation c JOIN message m ON m.conversation_id = c.id
        WHERE c.deleted_at IS NOT NULL)
    SELECT a.source_sha256, a.source_page, count(DISTINCT i.usage_id), group_concat(i.cost_usd, ' '), (
        SELECT group_concat(id, ' ') FROM (
            SELECT m.conversation_id AS id FROM attachment other JOIN message m ON m.id = other.message_id
            WHERE other.source_sha256 = a.source_sha256 AND other.source_page = a.source_page
            AND other.message_id NOT IN deleted
            ORDER BY other.message_id))
    FROM attachment a JOIN usage_image i ON i.attachment_id = a.id
    WHERE a.message_id NOT IN deleted
"""
_OF_ONE = " AND a.source_sha256 = ? AND a.source_page = ?"
_EACH = " GROUP BY a.source_sha256, a.source_page"

_Row = tuple[str, int, int, str | None, str]


def read_asked(connection: sqlite3.Connection) -> Mapping[str, Asked]:
    """Every image that went out in a request of some conversation, by its `ImageFacts.source_id`.

    What a deleted conversation asked is not in it: of that the ledger keeps the money, but no hash.
    """
    with reading(connection):
        return _by_source(_plain(connection).execute(_ASKED + _EACH), _titles(connection))


def read_asked_about(connection: sqlite3.Connection, source_ids: Iterable[str]) -> Mapping[str, Asked]:
    """The same for these images; those that nothing was asked about are not in it."""
    with reading(connection):
        query = _ASKED + _OF_ONE + _EACH
        places = dict.fromkeys(map(_place, source_ids))
        found = [row for place in places for row in _plain(connection).execute(query, place)]
        ids = {number for row in found for number in _numbers(row)}
        return _by_source(found, {number: title for number in ids for title in _title(connection, number)})


def _by_source(found: Iterable[_Row], titles: Mapping[int, str]) -> dict[str, Asked]:
    asked = {}
    for row in found:
        sha256, page, times, costs, _ids = row
        source = f"{sha256}#{page}" if page else sha256
        asked[source] = Asked(
            source_id=source,
            cost_usd=_sum(costs),
            times=times,
            conversations=tuple((number, titles[number]) for number in _numbers(row) if number in titles),
        )
    return asked


def _numbers(row: _Row) -> list[int]:
    """The conversations of an image, the one that it was asked about in last first."""
    return list(dict.fromkeys(map(int, reversed(row[4].split()))))


def _sum(costs: str | None) -> Decimal | None:
    """Of the known costs; None if none is."""
    texts = costs.split() if costs else []
    try:
        total = sum(map(Decimal, texts), Decimal(0))
    except ArithmeticError:
        total = Decimal("NaN")
    if texts and total.is_finite():
        return total
    # A damaged row is one unknown cost.
    known = [cost for text in texts if (cost := rows.decimal_value(text)) is not None]
    return sum(known, Decimal(0)) if known else None


def _titles(connection: sqlite3.Connection) -> dict[int, str]:
    return dict(_plain(connection).execute("SELECT id, title FROM conversation WHERE deleted_at IS NULL"))


def _title(connection: sqlite3.Connection, conversation_id: int) -> list[str]:
    found = connection.execute(
        "SELECT title FROM conversation WHERE id = ? AND deleted_at IS NULL", (conversation_id,)
    )
    return [row["title"] for row in found]


def _place(source_id: str) -> tuple[str, int]:
    """Hash and page of an `ImageFacts.source_id`."""
    sha256, _mark, page = source_id.partition("#")
    return sha256, int(page) if page.isdecimal() else 0


def _plain(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """Rows as tuples, which are read in half the time."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor
