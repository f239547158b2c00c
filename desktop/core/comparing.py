"""One question to several pairs of model and detail at once: its sides, what they cost, and which was best.

Each side is a question of its own, with its own answer, in the same place of the conversation. The first one
that is stored gives the comparison its number (`model.Message.comparison`); the others follow it there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.core.budget import Budget
from desktop.core.catalog import Model
from desktop.core.estimate import NOTHING_LEARNED, Estimate, estimate
from desktop.core.ledger import Learned
from desktop.core.limits import Limits
from desktop.core.model import AnswerState, Conversation, Detail, Message, Side
from desktop.core.pairs import LEAST_SIDES, MOST_SIDES, Pair
from desktop.core.preflight import Finding, preflight
from desktop.core.pricing import Rates
from desktop.core.request import NewImage, Question, new_images, own_images


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a model when a side is judged.

    Attributes:
        model: the model.
        rates: its prices; None if unknown.
        limits: the most that its server takes.
        learned: what earlier bills of it taught.
        sent_bytes: encoded size of the new images that are encoded for it already, by `NewImage.key`.
    """

    model: Model
    rates: Rates | None
    limits: Limits
    sent_bytes: Mapping[str, int]
    learned: Learned = NOTHING_LEARNED


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSide:
    """What one side would cost, and why it would be refused."""

    question: Question
    figures: Estimate
    findings: tuple[Finding, ...]


def sides_of(question: Question, pairs: Sequence[Pair]) -> tuple[Question, ...]:
    """The same question to each pair; its new images are looked at as the pair says.

    Images that the conversation carries keep the detail with which they were sent first. Each of the sides
    can be the first; those that come after it become `joined`.

    Raises:
        ValueError: fewer than `LEAST_SIDES` pairs, or more than `MOST_SIDES`.
    """
    if not LEAST_SIDES <= len(pairs) <= MOST_SIDES:
        raise ValueError("a comparison has two to four sides")
    return tuple(
        replace(
            question,
            model=pair.model,
            images=tuple(replace(image, detail=pair.detail) for image in question.images),
            comparison=0,
            shown=True,
        )
        for pair in pairs
    )


def asked_before(conversation: Conversation, question: Message, *, model: str) -> Question:
    """A question of the branch at hand, with its images, to be put to several."""
    images = tuple(
        NewImage(image=a.image, detail=a.detail, edits=a.edits, url=a.url, once=a.once)
        for a in own_images(question)
    )
    return Question(
        conversation=conversation.upto(question.id, included=False),
        text=question.text,
        images=images,
        model=model,
        version_of=question,
    )


def joined(side: Question, first: Conversation) -> Question:
    """A side after the first one, which is stored by now.

    Args:
        side: one of `sides_of`.
        first: what the store made of the first one: its last two messages are the question and the answer.
    """
    there = replace(side.conversation, id=first.id, title=first.title)
    return replace(side, conversation=there, comparison=first.messages[-2].comparison, shown=False)


def judge(side: Question, known: Known) -> JudgedSide:
    """Estimate one side, and look for what its model would refuse."""
    figures = estimate(
        side, model=known.model, rates=known.rates, sent_bytes=known.sent_bytes, learned=known.learned
    )
    findings = preflight(side, model=known.model, sent_bytes=known.sent_bytes, limits=known.limits)
    return JudgedSide(question=side, figures=figures, findings=findings)


def in_all(costs: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None if a part of it is unknown."""
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None


def goes_over(budget: Budget, costs: Sequence[Decimal | None]) -> bool:
    """Whether all sides together would cost more than the month has left; unknown prices do not count."""
    if budget.limit_usd is None:
        return False
    expected = sum((cost for cost in costs if cost is not None), Decimal(0))
    return bool(expected) and budget.spent_usd + expected > budget.limit_usd


def has_levels(question: Question) -> bool:
    """Whether the detail makes a difference: the question brings images of its own."""
    return bool(new_images(question))


def detail_of(question: Message) -> Detail | None:
    """How closely a stored side looked at its images; None if it brought none."""
    return next((a.detail for a in question.attachments if not a.edits.overview), None)


def comparison_in(conversation: Conversation, number: int) -> tuple[Side, ...]:
    """The stored sides of a comparison of the branch at hand, in the order in which they were asked."""
    return next((c for c in conversation.comparisons if c[0].question.comparison == number), ())


@dataclass(frozen=True, slots=True)
class Best:
    """Which sides stand out, by their places; empty where nothing can be said."""

    cheapest: frozenset[int] = frozenset()
    fastest: frozenset[int] = frozenset()


def best_of(answers: Sequence[Message]) -> Best:
    """The cheapest and the fastest of the complete answers.

    Said only when all have ended, at least two of them complete, and they differ: that all are the cheapest
    tells nothing.
    """
    if any(answer.state is AnswerState.RUNNING for answer in answers):
        return Best()
    complete = [at for at, answer in enumerate(answers) if answer.state is AnswerState.COMPLETE]
    costs = {at: answers[at].cost_usd for at in complete}
    seconds = {at: answers[at].seconds for at in complete}
    return Best(_least(costs), _least(seconds))


def _least(figures: Mapping[int, Decimal | None] | Mapping[int, float | None]) -> frozenset[int]:
    known = {at: figure for at, figure in figures.items() if figure is not None}
    if len(known) < LEAST_SIDES or len(known) < len(figures) or len(set(known.values())) == 1:
        return frozenset()
    least = min(known.values())
    return frozenset(at for at, figure in known.items() if figure == least)


def suggested(chosen: Pair, offered: Sequence[Model], last: Sequence[Pair]) -> tuple[Pair, ...]:
    """What the chooser begins with: the last choice, or else the model at hand and another one.

    Args:
        chosen: model and detail at hand.
        offered: the models that can be chosen.
        last: the pairs that were compared last; empty for none.
    """
    if len(last) >= LEAST_SIDES:
        return tuple(last)[:MOST_SIDES]
    other = next((model.id for model in offered if model.id != chosen.model), chosen.model)
    return (chosen, Pair(other, chosen.detail))
