"""Money: what usage costs, and which part of it each image made.

Decimal throughout; shares add up to the last digit. Prices are those of the ``genai-prices`` package. Its
import takes 0.3 to 0.4 s and its table 25 ms, so `load_prices` runs on a worker thread; what it gives prices
a request in microseconds. A price that it does not know is None, never invented.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.core.catalog import OPENAI, Model
from desktop.core.model import ON_DEVICE, Usage
from desktop.core.own_prices import OwnPrice

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelPrice, TieredPrices

SHARE_PLACES = 12
"""Shares are whole numbers of 10^-12 dollars: finer than one token of any price."""
_MAX_TOKENS = 10**9  # Hostile usage beyond this would overflow Decimal's 28 digits and make sums inexact.
_MAX_CHARGE_USD = Decimal(10) ** 6
_MAX_MTOK_USD = Decimal(10) ** 6  # A fetched table may hold anything; beyond this a price is a mistake.
# A model that charges in these ways too is not priced: its figure would be wrong.
_UNPRICED_WAYS = ("requests_kcount", "output_reasoning_mtok", "input_image_mtok", "output_citation_mtok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Prices in USD of one token, for requests of more than ``above_tokens`` prompt tokens."""

    above_tokens: int = 0
    input_usd: Decimal
    cached_usd: Decimal
    cache_write_usd: Decimal
    output_usd: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """The prices of one model.

    Attributes:
        tiers: cheapest requests first. The last one whose ``above_tokens`` the prompt exceeds prices all of
            its tokens.
    """

    tiers: tuple[Tier, ...]

    def tier(self, prompt_tokens: int) -> Tier:
        """The tier of a request with this many prompt tokens."""
        chosen = self.tiers[0]
        for tier in self.tiers[1:]:
            if prompt_tokens > tier.above_tokens:
                chosen = tier
        return chosen

    def input_cost(self, usage: Usage) -> Decimal:
        """USD for the prompt: fresh, cached and cache-writing tokens at their own prices."""
        prompt = _bounded(usage.prompt_tokens)
        cached = min(_bounded(usage.cached_tokens), prompt)
        written = min(_bounded(usage.cache_write_tokens), prompt - cached)
        tier = self.tier(prompt)
        fresh = (prompt - cached - written) * tier.input_usd
        return fresh + cached * tier.cached_usd + written * tier.cache_write_usd

    def output_cost(self, usage: Usage) -> Decimal:
        """USD for the answer, reasoning included."""
        return _bounded(usage.completion_tokens) * self.tier(_bounded(usage.prompt_tokens)).output_usd

    def cost(self, usage: Usage) -> Decimal:
        """USD for the whole request."""
        return self.input_cost(usage) + self.output_cost(usage)


def free_rates() -> Rates:
    """The rates of the reader on this computer: nothing."""
    zero = Decimal(0)
    return Rates((Tier(input_usd=zero, cached_usd=zero, cache_write_usd=zero, output_usd=zero),))


def own_rates(own: OwnPrice) -> Rates:
    """The rates of a price that the user entered; writing to the cache costs what input costs."""
    fresh = own.input_usd.scaleb(-6)
    cached = fresh if own.cached_usd is None else own.cached_usd.scaleb(-6)
    out = own.output_usd.scaleb(-6)
    return Rates((Tier(input_usd=fresh, cached_usd=cached, cache_write_usd=fresh, output_usd=out),))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """Which price list is in force.

    Attributes:
        models: how many it has prices of, all providers together.
        fetched_on: the day on which the user fetched it; None for the one that came with the package.
        package: version of ``genai-prices``.
    """

    models: int
    fetched_on: date | None
    package: str


class Prices:
    """A price list.

    `rates` may be called on any thread: under 1 ms the first time for a model, then microseconds.

    Attributes:
        models: how many it has prices of, all providers together.
    """

    def __init__(self, snapshot: DataSnapshot, at: datetime) -> None:
        self.models = sum(len(provider.models) for provider in snapshot.providers)
        self._snapshot = snapshot
        self._at = at
        self._rates: dict[tuple[str, str, str], Rates | None] = {}

    def rates(self, model: Model, *, provider: str | None = None) -> Rates | None:
        """The rates of ``model``; None if nobody has said them.

        Args:
            model: as it is asked.
            provider: whose prices apply, by its id in ``genai-prices``; None for the model's own maker. A
                model of unknown maker has none then.
        """
        if model.provider == ON_DEVICE:
            return free_rates()
        provider = provider or model.provider
        key = (provider, model.id, model.row_id)
        if key not in self._rates:
            self._rates[key] = self._find(model, provider) if provider else None
        return self._rates[key]

    def _find(self, model: Model, provider: str) -> Rates | None:
        for ref in (model.id, model.row_id):
            try:
                _, info = self._snapshot.find_provider_model(ref, None, provider, None)
                return _rates(info.get_prices(self._at))
            # A fetched list may hold patterns that are none (re.error), and models without a price.
            except (LookupError, re.error):
                continue
        return None


def load_prices(*, at: datetime | None = None) -> Prices:
    """Load the price list that came with the package (offline). Slow: for a worker thread.

    Args:
        at: the time whose prices apply; now if None.
    """
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - slow, see the module's docstring

    return Prices(get_snapshot(), at or datetime.now(UTC))


def parse_prices(providers: object, *, at: datetime | None = None) -> Prices:
    """The price list in what genai-prices publishes, decoded from JSON. Slow: for a worker thread.

    Args:
        providers: the decoded list.
        at: the time whose prices apply; now if None.

    Raises:
        ValueError: it is none, or it knows nothing of OpenAI, so that it would take prices away.
    """
    from genai_prices.data_snapshot import DataSnapshot  # noqa: PLC0415 - slow, see the module's docstring
    from genai_prices.types import _providers_from_raw  # noqa: PLC0415 - what its own updater calls

    try:
        if not isinstance(providers, list):
            raise TypeError(type(providers))  # noqa: TRY301 - mapped below, like all the others
        snapshot = DataSnapshot(_providers_from_raw(providers), from_auto_update=True)
        prices = Prices(snapshot, at or datetime.now(UTC))
        if not snapshot.find_provider(None, OPENAI, None).models:
            raise ValueError(OPENAI)  # noqa: TRY301 - as above
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError("not a price list") from error
    return prices


def _rates(price: ModelPrice) -> Rates | None:
    if price.input_mtok is None or price.output_mtok is None:
        return None
    if any(getattr(price, way, None) is not None for way in _UNPRICED_WAYS):
        return None
    read = price.cache_read_mtok if price.cache_read_mtok is not None else price.input_mtok
    write = price.cache_write_mtok if price.cache_write_mtok is not None else price.input_mtok
    kinds = (price.input_mtok, read, write, price.output_mtok)
    if not all(0 <= part <= _MAX_MTOK_USD for kind in kinds for part in _parts(kind)):
        return None
    starts = {0, *(tier.start for kind in kinds if not isinstance(kind, Decimal) for tier in kind.tiers)}
    return Rates(tuple(_tier(start, *kinds) for start in sorted(starts)))


def _parts(kind: Decimal | TieredPrices) -> tuple[Decimal, ...]:
    return (kind,) if isinstance(kind, Decimal) else (kind.base, *(tier.price for tier in kind.tiers))


def _tier(start: int, *kinds: Decimal | TieredPrices) -> Tier:
    fresh, read, write, out = (_per_token(kind, start) for kind in kinds)
    return Tier(above_tokens=start, input_usd=fresh, cached_usd=read, cache_write_usd=write, output_usd=out)


def _per_token(kind: Decimal | TieredPrices, start: int) -> Decimal:
    if isinstance(kind, Decimal):
        return kind.scaleb(-6)
    chosen = kind.base
    for tier in kind.tiers:
        if tier.start <= start:
            chosen = tier.price
    return chosen.scaleb(-6)


def _bounded(tokens: int) -> int:
    return max(0, min(tokens, _MAX_TOKENS))


def spread(total: Decimal, weights: Sequence[int | Decimal]) -> tuple[Decimal, ...]:
    """Split ``total`` in proportion to ``weights``, so that the parts add up to it to the last digit.

    Args:
        total: finite.
        weights: none below 0. If all are 0 the parts are equal. Without weights there are no parts.

    Returns:
        A part for each weight, in units of 10^-12 or of the last digit of ``total``, whichever is finer: each
        is less than one unit away from its exact share.

    Raises:
        ValueError: a weight is below 0.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError(weights)
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole == 0:
        exact, whole = [Fraction(1)] * len(exact), Fraction(len(exact))
    exponent = total.as_tuple().exponent
    places = max(SHARE_PLACES, -exponent if isinstance(exponent, int) else 0)
    units = Fraction(total) * 10**places
    parts: list[Decimal] = []
    reached, given = Fraction(0), 0
    for weight in exact:
        reached += weight
        upto = int(units * reached / whole)
        parts.append(_decimal(upto - given, places))
        given = upto
    return tuple(parts)


def _decimal(units: int, places: int) -> Decimal:
    # Not scaleb: it would round to the context's 28 digits.
    return Decimal((int(units < 0), tuple(int(digit) for digit in str(abs(units))), -places))


@dataclass(frozen=True, slots=True)
class Bill:
    """Who made what of a cost: ``sum(images) + text + answer == total``, exactly.

    Attributes:
        total: USD of the whole request.
        images: each image's share, in order; None where its tokens are unknown (it is then in ``text``).
        text: the rest of the prompt; None if only the total is known.
        answer: the completion; None if only the total is known.
    """

    total: Decimal
    images: tuple[Decimal | None, ...]
    text: Decimal | None
    answer: Decimal | None


def bill(usage: Usage, rates: Rates | None, image_tokens: Sequence[int | None]) -> Bill | None:
    """Split what a request cost over its images, its text and its answer.

    The images' share of the prompt's cost is that of their tokens among the prompt's: as the server counted
    them (``usage.image_tokens``) or, where it did not tell, as planned. It is spread over the images by their
    planned tokens.

    Args:
        usage: what the server billed. Its ``charged_usd``, where it told one, is the total, and the shares
            are scaled to it.
        rates: prices of the model; None if unknown.
        image_tokens: planned tokens of every image that was sent, in order; None where the rule is unknown.

    Returns:
        None if neither a price nor a charge is known. With a charge and no price, only the total.
    """
    charge = _charge(usage)
    if rates is None:
        return None if charge is None else Bill(charge, (None,) * len(image_tokens), None, None)
    prompt = _bounded(usage.prompt_tokens)
    in_images = min(prompt, _billed_image_tokens(usage, image_tokens))
    images, text = spread(rates.input_cost(usage), (in_images, prompt - in_images))
    answer = rates.output_cost(usage)
    if charge is not None:
        images, text, answer = spread(charge, (images, text, answer))
    known = [tokens for tokens in image_tokens if tokens is not None]
    if not known:
        images, text = Decimal(0), text + images
    shares = iter(spread(images, known))
    each = tuple(None if tokens is None else next(shares) for tokens in image_tokens)
    return Bill(images + text + answer, each, text, answer)


def _billed_image_tokens(usage: Usage, image_tokens: Sequence[int | None]) -> int:
    planned = sum(tokens for tokens in image_tokens if tokens is not None)
    # Servers that do not count images say 0; no image makes 0 tokens.
    if not usage.image_tokens or planned == 0:
        return planned
    reported = _bounded(usage.image_tokens)
    return min(planned, reported) if None in image_tokens else reported


def _charge(usage: Usage) -> Decimal | None:
    charge = usage.charged_usd
    if charge is None or not charge.is_finite() or not 0 <= charge <= _MAX_CHARGE_USD:
        return None
    return round(charge, SHARE_PLACES)
