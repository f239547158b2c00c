"""Conversations as they are read, renamed and deleted: SQL as functions of a connection."""

import hashlib
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from desktop.core.model import (
    AnswerState,
    Attachment,
    Conversation,
    Message,
    Role,
    Side,
)
from desktop.core.options import Options, decode_options, encode_options
from desktop.core.problems import Code, ProblemError, problem
from desktop.store import rows
from desktop.store.connections import transaction
from desktop.store.drafts import drop_draft, read_draft
from desktop.store.shares import with_shares

PRIVATE_FROM = 1 << 30
"""Ids from here on are those of conversations in memory, see `private`; they fit into an int of Qt."""
PATH = """
    WITH RECURSIVE path (id, parent_id) AS (
        SELECT id, parent_id FROM message WHERE id = :leaf
        UNION ALL
        SELECT m.id, m.parent_id FROM message m JOIN path ON m.id = path.parent_id AND m.id < path.id)
"""
"""The ids of a branch, from its end ``:leaf`` up."""

_COLUMNS = """
    SELECT m.*, u.prompt_tokens, u.completion_tokens, u.cached_tokens, u.cache_write_tokens, u.image_tokens,
        u.reasoning_tokens, u.reported, u.charged_usd, u.cost_usd, u.estimate_usd
    FROM message m LEFT JOIN usage u ON u.message_id = m.id
"""
_MESSAGES = (
    PATH + _COLUMNS + " JOIN path ON path.id = m.id WHERE m.conversation_id = :conversation ORDER BY m.id"
)
_SIDES = (
    _COLUMNS  # noqa: S608 - all of it is ours
    + " WHERE m.conversation_id = :conversation AND (m.comparison = :number OR m.parent_id IN"
    " (SELECT id FROM message WHERE conversation_id = :conversation AND comparison = :number)) ORDER BY m.id"
)
ATTACHMENTS = """
    SELECT a.*, image.sha256, image.media_type, image.width_px, image.height_px, image.size_bytes
    FROM attachment a JOIN message m ON m.id = a.message_id LEFT JOIN image ON image.sha256 = a.sent_sha256
    WHERE m.conversation_id = ? ORDER BY a.id
"""


def read_conversation(
    connection: sqlite3.Connection, conversation_id: int, *, leaf: int | None = None
) -> Conversation:
    """One branch of a conversation, with its draft.

    Args:
        connection: any.
        conversation_id: which.
        leaf: the last message of the branch; None for the branch at hand.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    # One transaction, so that a commit between two of the queries is not seen by half of them.
    nested = connection.in_transaction
    if not nested:
        connection.execute("BEGIN")
    try:
        return _read(connection, conversation_id, leaf)
    finally:
        if not nested:
            connection.execute("COMMIT")


def _read(connection: sqlite3.Connection, conversation_id: int, leaf: int | None) -> Conversation:
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise gone()
    attachments: dict[int, list[Attachment]] = {}
    for line in connection.execute(ATTACHMENTS, (conversation_id,)):
        attachments.setdefault(line["message_id"], []).append(rows.attachment(line))

    def told(query: str, **values: int) -> tuple[Message, ...]:
        return tuple(
            checked(rows.message(line, tuple(attachments.get(line["id"], ()))), line["text_sha256"])
            for line in connection.execute(query, {"conversation": conversation_id, **values})
        )

    siblings = read_versions(connection, conversation_id)
    end = row["leaf_id"] if leaf is None else leaf
    messages = told(_MESSAGES, leaf=end) if end else ()
    if not messages and siblings:
        # The end of the branch at hand is unknown, or damaged: what was said last is shown.
        messages = told(_MESSAGES, leaf=max(max(ids) for ids in siblings.values()))
    while (cut := _cut_off(messages, siblings)) is not None:
        messages = (*told(_MESSAGES, leaf=cut), *messages)
    path = frozenset(message.id for message in messages)
    compared = dict.fromkeys(m.comparison for m in messages if m.comparison is not None)
    versions = _versions(siblings, messages)
    return Conversation(
        id=conversation_id,
        title=row["title"],
        messages=with_shares(connection, messages, versions),
        draft=read_draft(connection, conversation_id),
        versions=versions,
        comparisons=tuple(_sides(told(_SIDES, number=number), siblings, path) for number in compared),
        options=decode_options(row["options"]),
        private=conversation_id >= PRIVATE_FROM,
    )


def read_versions(connection: sqlite3.Connection, conversation_id: int) -> dict[int | None, list[int]]:
    """The messages by the one before them, oldest first; None for those that nothing is before."""
    children: dict[int | None, list[int]] = {}
    for message_id, parent_id in connection.execute(
        # One that damage has put before its own predecessor would make a circle.
        "SELECT id, CASE WHEN parent_id >= id THEN 0 ELSE parent_id END FROM message"
        " WHERE conversation_id = ? ORDER BY id",
        (conversation_id,),
    ):
        children.setdefault(parent_id, []).append(message_id)
    return children


def _cut_off(messages: Sequence[Message], siblings: Mapping[int | None, Sequence[int]]) -> int | None:
    """What was said before the first of these, if its predecessor is lost or damaged."""
    parents = {number: parent for parent, ids in siblings.items() for number in ids}
    parent = parents.get(messages[0].id) if messages else None
    if parent is None or parent in parents:
        return None
    return max((number for number in parents if number < messages[0].id), default=None)


def _versions(
    siblings: Mapping[int | None, Sequence[int]], messages: Sequence[Message]
) -> tuple[tuple[int, ...], ...]:
    parents = (None, *(message.id for message in messages[:-1]))
    return tuple(tuple(ids) for parent in parents if len(ids := siblings.get(parent, ())) > 1)


def _sides(
    messages: Sequence[Message], siblings: Mapping[int | None, Sequence[int]], path: Collection[int]
) -> tuple[Side, ...]:
    """Each question of a comparison with its answer: that of the branch at hand, or else the newest."""
    by_id = {message.id: message for message in messages}
    sides = []
    for question in messages:
        answers = [by_id[n] for n in siblings.get(question.id, ()) if n in by_id]
        if question.role is Role.USER and answers:
            sides.append(
                Side(question=question, answer=next((a for a in answers if a.id in path), answers[-1]))
            )
    return tuple(sides)


def show_version(connection: sqlite3.Connection, conversation_id: int, message_id: int) -> Conversation:
    """Bring to hand the branch that goes through a message, as far as it went last.

    Raises:
        ProblemError: CONVERSATION_GONE, also where there is no such message.
    """
    with transaction(connection):
        children = read_versions(connection, conversation_id)
        if not any(message_id in ids for ids in children.values()):
            raise gone()
        while message_id in children:
            message_id = max(children[message_id])
        set_leaf(connection, conversation_id, message_id)
        return read_conversation(connection, conversation_id)


def set_leaf(connection: sqlite3.Connection, conversation_id: int, message_id: int) -> None:
    """The branch at hand ends here, within the caller's transaction."""
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (message_id, conversation_id))


def checked(message: Message, text_sha256: str | None) -> Message:
    """The message; a damaged one must not look whole: SQLite's own check misses most damage inside texts."""
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


def set_once(connection: sqlite3.Connection, attachment_ids: Sequence[int], *, once: bool) -> None:
    """Have images leave with the next answer, or stay."""
    with transaction(connection):
        connection.executemany(
            "UPDATE attachment SET once = ? WHERE id = ?",
            [(int(once), attachment_id) for attachment_id in attachment_ids],
        )


def set_stand_in(connection: sqlite3.Connection, attachment_id: int, text: str) -> None:
    """Have follow-ups carry a text in the place of an image; an empty one brings the image back."""
    connection.execute("UPDATE attachment SET stand_in = ? WHERE id = ?", (rows.clean(text), attachment_id))


def set_options(connection: sqlite3.Connection, conversation_id: int, options: Options) -> None:
    """How the next questions are to be answered.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    cursor = connection.execute(
        "UPDATE conversation SET options = ? WHERE id = ?",
        (rows.clean(encode_options(options)), conversation_id),
    )
    if cursor.rowcount == 0:
        raise gone()
