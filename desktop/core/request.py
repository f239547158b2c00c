"""What an engine is asked: turns of text and images, in the order that providers cache best."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from desktop.core.options import Options
from desktop.core.schemas import AnswerSchema
from desktop.core.web_addresses import may_be_told

# Not translated: in another language the same follow-up would be a prompt that no cache knows.
_NOTE_LINE = "Image {number}: {note}"
_STAND_IN = "[The image {name} is replaced by this text:]\n{text}"
CONTINUE = "Continue exactly where your last answer stopped. Repeat nothing and add no introduction."
"""What is asked, and not shown, to have a cut answer continued."""


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
        model: model id as the provider knows it.
        turns: what was said, in order.
        max_tokens: limit of the answer.
        options: how it is to be answered; `Options.max_tokens` is in ``max_tokens`` already.
    """

    model: str
    turns: tuple[Turn, ...]
    max_tokens: int | None = None
    options: Options = field(default_factory=Options)

    @property
    def schema(self) -> AnswerSchema | None:
        """The shape that the answer is to have."""
        return self.options.schema


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """An image that the next question adds, with its own detail and what was done to it.

    Attributes:
        image: the page of the file.
        detail: its level.
        edits: what was done to it.
        url: its address goes in place of its bytes, where the server takes addresses; see
            `can_be_sent_as_link`.
        once: it goes with this question only.
    """

    image: ImageFacts
    detail: Detail
    edits: Edits = field(default_factory=Edits)
    url: str = ""
    once: bool = False

    @property
    def key(self) -> str:
        """What tells this picture, edits included, from every other."""
        return picture_key(self.image, self.edits)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height after cropping and turning, before any scaling."""
        return self.edits.size(self.image.width_px, self.image.height_px)


class Kind(StrEnum):
    """What a question adds to its conversation.

    Attributes:
        NEW: itself, after the last message of the branch at hand.
        AGAIN: another answer to the question that the branch at hand ends with.
        CONTINUED: a version of the cut answer that the branch at hand ends with, which goes on.
    """

    NEW = "new"
    AGAIN = "again"
    CONTINUED = "continued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the user asked: all that `asking.ask` needs, frozen at the click.

    Attributes:
        conversation: what has been said; ``id`` 0 starts a new one. A beginning of a stored branch starts
            another branch there.
        text: the prompt.
        images: the new images, in order. One that the conversation already carries is not sent again.
        model: model id.
        max_tokens: limit of the answer, None for the conversation's own.
        over_budget: the user confirmed that this question may go over the month's budget.
        kind: what it adds.
        kept: images of ``version_of`` that go with it as they were sent, byte for byte.
        version_of: the question that this one is another version of; its stored images serve where a file
            is gone.
        comparison: see `Message.comparison`.
        shown: the branch that it makes is the one at hand from now on; False for all but one side of a
            comparison.
        drafted: it was the window's draft, which is used up now; False for the terminal's.
    """

    conversation: Conversation
    text: str
    images: tuple[NewImage, ...] = ()
    model: str
    max_tokens: int | None = None
    over_budget: bool = False
    kind: Kind = Kind.NEW
    kept: tuple[Attachment, ...] = ()
    version_of: Message | None = None
    comparison: int | None = None
    shown: bool = True
    drafted: bool = True

    @property
    def answer_limit(self) -> int | None:
        """The most tokens that the answer may have."""
        return self.conversation.options.max_tokens if self.max_tokens is None else self.max_tokens

    def carried(self) -> tuple[Attachment, ...]:
        """The images whose stored bytes go out: those of the conversation, then those that are kept."""
        return (*self.conversation.carried(), *self.kept)


def asked_again(conversation: Conversation, question_id: int, *, model: str) -> Question:
    """Have a question of the branch at hand answered once more.

    Raises:
        ValueError: there is no such question.
    """
    upto = conversation.upto(question_id, included=True)
    if not upto.messages or upto.messages[-1].id != question_id or upto.messages[-1].role is not Role.USER:
        raise ValueError("no such question")
    return Question(conversation=upto, text=upto.messages[-1].text, model=model, kind=Kind.AGAIN)


def continued(conversation: Conversation, answer_id: int, *, model: str) -> Question:
    """Have a cut answer of the branch at hand continued.

    Raises:
        ValueError: there is no such answer.
    """
    upto = conversation.upto(answer_id, included=True)
    if len(upto.messages) < 2 or upto.messages[-1].id != answer_id or upto.messages[-1].role is Role.USER:
        raise ValueError("no such answer")
    return Question(conversation=upto, text=CONTINUE, model=model, kind=Kind.CONTINUED)


def edited(
    conversation: Conversation, question: Message, *, text: str, model: str, dropped: Collection[int] = ()
) -> Question:
    """Ask another version of a question of the branch at hand, with its own images as they were sent.

    Args:
        conversation: the branch at hand.
        question: the one that is replaced; it stays reachable.
        text: the prompt.
        model: who is asked.
        dropped: ids of images that do not go with it.
    """
    return Question(
        conversation=conversation.upto(question.id, included=False),
        text=text,
        model=model,
        kept=tuple(a for a in own_images(question) if a.id not in dropped),
        version_of=question,
    )


def own_images(question: Message) -> tuple[Attachment, ...]:
    """The images that a question brings along when it is asked again."""
    return tuple(a for a in question.attachments if a.sent is not None and (a.is_carried or a.once))


def looked_at_closer(
    conversation: Conversation, question: Message, *, model: str, detail: Detail
) -> Question:
    """Ask another version of a question whose images are looked at with another detail."""
    images = tuple(
        NewImage(image=a.image, detail=detail, edits=a.edits, url=a.url, once=a.once)
        for a in own_images(question)
    )
    return Question(
        conversation=conversation.upto(question.id, included=False),
        text=question.text,
        images=images,
        model=model,
        version_of=question,
    )


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
    seen = {attachment.key for attachment in question.carried()}
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
) -> Request:
    """The request for the last question of ``conversation``.

    Args:
        conversation: its last message is the question, or the empty answer to it, which is not sent.
        model: model id as the provider knows it.
        images: the part of every attachment that is carried, by attachment id.
        share_private_text: True only for an engine on this computer; otherwise `Message.shareable_text` is
            used.
        max_tokens: limit of the answer.

    Returns:
        Turns in order. Answers without text, and questions whose answer never came, stay: the question still
        gives context. Two turns of the same role never follow each other: they are joined.
    """
    carried = frozenset(a.id for a in conversation.carried() if a.sent is not None)
    messages = [_with_carried(message, carried) for message in conversation.messages]
    told = ((m, m.text if share_private_text else shared_text(m)) for m in messages)
    said = [(m, text) for m, text in told if text or m.attachments]
    turns = (_turn(role, list(joined), images) for role, joined in groupby(said, key=lambda one: one[0].role))
    return Request(model=model, turns=tuple(turns), max_tokens=max_tokens, options=conversation.options)


def _with_carried(message: Message, carried: frozenset[int]) -> Message:
    """The message with the images that go out, and the text that goes in the place of others."""
    if not message.attachments:
        return message
    stands_in = stand_ins(message)
    kept = tuple(attachment for attachment in message.attachments if attachment.id in carried)
    text = "\n\n".join(filter(None, (message.text, stands_in)))
    return replace(message, attachments=kept, text=text)


def stand_ins(message: Message) -> str:
    """What a question says in place of those of its images that text replaces."""
    return "\n\n".join(
        _STAND_IN.format(name=attachment.image.name, text=attachment.stand_in)
        for attachment in message.attachments
        if attachment.stand_in and not attachment.left_out
    )


def _turn(role: Role, said: Sequence[tuple[Message, str]], images: Mapping[int, ImagePart]) -> Turn:
    """Messages, each with its text, as one turn whose images are numbered through."""
    texts: list[str] = []
    pictures: list[ImagePart] = []
    before = ""
    for message, text in said:
        # Asked again in the same words because no answer came: said once.
        texts += ("" if text == before else text, _notes(message.attachments, len(pictures) + 1, _NOTE_LINE))
        pictures += (images[a.id] for a in message.attachments)
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
    return _notes([a for a in message.attachments if a.is_carried and a.sent is not None], first, line)


def _notes(attachments: Sequence[Attachment], first: int, line: str) -> str:
    return "\n".join(
        line.format(number=number, note=attachment.note)
        for number, attachment in enumerate(attachments, first)
        if attachment.note
    )
