"""A conversation with all of its branches, as it leaves one history and comes into another. Values only."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import Attachment, Message, Role
from desktop.core.options import Options
from desktop.core.problems import Problem

ARCHIVE_SUFFIX = ".sightline"


class ExportFormat(StrEnum):
    """What a conversation may leave as. The values are those of the terminal's ``--format``."""

    ZIP = "zip"
    HTML = "html"
    MARKDOWN = "md"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRequest:
    """What the ledger knows of the request behind an answer, beside what the answer says itself.

    Attributes:
        created_at: UTC.
        provider: who was asked.
        model: which of its models.
        detail: of all images, where they had the same.
        images: how many went out.
        sent_bytes: of all images.
        seconds: from asking to the end, as it was billed.
        expected: what the estimate said; its cost is the answer's ``estimate_usd``.
        sent: the images that went out; each ``attachment_id`` is a number of this conversation, 0 if unknown.
        origin: a digest that only the history in which it was paid can tell as its own.
    """

    created_at: datetime
    provider: str
    model: str
    detail: str | None = None
    images: int = 0
    sent_bytes: int = 0
    seconds: float | None = None
    expected: Expected = field(default_factory=Expected)
    sent: tuple[RequestImage, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedMessage:
    """A question or an answer, and what it stands behind.

    Attributes:
        message: its ``id``, those of its attachments and its ``comparison`` are numbers of this conversation,
            from 1 in the order in which they were stored.
        parent: number of the message before it; None for a first one. Always smaller than its own.
        request: None for a question, and for an answer of which the ledger knows nothing.
    """

    message: Message
    parent: int | None = None
    request: ArchivedRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedConversation:
    """Everything of a conversation but its draft.

    Attributes:
        uid: the same in every history that it came to.
        title: as it is now.
        created_at: UTC.
        options: how the next question is to be answered.
        pinned: kept on top.
        archived: out of the way.
        tags: in order of their names.
        leaf: the end of the branch at hand; None if it is unknown.
        messages: of all branches, in the order in which they were stored.
    """

    uid: str
    title: str
    created_at: datetime
    options: Options = field(default_factory=Options)
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()
    leaf: int | None = None
    messages: tuple[ArchivedMessage, ...] = ()

    def attachments(self) -> tuple[Attachment, ...]:
        """The images of all branches."""
        return tuple(image for m in self.messages for image in m.message.attachments)

    def branch(self) -> tuple[ArchivedMessage, ...]:
        """The branch at hand, from the first question to its end."""
        by_number = {m.message.id: m for m in self.messages}
        at = by_number.get(self.leaf or 0) or (self.messages[-1] if self.messages else None)
        found: list[ArchivedMessage] = []
        while at is not None:
            found.append(at)
            at = by_number.get(at.parent or 0)
        return tuple(reversed(found))

    def versions(self, of: ArchivedMessage) -> int:
        """How many messages stand in the place of one, itself included."""
        return sum(m.parent == of.parent and m.message.role is of.message.role for m in self.messages)

    def other_sides(self, question: ArchivedMessage) -> tuple[tuple[ArchivedMessage, ArchivedMessage], ...]:
        """The other questions of its comparison, each with its newest answer."""
        number = question.message.comparison
        if number is None:
            return ()
        newest = {m.parent: m for m in self.messages if m.message.role is Role.ASSISTANT}
        return tuple(
            (side, newest[side.message.id])
            for side in self.messages
            if side.message.comparison == number
            and side.message.id != question.message.id
            and side.message.id in newest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one conversation.

    Attributes:
        conversation_id: its row in this history.
        is_new: it was not here before.
        messages: how many of its messages were not here before.
    """

    conversation_id: int
    is_new: bool
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What came of a file.

    Attributes:
        imported: conversations that are new here, or have new messages now, in order.
        present: so many were here already, whole.
        missing_images: so many images were missing where it was exported.
        stopped: why the rest was not imported; those that are in ``imported`` are here, each whole.
    """

    imported: tuple[Imported, ...] = ()
    present: int = 0
    missing_images: int = 0
    stopped: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOutcome:
    """What was exported.

    Attributes:
        path: as text, the file, or the folder of several Markdown files.
        conversations: how many.
        missing_images: so many images were missing or damaged, and are not in it.
    """

    path: str
    conversations: int
    missing_images: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What is to be exported, and where to.

    Attributes:
        ids: the conversations, in order; none of them stands for all.
        format: as what.
        target: the file; of several Markdown files, or where it does not end in ``.md``, their folder.
        full_paths: in a zip or JSON, say where the images' files lie, not only what they are called.
    """

    ids: tuple[int, ...] = ()
    format: ExportFormat
    target: Path
    full_paths: bool = False
