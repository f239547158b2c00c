"""Conversations by day, in the time zone of the person who reads; pinned ones first."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from desktop.core.model import ConversationSummary
from desktop.core.text import _
from desktop.ui.dates import month_and_year


@dataclass(frozen=True, slots=True)
class Section:
    """Conversations under one heading, in the order in which they were given."""

    title: str
    summaries: tuple[ConversationSummary, ...]


def sections(
    summaries: Iterable[ConversationSummary], now: datetime, *, zone: tzinfo | None = None
) -> list[Section]:
    """Group ``summaries`` under Pinned, Today, Yesterday, Previous 7 days and months, newest first.

    Args:
        summaries: newest first, as the store tells them; their own order is kept under each heading.
        now: an aware time. What is later than it (a clock was wrong) counts as today.
        zone: where days begin; None for this computer's zone, with its summer time.
    """
    today = now.astimezone(zone).date()
    given = list(summaries)
    # The store tells pinned ones first.
    unpinned = next((at for at, summary in enumerate(given) if not summary.pinned), len(given))
    pinned, others = given[:unpinned], given[unpinned:]
    groups: dict[date, list[ConversationSummary]] = {}
    moments = [summary.updated_at for summary in others]
    begin = end = 0
    while begin < len(others):
        # Days are computed for every heading, not for every row: 10,000 of them would hold the window.
        start = _start(moments[begin].astimezone(zone).date(), today)
        first, last = _midnight(start, zone), _midnight(_end(start, today), zone)
        end = _end_of_run(moments, begin, first, last)
        groups.setdefault(start, []).extend(others[begin:end])
        begin = end
    found = [Section(_title(start, today), tuple(groups[start])) for start in sorted(groups, reverse=True)]
    return [Section(_("Pinned"), tuple(pinned)), *found] if pinned else found


def _end_of_run(moments: Sequence[datetime], begin: int, first: datetime, last: datetime) -> int:
    """Where the rows from ``begin`` on leave the span: in a few steps where they are in order, as mostly."""
    end = bisect_right(moments, -first.timestamp(), begin + 1, key=lambda moment: -moment.timestamp())
    run = moments[begin:end]
    if first <= min(run) and max(run) < last:
        return end
    end = begin + 1
    while end < len(moments) and first <= moments[end] < last:
        end += 1
    return end


def _start(day: date, today: date) -> date:
    """The first day under the same heading; it orders headings, and names months."""
    if day >= today:
        return today
    if day == today - timedelta(days=1):
        return day
    week = today - timedelta(days=7)
    return week if day >= week else day.replace(day=1)


def _end(start: date, today: date) -> date:
    """The first day after those of the heading that begins with ``start``."""
    if start == today:
        # All that is later counts as today.
        return date(9999, 12, 30)
    yesterday, week = today - timedelta(days=1), today - timedelta(days=7)
    if start == yesterday:
        return today
    if start == week:
        return yesterday
    return min((start + timedelta(days=31)).replace(day=1), week)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    moment = datetime.combine(day, time.min)
    return moment.astimezone() if zone is None else moment.replace(tzinfo=zone)


def _title(start: date, today: date) -> str:
    named = {
        today: _("Today"),
        today - timedelta(days=1): _("Yesterday"),
        today - timedelta(days=7): _("Previous 7 days"),
    }
    if start in named:
        return named[start]
    return month_and_year(start)
