"""From what a server reported to what each image cost."""

from dataclasses import replace
from decimal import Decimal

from desktop.core.catalog import Model
from desktop.core.estimate import Estimate, estimate_text_tokens
from desktop.core.ledger import Expected
from desktop.core.model import ON_DEVICE, Attachment, Conversation, Message, Usage
from desktop.core.planning import plan_image
from desktop.core.pricing import Rates, bill


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


def settle(
    answer: Message, conversation: Conversation, *, model: Model, rates: Rates | None, estimate: Estimate
) -> tuple[Message, tuple[Attachment, ...]]:
    """Price a finished answer.

    Args:
        answer: with the usage that the server reported, or without.
        conversation: the one that was sent; the attachments of its last question get their share.
        model: the model that was asked.
        rates: its prices, None if unknown.
        estimate: what was expected; stands in for the usage, flagged, when the server reported none.

    Returns:
        The answer with usage and cost, and the last question's attachments with tokens and cost. The shares
        of all images, the text and the answer add up to the cost exactly.
    """
    question = conversation.messages[-2]
    if model.id == ON_DEVICE:
        free = tuple(replace(a, tokens=0, cost_usd=Decimal(0)) for a in question.attachments)
        return replace(answer, usage=Usage(prompt_tokens=0, completion_tokens=0), cost_usd=Decimal(0)), free
    usage = answer.usage or _expected_usage(answer, estimate)
    if usage is None:
        return answer, question.attachments
    answer = replace(answer, usage=usage)
    carried = conversation.carried()
    billed = bill(usage, rates, [_tokens_now(a, model) for a in carried])
    if billed is None:
        return answer, question.attachments
    costs = dict(zip((a.id for a in carried), billed.images, strict=True))
    attachments = tuple(replace(a, cost_usd=costs.get(a.id)) for a in question.attachments)
    return replace(answer, cost_usd=billed.total), attachments


def _tokens_now(attachment: Attachment, model: Model) -> int | None:
    sent = attachment.sent
    if sent is None:
        return None
    return plan_image(model, sent.width_px, sent.height_px, attachment.detail).tokens


def _expected_usage(answer: Message, estimate: Estimate) -> Usage | None:
    """Our figures where text came without usage; None when nothing came, as nothing may be billed."""
    if not answer.text or not estimate.tokens_known:
        return None
    prompt = estimate.new_image_tokens + estimate.carried_image_tokens + estimate.text_tokens
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=estimate_text_tokens(answer.text),
        image_tokens=estimate.new_image_tokens + estimate.carried_image_tokens,
        reported=False,
    )
