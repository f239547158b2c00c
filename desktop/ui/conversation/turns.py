"""Which images an answer was asked with."""

from collections.abc import Sequence
from dataclasses import replace

from desktop.core.model import Attachment, Conversation, Message, Role

Turn = tuple[Message, tuple[Attachment, ...]]


def turns(conversation: Conversation) -> list[Turn]:
    """Every message with the images that its request had: those carried along, then its question's own.

    What a carried image did cost in a follow-up is not kept, and its tokens are known only for the model
    that it was planned for. The store does not say since when an image is left out: it counts as never
    carried.
    """
    made: list[Turn] = []
    carried: dict[str | None, list[Attachment]] = {}
    images: tuple[Attachment, ...] = ()
    asked: Message | None = None
    for message in conversation.messages:
        if message.role is Role.USER:
            for model, image in _carried_from(asked):
                carried.setdefault(model, []).append(image)
            asked, images = message, ()
        if asked is not None and asked is not message:
            images = (*carried.get(message.model, ()), *asked.attachments)
        made.append((message, images))
    return made


def last_images(conversation: Conversation) -> Sequence[Attachment]:
    """The images of the newest answer's request."""
    made = turns(conversation)
    return made[-1][1] if made else ()


def _carried_from(question: Message | None) -> list[tuple[str | None, Attachment]]:
    if question is None:
        return []
    kept = (image for image in question.attachments if not image.left_out)
    return [(question.model, replace(image, cost_usd=None)) for image in kept]
