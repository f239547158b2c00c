"""What an engine is asked: turns of text and images, in the order that providers cache best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from desktop.core.edits import Edits, parts
from desktop.core.model import (
    ON_DEVICE,
    AnswerState,
    Attachment,
    Conversation,
    Detail,
    ImageFacts,
    Message,
    Role,
    picture_key,
)
from desktop.core.schemas import AnswerSchema
from desktop.core.web_addresses import may_be_told

# Not translated: in another language the same follow-up would be a prompt that no cache knows.
_NOTE_LINE = "Image {number}: {note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    """One image in a turn.

    Attributes:
        data: the bytes that are sent.
        media_type: ``image/png`` or ``image/jpeg``.
        detail: None where the provider or the model knows no detail.
        facts: the file it came from; the on-device reader tells them, a network engine never sends them.
        url: where the server may fetch it instead, if it takes addresses; empty for none.
    """

    data: bytes
    media_type: str
    detail: Detail | None
    facts: ImageFacts
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a request: images first, text last (section 4 of ``OPENAI_VISION.md``)."""

    role: Role
    images: tuple[ImagePart, ...] = ()
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of an engine.

    Attributes:
        model: model id.
        turns: what was said, in order.
        max_tokens: limit of the answer.
        schema: the shape that the answer is to have.
    """

    model: str
    turns: tuple[Turn, ...]
    max_tokens: int | None = None
    schema: AnswerSchema | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """An image that the next question adds, with its own detail and what was done to it.

    Attributes:
        image: the page of the file.
        detail: its level.
        edits: what was done to it.
        url: its address goes in place of its bytes, where the server takes addresses; see
            `can_be_sent_as_link`.
    """

    image: ImageFacts
    detail: Detail
    edits: Edits = field(default_factory=Edits)
    url: str = ""

    @property
    def key(self) -> str:
        """What tells this picture, edits included, from every other."""
        return picture_key(self.image, self.edits)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height after cropping and turning, before any scaling."""
        return self.edits.size(self.image.width_px, self.image.height_px)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the user asked: all that `asking.ask` needs, frozen at the click.

    Attributes:
        conversation: what has been said; ``id`` 0 starts a new one.
        text: the prompt.
        images: the new images, in order. One that the conversation already carries is not sent again.
        model: model id.
        max_tokens: limit of the answer, None for the server's own.
        over_budget: the user confirmed that this question may go over the month's budget.
        schema: the shape that the answer is to have; None for words.
    """

    conversation: Conversation
    text: str
    images: tuple[NewImage, ...] = ()
    model: str
    max_tokens: int | None = None
    over_budget: bool = False
    schema: AnswerSchema | None = None


LINKED_FORMATS = frozenset({"PNG", "JPEG", "WEBP", "GIF"})
"""What servers read when they fetch an image themselves."""


def can_be_sent_as_link(image: ImageFacts, edits: Edits, url: str) -> bool:
    """Whether an address can stand for an image: it is of the web, and all of it goes as it is there."""
    whole = not edits and image.page == 0 and image.frames == 1 and image.format in LINKED_FORMATS
    return whole and may_be_told(url)


class CodeLanguage(StrEnum):
    """What a question can be copied as."""

    CURL = "curl"
    PYTHON = "python"


def expand(image: NewImage) -> tuple[NewImage, ...]:
    """What is sent for one image: itself, or a small overview and the part that is asked about."""
    if not image.edits:
        return (image,)
    return tuple(
        NewImage(image=image.image, detail=Detail.LOW if edits.overview else image.detail, edits=edits)
        for edits in parts(image.edits)
    )


def new_images(question: Question) -> tuple[NewImage, ...]:
    """The images that are not carried already, parts and overviews each for themselves.

    An image in both is sent once, at its earlier place.
    """
    seen = {attachment.key for attachment in question.conversation.carried()}
    kept: list[NewImage] = []
    for image in question.images:
        for new in expand(image):
            if new.key not in seen:
                seen.add(new.key)
                kept.append(new)
    return tuple(kept)


def build_request(
    conversation: Conversation,
    *,
    model: str,
    images: Mapping[int, ImagePart],
    share_private_text: bool,
    max_tokens: int | None = None,
    schema: AnswerSchema | None = None,
) -> Request:
    """The request for the last question of ``conversation``.

    Args:
        conversation: its last message is the question, or the empty answer to it, which is not sent.
        model: model id as the provider knows it.
        images: the part of every attachment that is not left out, by attachment id.
        share_private_text: True only for an engine on this computer; otherwise `Message.shareable_text` is
            used.
        max_tokens: limit of the answer.
        schema: the shape of the answer.

    Returns:
        Turns in order. Answers without text, and questions whose answer never came, stay: the question still
        gives context. Two turns of the same role never follow each other: they are joined.
    """
    told = ((m, m.text if share_private_text else shared_text(m)) for m in conversation.messages)
    said = [(m, text) for m, text in told if text or any(map(_is_carried, m.attachments))]
    turns = (_turn(role, list(joined), images) for role, joined in groupby(said, key=lambda one: one[0].role))
    return Request(model=model, turns=tuple(turns), max_tokens=max_tokens, schema=schema)


def _turn(role: Role, said: Sequence[tuple[Message, str]], images: Mapping[int, ImagePart]) -> Turn:
    """Messages, each with its text, as one turn whose images are numbered through."""
    texts: list[str] = []
    pictures: list[ImagePart] = []
    before = ""
    for message, text in said:
        # Asked again in the same words because no answer came: said once.
        texts += ("" if text == before else text, notes(message, first=len(pictures) + 1))
        pictures += (images[a.id] for a in message.attachments if _is_carried(a))
        before = text
    return Turn(role=role, images=tuple(pictures), text="\n\n".join(filter(None, texts)))


def shared_text(message: Message) -> str:
    """What of a message may leave this computer.

    The reader names the private part of its answer, a photo's position, when it ends; of one that was stopped
    or cut off, nothing is shared.
    """
    if message.shareable_text is not None:
        return message.shareable_text
    if message.provider == ON_DEVICE and message.state is not AnswerState.COMPLETE:
        return ""
    return message.text


def notes(message: Message, *, first: int = 1, line: str = _NOTE_LINE) -> str:
    """What a question says about its edited images, a line each, by their numbers in its turn.

    Args:
        message: the question.
        first: the number of its first image.
        line: has the places ``number`` and ``note``; translated where a person reads it.
    """
    carried = [attachment for attachment in message.attachments if _is_carried(attachment)]
    return "\n".join(
        line.format(number=number, note=attachment.note)
        for number, attachment in enumerate(carried, first)
        if attachment.note
    )


def _is_carried(attachment: Attachment) -> bool:
    return not attachment.left_out and attachment.sent is not None
