"""The packaged catalogue: what it holds, and how an id finds its rule."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from desktop.core.catalog import Catalog, PatchRule, TileRule, effective_detail, is_retired, parse_catalog
from desktop.core.model import ON_DEVICE, Detail

TODAY = date(2026, 11, 22)
AUTO, LOW, HIGH, ORIGINAL = Detail.AUTO, Detail.LOW, Detail.HIGH, Detail.ORIGINAL


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    path = Path(__file__).parents[2] / "resources" / "models.toml"
    return parse_catalog(tomllib.loads(path.read_text(encoding="utf-8")))


def test_exactly_one_model_is_the_default_and_it_answers_today(catalog: Catalog) -> None:
    assert [model.id for model in catalog.models if model.default] == ["gpt-6.1-terra"]
    assert catalog.default() in catalog.offered(TODAY)


def test_ids_are_unique_and_replacements_are_in_the_catalogue(catalog: Catalog) -> None:
    ids = [model.id for model in catalog.models]
    assert len(set(ids)) == len(ids)
    replacements = {model.replacement for model in catalog.models if model.replacement}
    assert replacements == {"gpt-6-luna"}
    assert replacements <= set(ids)


@pytest.mark.parametrize(
    ("model_id", "base", "tile"),
    [
        ("gpt-4-vision-preview", 85, 170),
        ("gpt-4-turbo", 85, 170),
        ("gpt-4o", 85, 170),
        ("gpt-4.1", 85, 170),
        ("gpt-4o-mini", 2833, 5667),
        ("gpt-5", 70, 140),
        ("gpt-5.1", 70, 140),
        ("o1", 75, 150),
        ("o1-pro", 75, 150),
        ("o3", 75, 150),
        ("computer-use-preview", 65, 129),
    ],
)
def test_tile_models_have_the_published_numbers(
    catalog: Catalog, model_id: str, base: int, tile: int
) -> None:
    model = catalog.model(model_id)
    assert model.rule == TileRule(base, tile)
    assert model.details == (AUTO, LOW, HIGH)
    assert model.auto_means is HIGH


SIX = ((LOW, 512, None), (HIGH, 65535, 2500), (ORIGINAL, 65535, None))
FIVE_SIX = ((LOW, 512, None), (HIGH, 2048, 2500), (ORIGINAL, 65535, None))
FIVE_FIVE = ((LOW, 512, None), (HIGH, 2048, 2500), (ORIGINAL, 6000, 10000))
FIVE_FOUR = ((LOW, 2048, 6144), (HIGH, 2048, 2500), (ORIGINAL, 6000, 10000))
WIDE = ((LOW, 2048, 6144), (HIGH, 2048, 6144))
SMALL = ((LOW, 2048, 1536), (HIGH, 2048, 1536))


@pytest.mark.parametrize(
    ("model_id", "multiplier", "levels", "reject_above", "auto_means"),
    [
        ("gpt-6-astra", "1.2", SIX, 30000, ORIGINAL),
        ("gpt-6.1-terra", "1.2", SIX, 30000, ORIGINAL),
        ("gpt-5.6-sol", "1.2", FIVE_SIX, 30000, ORIGINAL),
        ("gpt-5.6-terra", "1.2", FIVE_SIX, 30000, ORIGINAL),
        ("gpt-5.6-luna", "1.2", FIVE_SIX, 30000, ORIGINAL),
        ("gpt-5.5", "1.2", FIVE_FIVE, None, ORIGINAL),
        ("gpt-5.4", "1.2", FIVE_FOUR, None, HIGH),
        ("gpt-5.4-mini", "1.2", FIVE_FOUR, None, HIGH),
        ("gpt-5.4-nano", "1.2", FIVE_FOUR, None, HIGH),
        ("gpt-5.2", "1.2", WIDE, None, HIGH),
        ("gpt-4.1-mini", "1.62", WIDE, None, HIGH),
        ("gpt-5-mini", "1.2", SMALL, None, HIGH),
        ("gpt-5-nano", "1.5", SMALL, None, HIGH),
        ("gpt-4.1-nano", "2.46", SMALL, None, HIGH),
        ("o4-mini", "1.72", SMALL, None, HIGH),
    ],
)
def test_patch_models_have_the_published_numbers(
    catalog: Catalog,
    model_id: str,
    multiplier: str,
    levels: tuple[tuple[Detail, int, int | None], ...],
    reject_above: int | None,
    auto_means: Detail,
) -> None:
    model = catalog.model(model_id)
    assert isinstance(model.rule, PatchRule)
    assert model.rule.multiplier * 100 == int(float(multiplier) * 100)
    assert tuple((level.detail, level.max_side_px, level.budget) for level in model.rule.levels) == levels
    assert model.rule.reject_above == reject_above
    assert model.auto_means is auto_means
    assert model.details == (AUTO, *(detail for detail, _, _ in levels))
    with pytest.raises(KeyError):
        model.rule.level(AUTO)


def test_rules_of_the_younger_six_models_are_marked_presumed(catalog: Catalog) -> None:
    presumed = {model.id for model in catalog.models if model.presumed}
    assert presumed == {
        i for i in (m.id for m in catalog.models) if i.startswith("gpt-6") and i != "gpt-6-astra"
    }


@pytest.mark.parametrize(
    ("model_id", "retired_on"),
    [
        ("gpt-4o", date(2027, 1, 14)),
        ("gpt-4o-mini", date(2027, 1, 14)),
        ("gpt-4.1", date(2027, 1, 14)),
        ("gpt-4.1-mini", date(2027, 1, 14)),
        ("gpt-5", date(2026, 12, 11)),
        ("gpt-5-mini", date(2026, 12, 11)),
        ("gpt-5-nano", date(2026, 12, 11)),
        ("o3", date(2026, 12, 11)),
        ("gpt-5.1", date(2027, 4, 1)),
        ("gpt-5.4-nano", date(2027, 4, 1)),
    ],
)
def test_a_model_is_offered_until_the_day_it_is_shut_down(
    catalog: Catalog, model_id: str, retired_on: date
) -> None:
    model = catalog.model(model_id)
    assert model.retired_on == retired_on
    assert model in catalog.offered(
        retired_on.replace(day=retired_on.day - 1) if retired_on.day > 1 else TODAY
    )
    assert model not in catalog.offered(retired_on)


def test_retired_models_stay_known_but_are_not_offered(catalog: Catalog) -> None:
    offered = {model.id for model in catalog.offered(TODAY)}
    for model_id in ("gpt-4-vision-preview", "gpt-4-turbo", "o1", "o4-mini", "gpt-4.1-nano"):
        model = catalog.model(model_id)
        assert is_retired(model, TODAY)
        assert model.rule is not None
        assert model_id not in offered
    assert not is_retired(catalog.default(), TODAY)


def test_models_that_chat_completions_does_not_serve_are_not_offered(catalog: Catalog) -> None:
    assert {"o1-pro", "computer-use-preview"}.isdisjoint(model.id for model in catalog.offered(TODAY))


def test_the_reader_is_the_last_of_the_offered_models(catalog: Catalog) -> None:
    reader = catalog.offered(TODAY)[-1]
    assert reader == catalog.on_device() == catalog.model(ON_DEVICE)
    assert (reader.provider, reader.details, reader.rule) == (ON_DEVICE, (), None)


@pytest.mark.parametrize(
    "model_id", ["openai/gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o-20240806", "azure/gpt-4o"]
)
def test_a_prefix_or_a_snapshot_finds_its_model_and_keeps_its_name(catalog: Catalog, model_id: str) -> None:
    model = catalog.model(model_id)
    assert (model.id, model.row_id, model.known) == (model_id, "gpt-4o", True)
    assert model.rule == catalog.model("gpt-4o").rule
    assert model.replacement == "gpt-6-luna"


def test_a_snapshot_of_the_default_is_not_a_second_default(catalog: Catalog) -> None:
    assert not catalog.model("gpt-6.1-terra-2026-10-20").default
    assert catalog.model("gpt-6.1-terra").default


def test_an_unlisted_model_of_a_listed_family_is_presumed_to_follow_it(catalog: Catalog) -> None:
    model = catalog.model("gpt-6.3-terra")
    assert model.rule == catalog.model("gpt-6-astra").rule
    assert (model.presumed, model.known, model.row_id) == (True, False, "gpt-6.3-terra")
    assert model.retired_on is None


@pytest.mark.parametrize(
    "model_id", ["llava:13b", "someone/gpt-4o", "gpt-4.1-2025", "gpt-4o-audio", "", "🤖"]
)
def test_an_unknown_id_gives_a_model_without_a_rule(catalog: Catalog, model_id: str) -> None:
    model = catalog.model(model_id)
    assert (model.id, model.rule, model.known, model.provider) == (model_id, None, False, "")
    assert model.details == (AUTO, LOW, HIGH)
    assert model.auto_means is None


@pytest.mark.parametrize(
    ("model_id", "wished", "sent"),
    [
        ("gpt-5.6-sol", ORIGINAL, ORIGINAL),
        ("gpt-5.6-sol", AUTO, AUTO),
        ("gpt-4o", ORIGINAL, HIGH),
        ("gpt-4o", LOW, LOW),
        ("llava:13b", ORIGINAL, HIGH),
        (ON_DEVICE, HIGH, None),
    ],
)
def test_a_detail_that_a_model_lacks_falls_back(
    catalog: Catalog, model_id: str, wished: Detail, sent: Detail | None
) -> None:
    assert effective_detail(catalog.model(model_id), wished) is sent


def test_a_model_with_nothing_but_auto_gets_auto(catalog: Catalog) -> None:
    from dataclasses import replace

    plain = replace(catalog.model("llava:13b"), details=(AUTO,))
    assert effective_detail(plain, ORIGINAL) is AUTO
    assert effective_detail(plain, LOW) is AUTO


def test_a_catalogue_that_names_a_missing_rule_is_refused() -> None:
    with pytest.raises(KeyError):
        parse_catalog({"rules": {}, "models": [{"id": "a", "rule": "gone"}]})
