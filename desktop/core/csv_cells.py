"""Tables as CSV (RFC 4180) that no spreadsheet runs as formulas: the one place for all that leave."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

BYTE_ORDER_MARK = "\ufeff"
"""At the beginning of a file; without it Excel takes UTF-8 for something else."""
_RUN_AS_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

Cell = str | int | Decimal | None


def csv_lines(headings: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A table as CSV. Texts from outside go through `harmless` first."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return lines.getvalue()


def harmless(text: str) -> str:
    """``text`` so that a spreadsheet shows what it would otherwise run as a formula."""
    return f"'{text}" if text.lstrip().startswith(_RUN_AS_FORMULAS) else text


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    # Never 1E-7, which a spreadsheet takes for a text or rounds.
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
