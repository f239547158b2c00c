"""The month's budget: what is left, when to warn, when to stop."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from desktop.core.catalog import Model
from desktop.core.model import ON_DEVICE
from desktop.core.pricing import Rates

WARN_AT = Decimal("0.8")
"""From this share of the budget on, the window warns."""


class BudgetState(StrEnum):
    """How the month stands."""

    NONE = "none"
    FINE = "fine"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One month.

    Attributes:
        month: its first day, local.
        limit_usd: None for no budget; above 0.
        spent_usd: sum of the known costs of the month, and of what unfinished answers are expected to cost.
    """

    month: date
    limit_usd: Decimal | None
    spent_usd: Decimal

    @property
    def share(self) -> Decimal | None:
        """What is used of the budget: 0 for nothing, 1 for all of it, more when it was confirmed."""
        return None if self.limit_usd is None else self.spent_usd / self.limit_usd

    @property
    def state(self) -> BudgetState:
        """At 80 % of the budget it warns, at 100 % it stops unless that is confirmed for this time."""
        if self.share is None:
            return BudgetState.NONE
        if self.share >= 1:
            return BudgetState.STOP
        return BudgetState.WARN if self.share >= WARN_AT else BudgetState.FINE


def month_of(day: date) -> date:
    """The first day of ``day``'s month."""
    return day.replace(day=1)


def is_free(model: Model, rates: Rates | None, *, local: bool = False) -> bool:
    """Whether a question costs nothing, so that no budget stops it.

    Args:
        model: who is asked.
        rates: its prices; None if unknown, which may cost anything.
        local: the server runs on this computer or its network.
    """
    if model.provider == ON_DEVICE:
        return True
    if rates is None:
        return local
    return all(tier.input_usd == 0 and tier.output_usd == 0 for tier in rates.tiers)
