"""What was spent, as spending view, estimates and budget need it. Values only; `store` fills them.

Money is `Decimal` USD, summed exactly; None where no price was known. A day is one of the local time zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.core.model import SentImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the estimate said about a request; None where it knew nothing.

    Attributes:
        text_tokens: input tokens that are not of images.
        image_tokens: input tokens of images, as it was shown.
        planned_image_tokens: the same by the model's rule alone, without what was learned.
        answer_tokens: of the answer.
        cost_usd: of the whole request.
    """

    text_tokens: int | None = None
    image_tokens: int | None = None
    planned_image_tokens: int | None = None
    answer_tokens: int | None = None
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestImage:
    """One image in one request.

    Attributes:
        attachment_id: which image it is.
        detail: as it was sent; empty where the model knows none.
        carried: an earlier question had brought it.
        tokens: planned for the model that was asked; None if unknown.
        cost_usd: its share of the bill; None if unknown.
        sent_bytes: its size as it went out, before base64.
        source_bytes: size of the file it came from; 0 if another image of the request, before it, came from
            the same file.
    """

    attachment_id: int
    detail: str
    carried: bool
    tokens: int | None
    cost_usd: Decimal | None = None
    sent_bytes: int
    source_bytes: int


def each_file_once(files: Iterable[tuple[str, int]]) -> list[int]:
    """The sizes of files by their hashes: 0 for what was there before, as several pages and parts are."""
    seen: set[str] = set()
    sizes = []
    for sha256, size_bytes in files:
        sizes.append(0 if sha256 in seen else size_bytes)
        seen.add(sha256)
    return sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpending:
    """One bar of the chart."""

    day: date
    cost_usd: Decimal
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpending:
    """One model of one provider."""

    provider: str
    model: str
    requests: int
    images: int
    prompt_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    completion_tokens: int
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSpending:
    """One conversation; ``conversation_id`` None gathers those that were deleted."""

    conversation_id: int | None
    title: str
    requests: int
    images: int
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpending:
    """One image at one model and detail in one conversation.

    Attributes:
        conversation_id: None if it was deleted; the name and the picture are then gone too.
        conversation_title: as it is now.
        name: of the file, empty if it is not known any more.
        sent: the bytes that were sent, for a thumbnail.
        model: who looked at it.
        detail: as it was sent.
        times_sent: in how many requests it went out, follow-ups included.
        tokens: of all these requests; None if unknown.
        cost_usd: its share of all these bills; None if unknown.
        sent_bytes: uploaded for it in all.
        source_bytes: what sending the file itself would have uploaded.
    """

    conversation_id: int | None
    conversation_title: str
    name: str
    sent: SentImage | None
    model: str
    detail: str
    times_sent: int
    tokens: int | None
    cost_usd: Decimal | None
    sent_bytes: int
    source_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Estimates against bills of one (provider, model, detail); only answers with both count.

    Attributes:
        detail: of the requests whose images all had the same; empty for the mixed ones.
        answers: how many.
        estimated_tokens: input tokens that were expected for them.
        billed_tokens: input tokens that were billed.
        estimated_usd: None if unknown.
        billed_usd: None if unknown.
        mean_error: mean of ``|estimated - billed| / billed`` of the input tokens, 0.012 for 1.2 %.
    """

    provider: str
    model: str
    detail: str
    answers: int
    estimated_tokens: int
    billed_tokens: int
    estimated_usd: Decimal | None
    billed_usd: Decimal | None
    mean_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Everything of a span of days, both ends included.

    Attributes:
        first: the first day.
        last: the last day.
        total_usd: sum of all known costs.
        unpriced_requests: to servers whose price is unknown; they are in no sum.
        requests: all but those to the reader on this computer.
        images: different images that were asked about.
        median_image_usd: of one image in one request; None if none has a price.
        sent_bytes: uploaded.
        source_bytes: what sending the files themselves would have uploaded.
        mean_error: over all answers with an estimate and a bill; None without any.
        compared_answers: how many those are.
        days: every day of the span, also those without cost.
        models: the dearest first.
        conversations: the dearest first.
        image_rows: the dearest first; the window's are at most 1,000.
        accuracy: by provider, model and detail.
    """

    first: date
    last: date
    total_usd: Decimal
    unpriced_requests: int
    requests: int
    images: int
    median_image_usd: Decimal | None
    sent_bytes: int
    source_bytes: int
    mean_error: float | None
    compared_answers: int
    days: tuple[DaySpending, ...] = ()
    models: tuple[ModelSpending, ...] = ()
    conversations: tuple[ConversationSpending, ...] = ()
    image_rows: tuple[ImageSpending, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedDetail:
    """What bills of one (provider, model, detail) taught.

    Attributes:
        detail: as it was sent; empty for mixed ones.
        answers: how many bills.
        ratio: billed image tokens for each planned one; the median, so that one odd bill does no harm.
        image_tokens: tokens of one image, for a model whose rule is unknown; None if nothing is known.
    """

    detail: str
    answers: int
    ratio: Decimal
    image_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What earlier answers of one model taught; the empty value is a model that was never asked.

    Attributes:
        answer_tokens: median length of its last answers; None before the first.
        details: by detail.
    """

    answer_tokens: int | None = None
    details: tuple[LearnedDetail, ...] = ()
