"""The filter's grammar: any text is a filter, and means what people would expect."""

import datetime as dt
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.filter_completion import complete
from desktop.core.filter_fields import FIELDS
from desktop.core.filtering import parse

TODAY = dt.date.today()  # noqa: DTZ011 - as the rules see it


@dataclass(frozen=True)
class Image:
    name: str = "Rechnung Müller 12.png"
    folder: str = "/home/ada/October"
    type: str | None = "png"
    w: int | None = 2400
    h: int | None = 1600
    mp: float | None = 3.84
    size: int | None = 2_500_000
    tokens: int | None = 1105
    cost: Decimal | None = Decimal("0.0034")
    asked: frozenset[str] = frozenset({"yes"})
    date: dt.date | None = TODAY
    text: str | None = "Net total 37.34"
    page: int = 1
    detail: str = ""
    state: str = "ok"
    edited: bool = False
    gps: bool | None = True
    copy: bool = False
    selected: bool = False


def matches(text: str, image: Image | None = None) -> bool:
    return parse(text).matches(image or Image())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "rechnung",
        "RECHNUNG muller",
        '"müller 12"',
        "october",
        "type:png",
        "type:PNG,jpg",
        "w>2000",
        "w>=2,400",
        "w:2400",
        "w:2000..3000",
        "w:..3000",
        "h<1700",
        "mp>3",
        "size>2mb",
        "size<=2500kb",
        "tokens>1k",
        "cost>0.003",
        "cost<$0.01",
        "asked:yes",
        "date:today",
        "date:7d",
        f"date:{TODAY:%Y-%m}",
        f"date>={TODAY}",
        'text:"net total"',
        "gps:yes",
        "edited:no",
        "copy:no",
        "state:ok",
        "page:1",
        "-type:jpeg",
        "NOT asked:no",
        "type:jpeg|type:png",
        "type:jpeg OR w>5",
        "(type:jpeg | w>5) h>5",
        "width>2000",
        "name:rech folder:ada",
        "-(type:jpeg w>2000)",
        "w!=100",
    ],
)
def test_terms_that_hold(text: str) -> None:
    assert parse(text).troubles == ()
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "invoice",
        "type:jpeg",
        "w>2400",
        "w:1..3",
        "size>3mb",
        "tokens<1k",
        "asked:no",
        "asked:here",
        "date:yesterday",
        "date:2001",
        "text:gross",
        "gps:no",
        "edited:yes",
        "state:missing",
        "-rechnung",
        "type:png w<5",
        "(type:jpeg | w<5) h>5",
        "type!=png",
        "selected:yes",
    ],
)
def test_terms_that_do_not_hold(text: str) -> None:
    assert parse(text).troubles == ()
    assert not matches(text)


@pytest.mark.parametrize("text", ["w>", "type:", "(", ")", "-", "|", "w>2000 |", '"', "NOT", 'text:"'])
def test_what_is_being_typed_hides_nothing_and_is_no_mistake(text: str) -> None:
    assert parse(text).troubles == ()
    assert matches(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("colour:red", "colour"),
        ("w>wide", "w>wide"),
        ("type:doc", "type:doc"),
        ("gps:maybe", "gps:maybe"),
        ("date:2026-13", "date:2026-13"),
        ("asked>1", "asked>1"),
        ("size>2zb", "size>2zb"),
    ],
)
def test_what_is_not_understood_is_named_and_hides_nothing(text: str, word: str) -> None:
    found = parse(f"rech {text}")
    (trouble,) = found.troubles
    assert word in trouble.sentence
    assert f"rech {text}"[trouble.start : trouble.start + trouble.length] == text
    assert found.matches(Image())


def test_what_is_unknown_matches_neither_way_of_a_comparison() -> None:
    unknown = Image(w=None, text=None, cost=None)
    assert not matches("w>5", unknown)
    assert not matches("w<5", unknown)
    assert not matches("text:x", unknown)
    assert matches("-cost>0", unknown)


def test_only_what_is_asked_for_is_needed() -> None:
    assert parse("rech w>5 -(tokens>3 | text:x)").needs == {"w", "tokens", "text"}
    assert parse("rech").needs == frozenset()


TERMS = st.sampled_from(
    ["type:png", "type:jpeg", "w>2000", "w<9", "rech", "nothing", "asked:no", '"12"', "gps:yes"]
)
IMAGES = st.builds(Image, type=st.sampled_from(["png", "jpeg"]), w=st.none() | st.integers(1, 5000))


@given(TERMS, TERMS, IMAGES)
def test_terms_beside_each_other_must_both_hold_and_bars_stand_for_either(
    a: str, b: str, image: Image
) -> None:
    assert matches(f"{a} {b}", image) == (matches(a, image) and matches(b, image))
    assert matches(f"{a} | {b}", image) == (matches(a, image) or matches(b, image))
    assert matches(f"-({a} {b})", image) == (not matches(f"{a} {b}", image))


@given(st.text(alphabet='abw:><=!|()-" .0129,"\\ORNT', max_size=60))
def test_any_text_is_a_filter(text: str) -> None:
    found = parse(text)
    assert found.matches(Image()) in (True, False)
    for trouble in found.troubles:
        assert 0 <= trouble.start < trouble.start + trouble.length <= len(text)


@given(st.text(alphabet="()-", max_size=2000))
def test_deep_nesting_is_no_crash(text: str) -> None:
    assert parse(text).matches(Image())


def test_the_days_of_a_week_are_counted_with_today() -> None:
    assert matches("date:7d", Image(date=TODAY - timedelta(days=6)))
    assert not matches("date:7d", Image(date=TODAY - timedelta(days=7)))


def test_every_field_is_offered_and_its_examples_are_understood() -> None:
    assert len(complete("", 0)) >= 15
    for field in FIELDS.values():
        for example in field.examples:
            assert parse(example).troubles == (), example
    assert [offer.insert for offer in complete("w>5 ty", 6)] == ["type:"]
    assert "type:png" in [offer.title for offer in complete("type:p", 6)]
    assert complete("type:png", 8) == ()
    assert complete("rechnung", 8) == ()
