"""What was spent, as values made by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.core.ledger import (
    Accuracy,
    ConversationSpending,
    DaySpending,
    ImageSpending,
    ModelSpending,
    Spending,
)
from tests.helpers.history import sent_image

TODAY = date(2026, 11, 22)


def image_row(number: int, **changes: object) -> ImageSpending:
    """An image of conversation ``number``, the dearer the lower the number."""
    base = ImageSpending(
        conversation_id=number,
        conversation_title=f"Conversation {number}",
        name=f"image-{number}.jpg",
        sent=sent_image(str(number).encode()),
        model="gpt-5-mini",
        detail="high",
        times_sent=number,
        tokens=number * 1000,
        cost_usd=Decimal(1) / number,
        sent_bytes=1000,
        source_bytes=50_000,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def day(number: int, cost: str, requests: int = 1) -> DaySpending:
    """A day of November 2026."""
    return DaySpending(day=date(2026, 11, number), cost_usd=Decimal(cost), requests=requests)


MODEL = ModelSpending(
    provider="openai",
    model="gpt-5-mini",
    requests=96,
    images=412,
    prompt_tokens=812_345,
    cached_tokens=301_222,
    cache_write_tokens=0,
    completion_tokens=45_123,
    cost_usd=Decimal("1.84"),
)
DELETED = ConversationSpending(conversation_id=None, title="", requests=2, images=3, cost_usd=Decimal("0.01"))
CONVERSATION = ConversationSpending(
    conversation_id=7, title="Receipts", requests=90, images=400, cost_usd=Decimal("1.8")
)
ACCURACY = Accuracy(
    provider="openai",
    model="gpt-5-mini",
    detail="high",
    answers=96,
    estimated_tokens=800_000,
    billed_tokens=812_345,
    estimated_usd=Decimal("1.8"),
    billed_usd=Decimal("1.84"),
    mean_error=0.012,
)


def spending(*rows: ImageSpending, **changes: object) -> Spending:
    """November 2026, the figures of the mock."""
    base = Spending(
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        total_usd=Decimal("1.84"),
        unpriced_requests=0,
        requests=96,
        images=412,
        median_image_usd=Decimal("0.0021"),
        sent_bytes=58_000_000,
        source_bytes=1_950_000_000,
        mean_error=0.012,
        compared_answers=96,
        days=(day(5, "0.21", 6), day(11, "0.30", 2)),
        models=(MODEL,),
        conversations=(CONVERSATION, DELETED),
        image_rows=rows or (image_row(1), image_row(2), image_row(3)),
        accuracy=(ACCURACY,),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def nothing() -> Spending:
    """A span of days without a request."""
    return Spending(
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        total_usd=Decimal(0),
        unpriced_requests=0,
        requests=0,
        images=0,
        median_image_usd=None,
        sent_bytes=0,
        source_bytes=0,
        mean_error=None,
        compared_answers=0,
    )
