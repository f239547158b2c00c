"""How many tokens one image costs, by the published rules of tile models and patch models.

Integer arithmetic throughout. The one square root of the rules, ``r = sqrt(1024*B / (w*h))``, is never taken:
with ``a = floor(w*r/32) = isqrt(B*w // h)`` and ``b = floor(h*r/32) = isqrt(B*h // w)`` (the floor of a root
is the integer root of the floor), the corrected factor ``r * min(a / (w*r/32), b / (h*r/32))`` is exactly
``min(32*a / w, 32*b / h)``.

Source: OpenAI, "Images and vision" (section 1 of ``OPENAI_VISION.md``).
"""

from dataclasses import dataclass
from math import isqrt
from typing import Literal

from desktop.core.catalog import PATCH_PX, TILE_PX, Level, Model, PatchRule, TileRule, effective_detail
from desktop.core.model import Detail


@dataclass(frozen=True, slots=True)
class ImageTokens:
    """What a model makes of one image, and the grid that it bills.

    Attributes:
        tokens: what it costs; a bill may differ by 1.
        sent_width_px: width after the model's own scaling, which is what to send.
        sent_height_px: height after the model's own scaling.
        columns: tiles or patches side by side.
        rows: tiles or patches one below the other.
        unit: ``tile``, ``patch``, or ``base`` where the whole image is one unit.
        cell_px: side of a unit in pixels of the sent image.
        rejected: the number of patches if the model refuses the image for having too many, else None.
    """

    tokens: int
    sent_width_px: int
    sent_height_px: int
    columns: int
    rows: int
    unit: Literal["tile", "patch", "base"]
    cell_px: int
    rejected: int | None = None


def image_tokens(model: Model, width_px: int, height_px: int, detail: Detail) -> ImageTokens | None:
    """The tokens of an image at ``detail``, its sides at least 1; None if the rule is unknown.

    A detail that the model lacks counts as the one that is sent in its place (`catalog.effective_detail`).

    Raises:
        ValueError: a side is below 1.
    """
    if width_px < 1 or height_px < 1:
        raise ValueError((width_px, height_px))
    level = _level_used(model, detail)
    if isinstance(model.rule, TileRule):
        return _tile_tokens(model.rule, width_px, height_px, low=level is Detail.LOW)
    if isinstance(model.rule, PatchRule) and level is not None:
        return _patch_tokens(model.rule, width_px, height_px, level=model.rule.level(level))
    return None


def fit_inside(width_px: int, height_px: int, side_px: int) -> tuple[int, int]:
    """The size made to fit a square, aspect kept, halves rounded up, no side below 1, never enlarged."""
    longest = max(width_px, height_px)
    if longest <= side_px:
        return width_px, height_px
    return _rounded(width_px * side_px, longest), _rounded(height_px * side_px, longest)


def _level_used(model: Model, detail: Detail) -> Detail | None:
    sent = effective_detail(model, detail)
    return model.auto_means if sent is Detail.AUTO else sent


def _tile_tokens(rule: TileRule, width: int, height: int, *, low: bool) -> ImageTokens:
    if low:
        width, height = fit_inside(width, height, rule.low_side_px)
        return ImageTokens(rule.base, width, height, 1, 1, "base", rule.low_side_px)
    width, height = fit_inside(width, height, rule.fit_px)
    shorter = min(width, height)
    if shorter > rule.short_side_px:
        width, height = width * rule.short_side_px // shorter, height * rule.short_side_px // shorter
    columns, rows = _cells(width, TILE_PX), _cells(height, TILE_PX)
    tokens = rule.base + rule.tile * columns * rows
    return ImageTokens(tokens, width, height, columns, rows, "tile", TILE_PX)


def _patch_tokens(rule: PatchRule, width: int, height: int, *, level: Level) -> ImageTokens:
    width, height = fit_inside(width, height, level.max_side_px)
    if level.budget is not None and _cells(width, PATCH_PX) * _cells(height, PATCH_PX) > level.budget:
        width, height = _within_budget(width, height, level.budget)
    columns, rows = _cells(width, PATCH_PX), _cells(height, PATCH_PX)
    patches = columns * rows
    tokens = -(-patches * rule.multiplier.numerator // rule.multiplier.denominator)
    refused = rule.reject_above is not None and patches > rule.reject_above
    rejected = patches if refused else None
    return ImageTokens(tokens, width, height, columns, rows, "patch", PATCH_PX, rejected)


def _within_budget(width: int, height: int, budget: int) -> tuple[int, int]:
    """Step 3 of the patch rules, exactly; see the module's docstring.

    Called only where the budget is exceeded. The factor is then below 1: were both ``32*a >= width`` and
    ``32*b >= height``, then ``a*b`` would be at least the number of patches, but ``a*b`` is at most the
    budget.
    """
    across = PATCH_PX * isqrt(budget * width // height)
    down = PATCH_PX * isqrt(budget * height // width)
    if across * height <= down * width:
        return max(1, across), max(1, height * across // width)
    return max(1, width * down // height), max(1, down)


def _cells(length_px: int, cell_px: int) -> int:
    return -(-length_px // cell_px)


def _rounded(numerator: int, denominator: int) -> int:
    return max(1, (2 * numerator + denominator) // (2 * denominator))
