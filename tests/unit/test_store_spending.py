"""What was spent in a span of days: figures of the ledger, real SQLite."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.ledger import Expected
from desktop.store.spending import MAX_IMAGE_ROWS, read_spending, spent_in
from tests.helpers.history import answered, beginning, opened, question
from tests.helpers.ledger import add_request, new_history, request_image, time_zone

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 3)
_money = st.none() | st.decimals(min_value=0, max_value=1000, places=12)
_requests = st.lists(
    st.tuples(
        st.floats(0, 11).map(lambda days: datetime(2026, 10, 23, tzinfo=UTC) + timedelta(days=days)),
        st.sampled_from(["gpt-5-mini", "gpt-4.1", "on-device"]),
        _money,
        st.lists(st.tuples(st.integers(1, 3), _money), max_size=3),
    ),
    max_size=20,
)


@settings(deadline=None, max_examples=60)
@given(_requests)
def test_every_view_of_the_same_requests_adds_up_to_the_last_digit(requests: list) -> None:  # type: ignore[type-arg]
    first, last, zone = date(2026, 10, 24), date(2026, 11, 2), ZoneInfo("Europe/Berlin")
    total, counted, shares = Decimal(0), 0, []
    with time_zone("Europe/Berlin"), new_history() as connection:
        for at, model, cost, images in requests:
            provider = "on-device" if model == "on-device" else "openai"
            sent = [request_image(number, None if c is None else str(c)) for number, c in images]
            add_request(connection, at, *sent, provider=provider, model=model, cost_usd=cost)
            # The clocks are set back within this span: the 25th of October has 25 hours.
            if provider == "openai" and first <= at.astimezone(zone).date() <= last:
                total, counted = total + (cost or 0), counted + 1
                shares += [image.cost_usd for image in sent if image.cost_usd is not None]
        found = read_spending(connection, first, last)
    assert found.total_usd == total == sum(day.cost_usd for day in found.days)
    assert total == sum(model.cost_usd or 0 for model in found.models)
    assert total == sum(each.cost_usd or 0 for each in found.conversations)
    assert sum(row.cost_usd or 0 for row in found.image_rows) == sum(shares)
    assert sum(row.times_sent for row in found.image_rows) == sum(model.images for model in found.models)
    assert found.median_image_usd == (median(shares) if shares else None)
    assert found.requests == counted == sum(day.requests for day in found.days)
    assert [day.day for day in found.days] == [first + timedelta(days=n) for n in range(10)]


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", datetime(2026, 11, 3, 0, 0, tzinfo=UTC), date(2026, 11, 3)),
        ("Asia/Kolkata", datetime(2026, 11, 2, 18, 29, 59, 999999, tzinfo=UTC), date(2026, 11, 2)),
        ("Asia/Kolkata", datetime(2026, 11, 2, 18, 30, tzinfo=UTC), date(2026, 11, 3)),
        ("America/Los_Angeles", datetime(2026, 11, 1, 6, 59, tzinfo=UTC), date(2026, 10, 31)),
        ("America/Los_Angeles", datetime(2026, 11, 2, 7, 59, tzinfo=UTC), date(2026, 11, 1)),
        # Here clocks are set forward at midnight: the day begins at one o'clock.
        ("Africa/Cairo", datetime(2026, 4, 23, 21, 59, tzinfo=UTC), date(2026, 4, 23)),
        ("Africa/Cairo", datetime(2026, 4, 23, 22, 0, tzinfo=UTC), date(2026, 4, 24)),
    ],
)
def test_a_day_is_one_of_this_computers_time_zone(zone: str, moment: datetime, day: date) -> None:
    with time_zone(zone), new_history() as connection:
        add_request(connection, moment, cost_usd=Decimal("0.5"))
        spans = {d: read_spending(connection, d, d).total_usd for d in (day - timedelta(days=1), day)}
        assert spans == {day - timedelta(days=1): 0, day: Decimal("0.5")}
        assert spent_in(connection, day) == Decimal("0.5")
        assert spent_in(connection, day.replace(day=1) - timedelta(days=1)) == 0


def test_december_ends_with_the_year() -> None:
    with time_zone("UTC"), new_history() as connection:
        add_request(connection, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), cost_usd=Decimal(1))
        add_request(connection, datetime(2027, 1, 1, tzinfo=UTC), cost_usd=Decimal(2))
        assert spent_in(connection, date(2026, 12, 15)) == 1
        assert spent_in(connection, date(2027, 1, 31)) == 2


def test_unknown_prices_are_counted_and_in_no_sum() -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(cost=None), provider="custom", model="llama")
        add_request(connection, NOON, request_image(), cost_usd=Decimal("0.01"))
        add_request(connection, NOON, prompt_tokens=None, completion_tokens=None, reported=None)
        found = read_spending(connection, DAY, DAY)
    assert (found.total_usd, found.unpriced_requests, found.requests) == (Decimal("0.01"), 1, 3)
    assert [(m.model, m.cost_usd) for m in found.models] == [("gpt-5-mini", Decimal("0.01")), ("llama", None)]
    assert [row.cost_usd for row in found.image_rows] == [Decimal("0.001"), None]


def test_an_image_is_one_row_for_each_model_and_detail_with_all_that_it_came_to() -> None:
    with new_history() as connection:
        add_request(connection, NOON, request_image(), request_image(2, "0.002"), cost_usd=Decimal("0.004"))
        add_request(connection, NOON, request_image(carried=True), cost_usd=Decimal("0.002"))
        add_request(connection, NOON, request_image(cost="0.1"), model="gpt-4.1", cost_usd=Decimal("0.2"))
        found = read_spending(connection, DAY, DAY)
    assert [(r.model, r.times_sent, r.tokens, r.cost_usd) for r in found.image_rows] == [
        ("gpt-4.1", 1, 765, Decimal("0.1")),
        ("gpt-5-mini", 2, 1530, Decimal("0.002")),
        ("gpt-5-mini", 1, 765, Decimal("0.002")),
    ]
    assert found.images == 2
    assert (found.sent_bytes, found.source_bytes) == (80_000, 4 * 214_000)
    assert found.median_image_usd == Decimal("0.0015")


def test_estimates_are_held_against_bills_by_model_and_detail() -> None:
    expected = {"expected_text_tokens": 200, "expected_image_tokens": 700}
    with new_history() as connection:
        add_request(
            connection, NOON, request_image(), cost_usd=Decimal("0.02"), estimate_usd="0.01", **expected
        )
        add_request(
            connection, NOON, request_image(), prompt_tokens=900, cost_usd=Decimal("0.01"), **expected
        )
        add_request(
            connection, NOON, request_image(detail="low"), **{**expected, "expected_text_tokens": 300}
        )
        # Our own figures stood in for these bills: nothing is learned from them.
        add_request(connection, NOON, request_image(), reported=0, **expected)
        add_request(connection, NOON, request_image())
        found = read_spending(connection, DAY, DAY)
    high, low = found.accuracy
    assert (high.detail, high.answers, high.estimated_tokens, high.billed_tokens) == ("high", 2, 1800, 1900)
    assert (high.estimated_usd, high.billed_usd) == (Decimal("0.01"), Decimal("0.02"))
    assert high.mean_error == pytest.approx(0.05)
    assert (low.detail, low.mean_error, low.estimated_usd) == ("low", 0, None)
    assert found.compared_answers == 3
    assert found.mean_error == pytest.approx(0.1 / 3)


def test_only_the_dearest_images_are_listed_and_all_are_counted() -> None:
    with new_history() as connection:
        for number in range(MAX_IMAGE_ROWS + 5):
            add_request(connection, NOON, request_image(number + 1, str(Decimal(number) / 1000)))
        found = read_spending(connection, DAY, DAY)
    assert len(found.image_rows) == MAX_IMAGE_ROWS
    assert found.image_rows[-1].cost_usd == Decimal("0.005")
    assert found.images == MAX_IMAGE_ROWS + 5


def test_a_span_that_ends_before_it_begins_is_a_mistake() -> None:
    with new_history() as connection, pytest.raises(ValueError, match="date"):
        read_spending(connection, DAY, DAY - timedelta(days=1))


def test_an_answer_on_its_way_counts_as_estimated_until_it_is_billed(tmp_path: Path) -> None:
    today = datetime.now().astimezone().date()
    with opened(tmp_path) as store:
        expected = Expected(text_tokens=10, image_tokens=0, cost_usd=Decimal("0.25"))
        asked = replace(question("How many?"), created_at=datetime.now(UTC))
        begun = store.begin(beginning(asked, model="gpt-4.1", expected=expected)).result()
        assert store.spent_in(today).result() == Decimal("0.25")
        store.finish(answered(begun, cost_usd=Decimal("0.125")), ()).result()
        assert store.spent_in(today).result() == Decimal("0.125")
