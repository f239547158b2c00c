"""The four figures at the top, worked out of a `Spending`."""

from dataclasses import dataclass
from datetime import date

from desktop.core.budget import Budget, BudgetState
from desktop.core.ledger import Spending
from desktop.core.text import DASH, _, format_count, format_price, format_size, ngettext
from desktop.ui.dates import day_and_month, month_name
from desktop.ui.spending.period import Kind, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure.

    Attributes:
        title: what it is.
        figure: large.
        note: below it.
        tooltip: what is counted, in a sentence.
        state: colours the figure where a budget is nearly or wholly used.
        offers_budget: there is none, and one may be set here.
    """

    title: str
    figure: str
    note: str
    tooltip: str
    state: BudgetState = BudgetState.NONE
    offers_budget: bool = False


def cards(spending: Spending, period: Period, budget: Budget | None, today: date) -> tuple[Card, ...]:
    """What was spent, images, bytes saved, how good estimates were.

    The budget is that of the month at hand, and is told with no other period.
    """
    at_hand = period.kind is Kind.MONTH and today in period
    return (
        _spent(spending, period, budget if at_hand else None),
        _images(spending),
        _saved(spending),
        _accuracy(spending),
    )


def unpriced_note(spending: Spending) -> str:
    """What the sum lacks; empty if nothing."""
    number = spending.unpriced_requests
    if not number:
        return ""
    return ngettext(
        "{count} request to a server without a known price is not in the sum.",
        "{count} requests to servers without a known price are not in the sum.",
        number,
    ).format(count=format_count(number))


def _spent(spending: Spending, period: Period, budget: Budget | None) -> Card:
    requests = ngettext("in {count} request", "in {count} requests", spending.requests)
    note = requests.format(count=format_count(spending.requests))
    if budget is not None and budget.limit_usd is not None:
        note = _("of a {price} budget").format(price=format_price(budget.limit_usd))
    titles = {Kind.DAY: day_and_month(period.first), Kind.MONTH: month_name(period.first.month)}
    return Card(
        title=titles.get(period.kind, period.title),
        figure=format_price(spending.total_usd),
        note=note,
        tooltip=_("The sum of all known costs. What the reader on this computer does is free."),
        state=BudgetState.NONE if budget is None else budget.state,
        offers_budget=budget is not None and budget.limit_usd is None,
    )


def _images(spending: Spending) -> Card:
    median = spending.median_image_usd
    return Card(
        title=_("Images asked about"),
        figure=format_count(spending.images),
        note=_("median {price} each").format(price=format_price(median)) if median is not None else DASH,
        tooltip=_("Different images, and what one of them cost in one request."),
    )


def _saved(spending: Spending) -> Card:
    saved = max(spending.source_bytes - spending.sent_bytes, 0)
    note = DASH
    if spending.source_bytes:
        # Rounded down: "100 %" would say that nothing was sent.
        percent = saved * 100 // spending.source_bytes
        note = _("{percent} % of the files’ bytes").format(percent=percent)
    return Card(
        title=_("Saved by sending less"),
        figure=format_size(saved),
        note=note,
        tooltip=_("Sent: {sent}. The files themselves, as often: {files}.").format(
            sent=format_size(spending.sent_bytes), files=format_size(spending.source_bytes)
        ),
    )


def _accuracy(spending: Spending) -> Card:
    answers = ngettext("over {count} answer", "over {count} answers", spending.compared_answers)
    return Card(
        title=_("Estimates vs. bills"),
        figure=format_error(spending.mean_error),
        note=answers.format(count=format_count(spending.compared_answers)),
        tooltip=_("How far the expected input tokens were from the billed ones, on average."),
    )


def format_error(error: float | None) -> str:
    """``± 1.2 %`` for 0.012; a dash if unknown."""
    if error is None:
        return DASH
    return "± " + _("{percent} %").format(percent=f"{error * 100:.1f}")
