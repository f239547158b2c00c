"""Two answers compared word by word: nothing is lost, what is the same stays, and long texts stay bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.word_diff import MOST_CHARS, Change, Difference, GivenUpError, Run, word_difference

TEXTS = st.text(alphabet="ab 中文\n.,1|*", max_size=400)


def side(difference: Difference, change: Change) -> str:
    return "".join(run.text for run in difference.runs if run.change in (Change.SAME, change))


def changes(difference: Difference) -> list[tuple[str, str]]:
    return [(run.change.value, run.text) for run in difference.runs if run.change is not Change.SAME]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(first: str, second: str) -> None:
    difference = word_difference(first, second)
    assert side(difference, Change.REMOVED) == first
    assert side(difference, Change.ADDED) == second
    assert difference.is_same == (first == second)


def test_a_number_changes_as_a_whole() -> None:
    assert changes(word_difference("It is $23.45 now.", "It is $23.10 now.")) == [
        ("removed", "23.45"),
        ("added", "23.10"),
    ]


def test_neighbouring_words_are_one_change() -> None:
    difference = word_difference("paid by credit card", "paid with real money")
    assert changes(difference) == [("removed", "by credit card"), ("added", "with real money")]
    assert (difference.removed, difference.added) == (3, 3)


def test_a_line_that_came_in_between_leaves_the_others_alone() -> None:
    difference = word_difference("one\nthree\n", "one\ntwo\nthree\n")
    assert difference.runs == (
        Run(Change.SAME, "one\n"),
        Run(Change.ADDED, "two\n"),
        Run(Change.SAME, "three\n"),
    )


def test_chinese_is_compared_by_characters() -> None:
    assert changes(word_difference("总价二十三元", "总价二十四元")) == [("removed", "三"), ("added", "四")]


def test_marks_are_compared_but_are_no_words() -> None:
    difference = word_difference("yes.", "yes!")
    assert not difference.is_same
    assert (difference.removed, difference.added) == (0, 0)


def test_what_is_too_long_is_counted_and_not_compared() -> None:
    difference = word_difference("a " * MOST_CHARS, "a " * (MOST_CHARS // 2))
    assert difference.not_compared == (MOST_CHARS, 0)
    assert not difference.is_same


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x " * 60_000, "y " * 60_000),
        ("a b\n" * 40_000, "a c\n" * 40_000),
        ("\n" * 150_000, "\n" * 149_999 + "x"),
        ("a" * 150_000, "a" * 149_999 + "b"),
        ("".join(f"{n % 37} " for n in range(50_000)), "".join(f"{n % 41} " for n in range(50_000))),
    ],
)
def test_texts_that_are_the_worst_case_of_difflib_are_compared_piece_by_piece(
    first: str, second: str
) -> None:
    asked: list[None] = []

    def given_up() -> bool:
        asked.append(None)
        return False

    difference = word_difference(first, second, given_up)
    assert side(difference, Change.REMOVED) == first
    assert side(difference, Change.ADDED) == second
    assert asked


def test_who_gives_up_waits_for_one_piece_at_most() -> None:
    asked: list[None] = []

    def given_up() -> bool:
        asked.append(None)
        return len(asked) > 2

    with pytest.raises(GivenUpError):
        word_difference("a b\n" * 40_000, "a c\n" * 40_000, given_up)
    assert len(asked) == 3
