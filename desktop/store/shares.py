"""What images did cost with the very answer that is shown: an attachment keeps only its latest bill."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop.core.model import Attachment, Message
from desktop.store import rows

_SHARES = """
    SELECT i.attachment_id, i.tokens, i.cost_usd FROM usage u JOIN usage_image i ON i.usage_id = u.id
    WHERE u.message_id = ?
"""


def with_shares(
    connection: sqlite3.Connection, messages: Sequence[Message], versions: Iterable[Sequence[int]]
) -> tuple[Message, ...]:
    """The branch ``messages``, its questions' images with their shares of the answers in it.

    Only where there are several answers: ``versions`` are the messages with others in the same place.
    """
    several = {number for ids in versions for number in ids}
    made = list(messages)
    for place, answer in enumerate(messages):
        if place and answer.id in several and messages[place - 1].attachments:
            question = messages[place - 1]
            bill = {line["attachment_id"]: line for line in connection.execute(_SHARES, (answer.id,))}
            shared = tuple(_shared(image, bill.get(image.id)) for image in question.attachments)
            made[place - 1] = replace(question, attachments=shared)
    return tuple(made)


def _shared(image: Attachment, share: sqlite3.Row | None) -> Attachment:
    if share is None:
        return image
    return replace(image, tokens=share["tokens"], cost_usd=rows.decimal_value(share["cost_usd"]))
