"""Which pixels are sent: exactly what the model will use and no further.

The size after the model's own scaling is sent, so that the model has nothing left to scale. That size is a
fixed point of the published rules: planned again it stays as it is and costs the same, which the tests prove
for every model.
"""

from dataclasses import dataclass

from desktop.core.catalog import Model, PatchRule, effective_detail
from desktop.core.image_tokens import ImageTokens, fit_inside, image_tokens
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.problems import Code, Problem, problem

__all__ = ["ImagePlan", "effective_detail", "plan_image"]

UNKNOWN_RULE_SIDE_PX = 2048
"""For a model of unknown rule images are fitted inside a square of this side, as most known models do."""
ON_DEVICE_SIDE_PX = 4096
"""For the reader images are fitted inside a square of this side: text stays legible, reading quick."""


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


def plan_image(model: Model, width_px: int, height_px: int, detail: Detail) -> ImagePlan:
    """Plan an upright image for ``model``. Never enlarged, no side below 1.

    Raises:
        ValueError: a side is below 1.
    """
    sent_detail = effective_detail(model, detail)
    grid = image_tokens(model, width_px, height_px, detail)
    if grid is None:
        on_device = model.provider == ON_DEVICE
        side_px = ON_DEVICE_SIDE_PX if on_device else UNKNOWN_RULE_SIDE_PX
        width_px, height_px = fit_inside(width_px, height_px, side_px)
        return ImagePlan(width_px, height_px, sent_detail, 0 if on_device else None)
    if grid.rejected is not None and isinstance(model.rule, PatchRule):
        limit = model.rule.reject_above or 0
        refusal = problem(Code.IMAGE_REJECTED_BY_MODEL, patches=grid.rejected, limit=limit, model=model.id)
        return ImagePlan(width_px, height_px, sent_detail, None, grid, refusal)
    return ImagePlan(grid.sent_width_px, grid.sent_height_px, sent_detail, grid.tokens, grid)
