"""From what a server reported to what each image cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.core.catalog import Model
from desktop.core.estimate import (
    NOTHING_LEARNED,
    Estimate,
    estimate_text_tokens,
    with_learned,
)
from desktop.core.ledger import Expected, Learned, RequestImage, each_file_once
from desktop.core.model import ON_DEVICE, Attachment, Conversation, Message, Usage
from desktop.core.planning import plan_carried
from desktop.core.pricing import Rates, bill
from desktop.core.request import ImagePart


def expected_of(figures: Estimate) -> Expected:
    """What the ledger keeps of an estimate."""
    images = figures.new_image_tokens + figures.carried_image_tokens
    return Expected(
        text_tokens=figures.text_tokens,
        image_tokens=images if figures.tokens_known else None,
        planned_image_tokens=figures.planned_image_tokens,
        answer_tokens=figures.expected_answer_tokens,
        cost_usd=figures.cost_usd,
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """A priced answer.

    Attributes:
        answer: with usage and cost.
        attachments: those of the last question, with tokens and cost.
        images: every image that went out, with its share of the bill.
    """

    answer: Message
    attachments: tuple[Attachment, ...]
    images: tuple[RequestImage, ...]


def settle(
    answer: Message,
    conversation: Conversation,
    *,
    model: Model,
    rates: Rates | None,
    estimate: Estimate,
    learned: Learned = NOTHING_LEARNED,
    parts: Mapping[int, ImagePart],
) -> Settled:
    """Price a finished answer.

    Args:
        answer: with the usage that the server reported, or without.
        conversation: the one that was sent; the attachments of its last question get their share.
        model: the model that was asked.
        rates: its prices, None if unknown.
        estimate: what was expected; stands in for the usage, flagged, when the server reported none.
        learned: what the estimate had learned.
        parts: what went out, by attachment; empty if no request was made.

    Returns:
        The shares of all images, the text and the answer add up to the cost exactly.
    """
    question = conversation.messages[-2]
    sent = [attachment for attachment in conversation.carried() if attachment.id in parts]
    tokens = [with_learned(plan_carried(model, a), model, learned).tokens for a in sent]
    usage = _usage(answer, model, estimate)
    billed = bill(usage, rates, tokens) if usage and model.id != ON_DEVICE else None
    costs: Sequence[Decimal | None] = billed.images if billed else [None] * len(sent)
    total = billed.total if billed else None
    if model.id == ON_DEVICE:
        costs, total = [Decimal(0)] * len(sent), Decimal(0)
    own = {attachment.id for attachment in question.attachments}
    source_bytes = each_file_once((a.image.sha256, a.image.file_bytes) for a in sent)
    images = tuple(
        RequestImage(
            attachment_id=attachment.id,
            detail=parts[attachment.id].detail or "",
            carried=attachment.id not in own,
            tokens=planned,
            cost_usd=cost,
            sent_bytes=len(parts[attachment.id].data),
            source_bytes=source,
        )
        for attachment, planned, cost, source in zip(sent, tokens, costs, source_bytes, strict=True)
    )
    return Settled(
        replace(answer, usage=usage, cost_usd=total), _with_shares(question.attachments, images), images
    )


def _with_shares(attachments: Sequence[Attachment], images: Sequence[RequestImage]) -> tuple[Attachment, ...]:
    shares = {image.attachment_id: image for image in images}
    return tuple(
        replace(a, tokens=share.tokens, cost_usd=share.cost_usd) if (share := shares.get(a.id)) else a
        for a in attachments
    )


def _usage(answer: Message, model: Model, estimate: Estimate) -> Usage | None:
    if model.id == ON_DEVICE:
        return Usage(prompt_tokens=0, completion_tokens=0)
    return answer.usage or _expected_usage(answer, estimate)


def _expected_usage(answer: Message, estimate: Estimate) -> Usage | None:
    """Our figures where text came without usage; None when nothing came, as nothing may be billed."""
    if not answer.text or not estimate.tokens_known:
        return None
    return Usage(
        prompt_tokens=estimate.prompt_tokens,
        completion_tokens=estimate_text_tokens(answer.text),
        image_tokens=estimate.new_image_tokens + estimate.carried_image_tokens,
        reported=False,
    )
