"""Sorting in steps gives what one long sort would."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import arranging
from desktop.core.arranging import (
    Arranged,
    GroupBy,
    SortBy,
    Steps,
    T,
    arranged_table,
    kept,
    natural_key,
    ordered,
    read_arranged,
    runs,
)

values = st.dictionaries(st.integers(0, 300), st.none() | st.integers(0, 12), max_size=120)


def done(steps: Steps[T]) -> T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


@given(values, st.booleans(), st.randoms())
def test_any_order_of_coming_ends_in_the_same_order(
    found: dict[int, int | None], descending: bool, random: object
) -> None:
    keys = list(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arranging, "_CHUNK", 7)
        patch.setattr(arranging, "_STEP", 5)
        result = done(ordered(keys, found.get, lambda key: -key, descending=descending))
        random.shuffle(keys)  # type: ignore[attr-defined]
        assert done(ordered(keys, found.get, lambda key: -key, descending=descending)) == result
    known = [key for key in found if found[key] is not None]
    sign = -1 if descending else 1
    wanted = sorted(known, key=lambda key: (sign * (found[key] or 0), -key))
    wanted += sorted((key for key in found if found[key] is None), reverse=True)
    assert result == wanted


def test_a_window_can_breathe_while_ten_thousand_are_sorted() -> None:
    steps = ordered(range(10_000), lambda key: key % 97, lambda key: key, descending=True)
    assert sum(1 for _step in steps) > 30


def test_prices_and_names_sort_as_people_expect() -> None:
    prices = {1: Decimal("0.1"), 2: None, 3: Decimal("0.02")}
    assert done(ordered([1, 2, 3], prices.get, lambda key: key, descending=True)) == [1, 3, 2]
    names = ["page 10", "Page 2", "page 1", "b", "a"]
    assert sorted(names, key=natural_key) == ["a", "b", "page 1", "Page 2", "page 10"]


def test_what_does_not_match_is_left_out() -> None:
    assert done(kept(range(2_000), lambda key: key % 500 == 0)) == [0, 500, 1000, 1500]


def test_runs_of_equal_titles_are_counted() -> None:
    assert runs([1, 2, 3, 4], lambda key: key // 2) == [(0, 1), (1, 2), (2, 1)]


def test_how_it_is_shown_survives_the_settings_file() -> None:
    how = Arranged(sort=SortBy.COST, descending=True, group=GroupBy.DAY, as_list=True)
    assert read_arranged(arranged_table(how)) == how
    assert read_arranged({}) == Arranged()


@pytest.mark.parametrize("wrong", [None, [], {"sort": "size"}, {"group": 3}, {"descending": "yes"}])
def test_wrong_settings_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever it is
        read_arranged(wrong)
