"""Money: the prices of genai-prices, and shares that add up to the last digit."""

import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import genai_prices
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.catalog import Catalog, parse_catalog
from desktop.core.model import ON_DEVICE, Detail, Usage
from desktop.core.planning import plan_image
from desktop.core.pricing import Bill, Prices, Rates, Tier, bill, free_rates, load_prices, spread

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 22, tzinfo=UTC)
CATALOG: Catalog = parse_catalog(
    tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8"))
)
PRICES: Prices = load_prices(at=AT)


def rates_of(model_id: str) -> Rates:
    rates = PRICES.rates(CATALOG.model(model_id))
    assert rates is not None
    return rates


PRICED = [model.id for model in CATALOG.models if PRICES.rates(model) is not None]


@pytest.mark.parametrize(
    ("model_id", "fresh", "cached", "out"),
    [
        ("gpt-6-astra", "10", "1", "50"),
        ("gpt-6.1-sol", "2", ".10", "10"),
        ("gpt-6.1-terra", "1", ".05", "5"),
        ("gpt-6-luna", ".10", ".01", ".50"),
        ("gpt-5.6-terra", "2", ".20", "12"),
        ("gpt-5.5", "5", ".50", "30"),
        ("gpt-5.4", "2.5", ".25", "15"),
        ("gpt-5.4-mini", ".75", ".075", "4.5"),
        ("gpt-5.1", "1.25", ".125", "10"),
        ("gpt-4.1", "2", ".5", "8"),
        ("gpt-4o", "2.5", "1.25", "10"),
        ("gpt-4o-mini", ".15", ".075", ".6"),
        ("gpt-4-vision-preview", "10", "10", "30"),
    ],
)
def test_a_million_tokens_cost_what_the_price_list_says(
    model_id: str, fresh: str, cached: str, out: str
) -> None:
    tier = rates_of(model_id).tier(1)
    million = 10**6
    assert tier.input_usd * million == Decimal(fresh)
    assert tier.cached_usd * million == Decimal(cached)
    assert tier.output_usd * million == Decimal(out)


@pytest.mark.parametrize(
    ("model_id", "detail", "tokens", "usd"),
    [
        # Section 1: what `auto` means differs, and it is the dearest level of the newest models.
        ("gpt-6-astra", Detail.AUTO, 14_364, "0.14364"),
        ("gpt-6-astra", Detail.HIGH, 2_942, "0.02942"),
        ("gpt-5.6-terra", Detail.AUTO, 14_364, "0.028728"),
        ("gpt-5.5", Detail.AUTO, 11_868, "0.05934"),
        # Presumed by its family's rule, priced by its own row.
        ("gpt-6-luna", Detail.AUTO, 14_364, "0.0014364"),
        ("gpt-6.1-terra", Detail.AUTO, 14_364, "0.014364"),
        # Retired, and still in old conversations.
        ("gpt-4o", Detail.AUTO, 765, "0.0019125"),
        ("gpt-4-vision-preview", Detail.LOW, 85, "0.00085"),
    ],
)
def test_a_photo_of_12_megapixels_costs(model_id: str, detail: Detail, tokens: int, usd: str) -> None:
    model = CATALOG.model(model_id)
    plan = plan_image(model, 4032, 3024, detail)

    assert plan.tokens == tokens
    usage = Usage(prompt_tokens=tokens, completion_tokens=0, image_tokens=tokens)
    made = bill(usage, rates_of(model_id), [plan.tokens])
    assert made is not None
    assert made.images == (Decimal(usd),)


def test_the_default_model_has_a_price() -> None:
    assert PRICES.rates(CATALOG.default()) is not None


@pytest.mark.parametrize("model_id", ["gpt-6.3-terra", "llava:13b", "gpt-nonsense", "openai/nonsense", ""])
def test_an_unknown_price_is_none_and_stays_none(model_id: str) -> None:
    model = CATALOG.model(model_id)
    assert PRICES.rates(model) is None
    assert PRICES.rates(model) is None


def test_a_snapshot_or_a_prefix_has_its_models_price() -> None:
    assert rates_of("gpt-4.1-2025-04-14") == rates_of("openai/gpt-4.1") == rates_of("gpt-4.1")


def test_a_snapshot_with_a_price_of_its_own_keeps_it() -> None:
    assert rates_of("gpt-4o-2024-05-13") != rates_of("gpt-4o")


def test_the_reader_costs_nothing() -> None:
    assert PRICES.rates(CATALOG.model(ON_DEVICE)) == free_rates()
    assert free_rates().cost(Usage(prompt_tokens=10, completion_tokens=10)) == 0


def test_the_server_that_is_asked_decides_about_the_price() -> None:
    model = CATALOG.model("gpt-4o")
    assert PRICES.rates(model, provider="openai") == rates_of("gpt-4o")
    assert PRICES.rates(model, provider="nobody") is None
    routed = CATALOG.model("openai/gpt-4o")
    assert PRICES.rates(routed, provider="openrouter") is not None


@pytest.mark.parametrize("model_id", ["text-embedding-3-large", "gpt-image-1", "tts-1"])
def test_a_model_that_charges_in_other_ways_is_not_priced(model_id: str) -> None:
    assert PRICES.rates(CATALOG.model(model_id), provider="openai") is None


def test_over_272k_tokens_the_whole_request_is_dearer() -> None:
    rates = rates_of("gpt-6.1-terra")
    at = rates.cost(Usage(prompt_tokens=272_000, completion_tokens=100))
    over = rates.cost(Usage(prompt_tokens=272_001, completion_tokens=100))
    assert at == Decimal("0.272") + Decimal("0.0005")
    assert over == Decimal("0.544002") + Decimal("0.00075")


usages = st.builds(
    Usage,
    prompt_tokens=st.integers(0, 600_000),
    completion_tokens=st.integers(0, 100_000),
    cached_tokens=st.integers(0, 300_000),
    cache_write_tokens=st.integers(0, 300_000),
    image_tokens=st.none() | st.integers(0, 700_000),
    charged_usd=st.none() | st.decimals(0, 100, places=9),
)


@given(model_id=st.sampled_from(PRICED), usage=usages)
def test_costs_are_those_of_genai_prices(model_id: str, usage: Usage) -> None:
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    written = min(usage.cache_write_tokens, usage.prompt_tokens - cached)
    theirs = genai_prices.calc_price(
        genai_prices.Usage(
            input_tokens=usage.prompt_tokens,
            cache_read_tokens=cached,
            cache_write_tokens=written,
            output_tokens=usage.completion_tokens,
        ),
        model_id,
        provider_id="openai",
        genai_request_timestamp=AT,
    )
    assert rates_of(model_id).cost(usage) == theirs.total_price


def test_tiers_of_different_prices_are_merged() -> None:
    from genai_prices.types import ModelPrice, TieredPrices
    from genai_prices.types import Tier as TheirTier

    from desktop.core.pricing import _rates

    def tiered(base: int, *tiers: tuple[int, int]) -> TieredPrices:
        return TieredPrices(Decimal(base), [TheirTier(start, Decimal(price)) for start, price in tiers])

    rates = _rates(ModelPrice(input_mtok=tiered(1, (100, 2), (300, 4)), output_mtok=tiered(10, (200, 20))))
    assert rates is not None
    million = 10**6
    prices = [
        (rates.tier(n).input_usd * million, rates.tier(n).output_usd * million)
        for n in (0, 100, 101, 201, 301)
    ]
    assert prices == [(1, 10), (1, 10), (2, 10), (2, 20), (4, 20)]


def test_hostile_usage_is_bounded() -> None:
    rates = rates_of("gpt-4o")
    absurd = Usage(prompt_tokens=10**40, completion_tokens=-5, cached_tokens=10**41, cache_write_tokens=-1)
    assert rates.cost(absurd) == 10**9 * rates.tier(10**9).cached_usd


totals = st.decimals(min_value=0, max_value=10**6, places=12) | st.decimals(
    min_value=0, max_value=1, allow_nan=False, allow_infinity=False
)
weights = st.lists(st.integers(0, 10**7) | st.decimals(0, 1000, places=6), min_size=1, max_size=30)


@given(total=totals, weights=weights)
@example(total=Decimal("0.01"), weights=[1, 1, 1])
@example(total=Decimal("1E+3"), weights=[0, 0])
@example(total=Decimal("1E-20"), weights=[3, 4])
def test_parts_add_up_to_the_last_digit(total: Decimal, weights: list[int | Decimal]) -> None:
    from fractions import Fraction

    parts = spread(total, weights)
    assert sum(map(Fraction, parts)) == Fraction(total)
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        share = Fraction(total) * Fraction(weight) / whole if whole else Fraction(total) / len(weights)
        assert abs(Fraction(part) - share) < Fraction(1, 10**12)
        if whole and weight == 0:
            assert part == 0


def test_a_negative_total_is_spread_too() -> None:
    assert spread(Decimal("-0.3"), [1, 2]) == (Decimal("-0.1"), Decimal("-0.2"))


def test_nothing_to_spread_over_gives_nothing() -> None:
    assert spread(Decimal(1), []) == ()


def test_a_negative_weight_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="-1"):
        spread(Decimal(1), [2, -1])


rates_strategy = st.sampled_from([rates_of(model_id) for model_id in PRICED] + [free_rates()])
planned = st.lists(st.none() | st.integers(0, 40_000), max_size=12)


@given(usage=usages, rates=rates_strategy, image_tokens=planned)
def test_a_bill_adds_up_and_is_the_total(usage: Usage, rates: Rates, image_tokens: list[int | None]) -> None:
    made = bill(usage, rates, image_tokens)
    assert made is not None
    assert made.text is not None
    assert made.answer is not None
    known = [share for share in made.images if share is not None]
    assert sum(known) + made.text + made.answer == made.total
    assert made.total == (rates.cost(usage) if usage.charged_usd is None else usage.charged_usd)
    assert [share is None for share in made.images] == [tokens is None for tokens in image_tokens]
    assert min([*known, made.text, made.answer]) >= 0


def test_two_images_of_different_size_cost_differently() -> None:
    made = bill(Usage(prompt_tokens=1000, completion_tokens=100), rates_of("gpt-6.1-terra"), [300, 600])
    assert made == Bill(
        total=Decimal("0.0015"),
        images=(Decimal("0.0003"), Decimal("0.0006")),
        text=Decimal("0.0001"),
        answer=Decimal("0.0005"),
    )


def test_what_the_server_counted_as_images_is_spread_by_the_plan() -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=0, image_tokens=600)
    made = bill(usage, rates_of("gpt-6.1-terra"), [100, 200])
    assert made is not None
    assert made.images == (Decimal("0.0002"), Decimal("0.0004"))


def test_a_server_that_counts_no_images_does_not_make_them_free() -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=0, image_tokens=0)
    made = bill(usage, rates_of("gpt-6.1-terra"), [100])
    assert made is not None
    assert made.images == (Decimal("0.0001"),)


def test_images_never_cost_more_than_the_prompt() -> None:
    made = bill(Usage(prompt_tokens=50, completion_tokens=0), rates_of("gpt-6.1-terra"), [100, 100])
    assert made is not None
    assert (made.text, sum(made.images)) == (0, made.total)  # type: ignore[arg-type]


def test_an_image_of_unknown_tokens_stays_unknown_and_its_cost_is_in_the_text() -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=0, image_tokens=900)
    rates = rates_of("gpt-6.1-terra")
    assert bill(usage, rates, [None]) == Bill(Decimal("0.001"), (None,), Decimal("0.001"), Decimal(0))
    mixed = bill(usage, rates, [None, 300])
    assert mixed is not None
    assert mixed.images == (None, Decimal("0.0003"))


def test_the_servers_own_charge_is_the_total_and_scales_the_shares() -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=100, charged_usd=Decimal("0.003"))
    made = bill(usage, rates_of("gpt-6.1-terra"), [300, 600])
    assert made == Bill(
        total=Decimal("0.003"),
        images=(Decimal("0.0006"), Decimal("0.0012")),
        text=Decimal("0.0002"),
        answer=Decimal("0.001"),
    )


@pytest.mark.parametrize("charge", ["NaN", "Infinity", "-1", "1E+9"])
def test_an_absurd_charge_is_not_believed(charge: str) -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=0, charged_usd=Decimal(charge))
    made = bill(usage, rates_of("gpt-6.1-terra"), [])
    assert made is not None
    assert made.total == Decimal("0.001")


def test_without_a_price_only_a_charge_is_known() -> None:
    charged = Usage(prompt_tokens=10, completion_tokens=10, charged_usd=Decimal("0.5"))
    assert bill(charged, None, [5, None]) == Bill(Decimal("0.5"), (None, None), None, None)
    assert bill(Usage(prompt_tokens=10, completion_tokens=10), None, [5]) is None


def test_prices_are_of_now_unless_a_time_is_given() -> None:
    assert load_prices().rates(CATALOG.default()) is not None
    before = load_prices(at=datetime(2026, 7, 1, tzinfo=UTC)).rates(CATALOG.model("gpt-5.6-terra"))
    assert before is not None
    assert before.tier(1).input_usd == Decimal("2.5E-6")


def test_importing_the_rules_does_not_import_the_price_table() -> None:
    script = (
        "import sys, desktop.core.pricing, desktop.core.estimate; sys.exit('genai_prices' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_tiers_are_told_by_the_prompt_alone() -> None:
    def tier(above: int, price: int) -> Tier:
        usd = Decimal(price)
        return Tier(above_tokens=above, input_usd=usd, cached_usd=usd, cache_write_usd=usd, output_usd=usd)

    rates = Rates((tier(0, 1), tier(10, 2)))
    assert [rates.tier(tokens).input_usd for tokens in (0, 10, 11)] == [1, 1, 2]
