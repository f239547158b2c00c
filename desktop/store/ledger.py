"""The ledger as it is written: a row for each request, and one for each image that went out with it."""

import sqlite3
from collections.abc import Sequence

from desktop.core.ledger import Expected, RequestImage, each_file_once
from desktop.core.model import Conversation, Message
from desktop.store import rows


def begin_request(
    connection: sqlite3.Connection, conversation: Conversation, answer: Message, *, expected: Expected
) -> None:
    """Note a request that is about to be made, within the caller's transaction.

    Args:
        connection: the writing one.
        conversation: the branch that ends with the answer; the images that it carries are noted as sent.
        answer: the empty one, with its id.
        expected: what the estimate said.
    """
    usage_id = rows.insert(
        connection,
        "usage",
        {
            "message_id": answer.id,
            "created_at": rows.time_text(answer.created_at),
            "provider": answer.provider,
            "model": answer.model,
            "images": 0,
            "sent_bytes": 0,
            "estimate_usd": rows.decimal_text(expected.cost_usd),
            "expected_text_tokens": expected.text_tokens,
            "expected_image_tokens": expected.image_tokens,
            "planned_image_tokens": expected.planned_image_tokens,
            "expected_answer_tokens": expected.answer_tokens,
        },
    )
    _note_images(connection, usage_id, _carried(conversation))


def _carried(conversation: Conversation) -> tuple[RequestImage, ...]:
    """Until it is known what went out, the stored bytes; tokens of the new images, planned for this model."""
    found = [attachment for attachment in conversation.carried() if attachment.sent is not None]
    own = {attachment.id for attachment in conversation.messages[-2].attachments}
    source_bytes = each_file_once((a.image.sha256, a.image.file_bytes) for a in found)
    return tuple(
        RequestImage(
            attachment_id=attachment.id,
            detail=attachment.detail.value,
            carried=attachment.id not in own,
            tokens=attachment.tokens if attachment.id in own else None,
            sent_bytes=attachment.sent.size_bytes if attachment.sent else 0,
            source_bytes=source,
        )
        for attachment, source in zip(found, source_bytes, strict=True)
    )


def finish_request(
    connection: sqlite3.Connection, answer: Message, images: Sequence[RequestImage] | None
) -> None:
    """Note what a request was billed, within the caller's transaction.

    Args:
        connection: the writing one.
        answer: the final one.
        images: what went out, with each image's share; None to leave what `begin_request` noted.
    """
    columns = {
        **rows.usage_columns(answer.usage),
        "cost_usd": rows.decimal_text(answer.cost_usd),
        "seconds": answer.seconds,
    }
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    connection.execute(
        f"UPDATE usage SET {assignments} WHERE message_id = :message_id",  # noqa: S608 - the names are ours
        {**columns, "message_id": answer.id},
    )
    row = connection.execute("SELECT id FROM usage WHERE message_id = ?", (answer.id,)).fetchone()
    if images is not None and row is not None:
        _note_images(connection, row["id"], images)


def note_spent(connection: sqlite3.Connection, answer: Message) -> None:
    """Note what a request without a stored message was billed, and nothing that tells what it was."""
    rows.insert(
        connection,
        "usage",
        {
            "message_id": None,
            "created_at": rows.time_text(answer.created_at),
            "provider": answer.provider,
            "model": answer.model,
            "images": 0,
            "sent_bytes": 0,
            "cost_usd": rows.decimal_text(answer.cost_usd),
            "seconds": answer.seconds,
            **rows.usage_columns(answer.usage),
        },
    )


def _note_images(connection: sqlite3.Connection, usage_id: int, images: Sequence[RequestImage]) -> None:
    connection.execute("DELETE FROM usage_image WHERE usage_id = ?", (usage_id,))
    for image in images:
        rows.insert(
            connection,
            "usage_image",
            {
                "usage_id": usage_id,
                "attachment_id": image.attachment_id,
                "detail": image.detail,
                "carried": int(image.carried),
                "tokens": image.tokens,
                "cost_usd": rows.decimal_text(image.cost_usd),
                "sent_bytes": image.sent_bytes,
                "source_bytes": image.source_bytes,
            },
        )
    details = {image.detail for image in images}
    connection.execute(
        "UPDATE usage SET detail = ?, images = ?, sent_bytes = ? WHERE id = ?",
        (
            details.pop() if len(details) == 1 else None,
            len(images),
            sum(image.sent_bytes for image in images),
            usage_id,
        ),
    )
