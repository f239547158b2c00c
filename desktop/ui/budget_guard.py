"""The month's budget before a question: a warning once a session, and a question when it is used up."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.budget import Budget, BudgetState, is_free
from desktop.core.catalog import Model
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

    def passed(self, question: Question, model: Model) -> Question | None:
        """The question as it may be asked; None if the user would rather not."""
        budget = self._backend.spending.budget
        if budget.state is not BudgetState.STOP or self._is_free(model):
            return question
        confirmed = self._confirmed(_usd(budget.limit_usd), format_price(budget.spent_usd))
        return replace(question, over_budget=True) if confirmed else None

    def confirmed_after(self, trouble: Problem) -> bool:
        """The same, when asking itself found the budget used up, for example by another process."""
        limit, spent = (str(trouble.parameters.get(name, DASH)) for name in ("limit", "spent"))
        return self._confirmed(limit.removesuffix(".00"), spent)

    def _is_free(self, model: Model) -> bool:
        return is_free(model, self._backend.prices.rates(model), local=self._backend.provider(model).local)

    def _confirmed(self, limit: str, spent: str) -> bool:
        text = _("The month’s budget of {limit} is used up ({spent}). Ask anyway?")
        return confirm(
            self._window.window(),
            title=_("Budget"),
            text=text.format(limit=limit, spent=spent),
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
