"""Which pixels are sent: exactly what the model will use and no further.

The size after the model's own scaling is sent, so that the model has nothing left to scale. That size is a
fixed point of the published rules: planned again it stays as it is and costs the same, which the tests prove
for every model.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

from desktop.core.catalog import Model, PatchRule, effective_detail
from desktop.core.image_tokens import ImageTokens, fit_inside, image_tokens
from desktop.core.model import ON_DEVICE, Attachment, Detail
from desktop.core.problems import Code, Problem, problem
from desktop.core.request import NewImage

__all__ = ["ImagePlan", "effective_detail", "plan_carried", "plan_image", "plan_new"]

UNKNOWN_RULE_SIDE_PX = 2048
"""For a model of unknown rule images are fitted inside a square of this side, as most known models do."""
ON_DEVICE_PIXELS = 16_000_000
"""Most pixels for the reader. Not a side: a screenshot of a whole page is narrow, long, and full of text."""
ON_DEVICE_SIDE_PX = 30_000
"""Longest side for the reader."""


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """How one image is sent.

    Attributes:
        width_px: width of the sent image.
        height_px: height of the sent image.
        detail: what the request says; None where the model knows no detail.
        tokens: what it will cost; 0 on this computer; None if the rule is unknown or the image is rejected.
        grid: what the model sees and bills; None if the rule is unknown.
        rejected: why the model will refuse this image at this detail; the plan then keeps the full size.
    """

    width_px: int
    height_px: int
    detail: Detail | None
    tokens: int | None
    grid: ImageTokens | None = None
    rejected: Problem | None = None


@lru_cache(maxsize=8_192)
def plan_image(model: Model, width_px: int, height_px: int, detail: Detail) -> ImagePlan:
    """Plan an upright image for ``model``. Never enlarged, no side below 1.

    Raises:
        ValueError: a side is below 1.
    """
    sent_detail = effective_detail(model, detail)
    grid = image_tokens(model, width_px, height_px, detail)
    if grid is None:
        on_device = model.provider == ON_DEVICE
        if on_device:
            return ImagePlan(*_fit_reader(width_px, height_px), sent_detail, 0)
        width_px, height_px = fit_inside(width_px, height_px, UNKNOWN_RULE_SIDE_PX)
        return ImagePlan(width_px, height_px, sent_detail, None)
    if grid.rejected is not None and isinstance(model.rule, PatchRule):
        limit = model.rule.reject_above or 0
        refusal = problem(Code.IMAGE_REJECTED_BY_MODEL, patches=grid.rejected, limit=limit, model=model.id)
        return ImagePlan(width_px, height_px, sent_detail, None, grid, refusal)
    return ImagePlan(grid.sent_width_px, grid.sent_height_px, sent_detail, grid.tokens, grid)


def plan_new(model: Model, new: NewImage) -> ImagePlan:
    """Plan a new image with its edits: cropped, turned, and no larger than they allow."""
    width_px, height_px = new.size_px
    if new.edits.longest_px is not None:
        width_px, height_px = fit_inside(width_px, height_px, new.edits.longest_px)
    return plan_image(model, width_px, height_px, new.detail)


def plan_carried(model: Model, attachment: Attachment) -> ImagePlan:
    """Plan the bytes that were sent before, which go out again, for the model that is asked now."""
    seen = attachment.sent or attachment.image
    return plan_image(model, seen.width_px, seen.height_px, attachment.detail)


def _fit_reader(width_px: int, height_px: int) -> tuple[int, int]:
    """Within the reader's pixels and sides, by the tighter of the two, each side rounded down."""
    pixels, longest = width_px * height_px, max(width_px, height_px)
    if pixels <= ON_DEVICE_PIXELS and longest <= ON_DEVICE_SIDE_PX:
        return width_px, height_px
    if ON_DEVICE_SIDE_PX**2 * pixels <= ON_DEVICE_PIXELS * longest**2:
        width_px, height_px = (
            width_px * ON_DEVICE_SIDE_PX // longest,
            height_px * ON_DEVICE_SIDE_PX // longest,
        )
        return max(1, width_px), max(1, height_px)
    # The root of a quotient's floor is the floor of the root: exact, as in `image_tokens`.
    across = isqrt(ON_DEVICE_PIXELS * width_px // height_px)
    return across, isqrt(ON_DEVICE_PIXELS * height_px // width_px)
