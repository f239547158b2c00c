"""Asking again with smaller images, after a server has refused them."""

from collections.abc import Sequence
from dataclasses import replace

from desktop.core.edits import Edits
from desktop.core.model import Attachment, Conversation, Message
from desktop.core.problems import Code
from desktop.core.request import NewImage, Question

SHRINKABLE = frozenset({Code.IMAGE_REFUSED, Code.PAYLOAD_TOO_LARGE})
"""Refusals after which a smaller image may be taken."""
SMALLEST_PX = 256
"""A longer side below this is not offered: little can be seen, and no server refuses more."""


def shrunk(edits: Edits, sent_width: int, sent_height: int) -> Edits | None:
    """The same edits with half of the longer side that was sent; None if it cannot get smaller.

    Args:
        edits: of the picture that was refused.
        sent_width: its width as it was sent, in pixels.
        sent_height: its height as it was sent, in pixels.
    """
    longest = max(sent_width, sent_height)
    if longest <= SMALLEST_PX:
        return None
    return replace(edits, longest_px=max(SMALLEST_PX, longest // 2))


def shrunk_images(refused: Sequence[Attachment]) -> tuple[NewImage, ...]:
    """The refused images to ask about again, smaller where they can get smaller; empty if none can."""
    images: list[NewImage] = []
    some_smaller = False
    for attachment in refused:
        seen = attachment.sent or attachment.image
        edits = shrunk(attachment.edits, seen.width_px, seen.height_px)
        some_smaller = some_smaller or edits is not None
        # Its own size, so that the bytes that were sent serve where the file is gone.
        same = replace(attachment.edits, longest_px=max(seen.width_px, seen.height_px))
        images.append(NewImage(image=attachment.image, detail=attachment.detail, edits=edits or same))
    return tuple(images) if some_smaller else ()


def shrunk_question(
    conversation: Conversation, question: Message, refused: Sequence[Attachment], *, model: str
) -> Question | None:
    """The same question again with the refused images made smaller; the others are still carried.

    Args:
        conversation: as it is after the refused images were set aside (`Finished.conversation`).
        question: the message that was asked.
        refused: `Finished.refused`.
        model: who is asked.

    Returns:
        None if there is nothing refused, or nothing that can get smaller.
    """
    images = shrunk_images(refused)
    if not images:
        return None
    return Question(conversation=conversation, text=question.text, images=images, model=model)


def made_from(edits: Edits, earlier: Edits) -> bool:
    """Whether bytes made with ``earlier`` may be scaled down to what ``edits`` say."""
    largest, least = earlier.longest_px, edits.longest_px
    if least is None or (largest is not None and largest < least):
        return False
    return replace(edits, longest_px=None) == replace(earlier, longest_px=None)
