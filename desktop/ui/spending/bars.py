"""What the chart shows, worked out of the days of a `Spending`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from desktop.core.ledger import DaySpending
from desktop.core.text import _, format_count, format_price, ngettext
from desktop.ui.dates import day_and_month, full_date, month_and_year, month_name
from desktop.ui.spending.period import Kind, Period, period_of

_FEWEST_DAYS = 14
"""A month that has just begun shows this many days, so that its first bar does not stand alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar.

    Attributes:
        caption: below it where there is room.
        short: below it where there is little room.
        title: of its tooltip.
        cost_usd: its height.
        requests: how many there were.
        opens: what a click on it shows.
        pale: it is there for comparison only.
    """

    caption: str
    short: str
    title: str
    cost_usd: Decimal
    requests: int
    opens: Period
    pale: bool = False

    @property
    def tooltip(self) -> str:
        """``5 November``, then ``$0.21 · 6 requests``."""
        requests = ngettext("{count} request", "{count} requests", self.requests)
        facts = f"{format_price(self.cost_usd)} · {requests.format(count=format_count(self.requests))}"
        return f"{self.title}\n{facts}"


def heading(period: Period) -> str:
    """What stands above the chart."""
    return _("Cost per month") if period.kind is Kind.YEAR else _("Cost per day")


def bars(period: Period, days: Sequence[DaySpending], today: date) -> tuple[Bar, ...]:
    """A bar for each day of the period's span, for each month of a year.

    Args:
        period: what is shown; a day is marked among those of its week.
        days: of the span; those that are missing cost nothing.
        today: the month at hand ends with it.
    """
    if period.kind is Kind.YEAR:
        return tuple(_month_bar(date(period.first.year, month, 1), days) for month in range(1, 13))
    by_day = {entry.day: entry for entry in days}
    first, last = period.span
    if period.kind is Kind.MONTH and today in period:
        last = max(today, first + timedelta(days=_FEWEST_DAYS - 1))
    shown = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return tuple(_day_bar(day, by_day.get(day), period) for day in shown)


def _day_bar(day: date, entry: DaySpending | None, period: Period) -> Bar:
    in_week = period.kind is Kind.DAY
    return Bar(
        caption=day_and_month(day) if in_week else str(day.day),
        short=str(day.day),
        title=full_date(day),
        cost_usd=entry.cost_usd if entry else Decimal(0),
        requests=entry.requests if entry else 0,
        opens=period_of(Kind.DAY, day),
        pale=in_week and day not in period,
    )


def _month_bar(first: date, days: Sequence[DaySpending]) -> Bar:
    month = period_of(Kind.MONTH, first)
    within = [entry for entry in days if entry.day in month]
    return Bar(
        caption=month_name(first.month),
        short=str(first.month),
        title=month_and_year(first),
        cost_usd=sum((entry.cost_usd for entry in within), Decimal(0)),
        requests=sum(entry.requests for entry in within),
        opens=month,
    )
