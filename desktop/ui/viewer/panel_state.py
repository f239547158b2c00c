"""What the viewer's panel says, computed from what is at hand. Pure, so that it is tested without widgets."""

from dataclasses import dataclass
from enum import Enum, auto

from desktop.core.catalog import Model
from desktop.core.edits import Edits, legend
from desktop.core.estimate import CACHE_MINIMUM_TOKENS
from desktop.core.image_tokens import ImageTokens
from desktop.core.model import Attachment, Detail, ImageFacts, SentImage
from desktop.core.planning import ImagePlan, plan_image
from desktop.core.pricing import Rates
from desktop.core.problem_text import sentence
from desktop.core.text import (
    DASH,
    _,
    format_count,
    format_price,
    format_size,
    format_tokens,
    join_sentences,
    ngettext,
    printable,
)
from desktop.ui.composer.state import detail_name
from desktop.ui.viewer.figures import (
    Planned,
    Viewed,
    cached_cost_of,
    cost_of,
    cropped_to_region,
    formula,
    learned_tokens,
    percent_less,
    planned,
    shrunk,
    tokens_of,
    without_region,
)
from desktop.ui.viewer.removed import Row, removed_rows

SEPARATOR = " · "
CARD_ORDER = (Detail.LOW, Detail.HIGH, Detail.ORIGINAL, Detail.AUTO)
HIGH_IS_CHEAPER_FROM_PERCENT = 50
"""From here on it is worth a word that High costs less than what `auto` or Original would."""


class Act(Enum):
    """What a tip offers to do."""

    CROP = auto()
    SHRINK = auto()
    USE_HIGH = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One level of detail: ``High``, ``1,105 tok``.

    Attributes:
        detail: the level.
        title: its name.
        caption: its tokens, what it means, or that it would be refused.
        chosen: it is in force.
        refused: the model would refuse the picture at this level.
        tooltip: its price, or why it is refused.
    """

    detail: Detail
    title: str
    caption: str
    chosen: bool = False
    refused: bool = False
    tooltip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A hint with one thing to do about it.

    Attributes:
        text: the sentence.
        strong: the part of it that stands out.
        action: text of the button; empty for none.
        act: what it does.
        problem: it tells why the picture cannot be sent as it is.
    """

    text: str
    strong: str = ""
    action: str = ""
    act: Act | None = None
    problem: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelState:
    """Everything in the panel that follows from the picture and the model.

    Attributes:
        title: of the first rows.
        sent: what is sent, and what it costs.
        cards: the model's levels; empty for the reader and for what was sent already.
        own_detail: the picture has its own level and may follow the selector again.
        edited: there are edits that may be reset.
        has_other_models: a table for other models may be asked for.
        tips: hints.
        removed: what is not sent; None where nothing is sent at all.
    """

    title: str
    sent: tuple[Row, ...] = ()
    cards: tuple[Card, ...] = ()
    own_detail: bool = False
    edited: bool = False
    has_other_models: bool = False
    tips: tuple[Tip, ...] = ()
    removed: tuple[Row, ...] | None = None


def panel_state(viewed: Viewed) -> PanelState:
    """The panel for a picture of the gallery."""
    if viewed.on_device:
        return _reader_state(viewed)
    parts = planned(viewed)
    return PanelState(
        title=_("What is sent"),
        sent=(
            Row(_("File"), file_text(viewed.image)),
            *_sent_rows(viewed, parts),
            Row(_("Detail"), detail_text(viewed.model, viewed.detail)),
            *_token_rows(viewed, parts),
            *_cost_rows(viewed),
            *_legend_rows(viewed.edits),
        ),
        cards=tuple(_card(viewed, level) for level in CARD_ORDER if level in viewed.model.details),
        own_detail=viewed.own_detail is not None,
        edited=bool(viewed.edits),
        has_other_models=True,
        tips=tuple(_tips(viewed, parts)),
        removed=removed_rows(viewed.image, viewed.edits),
    )


def attachment_state(attachment: Attachment, *, model: Model) -> PanelState:
    """The panel for an image that was sent: its stored bytes, and its share of the bill."""
    sent = attachment.sent
    rows = [Row(_("File"), file_text(attachment.image))]
    if sent is not None:
        rows.append(Row(_("Sent as"), sent_text((sent.width_px, sent.height_px), sent)))
    rows.append(Row(_("Detail"), detail_text(model, attachment.detail)))
    grid = sent_plan(attachment, model).grid if sent is not None else None
    if grid is not None:
        rows.extend(_grid_rows(grid))
    # What bills taught is not what the rule says.
    by_rule = grid is not None and grid.tokens == attachment.tokens
    rows.append(_tokens_row(attachment.tokens, formula(model, grid) if grid and by_rule else "", model))
    rows.append(Row(_("Model"), model.id))
    rows.append(Row(_("Share of the bill"), format_price(attachment.cost_usd)))
    return PanelState(
        title=_("What was sent"),
        sent=tuple(rows),
        removed=removed_rows(attachment.image, attachment.edits),
    )


def sent_plan(attachment: Attachment, model: Model) -> ImagePlan:
    """The plan of an image that was sent: of its bytes, which are planned again as they are."""
    seen = attachment.sent or attachment.image
    return plan_image(model, seen.width_px, seen.height_px, attachment.detail)


def file_text(image: ImageFacts) -> str:
    """``2,964 × 2,000 · PNG · 6.8 MB``."""
    parts = (_size(image.width_px, image.height_px), image.format, format_size(image.file_bytes))
    return SEPARATOR.join(parts)


def sent_text(size_px: tuple[int, int], sent: SentImage | None) -> str:
    """``1,138 × 768 · JPEG · 148 KB``; without what is not known until it is encoded."""
    if sent is None:
        return SEPARATOR.join((_size(*size_px), "…"))
    kind = sent.media_type.partition("/")[2].upper()
    return SEPARATOR.join((_size(sent.width_px, sent.height_px), kind, format_size(sent.size_bytes)))


def detail_text(model: Model, detail: Detail) -> str:
    """``High``; ``Auto = Original``."""
    name = detail_name(detail)
    if detail is Detail.AUTO and model.auto_means is not None:
        return f"{name} = {detail_name(model.auto_means)}"
    return name


def _reader_state(viewed: Viewed) -> PanelState:
    plan = planned(viewed)[-1][1]
    return PanelState(
        title=_("What is read"),
        sent=(
            Row(_("File"), file_text(viewed.image)),
            Row(_("Read as"), _size(plan.width_px, plan.height_px)),
            Row(_("Cost"), _("free, stays on this computer")),
        ),
        edited=bool(viewed.edits),
        has_other_models=True,
    )


def _sent_rows(viewed: Viewed, parts: tuple[Planned, ...]) -> list[Row]:
    rows = []
    for new, plan in parts:
        name = _("Overview") if new.edits.overview else _("Part") if len(parts) > 1 else _("Sent as")
        if plan.rejected is not None:
            rows.append(Row(name, _("refused, too large"), tooltip=sentence(plan.rejected)))
        else:
            rows.append(Row(name, sent_text((plan.width_px, plan.height_px), viewed.sent.get(new.key))))
    return rows


def _token_rows(viewed: Viewed, parts: tuple[Planned, ...]) -> list[Row]:
    total = tokens_of(viewed)
    if total is None and all(plan.grid is None for _new, plan in parts):
        return [_unknown_row(viewed)]
    grids = [plan.grid for _new, plan in parts if plan.grid is not None]
    if len(parts) == 1:
        plan = parts[0][1]
        text = formula(viewed.model, grids[0]) if plan.rejected is None else ""
        return [*_grid_rows(grids[0]), _tokens_row(plan.tokens, text, viewed.model)]
    rows = _grid_rows(grids[-1], of_part=True)
    each = " + ".join(format_count(plan.tokens) for _new, plan in parts if plan.tokens is not None)
    rows.append(_tokens_row(total, each if total is not None else "", viewed.model))
    return rows


def _unknown_row(viewed: Viewed) -> Row:
    learned = learned_tokens(viewed)
    if learned is None:
        return Row(_("Tokens"), DASH, tooltip=_("How this model counts images is not published."))
    tokens, answers = learned
    text = ngettext("from {count} bill", "from {count} bills", answers).format(count=format_count(answers))
    return Row(_("Tokens"), f"≈ {format_count(tokens)}" + SEPARATOR + text)


def _grid_rows(grid: ImageTokens, *, of_part: bool = False) -> list[Row]:
    if grid.unit == "base":
        # A row all the same, so that nothing below it moves from level to level.
        return [Row(_("Tiles"), _("whole image"))]
    names = (
        (_("Tiles"), _("Tiles of the part"))
        if grid.unit == "tile"
        else (_("Patches"), _("Patches of the part"))
    )
    name = names[of_part]
    count = format_count(grid.columns * grid.rows)
    return [Row(name, f"{format_count(grid.columns)} × {format_count(grid.rows)} = {count}")]


def _tokens_row(tokens: int | None, how: str, model: Model) -> Row:
    if tokens is None:
        return Row(_("Tokens"), DASH)
    tooltip = join_sentences(
        _("What the model charges for. Parts of a token are rounded up."),
        _("The rule is presumed: that of its family.") if model.presumed else "",
    )
    return Row(_("Tokens"), f"{how} =" if how else "", strong=format_count(tokens), tooltip=tooltip)


def _cost_rows(viewed: Viewed) -> list[Row]:
    tokens = tokens_of(viewed)
    if tokens is None and (learned := learned_tokens(viewed)) is not None:
        tokens = learned[0]
    cost = Row(_("Cost with {model}").format(model=viewed.model.id), _price(tokens, viewed.rates))
    if tokens is not None and tokens < CACHE_MINIMUM_TOKENS:
        tip = _("Providers keep a prompt in their cache from {tokens} tokens on.")
        tip = tip.format(tokens=format_count(CACHE_MINIMUM_TOKENS))
        return [cost, Row(_("Follow-ups"), _price(tokens, viewed.rates), tooltip=tip)]
    return [cost, Row(_("Follow-ups (cached)"), format_price(cached_cost_of(tokens, viewed.rates)))]


def _legend_rows(edits: Edits) -> list[Row]:
    said = printable(legend(edits), limit=400)
    return [Row(_("Legend"), said, tooltip=_("Goes into the prompt."))] if said else []


def _price(tokens: int | None, rates: Rates | None) -> str:
    return format_price(cost_of(tokens, rates))


def _card(viewed: Viewed, level: Detail) -> Card:
    parts = planned(viewed, detail=level)
    refusal = next((plan.rejected for _new, plan in parts if plan.rejected is not None), None)
    tokens = tokens_of(viewed, detail=level)
    caption = format_tokens(tokens)
    if refusal is not None:
        caption = _("refused")
    elif level is Detail.AUTO and viewed.model.auto_means is not None:
        caption = f"= {detail_name(viewed.model.auto_means)}"
    price = _("{detail}: {tokens}, {price}").format(
        detail=detail_text(viewed.model, level),
        tokens=format_tokens(tokens),
        price=_price(tokens, viewed.rates),
    )
    return Card(
        detail=level,
        title=detail_name(level),
        caption=caption,
        chosen=viewed.detail is level,
        refused=refusal is not None,
        tooltip=sentence(refusal) if refusal is not None else price,
    )


def _tips(viewed: Viewed, parts: tuple[Planned, ...]) -> list[Tip]:
    refusal = next((plan.rejected for _new, plan in parts if plan.rejected is not None), None)
    if refusal is not None:
        return [*_shrink_tip(viewed, sentence(refusal)), *_high_tip(viewed)]
    return [*_crop_tip(viewed), *_high_tip(viewed)]


def _shrink_tip(viewed: Viewed, why: str) -> list[Tip]:
    edits = shrunk(viewed)
    if edits is None or edits.longest_px is None:
        return []
    action = _("Shrink to {pixels} px").format(pixels=format_count(edits.longest_px))
    return [Tip(text=why, action=action, act=Act.SHRINK, problem=True)]


def _crop_tip(viewed: Viewed) -> list[Tip]:
    whole = tokens_of(without_region(viewed))
    cropped = cropped_to_region(viewed)
    tokens = tokens_of(cropped)
    grid = planned(cropped)[-1][1].grid
    if viewed.edits.region is None or tokens is None or grid is None or whole is None or tokens >= whole:
        return []
    strong = _("{count} tokens").format(count=format_count(tokens))
    # Translators: {cells} is "1 tile" or "35 patches", {tokens} is "255 tokens", {percent} is "77 %".
    text = _("Cropping to the red box needs {cells}: {tokens}, {percent} cheaper than the whole image.")
    text = text.format(cells=_cells(grid), tokens=strong, percent=_per_cent(percent_less(whole, tokens)))
    return [Tip(text=text, strong=strong, action=_("Crop"), act=Act.CROP)]


def _cells(grid: ImageTokens) -> str:
    count = grid.columns * grid.rows
    if grid.unit == "patch":
        return ngettext("{count} patch", "{count} patches", count).format(count=format_count(count))
    return ngettext("{count} tile", "{count} tiles", count).format(count=format_count(count))


def _high_tip(viewed: Viewed) -> list[Tip]:
    """High costs less: than Low on models whose Low is the dearer, or much less than what Auto means."""
    if Detail.HIGH not in viewed.model.details or viewed.detail is Detail.HIGH:
        return []
    now, high = tokens_of(viewed), tokens_of(viewed, detail=Detail.HIGH)
    if high is None:
        return []
    strong = _("{count} tokens").format(count=format_count(high))
    if now is None:
        refused = any(plan.rejected for _new, plan in planned(viewed))
        text = _("At High it needs {tokens}.").format(tokens=strong)
        return [Tip(text=text, strong=strong, action=_("Use High"), act=Act.USE_HIGH)] if refused else []
    percent = percent_less(now, high)
    if percent < (1 if viewed.detail is Detail.LOW else HIGH_IS_CHEAPER_FROM_PERCENT):
        return []
    text = _("High needs {tokens} here, {percent} cheaper.")
    text = text.format(tokens=strong, percent=_per_cent(percent))
    return [Tip(text=text, strong=strong, action=_("Use High"), act=Act.USE_HIGH)]


def _per_cent(number: int) -> str:
    """With a space at which no line ends."""
    return _("{percent} %").format(percent=number).replace(" ", "\u00a0")


def _size(width_px: int, height_px: int) -> str:
    return f"{format_count(width_px)} × {format_count(height_px)}"
