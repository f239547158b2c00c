"""Asking again after a server has refused images: the same question with them made smaller."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop.core.edits import Edits, parts
from desktop.core.model import Attachment, Conversation, Role
from desktop.core.request import Question
from desktop.core.shrinking import SHRINKABLE, shrunk_question
from desktop.ui.gallery_state import Entry


def set_aside(conversation: Conversation) -> tuple[Attachment, ...]:
    """The images of the last question that are left out, if its answer says that they were refused."""
    asked = next((m for m in reversed(conversation.messages) if m.role is Role.USER), None)
    trouble = conversation.messages[-1].problem if conversation.messages else None
    if asked is None or trouble is None or trouble.code not in SHRINKABLE:
        return ()
    return tuple(image for image in asked.attachments if image.left_out and image.sent is not None)


def shrunk_again(conversation: Conversation, refused: Sequence[Attachment], *, model: str) -> Question | None:
    """The last question again with smaller images; None if there are none that can get smaller."""
    asked = next((m for m in reversed(conversation.messages) if m.role is Role.USER), None)
    if asked is None:
        return None
    stored = replace(conversation, messages=tuple(m for m in conversation.messages if m.id))
    return shrunk_question(stored, asked, refused, model=model)


def shrunk_entries(
    entries: Iterable[Entry], refused: Sequence[Attachment], question: Question
) -> Iterator[tuple[int, Edits]]:
    """Keys of the gallery's entries that were refused, with their edits as they are asked about again."""
    there = list(entries)
    for image, new in zip(refused, question.images, strict=True):
        for entry in there:
            same = entry.facts is not None and entry.facts.source_id == image.image.source_id
            if same and image.edits in parts(entry.edits):
                yield entry.key, replace(entry.edits, longest_px=new.edits.longest_px)
