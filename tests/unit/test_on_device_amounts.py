"""Prices and totals: found in any notation, and checked exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engines.on_device.amounts import Amounts, find_amounts

RECEIPT = (
    "CORNER BAKERY",
    "3 Oct 2026   08:42",
    "2x Sourdough   11.80",
    "1x Rye   4.90",
    "3x Croissant   8.70",
    "1x Coffee 250g   9.50",
    "Subtotal   34.90",
    "VAT 7%   2.44",
    "TOTAL EUR   37.34",
    "Card   37.34",
)


def found(*lines: str) -> Amounts:
    amounts = find_amounts(lines)
    assert amounts is not None
    return amounts


def test_a_receipt_with_tax_on_top_adds_up() -> None:
    amounts = found(*RECEIPT)
    assert amounts.items == tuple(map(Decimal, ("11.80", "4.90", "8.70", "9.50")))
    assert (amounts.subtotal, amounts.extras, amounts.total) == (
        Decimal("34.90"),
        (Decimal("2.44"),),
        Decimal("37.34"),
    )
    assert amounts.adds_up
    assert amounts.extras_on_top


def test_tax_that_is_part_of_the_prices_adds_up_too() -> None:
    amounts = found("Tea 3.00", "Cake 4.00", "Total 7.00", "incl. VAT 0.46")
    assert amounts.adds_up
    assert not amounts.extras_on_top


@pytest.mark.parametrize(
    "line",
    ["Total 37.35", "Total"],
)
def test_what_is_not_exact_is_no_verdict(line: str) -> None:
    assert not found(*RECEIPT[:8], line).adds_up


def test_a_line_that_was_misread_is_no_verdict() -> None:
    assert not found(*(line for line in RECEIPT if "Rye" not in line)).adds_up


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.90", "4.90"),
        ("4,90", "4.90"),
        ("$4.90", "4.90"),
        ("€ 4,90", "4.90"),
        ("4.90 EUR", "4.90"),
        ("¥1,234.50", "1234.50"),
        ("1.234,50 €", "1234.50"),
        ("1 234,50", "1234.50"),
        ("-2.00", "-2.00"),
        ("−2.00", "-2.00"),
        ("$-2.00", "-2.00"),
        ("4.90 A", "4.90"),
        ("4.90*", "4.90"),
    ],
)
def test_amounts_are_read_in_any_notation(text: str, value: str) -> None:
    assert found(f"Bread {text}").items == (Decimal(value),)


@pytest.mark.parametrize(
    "line", ["VAT 7%", "3 Oct 2026", "No. 004217", "Tel. 01632 960 142", "08:42", "v1.2.34", ""]
)
def test_other_numbers_are_no_amounts(line: str) -> None:
    assert find_amounts([line]) is None


def test_chinese_receipts_work() -> None:
    amounts = found("拿铁 28.00", "蛋糕 32.00", "小计 60.00", "合计 60.00元", "现金 100.00", "找零 40.00")
    assert amounts.adds_up


@given(st.lists(st.integers(1, 99_999), min_size=1, max_size=20), st.integers(-3, 3))
def test_the_verdict_is_true_exactly_when_the_sum_is(cents: list[int], off: int) -> None:
    lines = [f"Item {chr(97 + number % 26)} {value / 100:.2f}" for number, value in enumerate(cents)]
    assert found(*lines, f"Total {(sum(cents) + off) / 100:,.2f}").adds_up == (off == 0)


@given(st.lists(st.text(max_size=40), max_size=20))
def test_any_text_is_survived(lines: list[str]) -> None:
    find_amounts(lines)
