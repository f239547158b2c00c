"""The month's budget stops a question before anything is prepared, stored or sent."""

import asyncio

from desktop.asking.services import Services
from desktop.core.budget import Budget, BudgetState, is_free, month_of
from desktop.core.catalog import Model
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import Question
from desktop.core.text import format_price
from desktop.engines.providers import PROVIDERS
from desktop.system.clock import now_utc

_LOCAL = frozenset(provider.id for provider in PROVIDERS if provider.local)


async def check_budget(question: Question, model: Model, services: Services) -> None:
    """Let a question pass that is confirmed, free, or within the budget.

    Raises:
        ProblemError: BUDGET_REACHED.
    """
    limit = services.budget_usd()
    if limit is None or question.over_budget:
        return
    rates = await asyncio.to_thread(services.rates, model)
    if is_free(model, rates, local=services.provider_for(model) in _LOCAL):
        return
    month = month_of(now_utc().astimezone().date())
    spent = await asyncio.wrap_future(services.store.spent_in(month))
    if Budget(month=month, limit_usd=limit, spent_usd=spent).state is BudgetState.STOP:
        raise ProblemError(problem(Code.BUDGET_REACHED, spent=format_price(spent), limit=format_price(limit)))
