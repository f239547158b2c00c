"""Tokens and prices of one picture, from the same plans that are billed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from desktop.core.catalog import Model, PatchRule, TileRule, effective_detail
from desktop.core.edits import Edits
from desktop.core.image_tokens import ImageTokens
from desktop.core.ledger import Learned
from desktop.core.model import ON_DEVICE, Detail, ImageFacts, SentImage
from desktop.core.planning import ImagePlan, plan_new
from desktop.core.preflight import largest_side
from desktop.core.pricing import Rates
from desktop.core.request import NewImage, expand
from desktop.core.text import format_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """One picture of the gallery, and how it would be sent.

    Attributes:
        image: the file's page.
        edits: what was done to it.
        selector: the detail that the selector shows.
        own_detail: its own detail; None follows the selector.
        model: the model that is chosen.
        rates: its prices; None if unknown.
        learned: what earlier bills of it taught.
        sent: what was really encoded, by `NewImage.key`; entries of other plans are not in it.
    """

    image: ImageFacts
    edits: Edits = field(default_factory=Edits)
    selector: Detail = Detail.AUTO
    own_detail: Detail | None = None
    model: Model
    rates: Rates | None = None
    learned: Learned = field(default_factory=Learned)
    sent: Mapping[str, SentImage] = field(default_factory=dict)

    @property
    def on_device(self) -> bool:
        """Whether the reader on this computer is chosen: nothing is sent then."""
        return self.model.id == ON_DEVICE

    @property
    def detail(self) -> Detail:
        """The level in force, one that the model has."""
        return effective_detail(self.model, self.own_detail or self.selector) or Detail.AUTO

    @property
    def new(self) -> NewImage:
        """As the next question would add it."""
        return NewImage(image=self.image, detail=self.detail, edits=self.edits)


Planned = tuple[NewImage, ImagePlan]


def planned(viewed: Viewed, *, detail: Detail | None = None) -> tuple[Planned, ...]:
    """What would be sent, at ``detail`` or the one in force: the picture, or an overview and the part."""
    new = replace(viewed.new, detail=detail or viewed.detail)
    return tuple((part, plan_new(viewed.model, part)) for part in expand(new))


def tokens_of(viewed: Viewed, *, detail: Detail | None = None) -> int | None:
    """Tokens of all that would be sent; None if the rule is unknown or the model would refuse it."""
    tokens = [plan.tokens for _new, plan in planned(viewed, detail=detail)]
    known = [number for number in tokens if number is not None]
    return sum(known) if len(known) == len(tokens) else None


def cost_of(tokens: int | None, rates: Rates | None) -> Decimal | None:
    """USD of so many input tokens; None if one of them is unknown."""
    if tokens is None or rates is None:
        return None
    return tokens * rates.tier(tokens).input_usd


def cached_cost_of(tokens: int | None, rates: Rates | None) -> Decimal | None:
    """USD of so many input tokens that the provider still has in its cache."""
    if tokens is None or rates is None:
        return None
    return tokens * rates.tier(tokens).cached_usd


def learned_tokens(viewed: Viewed) -> tuple[int, int] | None:
    """For a model of unknown rule: tokens of one image as bills told, and how many bills; None if none."""
    for row in viewed.learned.details:
        if row.detail == viewed.detail.value and row.image_tokens is not None:
            return row.image_tokens, row.answers
    return None


def formula(model: Model, grid: ImageTokens) -> str:
    """How the tokens come about, up to their number: ``85 + 6 × 170``, ``864 × 1.2``; empty for a flat price.

    Source: section 1 of ``OPENAI_VISION.md``.
    """
    cells = grid.columns * grid.rows
    if isinstance(model.rule, TileRule) and grid.unit == "tile":
        tile = format_count(model.rule.tile)
        return f"{format_count(model.rule.base)} + {format_count(cells)} × {tile}"
    if isinstance(model.rule, PatchRule):
        return f"{format_count(cells)} × {exact(model.rule.multiplier)}"
    return ""


def exact(number: Fraction) -> str:
    """A multiplier with all its decimals: ``1.2``, ``2.46``."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"


def percent_less(now: int, then: int) -> int:
    """By how many per cent ``then`` is less than ``now``; 100 only where it is nothing."""
    percent = round(100 * (now - then) / now) if now else 0
    return min(percent, 99) if then else percent


def cropped_to_region(viewed: Viewed) -> Viewed:
    """The same picture with its region as its crop, without the overview."""
    region = viewed.edits.region
    return replace(viewed, edits=replace(viewed.edits, region=None, crop=region or viewed.edits.crop))


def without_region(viewed: Viewed) -> Viewed:
    """The same picture as if no part of it were asked about."""
    return replace(viewed, edits=replace(viewed.edits, region=None))


def shrunk(viewed: Viewed) -> Edits | None:
    """The least shrinking after which the model takes a picture that it refuses; None if nothing helps."""
    refused = [new for new, plan in planned(viewed) if plan.rejected is not None]
    side = largest_side(viewed.model, refused[0]) if refused else None
    if side is None:
        return None
    return replace(viewed.edits, longest_px=side)
