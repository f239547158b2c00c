"""Which days are shown, and the figures that are made of them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.budget import Budget
from desktop.core.text import DASH
from desktop.ui.spending.bars import bars, heading
from desktop.ui.spending.cards import Card, cards, unpriced_note
from desktop.ui.spending.columns import COLUMNS, Table, conversation_of, rows_of
from desktop.ui.spending.period import Kind, Period, period_of
from tests.helpers.ledger_values import TODAY, day, image_row, nothing, spending

MONTH = period_of(Kind.MONTH, TODAY)
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


def budget(limit: str | None = "10", spent: str = "1.84") -> Budget:
    limit_usd = None if limit is None else Decimal(limit)
    return Budget(month=date(2026, 11, 1), limit_usd=limit_usd, spent_usd=Decimal(spent))


def shown(period: Period = MONTH, **changes: object) -> tuple[Card, ...]:
    return cards(spending(**changes), period, budget(), TODAY)


def texts(card: Card) -> tuple[str, str, str]:
    return card.title, card.figure, card.note


@given(DAYS, st.sampled_from(list(Kind)))
def test_periods_follow_each_other_without_a_gap(at: date, kind: Kind) -> None:
    period = period_of(kind, at)

    assert at in period
    assert period.after().first == period.last + timedelta(days=1)
    assert period.before().last == period.first - timedelta(days=1)
    assert period.after().before() == period


def test_a_period_is_named_by_its_length() -> None:
    titles = [period_of(kind, date(2024, 2, 29)).title for kind in Kind]

    assert titles == ["29 February 2024", "February 2024", "2024"]
    assert period_of(Kind.MONTH, date(2024, 2, 3)).last == date(2024, 2, 29)


@given(DAYS)
def test_a_day_stands_in_its_week(at: date) -> None:
    monday, sunday = period_of(Kind.DAY, at).span

    assert (monday.weekday(), (sunday - monday).days) == (0, 6)
    assert monday <= at <= sunday


def test_the_month_at_hand_ends_with_today_and_an_earlier_one_with_its_last_day() -> None:
    november = bars(MONTH, (day(5, "0.21", 6),), TODAY)
    october = bars(MONTH.before(), (), TODAY)

    assert [bar.caption for bar in november] == [str(number) for number in range(1, 23)]
    assert len(october) == 31
    assert november[4].tooltip == "5 November 2026\n$0.21 · 6 requests"
    assert november[5].tooltip == "6 November 2026\n$0.00 · 0 requests"


def test_the_first_day_of_a_month_does_not_stand_alone() -> None:
    assert len(bars(MONTH, (day(1, "0.21"),), date(2026, 11, 1))) == 14


def test_a_year_has_the_sum_of_each_month() -> None:
    year = period_of(Kind.YEAR, TODAY)
    made = bars(year, (day(5, "0.21", 6), day(11, "0.3", 2)), TODAY)

    assert heading(year) == "Cost per month"
    assert [bar.cost_usd for bar in made] == [Decimal(0)] * 10 + [Decimal("0.51"), Decimal(0)]
    assert made[10].tooltip == "November 2026\n$0.51 · 8 requests"
    assert made[10].opens == MONTH


def test_a_day_is_marked_in_its_week() -> None:
    made = bars(period_of(Kind.DAY, TODAY), (), TODAY)

    assert [bar.short for bar in made if not bar.pale] == ["22"]
    assert [bar.caption for bar in made][:2] == ["16 November", "17 November"]


def test_the_cards_say_what_the_values_are() -> None:
    assert [texts(card) for card in shown()] == [
        ("November", "$1.84", "of a $10.00 budget"),
        ("Images asked about", "412", "median $0.0021 each"),
        ("Saved by sending less", "1.9 GB", "97 % of the files’ bytes"),
        ("Estimates vs. bills", "± 1.2 %", "over 96 answers"),
    ]


def test_what_is_unknown_is_a_dash() -> None:
    made = cards(nothing(), MONTH, None, TODAY)

    assert [(card.figure, card.note) for card in made] == [
        ("$0.00", "in 0 requests"),
        ("0", DASH),
        ("0 B", DASH),
        (DASH, "over 0 answers"),
    ]


def test_files_that_grew_saved_nothing() -> None:
    assert texts(shown(sent_bytes=900, source_bytes=800)[2])[1:] == ("0 B", "0 % of the files’ bytes")


@pytest.mark.parametrize("sent", [1, 999])
def test_never_all_is_saved_of_what_was_sent(sent: int) -> None:
    assert shown(sent_bytes=sent, source_bytes=10_000_000)[2].note == "99 % of the files’ bytes"


@pytest.mark.parametrize("period", [MONTH.before(), period_of(Kind.YEAR, TODAY), period_of(Kind.DAY, TODAY)])
def test_the_budget_is_that_of_the_month_at_hand_only(period: Period) -> None:
    assert shown(period)[0].note == "in 96 requests"


def test_without_a_budget_one_is_offered() -> None:
    made = cards(spending(), MONTH, budget(limit=None), TODAY)

    assert made[0].offers_budget
    assert made[0].note == "in 96 requests"
    assert not shown()[0].offers_budget


def test_requests_without_a_price_are_told() -> None:
    assert unpriced_note(spending()) == ""
    assert unpriced_note(spending(unpriced_requests=1)).startswith("1 request to a server without")
    assert "3 requests to servers" in unpriced_note(spending(unpriced_requests=3))


def cells(table: Table) -> list[list[str]]:
    deleted = image_row(4, conversation_id=None, conversation_title="", name="", tokens=None, cost_usd=None)
    what = spending(image_row(1), deleted)
    return [[column.text(row) for column in COLUMNS[table]] for row in rows_of(table, what)]


def test_each_table_shows_its_values() -> None:
    assert cells(Table.IMAGES) == [
        ["", "image-1.jpg", "Conversation 1", "gpt-5-mini", "High", "1", "1,000", "$1.00"],
        ["", DASH, "deleted conversation", "gpt-5-mini", "High", "4", DASH, DASH],
    ]
    assert cells(Table.MODELS) == [
        ["gpt-5-mini", "openai", "96", "412", "812,345", "301,222", "0", "45,123", "$1.84"]
    ]
    assert cells(Table.CONVERSATIONS) == [
        ["Receipts", "90", "400", "$1.80"],
        ["deleted conversations", "2", "3", "$0.01"],
    ]
    assert cells(Table.ESTIMATES) == [
        ["gpt-5-mini", "openai", "High", "96", "800,000", "812,345", "$1.80", "$1.84", "± 1.2 %"]
    ]


def test_requests_of_several_details_are_mixed_and_an_untitled_conversation_has_a_name() -> None:
    mixed = replace(spending().accuracy[0], detail="")
    detail, title = COLUMNS[Table.ESTIMATES][2], COLUMNS[Table.IMAGES][2]

    assert detail.text(mixed) == "mixed"
    assert title.text(image_row(1, conversation_title=" \n")) == "Untitled"


def test_only_what_is_still_there_belongs_to_a_conversation() -> None:
    what = spending()

    assert [conversation_of(row) for row in what.conversations] == [7, None]
    assert conversation_of(what.models[0]) is None


def test_hostile_names_are_one_line() -> None:
    name = COLUMNS[Table.IMAGES][1]

    assert name.text(image_row(1, name="a\u202egnp\n.exe\x1b[2J")) == "agnp .exe [2J"
