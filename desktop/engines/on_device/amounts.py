"""Finds prices at the ends of lines, and whether they add up exactly to the total that is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What a receipt or an invoice says in numbers.

    Attributes:
        items: the amounts before the first sum.
        subtotal: None if no line names one.
        extras: taxes, tips, fees.
        total: None if no line names one.
    """

    items: tuple[Decimal, ...]
    subtotal: Decimal | None
    extras: tuple[Decimal, ...]
    total: Decimal | None

    @property
    def items_sum(self) -> Decimal:
        """Sum of the items."""
        return sum(self.items, Decimal(0))

    @property
    def extras_sum(self) -> Decimal:
        """Sum of taxes, tips and fees."""
        return sum(self.extras, Decimal(0))

    @property
    def adds_up(self) -> bool:
        """Whether everything that is named agrees to the cent; taxes may be in the prices, or on top."""
        if self.total is None or len(self.items) == 0:
            return False
        if self.subtotal is not None and self.subtotal != self.items_sum:
            return False
        return self.total in {self.items_sum, self.items_sum + self.extras_sum}

    @property
    def extras_on_top(self) -> bool:
        """Whether the total is reached only with the extras."""
        return self.adds_up and self.total != self.items_sum


class _Kind(Enum):
    ITEM = auto()
    SUBTOTAL = auto()
    EXTRA = auto()
    TOTAL = auto()
    PAYMENT = auto()


_CURRENCY: Final = r"(?:[$€£¥￥]|eur|usd|gbp|chf|cny|rmb|元)"
_AMOUNT: Final = re.compile(
    rf"(?<![\d.,])(?P<sign>[-−–])?\s*{_CURRENCY}?\s*(?P<inner>[-−–])?"
    r"(?P<number>\d{1,3}(?:[.,' ]\d{3})+[.,]\d{2}|\d{1,9}[.,]\d{2})"
    rf"\s*{_CURRENCY}?(?:\s+[a-z]|\*)?\s*$",
    re.IGNORECASE,
)

_KINDS: Final[tuple[tuple[_Kind, str], ...]] = (
    (_Kind.SUBTOTAL, r"\bsub ?-?total\b|\bnet\b|zwischensumme|小计"),
    (_Kind.PAYMENT, r"\b(cash|card|visa|mastercard|change|tendered|paid|payment)\b|现金|找零|支付|刷卡"),
    (_Kind.TOTAL, r"\btotal\b|\bamount due\b|\bbalance due\b|\bto pay\b|\bsumme\b|合计|总计|总额|应付|实付"),
    (_Kind.EXTRA, r"\b(vat|tax|gst|hst|mwst|ust|tip|gratuity|service|fee)\b|税|服务费|小费"),
)


def find_amounts(lines: Sequence[str]) -> Amounts | None:
    """The amounts of text lines in reading order; None if no line ends in one."""
    items: list[Decimal] = []
    extras: list[Decimal] = []
    subtotal = total = None
    for line in lines:
        found = _amount(line)
        if found is None:
            continue
        label, value = found
        kind = _kind(label)
        if kind is _Kind.ITEM and subtotal is None and total is None:
            items.append(value)
        elif kind is _Kind.EXTRA and total is None:
            extras.append(value)
        elif kind is _Kind.SUBTOTAL and subtotal is None:
            subtotal = value
        elif kind is _Kind.TOTAL:
            # The last one: "Total before tax" may come first.
            total = value
    if not items and total is None:
        return None
    return Amounts(items=tuple(items), subtotal=subtotal, extras=tuple(extras), total=total)


def _amount(line: str) -> tuple[str, Decimal] | None:
    match = _AMOUNT.search(line)
    if match is None:
        return None
    label = line[: match.start()].casefold()
    digits = re.sub(r"\D", "", match["number"])
    value = Decimal(digits).scaleb(-2)
    return label, -value if match["sign"] or match["inner"] else value


def _kind(label: str) -> _Kind:
    for kind, pattern in _KINDS:
        if re.search(pattern, label):
            return kind
    return _Kind.ITEM
