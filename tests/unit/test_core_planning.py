"""What is sent: exactly what the model will use, for any size, model and detail."""

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.catalog import Model, PatchRule, parse_catalog
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.planning import ImagePlan, effective_detail, plan_image
from desktop.core.problems import Code, problem

ROOT = Path(__file__).parents[2]
CATALOG = parse_catalog(tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8")))
MODELS = [*CATALOG.models, CATALOG.model("llava:13b"), CATALOG.on_device()]

anything = given(
    model=st.sampled_from(MODELS),
    width=st.integers(1, 60_000),
    height=st.integers(1, 60_000),
    detail=st.sampled_from(Detail),
)


@anything
@example(model=CATALOG.model("gpt-5.4"), width=60_000, height=1, detail=Detail.HIGH)
@example(model=CATALOG.model("gpt-5.4"), width=1601, height=1569, detail=Detail.HIGH)
def test_nothing_is_enlarged_and_no_side_vanishes(
    model: Model, width: int, height: int, detail: Detail
) -> None:
    plan = plan_image(model, width, height, detail)
    assert 1 <= plan.width_px <= width
    assert 1 <= plan.height_px <= height


@anything
@example(model=CATALOG.on_device(), width=60_000, height=534, detail=Detail.AUTO)
@example(model=CATALOG.on_device(), width=60_000, height=60_000, detail=Detail.AUTO)
@example(model=CATALOG.model("gpt-4o"), width=2047, height=769, detail=Detail.HIGH)
def test_what_is_sent_costs_what_the_source_costs(
    model: Model, width: int, height: int, detail: Detail
) -> None:
    plan = plan_image(model, width, height, detail)
    if plan.rejected is None:
        again = plan_image(model, plan.width_px, plan.height_px, detail)
        assert again == plan
    else:
        assert (plan.width_px, plan.height_px, plan.tokens) == (width, height, None)


@anything
def test_the_model_has_nothing_left_to_scale(model: Model, width: int, height: int, detail: Detail) -> None:
    plan = plan_image(model, width, height, detail)
    if plan.grid is not None and plan.rejected is None:
        assert (plan.grid.sent_width_px, plan.grid.sent_height_px) == (plan.width_px, plan.height_px)


@anything
@example(model=CATALOG.model("gpt-5.4"), width=60_000, height=3_000, detail=Detail.HIGH)
def test_the_aspect_is_kept(model: Model, width: int, height: int, detail: Detail) -> None:
    # Two steps of the rules may scale, each rounding on its own: fitting by half a pixel, the budget by one.
    plan = plan_image(model, width, height, detail)
    assert _off_by_px(plan, width, height) <= Fraction(3, 2)


@given(width=st.integers(1, 60_000), height=st.integers(1, 60_000), detail=st.sampled_from(Detail))
def test_the_aspect_is_kept_within_a_pixel_where_one_step_scales(
    width: int, height: int, detail: Detail
) -> None:
    for model in (CATALOG.default(), CATALOG.on_device(), CATALOG.model("llava:13b")):
        assert _off_by_px(plan_image(model, width, height, detail), width, height) <= 1


def _off_by_px(plan: ImagePlan, width: int, height: int) -> Fraction:
    """The least number of pixels by which both sides are off, over all scales."""
    # |sent - s * source| <= t for both sides has a solution s exactly from this t on.
    return Fraction(abs(plan.width_px * height - plan.height_px * width), width + height)


@pytest.mark.parametrize(
    ("model_id", "size", "detail", "sent", "tokens"),
    [
        ("gpt-4o", (4000, 3000), Detail.HIGH, (1024, 768), 765),
        ("gpt-4o", (4000, 3000), Detail.LOW, (512, 384), 85),
        ("gpt-4o", (300, 200), Detail.LOW, (300, 200), 85),
        ("gpt-6.1-terra", (560, 820), Detail.HIGH, (560, 820), 562),
        ("gpt-6.1-terra", (4032, 3024), Detail.AUTO, (4032, 3024), 14364),
        ("gpt-6.1-terra", (4032, 3024), Detail.LOW, (512, 384), 231),
        ("llava:13b", (4096, 1024), Detail.HIGH, (2048, 512), None),
        (ON_DEVICE, (8000, 2000), Detail.HIGH, (8000, 2000), 0),
        (ON_DEVICE, (8000, 6000), Detail.HIGH, (4618, 3464), 0),
        (ON_DEVICE, (1080, 20_000), Detail.HIGH, (929, 17_213), 0),
        (ON_DEVICE, (60_000, 500), Detail.HIGH, (30_000, 250), 0),
        (ON_DEVICE, (1, 60_000), Detail.HIGH, (1, 30_000), 0),
        (ON_DEVICE, (600, 400), Detail.LOW, (600, 400), 0),
    ],
)
def test_what_is_sent_for_a_known_case(
    model_id: str, size: tuple[int, int], detail: Detail, sent: tuple[int, int], tokens: int | None
) -> None:
    plan = plan_image(CATALOG.model(model_id), *size, detail)
    assert ((plan.width_px, plan.height_px), plan.tokens) == (sent, tokens)


@given(width=st.integers(1, 60_000), height=st.integers(1, 60_000))
@example(width=60_000, height=60_000)
@example(width=30_001, height=533)
def test_the_reader_gets_at_most_its_pixels_and_nearly_all_of_them(width: int, height: int) -> None:
    plan = plan_image(CATALOG.on_device(), width, height, Detail.AUTO)
    pixels = plan.width_px * plan.height_px
    assert pixels <= 16_000_000
    assert max(plan.width_px, plan.height_px) <= 30_000
    if (plan.width_px, plan.height_px) != (width, height) and max(width, height) < 30_000:
        assert (plan.width_px + 1) * (plan.height_px + 1) > 16_000_000


def test_the_detail_that_is_sent_is_one_that_the_model_has() -> None:
    assert plan_image(CATALOG.model("gpt-4o"), 10, 10, Detail.ORIGINAL).detail is Detail.HIGH
    assert plan_image(CATALOG.model("gpt-5.5"), 10, 10, Detail.AUTO).detail is Detail.AUTO
    assert plan_image(CATALOG.on_device(), 10, 10, Detail.AUTO).detail is None
    assert effective_detail(CATALOG.model("gpt-5.5"), Detail.ORIGINAL) is Detail.ORIGINAL


def test_an_image_with_too_many_patches_is_named_before_it_is_sent() -> None:
    plan = plan_image(CATALOG.model("gpt-5.6-terra"), 7952, 5304, Detail.AUTO)
    assert plan.rejected == problem(
        Code.IMAGE_REJECTED_BY_MODEL, patches=41334, limit=30000, model="gpt-5.6-terra"
    )
    assert (plan.width_px, plan.height_px, plan.tokens) == (7952, 5304, None)
    assert plan.grid is not None
    assert plan_image(CATALOG.model("gpt-5.6-terra"), 7952, 5304, Detail.HIGH).rejected is None


def test_nothing_is_known_of_an_unknown_model() -> None:
    assert plan_image(CATALOG.model("llava:13b"), 5, 7, Detail.HIGH) == ImagePlan(5, 7, Detail.HIGH, None)


def test_every_patch_model_of_the_catalogue_is_among_the_tried() -> None:
    assert sum(isinstance(model.rule, PatchRule) for model in MODELS) > 10
