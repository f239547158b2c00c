"""The sides of a comparison, what they cost together, and which was best."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.budget import Budget
from desktop.core.comparing import (
    Best,
    Known,
    asked_before,
    best_of,
    comparison_in,
    detail_of,
    goes_over,
    has_levels,
    in_all,
    joined,
    judge,
    sides_of,
    suggested,
)
from desktop.core.edits import Area, Edits
from desktop.core.limits import OPENAI_LIMITS
from desktop.core.model import AnswerState, Conversation, Detail, Message, Role, Side
from desktop.core.pairs import Pair
from desktop.core.problems import Code
from desktop.core.request import NewImage, Question, new_images
from desktop.core.settings import parse_settings, to_table
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.conversations import answer, attachment, billed, conversation, question
from tests.helpers.history import facts

HIGH, LOW = Pair("gpt-4.1", Detail.HIGH), Pair("gpt-5.4-mini", Detail.LOW)


def asked(*images: NewImage, of: Conversation | None = None) -> Question:
    return Question(conversation=of or Conversation(), text="What?", images=images, model="gpt-4.1")


def image(name: str = "a.jpg", **changes: object) -> NewImage:
    return NewImage(image=facts(name, width_px=2000, height_px=1500), detail=Detail.AUTO, **changes)


def known(side: Question) -> Known:
    model = CATALOG.model(side.model)
    return Known(model=model, rates=PRICES.rates(model), limits=OPENAI_LIMITS, sent_bytes={})


def test_each_side_asks_the_same_of_another_pair() -> None:
    one, two = sides_of(asked(image(), image("b.jpg")), (HIGH, LOW))
    assert (one.model, two.model) == ("gpt-4.1", "gpt-5.4-mini")
    assert [i.detail for i in one.images] == [Detail.HIGH] * 2
    assert [i.detail for i in two.images] == [Detail.LOW] * 2
    assert one.text == two.text == "What?"
    assert one.comparison == two.comparison == 0


def test_the_same_pair_may_be_asked_twice() -> None:
    one, two = sides_of(asked(image()), (HIGH, HIGH))
    assert one == two


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fewer_than_two_and_more_than_four_are_no_comparison(count: int) -> None:
    with pytest.raises(ValueError, match="two to four"):
        sides_of(asked(image()), (HIGH,) * count)


def test_a_part_keeps_its_overview_small_at_every_detail() -> None:
    part = image(edits=Edits(region=Area(0, 0, 100, 100)))
    one, _two = sides_of(asked(part), (HIGH, LOW))
    assert [new.detail for new in new_images(one)] == [Detail.LOW, Detail.HIGH]


def test_the_others_follow_the_first_into_its_conversation() -> None:
    _one, two = sides_of(asked(image()), (HIGH, LOW))
    stored = conversation(question(id=7, comparison=7), answer(id=8, state=AnswerState.RUNNING))
    later = joined(two, stored)
    assert (later.conversation.id, later.comparison, later.shown) == (stored.id, 7, False)
    assert later.conversation.messages == ()
    assert later.model == "gpt-5.4-mini"


def test_each_side_is_estimated_for_its_own_model_and_detail() -> None:
    sides = [judge(side, known(side)) for side in sides_of(asked(image()), (HIGH, replace_detail(HIGH), LOW))]
    high, low, other = (side.figures for side in sides)
    assert high.new_image_tokens > low.new_image_tokens
    assert high.cost_usd != other.cost_usd
    costs = [side.figures.cost_usd for side in sides]
    assert in_all(costs) == sum(costs, Decimal(0))
    assert in_all([*costs, None]) is None


def replace_detail(pair: Pair) -> Pair:
    return replace(pair, detail=Detail.LOW)


def test_what_one_model_refuses_is_found_at_its_side_alone() -> None:
    huge = NewImage(image=facts(width_px=7952, height_px=5304), detail=Detail.AUTO)
    sides = sides_of(asked(huge), (Pair("gpt-5.6-sol", Detail.ORIGINAL), HIGH))
    refusing, taking = (judge(side, known(side)) for side in sides)
    assert [finding.problem.code for finding in refusing.findings] == [Code.IMAGE_REJECTED_BY_MODEL]
    assert taking.findings == ()


@pytest.mark.parametrize(
    ("limit", "spent", "costs", "over"),
    [
        (None, "9", ["5"], False),
        ("10", "9", ["0.5", "0.5"], False),
        ("10", "9", ["0.6", "0.5"], True),
        ("10", "9", ["2", None], True),
        ("10", "9", [None, None], False),
        ("10", "11", ["0"], False),
    ],
)
def test_the_sum_of_all_sides_must_fit_into_what_the_month_has_left(
    limit: str | None, spent: str, costs: list[str | None], over: bool
) -> None:
    budget = Budget(
        month=date(2026, 11, 1),
        limit_usd=None if limit is None else Decimal(limit),
        spent_usd=Decimal(spent),
    )
    assert goes_over(budget, [None if cost is None else Decimal(cost) for cost in costs]) is over


def test_detail_matters_only_where_the_question_brings_images() -> None:
    stored = conversation(question("First", attachment(1)), billed())
    assert has_levels(asked(image(), of=stored))
    assert not has_levels(asked(of=stored))


def test_an_earlier_question_is_compared_with_the_images_that_it_brought() -> None:
    first = question("First", attachment(1), id=1)
    second = question("Second", attachment(2), replace(attachment(3), left_out=True), id=3)
    stored = conversation(first, billed(id=2), second, billed(id=4))
    again = asked_before(stored, second, model="gpt-4.1")
    assert [message.id for message in again.conversation.messages] == [1, 2]
    assert [new.image.name for new in again.images] == ["photo 2.png"]
    assert (again.text, again.version_of) == ("Second", second)


def test_a_stored_comparison_is_found_by_its_number() -> None:
    side = Side(question=question("Q", attachment(1), id=5, comparison=5), answer=billed(id=6))
    stored = conversation(side.question, side.answer, comparisons=((side, side),))
    assert comparison_in(stored, 5) == (side, side)
    assert comparison_in(stored, 6) == ()
    assert detail_of(side.question) is Detail.HIGH
    assert detail_of(question()) is None


def ended(cost: str | None, seconds: float, state: AnswerState = AnswerState.COMPLETE) -> Message:
    return Message(
        role=Role.ASSISTANT,
        text="x",
        created_at=datetime.now(UTC),
        state=state,
        cost_usd=None if cost is None else Decimal(cost),
        seconds=seconds,
    )


@pytest.mark.parametrize(
    ("answers", "best"),
    [
        ([ended("0.2", 1.0), ended("0.1", 2.0)], Best(frozenset({1}), frozenset({0}))),
        ([ended("0.2", 1.0), ended("0.1", 2.0, AnswerState.RUNNING)], Best()),
        # What is only half an answer is no bargain.
        ([ended("0.2", 1.0), ended("0.1", 0.5, AnswerState.STOPPED)], Best()),
        ([ended("0.2", 1.0), ended(None, 2.0)], Best(frozenset(), frozenset({0}))),
        ([ended("0.1", 1.0), ended("0.1", 2.0)], Best(frozenset(), frozenset({0}))),
        (
            [ended("0.1", 1.0), ended("0.1", 2.0), ended("0.3", 3.0)],
            Best(frozenset({0, 1}), frozenset({0})),
        ),
    ],
)
def test_the_best_are_said_only_when_they_are_known(answers: list[Message], best: Best) -> None:
    assert best_of(answers) == best


def test_the_chooser_begins_with_the_last_choice_or_with_the_model_at_hand() -> None:
    offered = CATALOG.offered(date(2026, 11, 28))
    assert suggested(HIGH, offered, (LOW, HIGH, LOW)) == (LOW, HIGH, LOW)
    first, second = suggested(HIGH, offered, ())
    assert first == HIGH
    assert second.model != HIGH.model
    assert second.detail is HIGH.detail


def test_the_last_choice_is_kept_in_the_settings() -> None:
    table = to_table(replace(parse_settings({})[0], compared=(HIGH, LOW)))
    read, damaged = parse_settings(table)
    assert (read.compared, damaged) == ((HIGH, LOW), False)


@pytest.mark.parametrize(
    "wrong",
    ["gpt-4.1", [1], [{"model": "gpt-4.1"}], [{"model": "", "detail": "low"}], [{"model": "x", "detail": 1}]],
)
def test_a_damaged_choice_falls_back_alone(wrong: object) -> None:
    read, damaged = parse_settings({"compared": wrong, "send_key": "enter"})
    assert (read.compared, read.send_key, damaged) == ((), "enter", True)


def test_settings_without_a_choice_name_none(tmp_path: Path) -> None:
    assert to_table(parse_settings({})[0])["compared"] == []
