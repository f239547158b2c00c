"""A conversation as it comes in: new rows, or those that a conversation which is here already lacks."""

import sqlite3
from collections.abc import Mapping, Sequence

from desktop.core.archive import ArchivedConversation, ArchivedMessage, ArchivedRequest, Imported
from desktop.core.model import Attachment, Message
from desktop.core.options import encode_options
from desktop.store import rows
from desktop.store.connections import transaction
from desktop.store.conversations import hash_of, set_leaf
from desktop.store.export_rows import history_name, origin_of
from desktop.store.images import release_images

_SAME_BILL = """
    SELECT id FROM usage WHERE message_id IS NULL AND created_at = :created_at AND provider = :provider
        AND model = :model AND cost_usd IS :cost_usd AND prompt_tokens IS :prompt_tokens
        AND completion_tokens IS :completion_tokens LIMIT 1
"""


def import_conversation(
    connection: sqlite3.Connection, archived: ArchivedConversation, *, put: Sequence[str], owner: str
) -> Imported:
    """Bring in a conversation, in one transaction.

    One with the same ``uid`` gets the messages that it lacks, as versions beside its own; it keeps its title,
    its order and its branch at hand. A bill that stayed when its answer was deleted belongs to it again.

    Args:
        connection: the writing one.
        archived: its images with bytes were put before.
        put: hashes of those; the holds of ``owner`` on them are let go.
        owner: this process, see `owners`.
    """
    with transaction(connection):
        row = connection.execute(
            "SELECT id, deleted_at FROM conversation WHERE uid = ?", (archived.uid,)
        ).fetchone()
        conversation_id = _insert(connection, archived) if row is None else int(row["id"])
        here = _Here(connection, conversation_id) if row is not None else None
        _promise_images(connection, archived)
        incoming = _Incoming(connection, conversation_id, archived, here)
        for message in archived.messages:
            incoming.take(message)
        if row is None and archived.leaf is not None:
            set_leaf(connection, conversation_id, incoming.numbers[archived.leaf])
        if row is not None:
            # What was deleted and not yet gone comes back.
            connection.execute("UPDATE conversation SET deleted_at = NULL WHERE id = ?", (conversation_id,))
        release_images(connection, list(put), owner)
    is_new = row is None or row["deleted_at"] is not None
    return Imported(conversation_id=conversation_id, is_new=is_new, messages=incoming.count)


def _insert(connection: sqlite3.Connection, archived: ArchivedConversation) -> int:
    conversation_id = rows.insert(
        connection,
        "conversation",
        {
            "title": rows.clean(archived.title),
            "created_at": rows.time_text(archived.created_at),
            "options": rows.clean(encode_options(archived.options)),
            "uid": archived.uid,
            "pinned": int(archived.pinned),
            "archived": int(archived.archived),
        },
    )
    connection.executemany(
        "INSERT INTO tag (conversation_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(conversation_id, rows.clean(name)) for name in archived.tags],
    )
    return conversation_id


def _promise_images(connection: sqlite3.Connection, archived: ArchivedConversation) -> None:
    """Rows of all that was sent: an image whose file was missing where it was exported is missing here."""
    connection.executemany(
        "INSERT INTO image (sha256, media_type, width_px, height_px, size_bytes) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (a.sent.sha256, a.sent.media_type, a.sent.width_px, a.sent.height_px, a.sent.size_bytes)
            for a in archived.attachments()
            if a.sent is not None
        ],
    )


class _Here:
    """The messages of a conversation that is here, to be found again by what they say and follow."""

    def __init__(self, connection: sqlite3.Connection, conversation_id: int) -> None:
        self._found: dict[tuple[int | None, str, str, str], list[int]] = {}
        for row in connection.execute(
            "SELECT id, parent_id, role, created_at, text, text_sha256 FROM message"
            " WHERE conversation_id = ? ORDER BY id",
            (conversation_id,),
        ):
            digest = row["text_sha256"] or hash_of(row["text"])
            key = (row["parent_id"], row["role"], row["created_at"], digest)
            self._found.setdefault(key, []).append(int(row["id"]))

    def find(self, message: Message, parent_id: int | None) -> int | None:
        """Its row; each is found once."""
        digest = hash_of(rows.clean(message.text))
        same = self._found.get((parent_id, message.role.value, rows.time_text(message.created_at), digest))
        return same.pop(0) if same else None


class _Incoming:
    """The messages of one conversation on their way in.

    Attributes:
        numbers: rows by the numbers of the archive.
        count: how many are new here.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        conversation_id: int,
        archived: ArchivedConversation,
        here: _Here | None,
    ) -> None:
        self.numbers: dict[int, int] = {}
        self.count = 0
        self._connection = connection
        self._conversation_id = conversation_id
        self._here = here
        self._uid = archived.uid
        self._history = history_name(connection)
        self._attachments: dict[int, int] = {}

    def take(self, archived: ArchivedMessage) -> None:
        """Store a message, unless it is here."""
        message = archived.message
        parent_id = None if archived.parent is None else self.numbers[archived.parent]
        known = self._here.find(message, parent_id) if self._here is not None else None
        if known is not None:
            self.numbers[message.id] = known
            self._find_attachments(known, message.attachments)
            return
        self.count += 1
        message_id = self._insert(message, parent_id)
        self.numbers[message.id] = message_id
        if message.comparison is not None:
            self._connection.execute(
                "UPDATE message SET comparison = ? WHERE id = ?",
                (self.numbers[message.comparison], message_id),
            )
        for attachment in message.attachments:
            columns = rows.attachment_columns(attachment)
            self._attachments[attachment.id] = rows.insert(
                self._connection, "attachment", {"message_id": message_id, **columns}
            )
        if archived.request is not None:
            self._take_request(archived.request, message, message_id)

    def _insert(self, message: Message, parent_id: int | None) -> int:
        text = rows.clean(message.text)
        code, parameters = rows.problem_columns(message.problem)
        shareable = message.shareable_text
        return rows.insert(
            self._connection,
            "message",
            {
                "conversation_id": self._conversation_id,
                "parent_id": parent_id,
                "role": message.role.value,
                "text": text,
                "text_sha256": hash_of(text),
                "state": message.state.value,
                "created_at": rows.time_text(message.created_at),
                "model": message.model,
                "provider": message.provider,
                "problem_code": code,
                "problem_parameters": parameters,
                "seconds": message.seconds,
                "shareable_text": None if shareable is None else rows.clean(shareable),
                "options": rows.clean(encode_options(message.options)),
            },
        )

    def _find_attachments(self, message_id: int, attachments: Sequence[Attachment]) -> None:
        """Numbers of images that are here already: a follow-up that is not may have carried them."""
        found = self._connection.execute(
            "SELECT id FROM attachment WHERE message_id = ? ORDER BY id", (message_id,)
        )
        for attachment, row in zip(attachments, found.fetchall(), strict=False):
            self._attachments[attachment.id] = int(row["id"])

    def _take_request(self, request: ArchivedRequest, message: Message, message_id: int) -> None:
        own = origin_of(self._history, self._uid, request.created_at)
        columns: Mapping[str, rows.Value] = {
            **rows.usage_columns(message.usage),
            "created_at": rows.time_text(request.created_at),
            "provider": request.provider,
            "model": request.model,
            "detail": request.detail,
            "images": request.images,
            "sent_bytes": request.sent_bytes,
            "seconds": request.seconds,
            "estimate_usd": rows.decimal_text(message.estimate_usd),
            "cost_usd": rows.decimal_text(message.cost_usd),
            "expected_text_tokens": request.expected.text_tokens,
            "expected_image_tokens": request.expected.image_tokens,
            "planned_image_tokens": request.expected.planned_image_tokens,
            "expected_answer_tokens": request.expected.answer_tokens,
            "message_id": message_id,
            "origin": None if request.origin == own else request.origin,
        }
        usage_id = self._same_bill(columns, message_id)
        if usage_id is None:
            usage_id = rows.insert(self._connection, "usage", columns)
        for image in request.sent:
            rows.insert(
                self._connection,
                "usage_image",
                {
                    "usage_id": usage_id,
                    "attachment_id": self._attachments.get(image.attachment_id, 0),
                    "detail": image.detail,
                    "carried": int(image.carried),
                    "tokens": image.tokens,
                    "cost_usd": rows.decimal_text(image.cost_usd),
                    "sent_bytes": image.sent_bytes,
                    "source_bytes": image.source_bytes,
                },
            )

    def _same_bill(self, columns: Mapping[str, rows.Value], message_id: int) -> int | None:
        """The bill that stayed when its answer was deleted: it is paid once."""
        row = self._connection.execute(_SAME_BILL, columns).fetchone()
        if row is None:
            return None
        self._connection.execute("UPDATE usage SET message_id = ? WHERE id = ?", (message_id, row["id"]))
        self._connection.execute("DELETE FROM usage_image WHERE usage_id = ?", (row["id"],))
        return int(row["id"])


def let_go(connection: sqlite3.Connection, put: Sequence[str], owner: str) -> None:
    """Let go of images that were put for a conversation which was not imported."""
    with transaction(connection):
        release_images(connection, list(put), owner)
