"""The order of selecting is the order of the next question."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.gallery.selecting import Selecting

SHOWN = tuple(range(10, 30))
keys = st.sampled_from(SHOWN)


def selecting(*order: int) -> Selecting:
    made = Selecting()
    made.set(order)
    return made


def test_a_range_begins_where_was_clicked_and_goes_either_way() -> None:
    made = Selecting()
    made.only(13)
    made.extend(11, SHOWN, (3, 1), add=False)
    assert made.order == [13, 11, 12]
    made.extend(15, SHOWN, (3, 5), add=False)
    assert made.order == [13, 14, 15]


def test_a_range_can_be_added_to_what_is_selected() -> None:
    made = selecting(20)
    made.toggle(12)
    made.extend(14, SHOWN, (2, 4), add=True)
    assert made.order == [20, 12, 13, 14]


def test_toggling_adds_at_the_end_and_takes_away() -> None:
    made = selecting(11, 12)
    made.toggle(10)
    made.toggle(11)
    assert made.order == [12, 10]


def test_what_a_filter_hides_stays_selected_when_the_rest_is_inverted() -> None:
    made = selecting(99, 11)
    made.invert((10, 11, 12))
    assert made.order == [99, 10, 12]


@given(st.lists(keys), st.lists(keys))
def test_narrowing_selects_exactly_these_and_keeps_the_order_of_what_was(
    before: list[int], now: list[int]
) -> None:
    made = selecting(*before)
    order = list(made.order)
    made.narrow(now)
    assert set(made.order) == set(now)
    assert len(made.order) == len(set(now))
    stayed = [key for key in order if key in set(now)]
    assert made.order[: len(stayed)] == stayed


@given(st.lists(keys), st.lists(keys))
def test_inverting_twice_is_the_same_set(before: list[int], extra: list[int]) -> None:
    made = selecting(*before, *extra)
    first = set(made.order)
    made.invert(SHOWN)
    assert set(made.order) == set(SHOWN) - first
    made.invert(SHOWN)
    assert set(made.order) == first


@given(st.lists(keys), st.lists(keys))
def test_what_is_gone_is_not_selected(before: list[int], gone: list[int]) -> None:
    made = selecting(*before)
    made.drop(gone)
    assert made.order == [key for key in dict.fromkeys(before) if key not in set(gone)]
    assert all((key in made) == (key in made.order) for key in SHOWN)
