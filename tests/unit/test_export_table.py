"""CSV of what was spent: what spreadsheets and scripts read back is what was meant."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.ledger import DaySpending, ImageSpending, Spending
from desktop.export.table import days_csv, spending_csv


def image(**more: object) -> ImageSpending:
    row: dict[str, object] = {
        "conversation_id": 1,
        "conversation_title": "Receipts",
        "name": "receipt.jpg",
        "sent": None,
        "model": "gpt-6-astra",
        "detail": "high",
        "times_sent": 3,
        "tokens": 1104,
        "cost_usd": Decimal("0.011040"),
        "sent_bytes": 214_000,
        "source_bytes": 4_200_000,
    }
    return ImageSpending(**{**row, **more})  # type: ignore[arg-type]


def spending(*images: ImageSpending, days: tuple[DaySpending, ...] = ()) -> Spending:
    return Spending(
        first=date(2026, 11, 1),
        last=date(2026, 11, 2),
        total_usd=Decimal(0),
        unpriced_requests=0,
        requests=0,
        images=0,
        median_image_usd=None,
        sent_bytes=0,
        source_bytes=0,
        mean_error=None,
        compared_answers=0,
        days=days,
        image_rows=images,
    )


def read_back(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff"), "Excel needs the mark"
    return list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))


def test_a_row_for_each_image() -> None:
    headings, row = read_back(spending_csv(spending(image())))

    assert dict(zip(headings, row, strict=True)) == {
        "conversation": "Receipts",
        "image": "receipt.jpg",
        "model": "gpt-6-astra",
        "detail": "high",
        "times_sent": "3",
        "tokens": "1104",
        "cost_usd": "0.011040",
        "sent_bytes": "214000",
        "source_bytes": "4200000",
    }


def test_a_row_for_each_day() -> None:
    days = (
        DaySpending(day=date(2026, 11, 1), cost_usd=Decimal("1E-8"), requests=2),
        DaySpending(day=date(2026, 11, 2), cost_usd=Decimal("1E+2"), requests=0),
    )

    assert read_back(days_csv(spending(days=days))) == [
        ["day", "requests", "cost_usd"],
        ["2026-11-01", "2", "0.00000001"],
        ["2026-11-02", "0", "100"],
    ]


def test_what_is_unknown_is_empty_and_never_a_figure() -> None:
    row = read_back(spending_csv(spending(image(tokens=None, cost_usd=None))))[1]

    assert (row[5], row[6]) == ("", "")


@pytest.mark.parametrize(
    "name",
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", " =1+1", "\t=1+1", "\r\n=1+1", "\u202e=1"],
)
def test_no_cell_is_run_as_a_formula(name: str) -> None:
    row = read_back(spending_csv(spending(image(name=name, conversation_title=name, model=name))))[1]

    for cell in (row[0], row[1], row[2]):
        assert cell.startswith("'")


@given(st.text(), st.text(max_size=20))
def test_whatever_a_file_is_called_it_stays_one_cell_of_one_row(name: str, title: str) -> None:
    text = spending_csv(spending(image(name=name, conversation_title=title), image()))

    rows = read_back(text)
    assert [len(row) for row in rows] == [9, 9, 9]
    assert rows[2][1] == "receipt.jpg"
    assert text.count("\r\n") == 3, "lines end as RFC 4180 wants, and cells hold none"
    text.encode("utf-8")


def test_a_name_that_is_no_utf8_is_written() -> None:
    assert read_back(spending_csv(spending(image(name="caf\udce9.png"))))[1][1] == "caf\\xe9.png"


@given(st.decimals(0, 10**6, allow_nan=False, places=12))
def test_money_is_plain_digits_and_exact(cost: Decimal) -> None:
    cell = read_back(spending_csv(spending(image(cost_usd=cost))))[1][6]

    assert set(cell) <= set("0123456789.")
    assert Decimal(cell) == cost
