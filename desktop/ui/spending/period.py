"""Which days the page is about: a day, a month or a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from desktop.ui.dates import full_date, month_and_year, year_name

EARLIEST = date(2020, 1, 1)
"""Nobody paid for an image before."""


class Kind(StrEnum):
    """How long a period is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a calendar month or a calendar year.

    Attributes:
        kind: which of these.
        first: its first day.
        last: its last day, included.
    """

    kind: Kind
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def title(self) -> str:
        """``22 November 2026``, ``November 2026``, ``2026``."""
        if self.kind is Kind.DAY:
            return full_date(self.first)
        return month_and_year(self.first) if self.kind is Kind.MONTH else year_name(self.first)

    @property
    def span(self) -> tuple[date, date]:
        """First and last day of its chart: a day stands in its week, Monday to Sunday."""
        if self.kind is not Kind.DAY:
            return self.first, self.last
        monday = self.first - timedelta(days=self.first.weekday())
        return monday, monday + timedelta(days=6)

    def before(self) -> "Period":
        """The one that ends where this one begins."""
        return period_of(self.kind, self.first - timedelta(days=1))

    def after(self) -> "Period":
        """The one that begins where this one ends."""
        return period_of(self.kind, self.last + timedelta(days=1))


def period_of(kind: Kind, day: date) -> Period:
    """The period of ``kind`` that ``day`` is in."""
    if kind is Kind.DAY:
        return Period(kind, day, day)
    if kind is Kind.YEAR:
        return Period(kind, date(day.year, 1, 1), date(day.year, 12, 31))
    first = day.replace(day=1)
    # No month has more than 31 days: 31 days on is always in the next one.
    return Period(kind, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
