"""Image tokens against every published vector, and against the formula of the guide with 60 digits."""

import csv
import tomllib
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.catalog import PatchRule, parse_catalog
from desktop.core.image_tokens import ImageTokens, fit_inside, image_tokens
from desktop.core.model import Detail

ROOT = Path(__file__).parents[2]
CATALOG = parse_catalog(tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8")))
VECTORS = list(
    csv.DictReader(
        (ROOT / "tests" / "data" / "image_token_vectors.csv").read_text(encoding="utf-8").splitlines()
    )
)
SIDES = st.integers(1, 60_000)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: "-".join(list(row.values())[:4]))
def test_every_published_vector_holds(row: dict[str, str]) -> None:
    model = CATALOG.model(row["model"])
    counted = image_tokens(model, int(row["width"]), int(row["height"]), Detail(row["detail"]))
    assert counted is not None
    if row["tokens"].startswith("reject:"):
        assert counted.rejected == int(row["tokens"].removeprefix("reject:"))
        return
    assert counted.rejected is None
    exact = not isinstance(model.rule, PatchRule) or model.rule.multiplier == Fraction("1.2")
    assert abs(counted.tokens - int(row["tokens"])) <= (0 if exact else 1)


def test_all_vectors_are_there() -> None:
    assert len(VECTORS) == 37


@pytest.mark.parametrize(
    ("model_id", "detail", "tokens"),
    [
        ("gpt-5.6-terra", Detail.AUTO, 14364),
        ("gpt-6-astra", Detail.AUTO, 14364),
        ("gpt-5.5", Detail.AUTO, 11868),
        ("gpt-6-astra", Detail.HIGH, 2942),
    ],
)
def test_a_photo_of_12_megapixels_costs_what_the_guide_says(
    model_id: str, detail: Detail, tokens: int
) -> None:
    counted = image_tokens(CATALOG.model(model_id), 4032, 3024, detail)
    assert counted is not None
    assert counted.tokens == tokens


def test_an_8k_screenshot_is_refused_at_auto() -> None:
    counted = image_tokens(CATALOG.model("gpt-6-astra"), 7680, 4320, Detail.AUTO)
    assert counted is not None
    assert counted.rejected == 32_400


def test_exactly_the_limit_of_patches_is_not_refused() -> None:
    astra = CATALOG.model("gpt-6-astra")
    at_limit = image_tokens(astra, 200 * 32, 150 * 32, Detail.ORIGINAL)
    over = image_tokens(astra, 200 * 32 + 1, 150 * 32, Detail.ORIGINAL)
    assert at_limit is not None
    assert over is not None
    assert (at_limit.rejected, over.rejected) == (None, 201 * 150)


def test_low_can_cost_more_than_high() -> None:
    model = CATALOG.model("gpt-5.4")
    low, high = (image_tokens(model, 2048, 2048, detail) for detail in (Detail.LOW, Detail.HIGH))
    assert low is not None
    assert high is not None
    assert (low.tokens, high.tokens) == (4916, 3000)


def test_the_grid_is_what_is_billed() -> None:
    assert image_tokens(CATALOG.model("gpt-4o"), 2048, 4096, Detail.HIGH) == ImageTokens(
        tokens=1105, sent_width_px=768, sent_height_px=1536, columns=2, rows=3, unit="tile", cell_px=512
    )
    assert image_tokens(CATALOG.model("gpt-4o"), 4096, 8192, Detail.LOW) == ImageTokens(
        tokens=85, sent_width_px=256, sent_height_px=512, columns=1, rows=1, unit="base", cell_px=512
    )
    assert image_tokens(CATALOG.model("gpt-6-astra"), 2560, 1440, Detail.HIGH) == ImageTokens(
        tokens=2931, sent_width_px=2104, sent_height_px=1184, columns=66, rows=37, unit="patch", cell_px=32
    )


def test_an_unknown_rule_counts_nothing() -> None:
    assert image_tokens(CATALOG.model("llava:13b"), 100, 100, Detail.AUTO) is None
    assert image_tokens(CATALOG.on_device(), 100, 100, Detail.AUTO) is None


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-1, 10)])
def test_a_side_below_1_is_a_mistake(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=str(size[0])):
        image_tokens(CATALOG.default(), *size, Detail.AUTO)


@given(width=SIDES, height=SIDES, side=st.integers(1, 5000))
@example(width=60_000, height=1, side=512)
def test_fitting_never_enlarges_and_keeps_the_aspect(width: int, height: int, side: int) -> None:
    fitted = fit_inside(width, height, side)
    assert max(fitted) <= max(side, 1)
    assert min(fitted) >= 1
    if max(width, height) <= side:
        assert fitted == (width, height)
    else:
        scale = Fraction(side, max(width, height))
        assert abs(fitted[0] - width * scale) <= max(Fraction(1, 2), 1 - width * scale)
        assert abs(fitted[1] - height * scale) <= max(Fraction(1, 2), 1 - height * scale)


def _by_the_book(width: int, height: int, budget: int) -> tuple[int, int]:
    """Step 3 as the guide writes it, with digits enough to tell every root from a whole number."""
    with localcontext(prec=60):
        w, h = Decimal(width), Decimal(height)
        r = (Decimal(1024 * budget) / (w * h)).sqrt()
        across, down = w * r / 32, h * r / 32
        r *= min(_floor(across) / across, _floor(down) / down)
        return floor(w * r + Decimal("1e-40")), floor(h * r + Decimal("1e-40"))


def _floor(number: Decimal) -> int:
    return floor(number + Decimal("1e-40"))


PATCH_LEVELS = [
    (model, level)
    for model in CATALOG.models
    if isinstance(model.rule, PatchRule)
    for level in model.rule.levels
    if level.budget is not None
]


@given(case=st.sampled_from(PATCH_LEVELS), width=SIDES, height=SIDES)
@example(case=PATCH_LEVELS[0], width=1601, height=1569)
@example(case=PATCH_LEVELS[0], width=1700, height=2196)  # a ratio just below a whole root
@example(case=PATCH_LEVELS[0], width=33, height=60_000)
def test_integer_arithmetic_agrees_with_the_formula_of_the_guide(
    case: object, width: int, height: int
) -> None:
    model, level = case  # type: ignore[misc]
    counted = image_tokens(model, width, height, level.detail)
    assert counted is not None
    w, h = fit_inside(width, height, level.max_side_px)
    if ceil(w / 32) * ceil(h / 32) > level.budget:
        w, h = _by_the_book(w, h, level.budget)
    assert (counted.sent_width_px, counted.sent_height_px) == (w, h)
    patches = ceil(w / 32) * ceil(h / 32)
    assert patches <= level.budget
    assert counted.columns * counted.rows == patches
    assert counted.tokens == ceil(patches * model.rule.multiplier)
