"""What the last bills of a model taught."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.ledger import Learned, LearnedDetail
from desktop.store.learning import LAST_ANSWERS, read_learned
from tests.helpers.ledger import add_request, new_history, request_image

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
KNOWN = {"expected_text_tokens": 100, "expected_image_tokens": 500, "planned_image_tokens": 500}


def test_a_model_that_was_never_asked_teaches_nothing() -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(), model="gpt-4.1", **KNOWN)
        assert read_learned(connection, "openai", "gpt-5-mini") == Learned()
        assert read_learned(connection, "custom", "gpt-4.1") == Learned()


def test_one_odd_bill_does_no_harm() -> None:
    with new_history() as connection:
        for answer, prompt in ((80, 700), (90, 700), (100, 725), (5000, 90_000), (85, 650)):
            add_request(
                connection, NOON, request_image(), completion_tokens=answer, prompt_tokens=prompt, **KNOWN
            )
        assert read_learned(connection, "openai", "gpt-5-mini") == Learned(
            answer_tokens=90,
            details=(LearnedDetail(detail="high", answers=5, ratio=Decimal("1.2"), image_tokens=600),),
        )


def test_only_the_last_answers_count() -> None:
    with new_history() as connection:
        for number in range(2 * LAST_ANSWERS):
            length = 10 if number < LAST_ANSWERS else 400
            add_request(
                connection,
                NOON + timedelta(minutes=number),
                request_image(),
                completion_tokens=length,
                **KNOWN,
            )
        learned = read_learned(connection, "openai", "gpt-5-mini")
    assert learned.answer_tokens == 400
    assert learned.details[0].answers == LAST_ANSWERS


def test_details_teach_apart_and_mixed_ones_for_themselves() -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(detail="low"), prompt_tokens=350, **KNOWN)
        add_request(connection, NOON, request_image(detail="high"), prompt_tokens=600, **KNOWN)
        mixed = (request_image(detail="low"), request_image(2, detail="high"))
        add_request(connection, NOON, *mixed, prompt_tokens=1100, **KNOWN)
        learned = read_learned(connection, "openai", "gpt-5-mini")
    assert [(d.detail, d.ratio, d.image_tokens) for d in learned.details] == [
        ("", Decimal(2), 500),
        ("high", Decimal(1), 500),
        ("low", Decimal("0.5"), 250),
    ]


def test_a_rule_that_is_unknown_gets_tokens_for_an_image() -> None:
    with new_history() as connection:
        two = (request_image(), request_image(2))
        add_request(connection, NOON, *two, prompt_tokens=700, expected_text_tokens=100)
        (detail,) = read_learned(connection, "openai", "gpt-5-mini").details
    assert (detail.image_tokens, detail.ratio) == (300, 1)


def test_the_servers_own_count_of_image_tokens_is_believed() -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(), prompt_tokens=5000, image_tokens=550, **KNOWN)
        (detail,) = read_learned(connection, "openai", "gpt-5-mini").details
    assert (detail.image_tokens, detail.ratio) == (550, Decimal("1.1"))


@pytest.mark.parametrize(
    "changes",
    [
        {"reported": 0},
        {"prompt_tokens": None, "completion_tokens": None},
        {"completion_tokens": 0},
    ],
)
def test_what_no_server_has_billed_teaches_nothing(changes: dict[str, int | None]) -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(), **{**KNOWN, **changes})
        assert read_learned(connection, "openai", "gpt-5-mini") == Learned()


def test_long_texts_do_not_teach_what_images_cost() -> None:
    """An error of a tenth in 9,000 tokens of text would look like images that cost three times as much."""
    with new_history() as connection:
        add_request(
            connection, NOON, request_image(), prompt_tokens=10_500, **{**KNOWN, "expected_text_tokens": 9000}
        )
        (detail,) = read_learned(connection, "openai", "gpt-5-mini").details
    assert detail.ratio == 1


@settings(deadline=None, max_examples=50)
@given(st.integers(200, 5000), st.lists(st.integers(1, 6), min_size=1, max_size=30))
def test_bills_of_one_ratio_teach_that_ratio(tenths: int, counts: list[int]) -> None:
    with new_history() as connection:
        for count in counts:
            planned = 1000 * count
            images = [request_image(number + 1) for number in range(count)]
            add_request(
                connection,
                NOON,
                *images,
                prompt_tokens=100 + count * tenths,
                expected_text_tokens=100,
                planned_image_tokens=planned,
            )
        (detail,) = read_learned(connection, "openai", "gpt-5-mini").details
    assert detail.ratio == Decimal(tenths) / 1000
    assert detail.image_tokens == tenths
