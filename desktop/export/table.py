"""What was spent as CSV (RFC 4180), for spreadsheets and scripts.

Two tables, each a file of its own, because neither a spreadsheet nor a script reads two in one: a row for
each image at one model and detail in one conversation, and a row for each day. Headings are English in every
language, so that a script reads them everywhere. Money is plain digits; what is unknown is empty.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from desktop.core.ledger import ImageSpending, Spending
from desktop.core.text import printable

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_RUN_AS_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
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

Cell = str | int | Decimal | None


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
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return _BYTE_ORDER_MARK + lines.getvalue()


def _foreign(text: str) -> str:
    """Text from outside in one line; a spreadsheet shows what it would otherwise run as a formula."""
    shown = printable(text, limit=_CELL_CHARS)
    return f"'{shown}" if shown.lstrip().startswith(_RUN_AS_FORMULAS) else shown


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    # Never 1E-7, which a spreadsheet takes for a text or rounds.
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
