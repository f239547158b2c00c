"""Planning of edited images: whatever is done to a picture, exactly what the model uses of it is sent."""

import tomllib
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.catalog import Model, parse_catalog
from desktop.core.edits import OVERVIEW_PX, Area, Edits
from desktop.core.image_tokens import image_tokens
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.planning import plan_image, plan_new
from desktop.core.request import NewImage, expand
from tests.helpers.history import facts

ROOT = Path(__file__).parents[2]
CATALOG = parse_catalog(tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8")))
MODELS = [*CATALOG.models, CATALOG.model("llava:13b"), CATALOG.on_device()]

sides = st.integers(1, 60_000)
edges = st.integers(-100, 60_100)
areas = st.builds(Area, edges, edges, edges, edges)
edits_of_any_kind = st.builds(
    Edits,
    crop=st.none() | areas,
    quarter_turns=st.integers(0, 3),
    blackouts=st.lists(areas, max_size=2).map(tuple),
    longest_px=st.none() | sides,
)
any_image = given(
    model=st.sampled_from(MODELS),
    width=sides,
    height=sides,
    detail=st.sampled_from(Detail),
    edits=edits_of_any_kind,
)


def image(width: int, height: int, detail: Detail, edits: Edits) -> NewImage:
    return NewImage(
        image=replace(facts("a.png"), width_px=width, height_px=height), detail=detail, edits=edits
    )


@any_image
@example(model=CATALOG.default(), width=1, height=60_000, detail=Detail.HIGH, edits=Edits(quarter_turns=1))
def test_never_larger_than_what_is_left_of_the_source_and_never_nothing(
    model: Model, width: int, height: int, detail: Detail, edits: Edits
) -> None:
    new = image(width, height, detail, edits)
    plan = plan_new(model, new)
    assert 1 <= plan.width_px <= new.size_px[0]
    assert 1 <= plan.height_px <= new.size_px[1]
    if edits.longest_px is not None:
        assert max(plan.width_px, plan.height_px) <= edits.longest_px


@any_image
def test_what_is_sent_costs_what_is_planned(
    model: Model, width: int, height: int, detail: Detail, edits: Edits
) -> None:
    plan = plan_new(model, image(width, height, detail, edits))
    if plan.rejected is None:
        assert plan_image(model, plan.width_px, plan.height_px, detail) == plan


@any_image
def test_never_below_what_the_model_would_use(
    model: Model, width: int, height: int, detail: Detail, edits: Edits
) -> None:
    new = image(width, height, detail, replace(edits, longest_px=None))
    plan = plan_new(model, new)
    used = image_tokens(model, *new.size_px, detail)
    if used is None or plan.rejected is not None:
        assert plan.tokens in {None, 0}
        assert model.id != ON_DEVICE or plan.rejected is None
        return
    assert (plan.width_px, plan.height_px, plan.tokens) == (
        used.sent_width_px,
        used.sent_height_px,
        used.tokens,
    )
    assert plan.grid == used


@any_image
def test_a_quarter_turn_costs_the_same_and_swaps_the_sides(
    model: Model, width: int, height: int, detail: Detail, edits: Edits
) -> None:
    turned = replace(edits, quarter_turns=(edits.quarter_turns + 1) % 4)
    plan = plan_new(model, image(width, height, detail, edits))
    other = plan_new(model, image(width, height, detail, turned))
    assert (plan.width_px, plan.height_px, plan.tokens) == (other.height_px, other.width_px, other.tokens)


@given(model=st.sampled_from(MODELS), width=sides, height=sides, detail=st.sampled_from(Detail), region=areas)
def test_a_region_is_sent_at_its_full_resolution_with_a_small_overview(
    model: Model, width: int, height: int, detail: Detail, region: Area
) -> None:
    overview, part = expand(image(width, height, detail, Edits(region=region)))
    small, whole = plan_new(model, overview), plan_new(model, part)
    assert max(small.width_px, small.height_px) <= OVERVIEW_PX
    assert part.size_px == (region.inside(width, height).width_px, region.inside(width, height).height_px)
    assert whole == plan_image(model, *part.size_px, detail)
    assert (overview.detail, part.detail) == (Detail.LOW, detail)
