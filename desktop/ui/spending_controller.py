"""The spending page: which days are shown, what is read for them, and the way there and back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desktop.core.budget import Budget
from desktop.core.ledger import DaySpending, Spending
from desktop.core.model import SentImage
from desktop.core.problems import Problem
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.file_dialog import choose_new_file
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.messages import Messages
from desktop.ui.panels import Panels
from desktop.ui.pictures import Pictures
from desktop.ui.spending.period import Kind, Period, period_of
from desktop.ui.widgets.buttons import icon_button

if TYPE_CHECKING:
    from desktop.ui.spending.page import SpendingPage


_SLOW_MS = 400
"""What is read faster than this is simply there."""


def local_today() -> date:
    """The day of the person who reads."""
    return datetime.now(UTC).astimezone().date()


class SpendingController(QObject):
    """Joins what was spent, its page and the gauge in the history.

    Attributes:
        page: None until it is opened first.
        period: the days that are shown.

    Signals:
        conversation_opened(int): a row's conversation is to be opened.
        budget_requested: the user wants to set a budget.
    """

    conversation_opened = Signal(int)
    budget_requested = Signal()

    def __init__(
        self,
        backend: Backend,
        history: HistoryPanel,
        *,
        panels: Panels,
        pictures: Pictures,
        messages: Messages,
        today: Callable[[], date] = local_today,
    ) -> None:
        """Connect; ``today`` is the day of the reader."""
        super().__init__(history)
        self._backend = backend
        self._history = history
        self._panels = panels
        self._pictures = pictures
        self._messages = messages
        self._today = today
        self._days: tuple[DaySpending, ...] | None = None
        self._spending: Spending | None = None
        self._slow = QTimer(self, interval=_SLOW_MS, singleShot=True)
        self._slow.timeout.connect(self._show_reading)
        self.page: SpendingPage | None = None
        self.period = period_of(Kind.MONTH, today())
        history.spending_requested.connect(self.toggle)
        history.show_budget(backend.spending.budget)
        backend.spending.budget_changed.connect(self._on_budget)
        backend.history.deleted.connect(self._refresh)
        # What was asked for before the history was there was not read.
        backend.history.opened.connect(self._refresh)
        panels.changed.connect(self._on_panels)

    @property
    def is_open(self) -> bool:
        """Whether the page is shown."""
        return self.page is not None and self._panels.guest is self.page

    def toggle(self) -> None:
        """Show what was spent, or the conversation again."""
        if self.is_open and self.page is not None and self.page.isVisible():
            self.leave()
        else:
            self.open()

    def open(self) -> None:
        """Show what was spent: at first this month, later the period that was shown last."""
        if self.page is None:
            self.page = self._make_page()
            self._messages.float_first_over(self.page)
        self._panels.receive(self.page)
        self.page.prepare()
        self.page.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_period(self.period)

    def leave(self) -> bool:
        """Show the conversation again; tells whether it was hidden by the page."""
        was_open = self.is_open
        self._panels.send_off()
        return was_open

    def show_period(self, period: Period) -> None:
        """Show these days as soon as they are read; until then those before stay."""
        self.period = period
        if self.page is not None:
            self.page.bar.show_period(period, self._today())
        self._refresh()

    def _make_page(self) -> "SpendingPage":
        # Only who looks at it waits for its modules.
        from desktop.ui.spending.page import SpendingPage  # noqa: PLC0415

        page = SpendingPage()
        bar = page.bar
        self._unfold = icon_button("panel-left", _("Show history (Ctrl+B)"))
        self._unfold.clicked.connect(self._history.fold_requested)
        bar.add_leading(self._unfold)
        bar.kind_chosen.connect(self._on_kind)
        bar.before_requested.connect(self._show_before)
        bar.after_requested.connect(self._show_after)
        bar.today_requested.connect(self._show_today)
        bar.export_requested.connect(self._export)
        bar.back_requested.connect(self.leave)
        page.bar_opened.connect(self.show_period)
        page.budget_requested.connect(self.budget_requested)
        page.table.conversation_opened.connect(self.conversation_opened)
        page.table.pictures_wanted.connect(self._fetch_pictures)
        self._pictures.arrived.connect(page.set_picture)
        for keys, then in (
            ("Alt+Left", self._show_before),
            ("Alt+Right", self._show_after),
            ("Alt+Home", self._show_today),
            ("Ctrl+E", self._export),
        ):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.activated.connect(then)
        return page

    def _refresh(self) -> None:
        """Read again what is shown."""
        if not self.is_open:
            return
        period, spending = self.period, self._backend.spending
        self._days = self._spending = None
        self._slow.start()
        spending.load(
            period.first, period.last, lambda read: self._on_spending(period, read), self._on_failed
        )
        if period.span != (period.first, period.last):
            spending.load(*period.span, lambda read: self._on_days(period, read), self._on_failed)

    def _on_spending(self, period: Period, read: Spending) -> None:
        if period == self.period:
            self._spending = read
            if period.span == (period.first, period.last):
                self._days = read.days
            self._show()

    def _on_days(self, period: Period, read: Spending) -> None:
        if period == self.period:
            self._days = read.days
            self._show()

    def _show(self) -> None:
        if self.page is None or self._spending is None or self._days is None:
            return
        self._slow.stop()
        self.page.bar.show_period(self.period, self._today())
        self.page.show_spending(
            self._spending,
            period=self.period,
            days=self._days,
            budget=self._backend.spending.budget,
            today=self._today(),
        )

    def _show_reading(self) -> None:
        if self.page is not None:
            self.page.bar.show_reading()

    def _on_failed(self, trouble: Problem) -> None:
        self._slow.stop()
        self._messages.show(trouble)

    def _on_budget(self, budget: Budget) -> None:
        self._history.show_budget(budget)
        self._refresh()

    def _on_panels(self) -> None:
        self._history.show_spending_open(self.is_open)
        if self.page is not None:
            folded = self._history.isHidden()
            self._unfold.setVisible(folded)
            self.page.bar.show_back(folded)

    def _on_kind(self, value: str) -> None:
        """The period of another length: around today if that is in the one at hand, else where it begins."""
        today = self._today()
        self.show_period(period_of(Kind(value), today if today in self.period else self.period.first))

    def _show_before(self) -> None:
        self.show_period(self.period.before())

    def _show_after(self) -> None:
        if self.period.last < self._today():
            self.show_period(self.period.after())

    def _show_today(self) -> None:
        self.show_period(period_of(self.period.kind, self._today()))

    def _fetch_pictures(self, wanted: list[SentImage]) -> None:
        for sent in wanted:
            pixmap = self._pictures.get(sent)
            if pixmap is not None and self.page is not None:
                self.page.set_picture(sent.sha256, pixmap)

    def _export(self) -> None:
        shown = self.page.shown if self.page is not None else None
        if self.page is None or shown is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = choose_new_file(
            self.page.window(),
            title=_("Export CSV"),
            path=Path(folder) / f"{_file_name(self.period)}.csv",
            filters=["CSV (*.csv)"],
        )
        if chosen is not None:
            days = shown.first, shown.last
            self._backend.export_spending(days, chosen, self._on_exported, self._messages.show)

    def _on_exported(self, files: tuple[Path, ...]) -> None:
        text = _("Saved as {name}, the days beside it as {days}.")
        self._messages.say(text.format(name=files[0].name, days=files[-1].name))


def _file_name(period: Period) -> str:
    """``spending-2026-11``: sorts by time, and every file system takes it."""
    pattern = {Kind.DAY: "%Y-%m-%d", Kind.MONTH: "%Y-%m", Kind.YEAR: "%Y"}[period.kind]
    return f"spending-{period.first.strftime(pattern)}"
