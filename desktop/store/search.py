"""Finding messages: by the full-text index, or, where there is none, by looking through all of them."""

import re
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from desktop.core.folding import joined
from desktop.core.model import Role
from desktop.core.search import (
    FoundConversation,
    FoundPage,
    Hit,
    Marked,
    Search,
    Term,
    Wanted,
    Where,
    emphasised,
    snippet,
    understand,
)
from desktop.store import rows
from desktop.store.connections import reading
from desktop.store.search_index import (
    MAX_CHARS,
    count_unindexed,
    document,
    has_index,
    model_facet,
    tag_facet,
)
from desktop.store.summaries import summaries_of

PAGE = 20
"""So many conversations are told at once."""
HITS = 3
"""So many messages of each."""
_MOST_ROWS = 3000
"""So many messages are looked at for one page: one conversation may have tens of thousands."""

_TEXTS = "{body names read about}"
_ALL = 2**62
# The index first: it is read from its end, and only as far as a page needs.
_INDEXED = """
    SELECT m.id, m.conversation_id FROM search_index CROSS JOIN message m ON m.id = search_index.rowid
    CROSS JOIN conversation c ON c.id = m.conversation_id
    WHERE search_index MATCH :match AND search_index.rowid < :before AND search_index.rowid >= :first
    AND c.deleted_at IS NULL{time} ORDER BY search_index.rowid DESC
"""
_PLAIN = """
    SELECT m.id, m.conversation_id FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id
    WHERE m.id < :before AND m.id >= :first AND c.deleted_at IS NULL AND m.state <> 'running'{time}
    ORDER BY m.id DESC
"""
_SINCE, _UNTIL = " AND m.created_at >= :since", " AND m.created_at < :until"
_SPAN = "SELECT min(id), max(id) FROM message m WHERE true"
_HIT = "SELECT id, role, model, created_at, text FROM message WHERE id = ?"
_FILES = """
    SELECT a.source_name AS name, t.text FROM attachment a LEFT JOIN found_text t ON t.source_id =
        a.source_sha256 || CASE a.source_page WHEN 0 THEN '' ELSE '#' || a.source_page END
    WHERE a.message_id = ? ORDER BY a.id
"""


@dataclass(slots=True)
class _Page:
    """Messages by conversation, in the order in which they were found."""

    seen: Collection[int]
    conversations: dict[int, list[int]] = field(default_factory=dict)
    last: int = 0

    def take(self, message_id: int, conversation_id: int) -> bool:
        """Whether there is room for more."""
        known = self.conversations.get(conversation_id)
        if known is None and len(self.conversations) == PAGE and conversation_id not in self.seen:
            return False
        self.last = message_id
        if conversation_id in self.seen:
            return True
        if known is None:
            self.conversations[conversation_id] = [message_id]
        elif len(known) < HITS:
            known.append(message_id)
        return True


def search(
    connection: sqlite3.Connection,
    wanted: Search,
    *,
    before: int | None = None,
    seen: Collection[int] = (),
    indexed: bool = True,
) -> FoundPage:
    """A page of the conversations in which something is found, the one of the newest message first.

    Args:
        connection: any.
        wanted: what is searched.
        before: `FoundPage.before` of the page before.
        seen: ids of the conversations of all pages before.
        indexed: whether the index may be used.
    """
    with reading(connection):
        use_index = indexed and has_index(connection)
        understood = understand(wanted.text)
        page = _Page(seen)
        ended = True
        for count, (message_id, conversation_id) in enumerate(
            _messages(connection, wanted, understood, before=before or _ALL, use_index=use_index)
        ):
            if not page.take(message_id, conversation_id) or count >= _MOST_ROWS:
                ended = False
                break
        return FoundPage(
            found=_told(connection, page.conversations, understood.marks),
            before=None if ended else page.last,
            unindexed=count_unindexed(connection) if use_index else 0,
        )


def _messages(
    connection: sqlite3.Connection, wanted: Search, understood: Wanted, *, before: int, use_index: bool
) -> Iterator[tuple[int, int]]:
    """Ids of messages and their conversations, the newest first."""
    values: dict[str, object] = {"before": before, "first": 0}
    time = ""
    if wanted.since is not None or wanted.until is not None:
        if wanted.since is not None:
            time, values["since"] = time + _SINCE, rows.time_text(wanted.since)
        if wanted.until is not None:
            time, values["until"] = time + _UNTIL, rows.time_text(wanted.until)
        first, last = connection.execute(_SPAN + time, values).fetchone()
        if first is None:
            return
        # Ids follow the clock but for imports and clocks that were set: what is outside need not be read.
        values["first"], values["before"] = first, min(before, last + 1)
    match = _expression(understood, wanted.model)
    if use_index and match:
        query = _INDEXED.format(time=time)
        for message_id, conversation_id in connection.execute(query, {**values, "match": match}):
            yield message_id, conversation_id
        return
    unlimited = understood.is_empty and wanted.model is None
    for message_id, conversation_id in connection.execute(_PLAIN.format(time=time), values):
        if unlimited:
            yield message_id, conversation_id
            continue
        made = document(connection, message_id)
        if made is not None and _fits(made, understood, wanted.model):
            yield message_id, conversation_id


def _expression(understood: Wanted, model: str | None) -> str:
    """What FTS5 is asked; empty where there is nothing that must be there, which it cannot be asked.

    Words hold letters and digits only (`core.folding`), so that nothing in them is syntax.
    """
    parts = [f"{_TEXTS} : {_phrase(term)}" for term in understood.terms]
    parts += [_facet(tag_facet(name), prefix=unfinished) for name, unfinished in understood.tags]
    parts += [] if model is None else [_facet(model_facet(model))]
    without = [f"{_TEXTS} : {_phrase(term)}" for term in understood.unwanted]
    without += [_facet(tag_facet(name), prefix=unfinished) for name, unfinished in understood.without_tags]
    if not parts:
        return ""
    made = " AND ".join(f"({part})" for part in parts)
    for part in without:
        made = f"({made}) NOT ({part})"
    return made


def _phrase(term: Term) -> str:
    return f'"{joined(term.words)}"' + (" *" if term.prefix else "")


def _facet(word: str, *, prefix: bool = False) -> str:
    return f'facets : "{word}"' + (" *" if prefix else "")


def _fits(made: tuple[str, str, str, str, str], understood: Wanted, model: str | None) -> bool:
    *texts, facets = made
    words = facets.split()

    def tagged(name: str, unfinished: bool) -> bool:
        facet = tag_facet(name)
        return any(word.startswith(facet) if unfinished else word == facet for word in words)

    return (
        (model is None or model_facet(model) in words)
        and all(any(term.is_in(text) for text in texts) for term in understood.terms)
        and not any(term.is_in(text) for term in understood.unwanted for text in texts)
        and all(tagged(*tag) for tag in understood.tags)
        and not any(tagged(*tag) for tag in understood.without_tags)
    )


def _told(
    connection: sqlite3.Connection, found: dict[int, list[int]], pattern: re.Pattern[str] | None
) -> tuple[FoundConversation, ...]:
    known = {summary.id: summary for summary in summaries_of(connection, list(found))}
    told = []
    for conversation_id, message_ids in found.items():
        if conversation_id not in known:
            continue
        hits = [hit(connection, message_id, pattern) for message_id in message_ids]
        # Where only the title has it, one message is as good as the others.
        own = [one for one in hits if one.where is not Where.ABOUT] or hits[:1]
        title = emphasised(known[conversation_id].title, pattern)
        told.append(FoundConversation(summary=known[conversation_id], title=title, hits=tuple(own)))
    return tuple(told)


def hit(
    connection: sqlite3.Connection,
    message_id: int,
    pattern: re.Pattern[str] | None,
) -> Hit:
    """A message that was found, with what stands around the first match."""
    row = connection.execute(_HIT, (message_id,)).fetchone()
    where, shown = Where.TEXT, snippet(row["text"][:MAX_CHARS], pattern)
    if shown is None:
        where, shown = _in_files(connection, message_id, pattern)
    return Hit(
        message_id=message_id,
        role=Role(row["role"]),
        model=row["model"],
        created_at=rows.time_value(row["created_at"]),
        where=where,
        snippet=shown or snippet(row["text"][:MAX_CHARS], None) or Marked(),
    )


def _in_files(
    connection: sqlite3.Connection, message_id: int, pattern: re.Pattern[str] | None
) -> tuple[Where, Marked | None]:
    files = connection.execute(_FILES, (message_id,)).fetchall()
    for where, column in ((Where.FILE, "name"), (Where.READ, "text")):
        for file in files:
            shown = snippet((file[column] or "")[:MAX_CHARS], pattern)
            if shown is not None:
                return where, shown
    return Where.ABOUT, None


def models_asked(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Ids of all models that were ever asked."""
    query = "SELECT DISTINCT model FROM usage WHERE message_id IS NOT NULL ORDER BY model"
    return tuple(row[0] for row in connection.execute(query))
