"""Conversations as the store would give them, for tests of what shows them."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

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

MODEL = "gpt-5-mini"


def attachment(number: int, *, tokens: int | None = 562, cost: str | None = "0.0011") -> Attachment:
    sha256 = f"{number:064x}"
    facts = ImageFacts(
        path=Path(f"/photos/{number}.png"),
        name=f"photo {number}.png",
        sha256=sha256,
        file_bytes=1000,
        modified_ns=1,
        format="PNG",
        width_px=560,
        height_px=820,
    )
    sent = SentImage(sha256=sha256, media_type="image/png", width_px=560, height_px=820, size_bytes=900)
    return Attachment(
        id=number,
        image=facts,
        detail=Detail.HIGH,
        sent=sent,
        tokens=tokens,
        cost_usd=None if cost is None else Decimal(cost),
    )


def question(text: str = "What is it?", *attachments: Attachment, **fields: Any) -> Message:
    return Message(
        role=Role.USER,
        text=text,
        created_at=datetime.now(UTC),
        attachments=attachments,
        model=MODEL,
        **fields,
    )


def answer(text: str = "A receipt.", **fields: Any) -> Message:
    known = {"model": MODEL, "provider": "openai", "created_at": datetime.now(UTC), **fields}
    return Message(role=Role.ASSISTANT, text=text, **known)


def running(**fields: Any) -> Message:
    return answer("", state=AnswerState.RUNNING, **fields)


def billed(text: str = "A receipt.", **fields: Any) -> Message:
    known = {
        "usage": Usage(prompt_tokens=683, completion_tokens=161),
        "cost_usd": Decimal("0.0015"),
        "estimate_usd": Decimal("0.0016"),
        "seconds": 2.4,
        **fields,
    }
    return answer(text, **known)


def conversation(*messages: Message, **fields: Any) -> Conversation:
    return Conversation(**{"id": 1, "title": "Receipts", **fields}, messages=messages)
