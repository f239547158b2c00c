"""What was spent in a span of days: one pass over the requests, one over their images.

Money is added in Python, because SQLite has no decimals. Moments are kept as ISO 8601 in UTC, whose texts
sort as the moments do; a day of the local time zone is a span of them, 23 to 25 hours long. What was paid in
another history and imported has an ``origin``, and is in none of these figures.
"""

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from statistics import median

from desktop.core.budget import month_of
from desktop.core.ledger import (
    Accuracy,
    ConversationSpending,
    DaySpending,
    ImageSpending,
    ModelSpending,
    Spending,
)
from desktop.core.model import ON_DEVICE
from desktop.store import rows

MAX_IMAGE_ROWS = 1000
"""As many as anybody looks at in a window."""

_NOTHING = Decimal(0)
_REQUESTS = """
    SELECT u.created_at, u.provider, u.model, coalesce(u.detail, ''), u.images, u.sent_bytes, u.reported,
        u.prompt_tokens, u.cached_tokens, u.cache_write_tokens, u.completion_tokens, u.cost_usd,
        u.estimate_usd, u.expected_text_tokens + u.expected_image_tokens,
        iif(m.conversation_id IN (SELECT id FROM conversation WHERE deleted_at IS NOT NULL), NULL,
            m.conversation_id)
    FROM usage u LEFT JOIN message m ON m.id = u.message_id
    WHERE u.created_at >= :first AND u.created_at < :end AND u.provider <> :on_device AND u.origin IS NULL
"""
_IMAGES = """
    SELECT i.attachment_id, u.model, i.detail, i.tokens, i.cost_usd, i.sent_bytes, i.source_bytes
    FROM usage u JOIN usage_image i ON i.usage_id = u.id
    WHERE u.created_at >= :first AND u.created_at < :end AND u.provider <> :on_device AND u.origin IS NULL
"""
_DIFFERENT = """
    SELECT count(DISTINCT coalesce(a.source_sha256 || '#' || a.source_page, i.attachment_id))
    FROM usage u JOIN usage_image i ON i.usage_id = u.id LEFT JOIN attachment a ON a.id = i.attachment_id
    WHERE u.created_at >= :first AND u.created_at < :end AND u.provider <> :on_device AND u.origin IS NULL
"""
_NAMES = """
    SELECT a.source_name, m.conversation_id, c.title, image.*
    FROM attachment a JOIN message m ON m.id = a.message_id JOIN conversation c ON c.id = m.conversation_id
    LEFT JOIN image ON image.sha256 = a.sent_sha256
    WHERE a.id = ? AND c.deleted_at IS NULL
"""
# What is being answered, and what a killed process was answering, may be billed: it counts as estimated, so
# that two questions at once do not both pass a budget that has room for one.
_SPENT = """
    SELECT iif(m.state IN ('running', 'interrupted'), u.estimate_usd, u.cost_usd)
    FROM usage u LEFT JOIN message m ON m.id = u.message_id
    WHERE u.created_at >= :first AND u.created_at < :end AND u.origin IS NULL
"""


@dataclass(slots=True)
class _Sum:
    """Figures of one group of requests or images."""

    requests: int = 0
    images: int = 0
    prompt: int = 0
    cached: int = 0
    written: int = 0
    answer: int = 0
    cost: Decimal | None = None

    def add_cost(self, cost: Decimal | None) -> None:
        """Unknown costs are in no sum; a sum of nothing known is unknown."""
        if cost is not None:
            self.cost = cost if self.cost is None else self.cost + cost


@dataclass(slots=True)
class _Compared:
    """Estimates and bills of one group."""

    answers: int = 0
    estimated: int = 0
    billed: int = 0
    errors: float = 0.0
    estimated_usd: Decimal | None = None
    billed_usd: Decimal | None = None


@dataclass(slots=True)
class _Requests:
    """What the pass over the requests has added up."""

    days: list[_Sum]
    total: _Sum = field(default_factory=_Sum)
    unpriced: int = 0
    sent_bytes: int = 0
    models: dict[tuple[str, str], _Sum] = field(default_factory=partial(defaultdict, _Sum))
    conversations: dict[int | None, _Sum] = field(default_factory=partial(defaultdict, _Sum))
    accuracy: dict[tuple[str, str, str], _Compared] = field(default_factory=partial(defaultdict, _Compared))


@dataclass(slots=True)
class _Image:
    """What one image has come to, at one model and detail."""

    times: int = 0
    tokens: int | None = None
    cost: Decimal | None = None
    sent_bytes: int = 0
    source_bytes: int = 0


def read_spending(
    connection: sqlite3.Connection, first: date, last: date, *, most_images: int | None = MAX_IMAGE_ROWS
) -> Spending:
    """Everything of these days, both included.

    Args:
        connection: the reading one.
        first: the first day.
        last: the last day.
        most_images: of the dearest images; None for all of them.

    Raises:
        ValueError: ``last`` is before ``first``.
    """
    if last < first:
        raise ValueError((first, last))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    span = _span(first, last)
    # One transaction, so that an answer that ends meanwhile is in all of the figures or in none.
    connection.execute("BEGIN")
    try:
        requests = _add_requests(_plain(connection, _REQUESTS, span), [_start(day) for day in days])
        images, shares = _add_images(_plain(connection, _IMAGES, span))
        different = connection.execute(_DIFFERENT, span).fetchone()[0]
        compared = requests.accuracy.values()
        answers = sum(group.answers for group in compared)
        return Spending(
            first=first,
            last=last,
            total_usd=requests.total.cost or _NOTHING,
            unpriced_requests=requests.unpriced,
            requests=requests.total.requests,
            images=different,
            median_image_usd=median(shares) if shares else None,
            sent_bytes=requests.sent_bytes,
            # Of requests of version 1 the carried images are not known: they are taken to have saved nothing.
            source_bytes=requests.sent_bytes + sum(i.source_bytes - i.sent_bytes for i in images.values()),
            mean_error=sum(group.errors for group in compared) / answers if answers else None,
            compared_answers=answers,
            days=tuple(
                DaySpending(day=day, cost_usd=found.cost or _NOTHING, requests=found.requests)
                for day, found in zip(days, requests.days, strict=True)
            ),
            models=_models(requests.models),
            conversations=_conversations(connection, requests.conversations),
            image_rows=_image_rows(connection, images, most_images),
            accuracy=tuple(_accuracy(key, group) for key, group in sorted(requests.accuracy.items())),
        )
    finally:
        connection.execute("COMMIT")


def spent_in(connection: sqlite3.Connection, month: date) -> Decimal:
    """USD of the local month of ``month``, as far as it is known; unfinished answers count as estimated."""
    first = month_of(month)
    span = _span(first, month_of(first + timedelta(days=31)) - timedelta(days=1))
    costs = (rows.decimal_value(text) for (text,) in _plain(connection, _SPENT, span))
    return sum((cost for cost in costs if cost is not None), _NOTHING)


def _start(day: date) -> str:
    """The first moment of a local day, as it compares with ``created_at``: without fraction and zone."""
    # Not `astimezone` alone: where clocks are set forward at midnight, it is an hour before the day begins.
    moment = datetime.fromtimestamp(datetime.combine(day, time()).timestamp(), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _span(first: date, last: date) -> dict[str, str]:
    return {"first": _start(first), "end": _start(last + timedelta(days=1)), "on_device": ON_DEVICE}


def _plain(connection: sqlite3.Connection, query: str, parameters: Mapping[str, str]) -> sqlite3.Cursor:
    """Rows as tuples, which are read in half the time."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, parameters)


def _add_requests(found: Iterable[tuple], starts: list[str]) -> _Requests:  # type: ignore[type-arg]
    sums = _Requests([_Sum() for _start in starts])
    for row in found:
        created_at, provider, model, detail, images, sent_bytes, reported, *tokens = row
        prompt, cached, written, answer, cost_text, estimate_text, expected, conversation = tokens
        cost = rows.decimal_value(cost_text)
        sums.sent_bytes += sent_bytes
        sums.unpriced += cost is None and prompt is not None
        groups = (
            sums.total,
            sums.days[bisect_right(starts, created_at) - 1],
            sums.models[provider, model],
            sums.conversations[conversation],
        )
        for group in groups:
            group.requests += 1
            group.images += images
            group.add_cost(cost)
        by_model = groups[2]
        by_model.prompt += prompt or 0
        by_model.cached += cached or 0
        by_model.written += written or 0
        by_model.answer += answer or 0
        if reported and prompt and expected is not None:
            compared = sums.accuracy[provider, model, detail]
            _compare(compared, expected, prompt, rows.decimal_value(estimate_text), cost)
    return sums


def _compare(
    group: _Compared, expected: int, billed: int, expected_usd: Decimal | None, cost: Decimal | None
) -> None:
    group.answers += 1
    group.estimated += expected
    group.billed += billed
    group.errors += abs(expected - billed) / billed
    if expected_usd is not None and cost is not None:
        group.estimated_usd = (group.estimated_usd or _NOTHING) + expected_usd
        group.billed_usd = (group.billed_usd or _NOTHING) + cost


def _add_images(found: Iterable[tuple]) -> tuple[dict[tuple[int, str, str], _Image], list[Decimal]]:  # type: ignore[type-arg]
    """The images by attachment, model and detail; and every known share of a bill."""
    images: dict[tuple[int, str, str], _Image] = defaultdict(_Image)
    shares: list[Decimal] = []
    for attachment_id, model, detail, tokens, cost_text, sent_bytes, source_bytes in found:
        image = images[attachment_id, model, detail]
        image.times += 1
        image.sent_bytes += sent_bytes
        image.source_bytes += source_bytes
        if tokens is not None:
            image.tokens = (image.tokens or 0) + tokens
        cost = rows.decimal_value(cost_text)
        if cost is not None:
            shares.append(cost)
            image.cost = cost if image.cost is None else image.cost + cost
    return images, shares


def _dearest(cost: Decimal | None) -> Decimal:
    """To sort by: the dearest first, the unknown last."""
    return Decimal(1) if cost is None else -cost


def _models(sums: Mapping[tuple[str, str], _Sum]) -> tuple[ModelSpending, ...]:
    return tuple(
        ModelSpending(
            provider=provider,
            model=model,
            requests=found.requests,
            images=found.images,
            prompt_tokens=found.prompt,
            cached_tokens=found.cached,
            cache_write_tokens=found.written,
            completion_tokens=found.answer,
            cost_usd=found.cost,
        )
        for (provider, model), found in sorted(
            sums.items(), key=lambda item: (_dearest(item[1].cost), item[0])
        )
    )


def _conversations(
    connection: sqlite3.Connection, sums: Mapping[int | None, _Sum]
) -> tuple[ConversationSpending, ...]:
    titles: dict[int | None, str] = dict(_plain(connection, "SELECT id, title FROM conversation", {}))
    return tuple(
        ConversationSpending(
            conversation_id=conversation_id,
            title=titles.get(conversation_id, ""),
            requests=found.requests,
            images=found.images,
            cost_usd=found.cost,
        )
        for conversation_id, found in sorted(
            sums.items(), key=lambda item: (_dearest(item[1].cost), item[0] or 0)
        )
    )


def _image_rows(
    connection: sqlite3.Connection, images: Mapping[tuple[int, str, str], _Image], most: int | None
) -> tuple[ImageSpending, ...]:
    dearest = sorted(images.items(), key=lambda item: (_dearest(item[1].cost), item[0]))
    return tuple(_image_row(connection, *key, image) for key, image in dearest[:most])


def _image_row(
    connection: sqlite3.Connection, attachment_id: int, model: str, detail: str, image: _Image
) -> ImageSpending:
    known = connection.execute(_NAMES, (attachment_id,)).fetchone()
    return ImageSpending(
        conversation_id=known["conversation_id"] if known else None,
        conversation_title=known["title"] if known else "",
        name=known["source_name"] if known else "",
        sent=rows.sent_image(known) if known and known["sha256"] is not None else None,
        model=model,
        detail=detail,
        times_sent=image.times,
        tokens=image.tokens,
        cost_usd=image.cost,
        sent_bytes=image.sent_bytes,
        source_bytes=image.source_bytes,
    )


def _accuracy(key: tuple[str, str, str], group: _Compared) -> Accuracy:
    provider, model, detail = key
    return Accuracy(
        provider=provider,
        model=model,
        detail=detail,
        answers=group.answers,
        estimated_tokens=group.estimated,
        billed_tokens=group.billed,
        estimated_usd=group.estimated_usd,
        billed_usd=group.billed_usd,
        mean_error=group.errors / group.answers,
    )
