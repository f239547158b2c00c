"""Where words stand in a conversation, also in messages that are not built."""

import re
from collections.abc import Generator

from desktop.ui.conversation.rows import Rows

Match = tuple[int, int, int]
"""Row, leaf, and which of the leaf's matches it is."""

MOST_MATCHES = 10_000


def words_of(query: str) -> re.Pattern[str] | None:
    """What is looked for, whatever its case; None for nothing."""
    return re.compile(re.escape(query), re.IGNORECASE) if query.strip() else None


def matches(rows: Rows, words: re.Pattern[str]) -> Generator[None, None, list[Match]]:
    """All places of ``words`` in order, at most `MOST_MATCHES`; yields after each message."""
    found: list[Match] = []
    for number, row in enumerate(rows.all):
        for place, leaf in enumerate(row.leaves):
            count = sum(len(words.findall(line)) for line in leaf.words)
            found += [(number, place, nth) for nth in range(count)]
            if len(found) >= MOST_MATCHES:
                return found
        yield
    return found
