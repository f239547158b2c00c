"""What the composer shows, computed from what is at hand. Pure, so that it can be tested without a window."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtGui import QKeySequence, QPixmap

from desktop.core.catalog import Model, effective_detail
from desktop.core.estimate import NOTHING_LEARNED, Estimate, estimate_text_tokens, with_learned
from desktop.core.ledger import Learned
from desktop.core.model import ON_DEVICE, Attachment, Conversation, Detail
from desktop.core.pages import picture_name
from desktop.core.planning import plan_carried, plan_new
from desktop.core.presets import CARDS, PRESETS
from desktop.core.pricing import Rates
from desktop.core.problem_text import sentence
from desktop.core.prompts import Library, Prompt, find, sections
from desktop.core.request import NewImage, Question, can_be_sent_as_link, expand
from desktop.core.text import (
    DASH,
    _,
    format_count,
    format_price,
    format_size,
    format_tokens,
    ngettext,
)
from desktop.ui.composer.state import MOST_CHIPS, Carry, ChipState, EstimateLine, PresetItem, detail_name
from desktop.ui.gallery_entries import Entry
from desktop.ui.next_question import NextQuestion

SEPARATOR = " · "


def chip_caption(tokens: int | None, price: str, *, on_device: bool) -> str:
    """``297 tok · $0.0003``; on this computer there is nothing to count."""
    if on_device:
        return _("free")
    return _("tokens unknown") if tokens is None else SEPARATOR.join((format_tokens(tokens), price))


def new_chips(
    following: NextQuestion,
    *,
    model: Model,
    detail: Detail,
    estimate: Estimate,
    pixmap: Callable[[int], QPixmap | None],
    learned: Learned = NOTHING_LEARNED,
    takes_links: bool = False,
) -> tuple[ChipState, ...]:
    """A chip for each new image, of very many for the first; an overview is counted with its part.

    ``estimate`` was made for the same.
    """
    chips = []
    rejected = dict(estimate.rejected)
    on_device = model.id == ON_DEVICE
    shown = zip(following.entries[:MOST_CHIPS], following.places[:MOST_CHIPS], strict=True)
    for at, (entry, places) in enumerate(shown):
        plans = [with_learned(plan_new(model, following.new[place]), model, learned) for place in places]
        tokens = _sum_or_none([plan.tokens for plan in plans])
        costs = [estimate.image_costs[place] for place in places]
        price = format_price(None if None in costs else sum((cost for cost in costs if cost), Decimal(0)))
        trouble = next((rejected[place] for place in places if place in rejected), None)
        chips.append(
            ChipState(
                key=entry.key,
                name=entry.name,
                thumbnail=pixmap(entry.key),
                caption=_("too large") if trouble else chip_caption(tokens, price, on_device=on_device),
                part=entry.edits.region is not None,
                detail=entry.detail or detail,
                own_detail=entry.detail is not None,
                details=model.details,
                warning=sentence(trouble) if trouble else "",
                link=_link(entry) if takes_links else None,
                carry=Carry.ONCE if following.question.images[at].once else Carry.KEEP,
                place=at,
                last_place=len(following.entries) - 1,
            )
        )
    return tuple(chips)


def _link(entry: Entry) -> bool | None:
    """Whether an address goes in place of an entry's bytes; None where that cannot be."""
    if entry.facts is None or not can_be_sent_as_link(entry.facts, entry.edits, entry.url):
        return None
    return entry.as_link


def tokens_at(following: NextQuestion, *, model: Model) -> dict[Detail, int | None]:
    """For each level the tokens of the images that follow the selector."""
    images = [
        image
        for entry, image in zip(following.entries, following.question.images, strict=True)
        if entry.detail is None
    ]
    return {
        level: _sum_or_none([_tokens(model, image, level) for image in images]) for level in model.details
    }


def _tokens(model: Model, image: NewImage, level: Detail) -> int | None:
    return _sum_or_none([plan_new(model, part).tokens for part in expand(replace(image, detail=level))])


def _sum_or_none(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) else None


def new_caption(estimate: Estimate, *, model: Model) -> str:
    """Tokens and price of all new images, for the one chip into which many fold."""
    if model.id == ON_DEVICE:
        return _("free")
    if not estimate.tokens_known:
        return DASH
    known = [cost for cost in estimate.image_costs if cost is not None]
    price = sum(known, Decimal(0)) if len(known) == len(estimate.image_costs) else None
    return SEPARATOR.join((format_tokens(estimate.new_image_tokens), format_price(price)))


def carried_chips(
    question: Question,
    *,
    model: Model,
    estimate: Estimate,
    pixmap: Callable[[int], QPixmap | None],
    learned: Learned = NOTHING_LEARNED,
) -> tuple[ChipState, ...]:
    """A chip for each image that goes along, or whose text does; ``pixmap`` is asked with its id.

    ``estimate`` was made for the same question.
    """
    costs = dict(zip((a.id for a in question.carried()), estimate.carried_costs, strict=False))
    kept = {attachment.id for attachment in question.kept}
    images = [a for a in question.conversation.attachments() if a.is_carried or stands_aside(a)]
    return tuple(
        _carried_chip(
            a,
            tokens=with_learned(plan_carried(model, a), model, learned).tokens,
            model=model,
            cost=costs.get(a.id),
            thumbnail=pixmap(a.id),
            changeable=a.id not in kept,
        )
        for a in (*images, *question.kept)
        if a.sent is not None
    )


def stands_aside(attachment: Attachment) -> bool:
    """Whether a text goes in its place."""
    return bool(attachment.stand_in) and not attachment.left_out


def _carried_chip(
    attachment: Attachment,
    *,
    tokens: int | None,
    model: Model,
    cost: Decimal | None,
    thumbnail: QPixmap | None,
    changeable: bool,
) -> ChipState:
    carry = Carry.ONCE if attachment.once else Carry.KEEP
    if stands_aside(attachment):
        carry = Carry.TEXT
        caption = format_tokens(estimate_text_tokens(attachment.stand_in))
    else:
        caption = SEPARATOR.join((format_tokens(tokens), format_price(cost)))
    return ChipState(
        key=attachment.id,
        name=picture_name(attachment.image),
        thumbnail=thumbnail,
        caption=_("free") if model.id == ON_DEVICE else caption,
        detail=effective_detail(model, attachment.detail) or Detail.AUTO,
        carry=carry,
        changeable=changeable,
    )


def left_out_chips(
    conversation: Conversation, *, pixmap: Callable[[int], QPixmap | None]
) -> tuple[ChipState, ...]:
    """The images of earlier turns that do not go along."""
    gone = [a for a in conversation.attachments() if a.left_out and a.sent is not None and a.id]
    return tuple(
        ChipState(key=a.id, name=picture_name(a.image), thumbnail=pixmap(a.id), carry=Carry.LEFT_OUT)
        for a in gone
    )


def carried_caption(estimate: Estimate, *, model: Model, rates: Rates | None) -> str:
    """The line below "3 from this conversation"."""
    if model.id == ON_DEVICE:
        return _("free")
    if not estimate.tokens_known:
        return DASH
    tokens = format_tokens(estimate.carried_image_tokens)
    if rates is None:
        return SEPARATOR.join((tokens, DASH))
    tier = rates.tier(estimate.prompt_tokens)
    if estimate.cached_tokens:
        price = format_price(estimate.carried_image_tokens * tier.cached_usd)
        return _("{tokens} · {price} cached").format(tokens=tokens, price=price)
    return SEPARATOR.join((tokens, format_price(estimate.carried_image_tokens * tier.input_usd)))


def estimate_line(
    estimate: Estimate, *, model: Model, rates: Rates | None, learned: Learned = NOTHING_LEARNED
) -> EstimateLine:
    """The line below the prompt."""
    if model.id == ON_DEVICE:
        return EstimateLine(
            icon="shield-check",
            price="",
            parts=_("On this computer · free"),
            upload="",
            tooltip=_("The reader works on this computer. Nothing is sent."),
        )
    return EstimateLine(
        icon="coins",
        price=_("≈ {price}").format(price=format_price(estimate.cost_usd)),
        parts=_token_parts(estimate) if estimate.tokens_known else _("tokens unknown for this model"),
        upload=_upload(estimate),
        tooltip=_explained(estimate, rates, learned),
    )


def _explained(estimate: Estimate, rates: Rates | None, learned: Learned) -> str:
    lines = [_("Tokens are what the model charges for: pieces of words, and tiles or patches of images.")]
    if estimate.cached_tokens:
        apart = _("In: {fresh} tokens at the full price, {cached} expected from the provider’s cache.")
        lines.append(
            apart.format(
                fresh=format_count(estimate.fresh_tokens), cached=format_count(estimate.cached_tokens)
            )
        )
    if learned.answer_tokens is None:
        answer = _("Out: about {tokens} tokens are assumed for the answer.")
    else:
        answer = _("Out: about {tokens} tokens, as long as the last answers of this model.")
    lines += [answer.format(tokens=format_count(estimate.expected_answer_tokens)), _ratio(estimate)]
    if estimate.cached_tokens and rates is not None and estimate.cost_usd is not None:
        tier = rates.tier(estimate.prompt_tokens)
        most = estimate.cost_usd + estimate.cached_tokens * (tier.input_usd - tier.cached_usd)
        lines.append(_("Without anything in the cache it is {price}.").format(price=format_price(most)))
    return "\n".join(line for line in lines if line)


def _ratio(estimate: Estimate) -> str:
    """What bills taught about images, where no published rule holds."""
    if not estimate.learned_from:
        return ""
    count = format_count(estimate.learned_from)
    if not estimate.planned_image_tokens:
        text = ngettext(
            "Image tokens are learned from {count} bill.",
            "Image tokens are learned from {count} bills.",
            estimate.learned_from,
        )
        return text.format(count=count)
    tokens = estimate.new_image_tokens + estimate.carried_image_tokens
    text = ngettext(
        "Image tokens are {ratio} times the presumed rule, learned from {count} bill.",
        "Image tokens are {ratio} times the presumed rule, learned from {count} bills.",
        estimate.learned_from,
    )
    return text.format(ratio=f"{tokens / estimate.planned_image_tokens:.2f}", count=count)


def _token_parts(estimate: Estimate) -> str:
    new, carried = estimate.new_image_tokens, estimate.carried_image_tokens
    text = estimate.text_tokens
    if new and carried:
        template = _("{new} new + {carried} carried image + {text} text tokens")
    elif new:
        template = _("{new} image + {text} text tokens")
    elif carried:
        template = _("{carried} carried image + {text} text tokens")
    else:
        template = _("{text} text tokens")
    return template.format(new=format_count(new), carried=format_count(carried), text=format_count(text))


def _upload(estimate: Estimate) -> str:
    if not estimate.upload_bytes:
        return ""
    sent, source = format_size(estimate.upload_bytes), format_size(estimate.source_bytes)
    if estimate.source_bytes <= estimate.upload_bytes:
        return _("uploads {sent}").format(sent=sent)
    return _("uploads {sent} of {source}").format(sent=sent, source=source)


def detail_tooltips(model: Model, tokens_at: Mapping[Detail, int | None]) -> dict[Detail, str]:
    """For each level the tokens of the images that follow the selector."""
    tips = {}
    for level in model.details:
        tokens = tokens_at.get(level)
        tip = _("{detail}: {tokens} for the new images").format(
            detail=detail_name(level), tokens=format_tokens(tokens)
        )
        if level is Detail.AUTO and model.auto_means:
            tip = SEPARATOR.join((tip, _("means {detail}").format(detail=detail_name(model.auto_means))))
        tips[level] = tip
    return tips


def selection_text(selected: int, total: int, tokens: int | None, *, on_device: bool) -> str:
    """The gallery's footer: ``1 of 12 selected · 297 tokens``."""
    if not total:
        return ""
    text = ngettext("{selected} of {total} selected", "{selected} of {total} selected", total).format(
        selected=format_count(selected), total=format_count(total)
    )
    if on_device or not selected or tokens is None:
        return text
    return SEPARATOR.join((text, _("{tokens} tokens").format(tokens=format_count(tokens))))


def preset_rows(
    *, on_device: bool, cards_only: bool = False, library: Library | None = None
) -> tuple[PresetItem, ...]:
    """The prompts menu, or the cards of the empty page; what the reader cannot serve is disabled.

    Prompts that only the reader can serve are not there for a model, unless they are in the user's own words.
    """
    kept = library or Library()
    if cards_only:
        cards = (find(kept, preset.id) for preset in PRESETS if preset.card)
        fit = [card for card in cards if card and is_offered(card, on_device=on_device)]
        return tuple(preset_item(card, on_device=on_device) for card in fit[:CARDS])
    return tuple(
        preset_item(prompt, on_device=on_device, section=section.title)
        for section in sections(kept)
        for prompt in section.prompts
        if is_offered(prompt, on_device=on_device)
    )


def is_offered(prompt: Prompt, *, on_device: bool) -> bool:
    """Whether a prompt makes sense for who answers, or would with another model."""
    return on_device or not prompt.reader_only or prompt.own


def preset_item(prompt: Prompt, *, on_device: bool, section: str = "") -> PresetItem:
    """A prompt as lists show it."""
    enabled = prompt.on_device or not on_device
    return PresetItem(
        id=prompt.id,
        icon=prompt.icon,
        title=prompt.title,
        prompt=prompt.text,
        enabled=enabled,
        hint=prompt.hint if enabled else _("Needs a model"),
        section=section,
        shortcut=_shown_keys(prompt.shortcut) if prompt.shortcut else "",
        favourite=prompt.favourite,
    )


def _shown_keys(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
