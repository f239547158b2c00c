"""What was spent as CSV (RFC 4180), for spreadsheets and scripts.

Two tables, each a file of its own, because neither a spreadsheet nor a script reads two in one: a row for
each image at one model and detail in one conversation, and a row for each day. Headings are English in every
language, so that a script reads them everywhere. Money is plain digits; what is unknown is empty.
"""

from collections.abc import Iterable

from desktop.core.csv_cells import BYTE_ORDER_MARK, Cell, csv_lines, harmless
from desktop.core.ledger import ImageSpending, Spending
from desktop.core.text import printable

_CELL_CHARS = 1000

_IMAGE_HEADINGS = (
    "conversation",
    "image",
    "model",
    "detail",
    "times_sent",
    "tokens",
    "cost_usd",
    "sent_bytes",
    "source_bytes",
)
_DAY_HEADINGS = ("day", "requests", "cost_usd")


def spending_csv(spending: Spending) -> str:
    """The images of a span of days, the dearest first, as CSV that begins with a byte order mark."""
    return _csv(_IMAGE_HEADINGS, map(_image_cells, spending.image_rows))


def days_csv(spending: Spending) -> str:
    """The days of a span, as CSV that begins with a byte order mark."""
    days = ((f"{day.day:%Y-%m-%d}", day.requests, day.cost_usd) for day in spending.days)
    return _csv(_DAY_HEADINGS, days)


def _image_cells(row: ImageSpending) -> tuple[Cell, ...]:
    return (
        _foreign(row.conversation_title),
        _foreign(row.name),
        _foreign(row.model),
        _foreign(row.detail),
        row.times_sent,
        row.tokens,
        row.cost_usd,
        row.sent_bytes,
        row.source_bytes,
    )


def _csv(headings: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> str:
    return BYTE_ORDER_MARK + csv_lines(headings, rows)


def _foreign(text: str) -> str:
    """Text from outside in one line."""
    return harmless(printable(text, limit=_CELL_CHARS))
