"""Conversations by day, in the time zone of the person who reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

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
    """Group ``summaries`` under Today, Yesterday, Previous 7 days and the months before, newest first.

    Args:
        summaries: newest first, as the store tells them; their own order is kept under each heading.
        now: an aware time. What is later than it (a clock was wrong) counts as today.
        zone: where days begin; None for this computer's zone, with its summer time.
    """
    today = now.astimezone(zone).date()
    groups: dict[date, list[ConversationSummary]] = {}
    for summary in summaries:
        day = summary.updated_at.astimezone(zone).date()
        groups.setdefault(_start(day, today), []).append(summary)
    return [Section(_title(start, today), tuple(groups[start])) for start in sorted(groups, reverse=True)]


def _start(day: date, today: date) -> date:
    """The first day under the same heading; it orders headings, and names months."""
    if day >= today:
        return today
    if day == today - timedelta(days=1):
        return day
    week = today - timedelta(days=7)
    return week if day >= week else day.replace(day=1)


def _title(start: date, today: date) -> str:
    named = {
        today: _("Today"),
        today - timedelta(days=1): _("Yesterday"),
        today - timedelta(days=7): _("Previous 7 days"),
    }
    if start in named:
        return named[start]
    return month_and_year(start)
