"""What was asked about each image before, and what that has cost: read from the ledger."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from desktop.core.asked import Asked
from desktop.store import rows

# Costs are exact decimals in text, which SQLite cannot add up. A request that names no image's cost but went
# to the reader on this computer has cost nothing.
_COSTS = """
    SELECT a.source_sha256, a.source_page, ui.cost_usd, count(*) AS times
    FROM usage_image ui JOIN attachment a ON a.id = ui.attachment_id
    GROUP BY a.source_sha256, a.source_page, ui.cost_usd
"""
_CONVERSATIONS = """
    SELECT a.source_sha256, a.source_page, c.id, c.title, max(m.id) AS newest
    FROM attachment a JOIN message m ON m.id = a.message_id JOIN conversation c ON c.id = m.conversation_id
    GROUP BY a.source_sha256, a.source_page, c.id ORDER BY newest DESC
"""


def read_asked(connection: sqlite3.Connection) -> Mapping[str, Asked]:
    """Every image that some conversation has, by its `ImageFacts.source_id`.

    What was asked in a conversation that is deleted is not known any more: the ledger keeps the money then,
    but no hash.
    """
    costs: defaultdict[str, list[Decimal]] = defaultdict(list)
    times: defaultdict[str, int] = defaultdict(int)
    for row in connection.execute(_COSTS):
        source = _source_id(row)
        times[source] += row["times"]
        cost = rows.decimal_value(row["cost_usd"])
        if cost is not None:
            costs[source].append(cost * row["times"])
    conversations: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(_CONVERSATIONS):
        conversations[_source_id(row)].append((row["id"], row["title"]))
    return {
        source: Asked(
            source_id=source,
            cost_usd=sum(costs[source], Decimal()) if source in costs else None,
            times=times[source],
            conversations=tuple(found),
        )
        for source, found in conversations.items()
        if times[source]
    }


def _source_id(row: sqlite3.Row) -> str:
    """As `ImageFacts.source_id` makes it."""
    page = row["source_page"]
    return f"{row['source_sha256']}#{page}" if page else str(row["source_sha256"])
