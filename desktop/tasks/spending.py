"""What was spent and what bills taught, for the window: read on the store's thread, kept here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from desktop.asking.services import Services
from desktop.core.budget import Budget, month_of
from desktop.core.catalog import Model
from desktop.core.ledger import Learned, Spending
from desktop.core.problems import Problem
from desktop.system.clock import now_utc
from desktop.tasks.delivery import Delivery


def _today() -> date:
    return now_utc().astimezone().date()


def _unheard(_problem: Problem) -> None:
    """What was known before holds; the history itself tells what is wrong with it."""


class SpendingTasks(QObject):
    """Spending, the month's budget, and what bills taught. Nothing here blocks.

    Signals:
        learned_changed(): `learned` gives something else now.
        budget_changed(Budget): the month stands otherwise now, or another budget holds.
    """

    learned_changed = Signal()
    budget_changed = Signal(object)

    def __init__(self, services: Services, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._delivery = delivery
        self._learned: dict[tuple[str, str], Learned] = {}
        self._budget = Budget(month=month_of(_today()), limit_usd=services.budget_usd(), spent_usd=Decimal(0))
        self._open = False
        self._closed = False

    @property
    def budget(self) -> Budget:
        """The month at hand."""
        if self._budget.month != month_of(_today()):
            # The window stayed open over the end of a month.
            self._take_budget(replace(self._budget, month=month_of(_today()), spent_usd=Decimal(0)))
            self.refresh()
        return self._budget

    def load(
        self,
        first: date,
        last: date,
        succeeded: Callable[[Spending], None],
        failed: Callable[[Problem], None] = _unheard,
    ) -> None:
        """Everything that was spent in these days, both included."""
        if self._ready:
            self._delivery.follow(self._services.store.spending(first, last), succeeded, failed)

    def learned(self, model: Model) -> Learned:
        """What is known by now; `learned_changed` tells when there is more."""
        key = (self._services.provider_for(model), model.id)
        if key not in self._learned:
            if not self._ready:
                return Learned()
            self._learned[key] = Learned()
            self._learn(key)
        return self._learned[key]

    def open(self) -> None:
        """The history can be read from now on."""
        self._open = True
        self.refresh()

    def refresh(self) -> None:
        """Look again: a question has ended, or another process has written."""
        if not self._ready:
            return
        month = month_of(_today())
        self._delivery.follow(
            self._services.store.spent_in(month), lambda spent: self._on_spent(month, spent), _unheard
        )
        for key in self._learned:
            self._learn(key)

    def use_budget(self) -> None:
        """Another budget holds."""
        self._take_budget(replace(self._budget, limit_usd=self._services.budget_usd()))

    def close(self) -> None:
        """Ask the store for nothing more; idempotent."""
        self._closed = True

    @property
    def _ready(self) -> bool:
        return self._open and not self._closed

    def _learn(self, key: tuple[str, str]) -> None:
        self._delivery.follow(
            self._services.store.learned(*key), lambda learned: self._on_learned(key, learned), _unheard
        )

    def _on_learned(self, key: tuple[str, str], learned: Learned) -> None:
        if learned != self._learned[key]:
            self._learned[key] = learned
            self.learned_changed.emit()

    def _on_spent(self, month: date, spent: Decimal) -> None:
        self._take_budget(Budget(month=month, limit_usd=self._services.budget_usd(), spent_usd=spent))

    def _take_budget(self, budget: Budget) -> None:
        if budget != self._budget:
            self._budget = budget
            self.budget_changed.emit(budget)
