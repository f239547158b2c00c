"""Settings: a wrong value falls back alone."""

import json
import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.arranging import Arranged, GroupBy, SortBy
from desktop.core.model import Detail
from desktop.core.own_prices import OwnPrice, amount_text, read_amount
from desktop.core.pairs import Pair
from desktop.core.schemas import AnswerSchema
from desktop.core.settings import DEFAULT_BASE_URL, Settings, parse_settings, to_table

CHANGED = Settings(
    model="gpt-5.5",
    base_url="http://localhost:11434/v1",
    theme="dark",
    language="zh_CN",
    send_key="enter",
    detail=Detail.HIGH,
    carry="once",
    history_visible=False,
    gallery_visible=False,
    gallery_arranged=Arranged(sort=SortBy.COST, descending=True, group=GroupBy.DAY, as_list=True),
    gallery_tile_px=180,
    window_geometry="AdnQywADAAA=",
    splitter=(236, 452, 672),
    budget_usd=Decimal("25.50"),
    own_prices={
        "llava:13b": OwnPrice(Decimal("0.5"), None, Decimal("1.25")),
        "gpt-6-astra": OwnPrice(Decimal(8), Decimal("0.000001"), Decimal(0)),
    },
    dismissed=frozenset({"rotated", "panorama"}),
    schemas=(AnswerSchema("Receipts", '{"type": "object"}'), AnswerSchema("收据", "not finished {")),
    compared=(Pair("gpt-4.1", Detail.HIGH), Pair("on-device", Detail.AUTO)),
    capture_keys="Meta+Shift+A",
    capture_keys_on=False,
    close_to_tray=True,
)


def test_what_was_set_is_read_back() -> None:
    assert parse_settings(json.loads(json.dumps(to_table(CHANGED)))) == (CHANGED, False)
    assert parse_settings(json.loads(json.dumps(to_table(Settings())))) == (Settings(), False)


def test_no_settings_are_the_defaults() -> None:
    settings, damaged = parse_settings({})
    assert not damaged
    assert (settings.base_url, settings.send_key, settings.theme) == (
        DEFAULT_BASE_URL,
        "ctrl_enter",
        "system",
    )
    assert settings.detail is Detail.AUTO


@pytest.mark.parametrize("table", [None, [], "text", 3])
def test_something_that_is_no_table_is_damaged(table: object) -> None:
    assert parse_settings(table) == (Settings(), True)


WRONG = {
    "model": [3, "", None, "x" * 20_000],
    "base_url": ["nonsense", 3, "https://user:secret@host/v1", ""],
    "theme": ["blue", None, 3, []],
    "language": ["xx", False],
    "send_key": ["space", {}],
    "detail": ["huge", 3],
    "carry": ["twice", 3, None],
    "history_visible": [1, "yes", None],
    "gallery_visible": [0, []],
    "gallery_arranged": [3, [], {"sort": "weight"}, {"sort": []}, {"group": 7}, {"as_list": "yes"}],
    "gallery_tile_px": ["180", 0, -5, 1.5, True, 10**9],
    "window_geometry": [3, ""],
    "splitter": [3, ["a"], [-1], [True], [1e3], [10**9], "12"],
    "budget_usd": [25, "", "0", "-1", "1e3", "1,50", "NaN", "Infinity", "1000001", "9" * 50, None, []],
    "own_prices": [
        3,
        [],
        {"m": 3},
        {"m": {}},
        {"m": {"input": "1"}},
        {"m": {"input": "1", "output": "x"}},
        {"m": {"input": 1, "output": "1"}},
        {"m": {"input": "1", "cached": None, "output": "1"}},
        {"m": {"input": "100001", "output": "1"}},
        {"": {"input": "1", "output": "1"}},
        {"a\nb": {"input": "1", "output": "1"}},
        {str(number): {"input": "1", "output": "1"} for number in range(501)},
    ],
    "schemas": [
        3,
        {},
        ["Receipts"],
        [{"name": "a"}],
        [{"name": "", "text": "{}"}],
        [{"name": "a\nb", "text": "{}"}],
        [{"name": "x" * 61, "text": "{}"}],
        [{"name": "a", "text": 3}],
        [{"name": "a", "text": "x" * 30_001}],
        [{"name": "a", "text": "{}"}] * 51,
        [{"name": "a", "text": "x" * 29_000}] * 4,
    ],
    "dismissed": ["rotated", [3], [""], ["x" * 65], ["x"] * 201, {}],
    "compared": ["x", [3], [{"model": "x"}], [{"model": "", "detail": "low"}], [{"model": "x", "detail": 1}]],
    "capture_keys": [3, "", None, "Ctrl+\n", "x" * 65],
    "capture_keys_on": [1, "yes", None],
    "close_to_tray": [0, []],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_a_wrong_value_falls_back_alone(name: str, value: Any) -> None:
    table = to_table(CHANGED) | {name: value}
    settings, damaged = parse_settings(table)
    assert damaged
    assert getattr(settings, name) == getattr(Settings(), name)
    assert {k: v for k, v in to_table(settings).items() if k != name} == {
        k: v for k, v in to_table(CHANGED).items() if k != name
    }


def test_every_field_is_in_the_file_and_is_tried_above() -> None:
    fields = set(to_table(CHANGED))
    assert fields == set(WRONG) == set(Settings.__dataclass_fields__) - {"others"}


def test_what_a_newer_version_has_set_is_kept() -> None:
    table = {"theme": "dark", "from_the_future": [1, {"a": 2}]}
    settings, damaged = parse_settings(table)
    assert (settings.theme, damaged) == ("dark", False)
    assert to_table(settings)["from_the_future"] == [1, {"a": 2}]


def test_a_base_url_is_normalised() -> None:
    settings, _ = parse_settings({"base_url": " HTTP://LocalHost:1234/v1/ "})
    assert settings.base_url == "http://localhost:1234/v1"


def test_nothing_that_is_none_is_written() -> None:
    assert "model" not in to_table(Settings())
    assert None not in to_table(Settings()).values()


def test_a_table_from_toml_is_read_as_well() -> None:
    settings, damaged = parse_settings(tomllib.loads('theme = "light"\nsplitter = [1, 2, 3]'))
    assert (settings.theme, settings.splitter, damaged) == ("light", (1, 2, 3), False)


plain_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
json_values = (
    plain_values
    | st.sampled_from(["dark", "high", "https://host/v1/"])
    | st.lists(plain_values, max_size=3)
    | st.dictionaries(st.text(max_size=3), plain_values, max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(WRONG)) | st.text(max_size=5), json_values, max_size=8))
def test_whatever_the_file_holds_settings_come_out(table: dict[str, object]) -> None:
    settings, _ = parse_settings(table)
    again, damaged = parse_settings(to_table(settings))
    assert not damaged
    assert to_table(again) == to_table(settings)


def test_money_is_stored_exactly_and_as_text() -> None:
    table = to_table(CHANGED)
    assert table["budget_usd"] == "25.5"
    assert table["own_prices"] == {
        "llava:13b": {"input": "0.5", "output": "1.25"},
        "gpt-6-astra": {"input": "8", "cached": "0.000001", "output": "0"},
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(" $12.50 ", "12.5"), ("１２．５", "12.5"), ("20.", "20"), (".5", "0.5"), ("007", "7")],
)
def test_an_amount_may_be_typed_in_several_ways(typed: str, meant: str) -> None:
    assert amount_text(read_amount(typed, Decimal(1000))) == meant


@given(st.decimals(min_value=0, max_value=10**8, places=9))
def test_any_amount_is_read_back(amount: Decimal) -> None:
    assert read_amount(amount_text(amount), Decimal(10**8)) == amount
