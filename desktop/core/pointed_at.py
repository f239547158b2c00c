"""Which answers of a conversation point at which of its images."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.model import AnswerState, Attachment, Conversation, Message, Role
from desktop.core.pointing import Place, Pointing, decided_scale
from desktop.core.pointing_text import find_pointing

_MOST_CHARS = 200_000
_ASKED_CHARS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An image that an answer points at.

    Attributes:
        attachment_id: the image.
        name: of its file.
        pointing: the places on it.
    """

    attachment_id: int
    name: str
    pointing: Pointing


@dataclass(frozen=True, slots=True, kw_only=True)
class PointedAnswer:
    """An answer that points.

    Attributes:
        message_id: the answer.
        targets: the images; several where it names several, or where it names none and may mean any.
        named: the answer says which image it means, or there is only one.
    """

    message_id: int
    targets: tuple[Target, ...]
    named: bool

    @property
    def count(self) -> int:
        """How many places it names."""
        counts = [len(target.pointing.places) for target in self.targets]
        return sum(counts) if self.named else max(counts, default=0)


def pointed_answers(conversation: Conversation) -> tuple[PointedAnswer, ...]:
    """The answers that point at images, in order."""
    found = (
        pointed_answer(conversation, message.id)
        for message in conversation.messages
        if message.role is Role.ASSISTANT
    )
    return tuple(answer for answer in found if answer is not None)


def last_pointings(conversation: Conversation, question: Message) -> dict[int, Pointing]:
    """What the latest answers that point at the images of a question name on them, by attachment id.

    Answers that may mean any of several images count for none. Looks at so much text only that nobody waits:
    at the first 200,000 characters of the answers after the question.
    """
    found: dict[int, Pointing] = {}
    left = _MOST_CHARS
    at = next((at for at, message in enumerate(conversation.messages) if message.id == question.id), 0)
    for message in conversation.messages[at:]:
        if message.role is not Role.ASSISTANT:
            continue
        left -= len(message.text)
        if left < 0:
            break
        answer = pointed_answer(conversation, message.id)
        if answer is not None and answer.named:
            found.update((target.attachment_id, target.pointing) for target in answer.targets)
    return {
        attachment.id: found[attachment.id] for attachment in question.attachments if attachment.id in found
    }


def pointed_answer(conversation: Conversation, message_id: int) -> PointedAnswer | None:
    """What one answer points at; None if it does not, is still being written, or there is no image.

    An image is meant by its number in the question from 1, or by its name. Where the answer says neither, it
    means the images of its own question; where that had none, those carried from before.
    """
    at = next((at for at, m in enumerate(conversation.messages) if m.id == message_id), None)
    answer = None if at is None else conversation.messages[at]
    if (
        at is None
        or answer is None
        or answer.role is not Role.ASSISTANT
        or answer.state is AnswerState.RUNNING
    ):
        return None
    images = _images_for(conversation.messages[:at])
    if not images:
        return None
    alone = _sent_px(images[0]) if len(images) == 1 else None
    asked = _asked(conversation.messages[:at])
    pointing = find_pointing(answer.text, model=answer.model or "", sent_px=alone, asked=asked)
    if pointing is None:
        return None
    named = _by_image(pointing, images)
    shared = [place for place in pointing.places if _number_of(place, pointing, images) is None]
    if named and shared:
        # What names no image means the one before it, of which there is only one choice: the first.
        named[min(named)] = (*named[min(named)], *shared)
    by_image = named or dict.fromkeys(range(len(images)), pointing.places)
    targets = tuple(
        Target(
            attachment_id=images[number].id,
            name=images[number].image.name,
            pointing=_on(images[number], places, pointing, answer),
        )
        for number, places in sorted(by_image.items())
    )
    return PointedAnswer(message_id=message_id, targets=targets, named=bool(named) or len(images) == 1)


def _images_for(before: Sequence[Message]) -> list[Attachment]:
    """The images that an answer to these messages is about."""
    question = next((message for message in reversed(before) if message.role is Role.USER), None)
    own = [attachment for attachment in question.attachments if attachment.sent] if question else []
    if own:
        return own
    carried = (attachment for message in before for attachment in message.attachments)
    return [attachment for attachment in carried if attachment.sent and not attachment.left_out]


def _asked(before: Sequence[Message]) -> str:
    """The words of the question and of its schema, as far as they may say what numbers are to count."""
    question = next((message for message in reversed(before) if message.role is Role.USER), None)
    if question is None:
        return ""
    schema = question.options.schema
    return f"{question.text[:_ASKED_CHARS]} {schema.text[:_ASKED_CHARS] if schema else ''}"


def _by_image(pointing: Pointing, images: Sequence[Attachment]) -> dict[int, tuple[Place, ...]]:
    found: dict[int, list[Place]] = {}
    for place in pointing.places:
        number = _number_of(place, pointing, images)
        if number is not None:
            found.setdefault(number, []).append(place)
    return {number: tuple(places) for number, places in found.items()}


def _number_of(place: Place, pointing: Pointing, images: Sequence[Attachment]) -> int | None:
    """Which of the images a place names, from 0."""
    if isinstance(place.image, str):
        wanted = place.image.strip().casefold()
        if wanted.isascii() and wanted.isdigit():
            return _number_of(replace(place, image=int(wanted[:6])), pointing, images)
        names = [attachment.image.name.casefold() for attachment in images]
        matching = [at for at, name in enumerate(names) if wanted in (name, name.rpartition(".")[0])]
        return matching[0] if len(matching) == 1 else None
    if place.image is None:
        return None
    # Those who count from 0 have an image 0.
    first = 0 if any(other.image in (0, "0") for other in pointing.places) else 1
    number = place.image - first
    return number if 0 <= number < len(images) else None


def _on(attachment: Attachment, places: tuple[Place, ...], pointing: Pointing, answer: Message) -> Pointing:
    scale, assumed = pointing.scale, pointing.assumed
    if assumed:
        # The size of this very image may tell.
        scale, assumed = decided_scale(places, model=answer.model or "", sent_px=_sent_px(attachment))
    return replace(pointing, places=places, scale=scale, assumed=assumed)


def _sent_px(attachment: Attachment) -> tuple[int, int] | None:
    return (attachment.sent.width_px, attachment.sent.height_px) if attachment.sent else None
