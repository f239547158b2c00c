"""What Sightline keeps and shows: images, attachments, messages, conversations.

All frozen, so they may cross threads.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from desktop.core.edits import Edits
from desktop.core.options import Options
from desktop.core.problems import Problem

ON_DEVICE = "on-device"
"""Model id and provider id of the reader on this computer."""


class Detail(StrEnum):
    """How closely a model looks. The values are those of the protocol's ``detail``."""

    AUTO = "auto"
    LOW = "low"
    HIGH = "high"
    ORIGINAL = "original"


class Role(StrEnum):
    """Who wrote a message. The values are those of the protocol's ``role``."""

    USER = "user"
    ASSISTANT = "assistant"


class AnswerState(StrEnum):
    """How far an answer has come. Everything but RUNNING is final; questions are always COMPLETE.

    Attributes:
        RUNNING: being answered by a living process.
        COMPLETE: the server said that it is finished.
        STOPPED: the user stopped it; what had come is kept.
        INCOMPLETE: the stream ended without saying that it is finished, or at the token limit.
        FAILED: an error ended it; `Message.problem` says which.
        INTERRUPTED: the process that was answering has died; found at the next start.
    """

    RUNNING = "running"
    COMPLETE = "complete"
    STOPPED = "stopped"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a photo was taken, in decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What one file said about itself when it was looked at.

    Attributes:
        path: the file; names that are not UTF-8 are held with ``surrogateescape``, as `os.fsdecode` makes
            them.
        name: the last part of the path, made printable.
        sha256: hex digest of the whole file.
        file_bytes: size of the file in bytes.
        modified_ns: modification time in nanoseconds since the epoch.
        format: Pillow's name of the content's format, ``PNG``, ``JPEG``, ``WEBP``, ``GIF``, ``HEIF``..., or
            ``PDF``.
        width_px: width in pixels after the EXIF orientation is applied.
        height_px: height in pixels after the EXIF orientation is applied.
        frames: number of frames or pages of the file.
        page: the frame or page that is meant, from 0.
        has_alpha: whether some pixels may be transparent.
        camera: maker and model, if the file names them.
        taken_at: when the picture was taken, as the file says it (``2026:10:03 09:41:00``).
        position: where it was taken.
        lens: the lens, if the file names it.
        metadata: kinds of metadata found, all of which are removed before sending: ``exif``, ``gps``,
            ``xmp``, ``icc``, ``iptc``, ``comment``, ``serial`` (numbers of camera or lens), ``author``,
            ``thumbnail`` (an embedded preview).
    """

    path: Path
    name: str
    sha256: str
    file_bytes: int
    modified_ns: int
    format: str
    width_px: int
    height_px: int
    frames: int = 1
    page: int = 0
    has_alpha: bool = False
    camera: str | None = None
    lens: str | None = None
    taken_at: str | None = None
    position: Position | None = None
    metadata: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """What tells this page of this file's content from every other."""
        return f"{self.sha256}#{self.page}" if self.page else self.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class SentImage:
    """The bytes of one image as they are sent; content-addressed, so follow-ups send the same bytes again.

    Attributes:
        sha256: hex digest of the sent bytes; their key in the store.
        media_type: ``image/png`` or ``image/jpeg``.
        width_px: width in pixels.
        height_px: height in pixels.
        size_bytes: how many bytes.
    """

    sha256: str
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One image in one question.

    Attributes:
        id: row in the store; 0 before it is stored.
        image: the source as it was when it was sent.
        detail: fixed when it is first sent.
        sent: the bytes that were sent; None only while the question is being prepared.
        tokens: planned tokens for the model that was asked; None if its rule is unknown.
        cost_usd: this image's share of the bill; None if the price is unknown.
        left_out: the user took it out of what follow-ups carry.
        once: it goes with one question only, and is left out when that is answered.
        stand_in: text that follow-ups carry in its place: what was read on it, or a description; empty for
            none.
        edits: what had been done to it when it was sent; the bytes already show it.
        note: what the prompt says about it, without its number; see `edits.note`.
        url: the address that is sent in place of the bytes, where the server takes addresses; empty for none.
    """

    id: int = 0
    image: ImageFacts
    detail: Detail
    sent: SentImage | None = None
    tokens: int | None = None
    cost_usd: Decimal | None = None
    left_out: bool = False
    once: bool = False
    stand_in: str = ""
    edits: Edits = field(default_factory=Edits)
    note: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """What tells this picture, edits included, from every other."""
        return picture_key(self.image, self.edits)

    @property
    def is_carried(self) -> bool:
        """Whether follow-ups carry its bytes."""
        return not self.left_out and not self.stand_in


def picture_key(image: ImageFacts, edits: Edits) -> str:
    """Equal for the same page with the same edits."""
    digest = edits.digest()
    return f"{image.source_id}+{digest}" if digest else image.source_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a server says it billed.

    Attributes:
        prompt_tokens: all input tokens, images included.
        completion_tokens: all output tokens, reasoning included.
        cached_tokens: the part of ``prompt_tokens`` read from the provider's cache.
        cache_write_tokens: the part of ``prompt_tokens`` written to the provider's cache.
        image_tokens: the part of ``prompt_tokens`` that images made, where the server tells.
        reasoning_tokens: the part of ``completion_tokens`` that is not shown.
        charged_usd: the real charge where the server tells (OpenRouter's ``usage.cost``).
        reported: False when the server sent no usage and these are our estimates.
    """

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    image_tokens: int | None = None
    reasoning_tokens: int = 0
    charged_usd: Decimal | None = None
    reported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A question or an answer.

    Attributes:
        id: row in the store; 0 before it is stored. Messages are ordered by it, never by the clock.
        role: who wrote it.
        text: plain text of a question, Markdown of an answer.
        state: see `AnswerState`.
        created_at: UTC.
        attachments: images of a question, in order.
        model: model id of an answer (and of the question that asked for it).
        provider: provider id of an answer, for example ``openai`` or ``on-device``.
        problem: why an answer FAILED or is INCOMPLETE.
        usage: what was billed.
        cost_usd: from the usage; None if the price is unknown; 0 on this computer.
        estimate_usd: what the estimate line said before sending; None if unknown.
        seconds: from asking to the end.
        shareable_text: what follow-ups carry instead of ``text``, when some of it (a photo's position) must
            not leave this computer; None when all of it may.
        options: of a question, how it was to be answered.
        comparison: questions with the same number were asked at once, to be compared; None for the others.
    """

    id: int = 0
    role: Role
    text: str
    state: AnswerState = AnswerState.COMPLETE
    created_at: datetime
    attachments: tuple[Attachment, ...] = ()
    model: str | None = None
    provider: str | None = None
    problem: Problem | None = None
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    estimate_usd: Decimal | None = None
    seconds: float | None = None
    shareable_text: str | None = None
    options: Options = field(default_factory=Options)
    comparison: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftImage:
    """A selected image of a draft: enough to find it again."""

    path: Path
    sha256: str
    detail: Detail | None = None
    page: int = 0
    edits: Edits = field(default_factory=Edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is being written in a conversation and not yet asked.

    Attributes:
        text: the prompt box.
        images: the selected images, in order, each with its own detail where it differs from ``detail``.
        detail: the detail selector.
        model: the model picker.
        lost_images: so many selected images were not read back: what was done to them cannot be read.
    """

    text: str = ""
    images: tuple[DraftImage, ...] = ()
    detail: Detail = Detail.AUTO
    model: str | None = None
    lost_images: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: a question to one model at one detail, and its answer."""

    question: Message
    answer: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Messages in order, and the draft of the next question.

    A conversation may branch: a question that was edited, or asked again, has versions. ``messages`` is the
    branch at hand, from the first question to its end.

    Attributes:
        id: 0 before the first question is stored.
        title: first words of its first question, or what the user made of it.
        messages: the branch at hand.
        draft: what is being written.
        versions: ids of messages that stand in the same place, oldest first; one tuple for each place of the
            branch at hand that has more than one.
        comparisons: the sides of every comparison of the branch at hand, in the order in which they were
            asked.
        options: how the next question is to be answered.
        private: nothing of it is stored.
    """

    id: int = 0
    title: str = ""
    messages: tuple[Message, ...] = ()
    draft: Draft = field(default_factory=Draft)
    versions: tuple[tuple[int, ...], ...] = ()
    comparisons: tuple[tuple[Side, ...], ...] = ()
    options: Options = field(default_factory=Options)
    private: bool = False

    def attachments(self) -> tuple[Attachment, ...]:
        """All images of all questions, in the order in which they were sent."""
        return tuple(attachment for message in self.messages for attachment in message.attachments)

    def carried(self) -> tuple[Attachment, ...]:
        """The images that the next request carries; those of a question without an answer go with it."""
        return tuple(
            attachment
            for message in self.messages
            for attachment in message.attachments
            if attachment.is_carried or (attachment.once and message is self._unanswered())
        )

    def versions_of(self, message_id: int) -> tuple[int, ...]:
        """The messages that stand in the place of this one, itself included; empty if it is the only one."""
        return next((ids for ids in self.versions if message_id in ids), ())

    def upto(self, message_id: int, *, included: bool) -> "Conversation":
        """The beginning of the branch at hand, up to a message; unchanged if that is not in it."""
        place = next((at for at, m in enumerate(self.messages) if m.id == message_id), None)
        if place is None:
            return self
        return replace(self, messages=self.messages[: place + included])

    def _unanswered(self) -> Message | None:
        """The question that is being asked: the last one, while its answer has not ended."""
        if not self.messages:
            return None
        last = self.messages[-1]
        if last.role is Role.USER:
            return last
        return self.messages[-2] if last.state is AnswerState.RUNNING and len(self.messages) > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSummary:
    """One row of the history.

    Attributes:
        id: the conversation.
        title: first words of its first question.
        updated_at: UTC, time of its last message.
        image_count: how many images were sent in it, each once: versions and sides of a comparison share
            theirs.
        cost_usd: sum of the known costs; None if all of them are unknown.
        on_device: True if no answer came from a network.
        thumbnail: the first image that was sent, if any.
        running: an answer is being written.
        pinned: it stands above the others.
        archived: it is in the archive.
        tags: in the order of their names.
        latest_id: its newest message.
    """

    id: int
    title: str
    updated_at: datetime
    image_count: int
    cost_usd: Decimal | None
    on_device: bool
    thumbnail: SentImage | None
    running: bool = False
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()
    latest_id: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the list: the highest first."""
        return int(self.pinned), self.latest_id
