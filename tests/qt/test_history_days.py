"""Conversations by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.model import ConversationSummary
from desktop.ui.history.days import sections

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def summary(number: int, at: datetime) -> ConversationSummary:
    return ConversationSummary(
        id=number,
        title=f"Conversation {number}",
        updated_at=at,
        image_count=1,
        cost_usd=None,
        on_device=False,
        thumbnail=None,
    )


def titles(*ages: timedelta, now: datetime = NOW) -> list[str]:
    made = [summary(number, now - age) for number, age in enumerate(ages)]
    return [section.title for section in sections(made, now, zone=UTC)]


def test_headings_run_from_today_back_to_months() -> None:
    days = [timedelta(days=number) for number in (0, 1, 2, 7, 8, 30, 400)]

    assert titles(*days) == [
        "Today",
        "Yesterday",
        "Previous 7 days",
        "November 2026",
        "October 2026",
        "October 2025",
    ]


def test_a_day_begins_at_midnight_of_the_reader() -> None:
    late, early = timedelta(hours=11, minutes=59), timedelta(hours=12, minutes=1)

    assert titles(late, early) == ["Today", "Yesterday"]


def test_the_zone_of_the_reader_decides() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    now = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)  # already the 11th there
    made = [summary(1, datetime(2026, 11, 10, 15, 0, tzinfo=UTC))]

    assert [s.title for s in sections(made, now, zone=shanghai)] == ["Yesterday"]
    assert [s.title for s in sections(made, now, zone=UTC)] == ["Today"]


def test_the_night_when_clocks_change_has_one_yesterday() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 26, 0, 30, tzinfo=berlin)
    made = [summary(1, datetime(2026, 10, 25, 0, 30, tzinfo=berlin))]

    assert [s.title for s in sections(made, now, zone=berlin)] == ["Yesterday"]


def test_what_a_wrong_clock_put_into_the_future_is_today() -> None:
    assert titles(timedelta(days=-400)) == ["Today"]


def test_nothing_has_no_headings() -> None:
    assert sections([], NOW) == []


@given(st.lists(st.integers(-1000, 100_000), max_size=60))
def test_every_conversation_is_shown_once_in_the_given_order_under_distinct_headings(
    hours: list[int],
) -> None:
    made = [summary(number, NOW - timedelta(hours=age)) for number, age in enumerate(hours)]

    found = sections(made, NOW, zone=UTC)

    assert sorted(s.id for section in found for s in section.summaries) == list(range(len(hours)))
    assert len({section.title for section in found}) == len(found)
    assert all(section.summaries for section in found)
    for section in found:
        assert [s.id for s in section.summaries] == sorted(s.id for s in section.summaries)
