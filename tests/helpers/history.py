"""Values for tests of the history: questions, images, and a store that is opened and closed."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.core.ledger import Expected
from desktop.core.model import (
    AnswerState,
    Attachment,
    Conversation,
    Detail,
    ImageFacts,
    Message,
    Role,
    SentImage,
    Usage,
)
from desktop.core.problems import Code, ProblemError
from desktop.store.questions import Beginning
from desktop.store.store import Store

NOON = datetime(2026, 10, 3, 12, 0, tzinfo=UTC)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """A store that is open within the block."""
    store = Store(folder)
    try:
        store.open().result()
        yield store
    finally:
        store.close()


def sent_image(data: bytes, media_type: str = "image/png") -> SentImage:
    """The description of bytes, which need not be an image: the store does not look inside."""
    return SentImage(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        width_px=560,
        height_px=820,
        size_bytes=len(data),
    )


def facts(name: str = "receipt.jpg", **changes: object) -> ImageFacts:
    """What a file said about itself."""
    base = ImageFacts(
        path=Path("/pictures") / name,
        name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        file_bytes=214_000,
        modified_ns=1_790_000_000_123_456_789,
        format="JPEG",
        width_px=560,
        height_px=820,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def attachment(data: bytes, name: str = "receipt.jpg", **changes: object) -> Attachment:
    """An attachment that sends ``data``."""
    base = Attachment(image=facts(name), detail=Detail.HIGH, sent=sent_image(data), tokens=765)
    return replace(base, **changes)  # type: ignore[arg-type]


def question(text: str = "What is the total?", *attachments: Attachment) -> Message:
    """A question that was asked at noon."""
    return Message(role=Role.USER, text=text, created_at=NOON, attachments=attachments, model="gpt-5-mini")


def beginning(asked: Message, **changes: Any) -> Beginning:
    """A question that starts a conversation."""
    base = Beginning(
        conversation_id=0,
        question=asked,
        title=asked.text,
        model="gpt-5-mini",
        provider="openai",
        expected=Expected(cost_usd=Decimal("0.0034")),
        asked_at=asked.created_at,
    )
    return replace(base, **changes)


def begin(
    store: Store, asked: Message, *, conversation_id: int = 0, provider: str = "openai"
) -> Conversation:
    """Put the images of a question, then the question, after what was said."""
    said = store.conversation(conversation_id).result().messages if conversation_id else ()
    return store.begin(
        beginning(
            asked,
            conversation_id=conversation_id,
            parent_id=said[-1].id if said else None,
            model="gpt-5-mini" if provider == "openai" else "on-device",
            provider=provider,
        )
    ).result()


def ask(store: Store, text: str, *images: bytes, conversation_id: int = 0) -> Conversation:
    """A question about images, stored, and still being answered."""
    for data in images:
        store.put_image(data, sent_image(data)).result()
    return begin(store, question(text, *map(attachment, images)), conversation_id=conversation_id)


def answered(conversation: Conversation, text: str = "**$23.10**", **changes: object) -> Message:
    """The complete answer to the last question of a conversation."""
    answer = replace(
        conversation.messages[-1],
        text=text,
        state=AnswerState.COMPLETE,
        usage=Usage(prompt_tokens=800, completion_tokens=12),
        cost_usd=Decimal("0.0031"),
        seconds=2.4,
    )
    return replace(answer, **changes)  # type: ignore[arg-type]


def code_of(future: Future[Any]) -> Code:
    """The code of the problem that a call of the store ends with."""
    error = future.exception()
    assert isinstance(error, ProblemError), error
    return error.problem.code
