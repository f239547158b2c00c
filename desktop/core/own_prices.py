"""Amounts of money that a person types: a budget, and own prices of models. They are stored as text."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MOST_BUDGET_USD = Decimal(1_000_000)
MOST_PRICE_USD = Decimal(100_000)
"""Of a million tokens: a hundred times the dearest there is."""
MOST_PRICES = 500
MOST_MODEL_CHARS = 200
_AMOUNT = re.compile(r"\$?\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What a person says a model costs, in USD of a million tokens; 0 is free.

    Attributes:
        input_usd: of what is sent.
        cached_usd: of what the provider's cache already has; None for the same as ``input_usd``.
        output_usd: of the answer.
    """

    input_usd: Decimal
    cached_usd: Decimal | None
    output_usd: Decimal


def read_amount(text: object, most: Decimal) -> Decimal:
    """The amount in ``text``: digits and at most one point, with or without ``$``; full-width ones too.

    Raises:
        ValueError: it is none, or above ``most``. A comma is refused: it would mean ten times or a thousand
            times as much, depending on who reads it.
    """
    if not isinstance(text, str) or len(text) > 40:
        raise ValueError(text)
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(text)
    amount = Decimal(match[1])
    if amount > most:
        raise ValueError(text)
    return amount


def amount_text(amount: Decimal) -> str:
    """Plain digits that `read_amount` reads back: ``2.5``, ``10``, never ``1E+1``."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_budget(text: object) -> Decimal:
    """A month's budget: above 0.

    Raises:
        ValueError: it is none.
    """
    budget = read_amount(text, MOST_BUDGET_USD)
    if not budget:
        raise ValueError(text)
    return budget


def read_own_prices(table: object) -> dict[str, OwnPrice]:
    """Own prices of a stored table, by model id.

    Raises:
        ValueError: something in it is no price.
    """
    if not isinstance(table, Mapping) or len(table) > MOST_PRICES:
        raise ValueError(table)
    return {read_model_id(model): _read_price(row) for model, row in table.items()}


def read_model_id(text: object) -> str:
    """A model id as it could be sent to a server.

    Raises:
        ValueError: it is empty, too long, or has what cannot be printed.
    """
    name = text.strip() if isinstance(text, str) else ""
    if not name or len(name) > MOST_MODEL_CHARS or not name.isprintable():
        raise ValueError(text)
    return name


def own_prices_table(prices: Mapping[str, OwnPrice]) -> dict[str, dict[str, str]]:
    """What `read_own_prices` reads."""
    return {model: _price_row(price) for model, price in prices.items()}


def _read_price(row: object) -> OwnPrice:
    if not isinstance(row, Mapping):
        raise ValueError(row)  # noqa: TRY004 - a wrong value of a file, like all the others
    return OwnPrice(
        input_usd=read_amount(row.get("input"), MOST_PRICE_USD),
        cached_usd=read_amount(row["cached"], MOST_PRICE_USD) if "cached" in row else None,
        output_usd=read_amount(row.get("output"), MOST_PRICE_USD),
    )


def _price_row(price: OwnPrice) -> dict[str, str]:
    cached = {} if price.cached_usd is None else {"cached": amount_text(price.cached_usd)}
    return {"input": amount_text(price.input_usd), **cached, "output": amount_text(price.output_usd)}
