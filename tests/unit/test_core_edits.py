"""Edits: where a pixel of the page lies in the finished picture, and edits as text."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.edits import (
    OVERVIEW_PX,
    Area,
    Arrow,
    Callout,
    Edits,
    Frame,
    Label,
    decode_edits,
    encode_edits,
    note,
    parts,
    placement,
)

sides = st.integers(1, 60_000)
edges = st.integers(-1_000, 61_000)
areas = st.builds(Area, edges, edges, edges, edges)
numbers = st.floats(-1e6, 1e6)
points = st.tuples(numbers, numbers)
texts = st.text(max_size=50).filter(lambda text: text.isprintable())
marks = st.one_of(
    st.builds(Arrow, points, points),
    st.builds(Frame, areas),
    st.builds(Label, points, texts),
    st.builds(Callout, points, texts),
)
edits_of_any_kind = st.builds(
    Edits,
    crop=st.none() | areas,
    quarter_turns=st.integers(0, 3),
    marks=st.lists(marks, max_size=5).map(tuple),
    blackouts=st.lists(areas, max_size=5).map(tuple),
    region=st.none() | areas,
    longest_px=st.none() | sides,
    overview=st.booleans(),
)


@given(edits=edits_of_any_kind)
@example(edits=Edits())
@example(edits=Edits(quarter_turns=3, overview=True, longest_px=1))
def test_edits_come_back_from_text_as_they_were(edits: Edits) -> None:
    text = encode_edits(edits)
    assert decode_edits(text) == edits
    assert encode_edits(decode_edits(text)) == text
    assert bool(text) == bool(edits) == bool(edits.digest())


@given(first=edits_of_any_kind, second=edits_of_any_kind)
def test_only_equal_edits_have_the_same_digest(first: Edits, second: Edits) -> None:
    assert (first.digest() == second.digest()) == (first == second)


anything_of_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
KEYS = ("crop", "quarter_turns", "marks", "blackouts", "region", "longest_px", "overview")


@given(value=st.dictionaries(st.sampled_from(KEYS), anything_of_json, min_size=1) | anything_of_json)
@example(value={"crop": [1, 2, 3]})
@example(value={"blackouts": [[1, 2, 3, 4], [5]]})
@example(value={"blackouts": 5})
@example(value={"crop": [float("nan"), 0, 1, 1]})
@example(value={"crop": [10**400, 0, 1, 1]})
@example(value={"marks": [{"callout": [float("nan"), 1]}]})
@example(value={"crop": [float("inf"), 0, 1, 1]})
@example(value={"longest_px": float("inf")})
@example(value={"marks": [{"arrow": [1, 2, 3]}]})
@example(value={"marks": {"a": 1}})
def test_hostile_json_is_a_value_error_or_edits(value: object) -> None:
    try:
        found = decode_edits(json.dumps(value))
    except ValueError:
        return
    assert decode_edits(encode_edits(found)) == found


@pytest.mark.parametrize(
    "text", ["{", "[]", "5", "null", '"x"', '{"crop": "abcd"}', "[" * 100_000, '{"blackouts": [0]}']
)
def test_other_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode_edits(text)


def test_a_black_out_is_never_forgotten_in_reading() -> None:
    many = tuple(Area(n, 0, n + 1, 1) for n in range(3_000))
    assert decode_edits(encode_edits(Edits(blackouts=many))).blackouts == many


@given(edits=edits_of_any_kind, width=sides, height=sides)
def test_the_visible_part_is_within_the_page(edits: Edits, width: int, height: int) -> None:
    seen = edits.visible(width, height)
    assert 0 <= seen.left < seen.right <= width
    assert 0 <= seen.top < seen.bottom <= height
    expected = (seen.width_px, seen.height_px)
    assert edits.size(width, height) == (expected[::-1] if edits.quarter_turns % 2 else expected)


@given(edits=edits_of_any_kind, width=sides, height=sides, out=st.tuples(sides, sides))
def test_the_corners_of_what_is_seen_become_the_corners_of_the_picture(
    edits: Edits, width: int, height: int, out: tuple[int, int]
) -> None:
    a, b, c, d, e, f = placement(edits, (width, height), out)
    seen = edits.visible(width, height)
    # Clockwise from the upper left; a quarter turn clockwise carries each to the next one's place.
    corners = [
        (seen.left, seen.top),
        (seen.right, seen.top),
        (seen.right, seen.bottom),
        (seen.left, seen.bottom),
    ]
    places = [(0, 0), (out[0], 0), (out[0], out[1]), (0, out[1])]
    for index, (x, y) in enumerate(corners):
        across, down = places[(index + edits.quarter_turns) % 4]
        assert math.isclose(a * x + b * y + c, across, abs_tol=1e-3, rel_tol=1e-9)
        assert math.isclose(d * x + e * y + f, down, abs_tol=1e-3, rel_tol=1e-9)


@given(edits=edits_of_any_kind)
def test_a_region_becomes_an_overview_and_the_part(edits: Edits) -> None:
    made = parts(edits)
    region = edits.region
    if region is not None and edits.crop is not None:
        region = region.overlap(edits.crop)
    if region is None:
        assert made == (replace(edits, region=None),)
        return
    overview, part = made
    assert (overview.overview, overview.longest_px, overview.marks[-1]) == (
        True,
        OVERVIEW_PX,
        Frame(region),
    )
    assert (overview.crop, part.crop) == (edits.crop, region)
    assert overview.region is part.region is None
    assert overview.blackouts == part.blackouts == edits.blackouts
    assert parts(part) == (part,)


def test_a_part_showed_what_had_been_cropped_away() -> None:
    cropped = Edits(crop=Area(0, 0, 100, 100), region=Area(80, 80, 200, 200))
    assert [part.crop for part in parts(cropped)] == [Area(0, 0, 100, 100), Area(80, 80, 100, 100)]
    beside = replace(cropped, region=Area(100, 0, 200, 100))
    assert parts(beside) == (Edits(crop=Area(0, 0, 100, 100)),)


def test_equal_edits_are_the_same_text_however_their_numbers_are_written() -> None:
    """One that came back from text counted as another picture, and was sent and paid for twice."""
    whole, broken = Edits(marks=(Arrow((0, 1), (2, 3)),)), Edits(marks=(Arrow((-0.0, 1.0), (2.0, 3.0)),))
    assert whole == broken
    assert encode_edits(whole) == encode_edits(broken)


def test_half_an_emoji_in_a_label_ended_the_window() -> None:
    edits = Edits(marks=(Label((1.0, 2.0), "\ud83d"),))
    assert len(edits.digest()) == 16
    assert decode_edits(encode_edits(edits)) == edits


def test_the_legend_counts_the_callouts() -> None:
    edits = Edits(
        marks=(Callout((0, 0), "a valve"), Arrow((0, 0), (1, 1)), Callout((5, 5)), Callout((9, 9), "a pump"))
    )
    assert note("a.png", edits) == "numbered circles: 1 = a valve; 3 = a pump"
    assert note("a.png", Edits()) == ""


def test_an_overview_says_what_it_is_before_its_legend() -> None:
    edits = Edits(marks=(Callout((0, 0), "a valve"),), overview=True)
    overview = "an overview of “a.png”; the box marks the part shown next"
    assert note("a.png", edits) == f"{overview}; numbered circles: 1 = a valve"
