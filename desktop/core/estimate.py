"""The line below the prompt: what the next request will cost, by kind of token, before anything is sent.

Pure arithmetic on what is at hand, fast enough to run at every keystroke on the GUI thread. The bill is what
the server reports afterwards (`pricing.bill`).
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import ceil

from desktop.core.catalog import Model
from desktop.core.edits import note
from desktop.core.ledger import Learned, LearnedDetail
from desktop.core.model import ON_DEVICE, AnswerState, Attachment, Conversation, Message, Role, Usage
from desktop.core.planning import ImagePlan, plan_carried, plan_new
from desktop.core.pricing import Rates
from desktop.core.problems import Problem
from desktop.core.request import Kind, NewImage, Question, new_images, notes, shared_text, stand_ins

EXPECTED_ANSWER_TOKENS = 200
"""Assumed length of an answer, until something better is learnt."""
CACHE_MINIMUM_TOKENS = 1024
"""A prompt's beginning is cached from this length on (section 4 of ``OPENAI_VISION.md``)."""
MESSAGE_TOKENS = 4
"""What a message costs besides its text: who wrote it, where it begins and ends."""

NOTHING_LEARNED = Learned()

# Twelfths of a token for each kind of character, as the tokenizer of the 4o models and later does on average:
# four Latin letters or spaces a token, three digits, one and a half marks (which make code
# denser), one CJK character.
_LETTER, _DIGIT, _MARK, _TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = 3, 4, 8, 5, 12, 24
_NOT_LETTERS = bytes(set(range(256)) - set((string.ascii_letters + " ").encode()))
_NOT_DIGITS = bytes(set(range(256)) - set(string.digits.encode()))
_NOT_ASCII = bytes(range(128, 256))
_NOT_TWO_BYTES = bytes(set(range(256)) - set(range(0xC2, 0xE0)))
_NOT_THREE_BYTES = bytes(set(range(256)) - set(range(0xE0, 0xF0)))
_NOT_FOUR_BYTES = bytes(set(range(256)) - set(range(0xF0, 0xF5)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the next request is expected to make.

    Attributes:
        new_image_tokens: tokens of the new images whose tokens are known.
        carried_image_tokens: tokens of the carried images whose tokens are known.
        text_tokens: the conversation's text, the prompt and the frame around each message.
        expected_answer_tokens: as long as the last answers of this model; `EXPECTED_ANSWER_TOKENS` before
            the first.
        cached_tokens: the part of all these that is expected to be billed at the cached price.
        cost_usd: None if the price or some tokens are unknown; 0 on this computer.
        image_costs: USD of each new image, in the order of `request.new_images`; None where it is unknown.
        carried_costs: USD of each carried image, at the cached price where it is expected; None where
            unknown.
        tokens_known: False if the model's rule is unknown and no bill has taught what its images cost.
        planned_image_tokens: tokens of all images by the model's rule alone; None if it is unknown.
        learned_from: answers whose bills the image tokens are learned from; 0 where a published rule holds.
        upload_bytes: encoded size of all images of the request; None while a new one is not encoded yet.
        source_bytes: size of the files that they come from.
        rejected: new images that the model will refuse, by their place in `request.new_images`.
        carried_rejected: carried images that the model will refuse, by their place in `Conversation.carried`.
    """

    new_image_tokens: int
    carried_image_tokens: int
    text_tokens: int
    expected_answer_tokens: int
    cached_tokens: int
    cost_usd: Decimal | None
    image_costs: tuple[Decimal | None, ...]
    carried_costs: tuple[Decimal | None, ...]
    tokens_known: bool
    planned_image_tokens: int | None
    upload_bytes: int | None
    source_bytes: int
    learned_from: int = 0
    rejected: tuple[tuple[int, Problem], ...] = ()
    carried_rejected: tuple[tuple[int, Problem], ...] = ()

    @property
    def prompt_tokens(self) -> int:
        """All input tokens."""
        return self.new_image_tokens + self.carried_image_tokens + self.text_tokens

    @property
    def fresh_tokens(self) -> int:
        """The input tokens that are expected to be billed at the full price."""
        return self.prompt_tokens - self.cached_tokens


@lru_cache(maxsize=256)
def estimate_text_tokens(text: str) -> int:
    """Roughly how many tokens a text is; 0 for an empty one.

    Four Latin letters make a token, three digits, one and a half marks (so code is denser than prose), two
    or three Greek, Cyrillic, Hebrew or Arabic letters, one CJK character, half an emoji. A heuristic: the
    bill is what the server counts.
    """
    raw = text.encode("utf-8", "replace")
    letters = len(raw.translate(None, _NOT_LETTERS))
    digits = len(raw.translate(None, _NOT_DIGITS))
    marks = len(raw.translate(None, _NOT_ASCII)) - letters - digits
    twelfths = (
        letters * _LETTER
        + digits * _DIGIT
        + marks * _MARK
        + len(raw.translate(None, _NOT_TWO_BYTES)) * _TWO_BYTES
        + len(raw.translate(None, _NOT_THREE_BYTES)) * _THREE_BYTES
        + len(raw.translate(None, _NOT_FOUR_BYTES)) * _FOUR_BYTES
    )
    return -(-twelfths // 12)


def estimate(
    question: Question,
    *,
    model: Model,
    rates: Rates | None,
    sent_bytes: Mapping[str, int],
    learned: Learned = NOTHING_LEARNED,
) -> Estimate:
    """Estimate the request that ``question`` would make.

    Carried images are planned from the bytes that were sent, which go out again, for the model that is chosen
    now. What was already asked to the same model counts at the cached price where it is long enough; cache
    writes, which some models bill at 1.25 times the price, are not foreseen.

    Args:
        question: as it would be asked; ``question.model`` need not be ``model``.
        model: the chosen model.
        rates: its prices; None if unknown.
        sent_bytes: encoded size of the new images that are encoded already, by `NewImage.key`.
        learned: what earlier bills of this model taught.
    """
    if model.provider == ON_DEVICE:
        return _free(question)
    return _priced(question, model, rates, sent_bytes, learned)


def _priced(
    question: Question, model: Model, rates: Rates | None, sent_bytes: Mapping[str, int], learned: Learned
) -> Estimate:
    new, carried = new_images(question), question.carried()
    by_rule = [*(plan_new(model, one) for one in new), *(plan_carried(model, one) for one in carried)]
    plans = [with_learned(plan, model, learned) for plan in by_rule]
    new_plans, carried_plans = plans[: len(new)], plans[len(new) :]
    text = _text_tokens(question.conversation) + _question_tokens(question, new)
    cached, cached_images = _cached(question.conversation, model, carried_plans)
    answer = EXPECTED_ANSWER_TOKENS if learned.answer_tokens is None else learned.answer_tokens
    usage = Usage(
        prompt_tokens=text + _tokens(plans),
        completion_tokens=min(answer, question.answer_limit or answer),
        cached_tokens=cached,
    )
    tier = rates.tier(usage.prompt_tokens) if rates is not None else None
    fresh_usd, cached_usd = (tier.input_usd, tier.cached_usd) if tier else (None, None)
    known = _are_known(plans)
    return Estimate(
        new_image_tokens=_tokens(new_plans),
        carried_image_tokens=_tokens(carried_plans),
        text_tokens=text,
        expected_answer_tokens=usage.completion_tokens,
        cached_tokens=cached,
        cost_usd=rates.cost(usage) if rates is not None and known else None,
        image_costs=_costs(new_plans, fresh_usd),
        carried_costs=(
            *_costs(carried_plans[:cached_images], cached_usd),
            *_costs(carried_plans[cached_images:], fresh_usd),
        ),
        tokens_known=known,
        planned_image_tokens=_tokens(by_rule) if _are_known(by_rule) else None,
        learned_from=_learned_from(by_rule, model, learned),
        upload_bytes=_upload_bytes([sent_bytes.get(image.key) for image in new], carried),
        source_bytes=_source_bytes(new, carried),
        rejected=_rejected(new_plans),
        carried_rejected=_rejected(carried_plans),
    )


def with_learned(plan: ImagePlan, model: Model, learned: Learned) -> ImagePlan:
    """The plan with what bills taught, where the model's rule is presumed or unknown.

    A published rule stays as it is: what differs from it is said beside the bill, not hidden in the estimate.
    """
    found = _learned_of(plan, model, learned)
    if found is None:
        return plan
    if plan.tokens is None:
        return replace(plan, tokens=found.image_tokens)
    return replace(plan, tokens=ceil(plan.tokens * found.ratio))


def _learned_of(plan: ImagePlan, model: Model, learned: Learned) -> LearnedDetail | None:
    """What is learned about the plan's detail; else about requests in which details were mixed."""
    if plan.rejected is not None or not (model.presumed or model.rule is None):
        return None
    by_detail = {detail.detail: detail for detail in learned.details}
    return by_detail.get(plan.detail.value if plan.detail else "", by_detail.get(""))


def _learned_from(plans: Sequence[ImagePlan], model: Model, learned: Learned) -> int:
    used = {found for plan in plans if (found := _learned_of(plan, model, learned)) is not None}
    return sum(found.answers for found in used)


def _are_known(plans: Sequence[ImagePlan]) -> bool:
    return all(plan.tokens is not None or plan.rejected for plan in plans)


def _question_tokens(question: Question, new: Sequence[NewImage]) -> int:
    """The prompt with what it says about its edited images, see `request.notes`."""
    if question.kind is Kind.AGAIN:
        # It is in the conversation already.
        return 0
    said = "\n".join(
        f"Image {number}: {legend}"
        for number, image in enumerate(new, 1)
        if (legend := note(image.image.name, image.edits))
    )
    return MESSAGE_TOKENS + estimate_text_tokens(question.text) + estimate_text_tokens(said)


def _free(question: Question) -> Estimate:
    new, carried = new_images(question), question.carried()
    return Estimate(
        new_image_tokens=0,
        carried_image_tokens=0,
        text_tokens=0,
        expected_answer_tokens=0,
        cached_tokens=0,
        cost_usd=Decimal(0),
        image_costs=(Decimal(0),) * len(new),
        carried_costs=(Decimal(0),) * len(carried),
        tokens_known=True,
        planned_image_tokens=0,
        upload_bytes=0,
        source_bytes=_source_bytes(new, carried),
    )


def _source_bytes(new: Sequence[NewImage], carried: Sequence[Attachment]) -> int:
    images = [*(one.image for one in new), *(one.image for one in carried)]
    # Of one file there may be several parts and pages.
    return sum({image.sha256: image.file_bytes for image in images}.values())


def _cached(conversation: Conversation, model: Model, carried: Sequence[ImagePlan]) -> tuple[int, int]:
    """How many tokens, and how many of the carried images, are expected to be in the provider's cache."""
    asked = _asked_before(conversation, model)
    images = sum(len(message.attachments) for message in asked)
    tokens = _instruction_tokens(conversation) + _message_tokens(asked) + _tokens(carried[:images])
    return (tokens, images) if asked and tokens >= CACHE_MINIMUM_TOKENS else (0, 0)


def _asked_before(conversation: Conversation, model: Model) -> Sequence[Message]:
    """The messages that are, unchanged, the beginning of an earlier request to the same model."""
    messages = conversation.messages
    ends = [
        index
        for index, message in enumerate(messages)
        if message.role is Role.ASSISTANT
        and message.model == model.id
        and message.state is AnswerState.COMPLETE
    ]
    # Instructions stand before everything: where they have changed, nothing is in the cache.
    same = [at for at in ends if messages[at - 1].options.instructions == conversation.options.instructions]
    asked = messages[: same[-1]] if same else ()
    for index, message in enumerate(asked):
        # Whether that request still had the image that is left out now is not known: assume that it did.
        if not all(attachment.is_carried for attachment in message.attachments):
            return asked[:index]
    return asked


def _text_tokens(conversation: Conversation) -> int:
    return _instruction_tokens(conversation) + _message_tokens(conversation.messages)


def _instruction_tokens(conversation: Conversation) -> int:
    """The system message, and the schema, which providers put into the prompt."""
    options = conversation.options
    texts = filter(None, (options.instructions, options.schema.text if options.schema else ""))
    return sum(MESSAGE_TOKENS + estimate_text_tokens(text) for text in texts)


def _message_tokens(messages: Sequence[Message]) -> int:
    return sum(
        MESSAGE_TOKENS
        + estimate_text_tokens(shared_text(message))
        + estimate_text_tokens(notes(message))
        + estimate_text_tokens(stand_ins(message))
        for message in messages
    )


def _tokens(plans: Sequence[ImagePlan]) -> int:
    return sum(plan.tokens or 0 for plan in plans)


def _costs(plans: Sequence[ImagePlan], token_usd: Decimal | None) -> tuple[Decimal | None, ...]:
    if token_usd is None:
        return (None,) * len(plans)
    return tuple(None if plan.tokens is None else plan.tokens * token_usd for plan in plans)


def _upload_bytes(new: Sequence[int | None], carried: Sequence[Attachment]) -> int | None:
    stored = [a for a in carried if not a.url]
    sizes = [*new, *(attachment.sent.size_bytes if attachment.sent else None for attachment in stored)]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _rejected(plans: Sequence[ImagePlan]) -> tuple[tuple[int, Problem], ...]:
    return tuple((index, plan.rejected) for index, plan in enumerate(plans) if plan.rejected is not None)
