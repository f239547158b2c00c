"""What an engine tells while it answers, and what a running question tells the window or the terminal."""

from dataclasses import dataclass

from desktop.core.model import Attachment, Conversation, Message, Usage
from desktop.core.problems import Problem


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer.

    Attributes:
        text: as it is shown now.
        kept: what the history keeps instead, where some of it (a photo's position) must be in no file of
            ours; None for the same.
    """

    text: str
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Retrying:
    """The engine waits ``seconds`` because of ``problem``, then tries again.

    ``may_bill_twice`` if the first try may count.
    """

    problem: Problem
    seconds: float
    attempt: int
    may_bill_twice: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The engine has ended. Always the last event of an engine, and the only one of its kind.

    Attributes:
        complete: True only if the server said that the answer is finished.
        problem: why it is not complete; None exactly when ``complete``.
        usage: what the server billed; None if it did not say.
        shareable_text: see `Message.shareable_text`.
        request_id: the server's id of the request, for support.
    """

    complete: bool
    problem: Problem | None = None
    usage: Usage | None = None
    shareable_text: str | None = None
    request_id: str | None = None


EngineEvent = TextDelta | Retrying | Answered


@dataclass(frozen=True, slots=True)
class Preparing:
    """``done`` of ``total`` images are ready to be sent."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The question and an empty answer are in the history, as the last two messages of ``conversation``."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Finished:
    """A question has ended. Always the last event of `asking.ask`, and the only one of its kind.

    Attributes:
        answer: the final answer as it is shown. Its ``state`` is never RUNNING. ``id`` is 0 if nothing could
            be stored or asked.
        conversation: the conversation, ``answer`` included, or None if nothing was stored.
        not_stored: why the end of the answer could not be stored, if so; the text is still in ``answer``.
        refused: the images that the server refused; they are set aside, and may be asked about again when
            they are smaller, see `shrinking.shrunk_question`.
    """

    answer: Message
    conversation: Conversation | None
    not_stored: Problem | None = None
    refused: tuple[Attachment, ...] = ()


QuestionEvent = Preparing | Stored | TextDelta | Retrying | Finished
