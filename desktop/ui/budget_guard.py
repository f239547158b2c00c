"""The month's budget before a question: a warning once a session, and a question when it is used up."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.budget import Budget, BudgetState, is_free
from desktop.core.catalog import Model
from desktop.core.comparing import goes_over
from desktop.core.problems import Problem
from desktop.core.request import Question
from desktop.core.text import DASH, _, format_price
from desktop.tasks.backend import Backend
from desktop.ui.dialogs import confirm
from desktop.ui.messages import Messages


class BudgetGuard(QObject):
    """Asks whether a question may go over the budget. What it confirms holds for that question alone."""

    def __init__(self, backend: Backend, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._backend = backend
        self._messages = messages
        self._window = parent
        self._warned = False
        backend.spending.budget_changed.connect(self._on_budget)

    def passed(self, question: Question, model: Model, *, over: QWidget | None = None) -> Question | None:
        """The question as it may be asked; None if the user would rather not, who is asked above ``over``."""
        budget = self._backend.spending.budget
        if budget.state is not BudgetState.STOP or self._is_free(model):
            return question
        confirmed = self._confirmed(_usd(budget.limit_usd), format_price(budget.spent_usd), over)
        return replace(question, over_budget=True) if confirmed else None

    def passed_all(
        self, questions: Sequence[Question], models: Sequence[Model], costs: Sequence[Decimal | None]
    ) -> tuple[Question, ...]:
        """Questions that are asked at once, as they may be asked; none if the user would rather not.

        Together they must not cost more than the month has left: one after the other, the last would find the
        budget used up by those before it.
        """
        budget = self._backend.spending.budget
        charged = [cost for model, cost in zip(models, costs, strict=True) if not self._is_free(model)]
        if not charged:
            return tuple(questions)
        if budget.state is BudgetState.STOP:
            confirmed = self._confirmed(_usd(budget.limit_usd), format_price(budget.spent_usd))
        elif goes_over(budget, charged):
            confirmed = self._confirmed_sum(budget, sum((c for c in charged if c is not None), Decimal(0)))
        else:
            return tuple(questions)
        return tuple(replace(one, over_budget=True) for one in questions) if confirmed else ()

    def confirmed_after(self, trouble: Problem) -> bool:
        """The same, when asking itself found the budget used up, for example by another process."""
        limit, spent = (str(trouble.parameters.get(name, DASH)) for name in ("limit", "spent"))
        return self._confirmed(limit.removesuffix(".00"), spent)

    def _is_free(self, model: Model) -> bool:
        return is_free(model, self._backend.prices.rates(model), local=self._backend.provider(model).local)

    def _confirmed(self, limit: str, spent: str, over: QWidget | None = None) -> bool:
        text = _("The month’s budget of {limit} is used up ({spent}). Ask anyway?")
        return self._insists(text.format(limit=limit, spent=spent), over)

    def _confirmed_sum(self, budget: Budget, expected: Decimal) -> bool:
        text = _(
            "Together these answers cost about {price}, and only {left} is left of the month’s budget "
            "of {limit}. Ask anyway?"
        )
        left = format_price((budget.limit_usd or Decimal(0)) - budget.spent_usd)
        return self._insists(
            text.format(price=format_price(expected), left=left, limit=_usd(budget.limit_usd))
        )

    def _insists(self, text: str, over: QWidget | None = None) -> bool:
        return confirm(
            (over or self._window).window(),
            title=_("Budget"),
            text=text,
            action=_("Ask anyway"),
            icon=QMessageBox.Icon.Warning,
        )

    def _on_budget(self, budget: Budget) -> None:
        if budget.state is BudgetState.WARN and not self._warned:
            self._warned = True
            text = _("{share} % of the month’s budget is used: {spent} of {limit}.")
            self._messages.say(
                text.format(
                    share=int((budget.share or 0) * 100),
                    spent=format_price(budget.spent_usd),
                    limit=_usd(budget.limit_usd),
                )
            )


def _usd(limit: Decimal | None) -> str:
    return format_price(limit).removesuffix(".00")
