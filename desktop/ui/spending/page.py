"""The spending page."""

import importlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.budget import Budget
from desktop.core.ledger import DaySpending, Spending
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.spending.bars import Bar, bars, heading
from desktop.ui.spending.card import CardRow
from desktop.ui.spending.cards import cards, unpriced_note
from desktop.ui.spending.columns import Table, table_name
from desktop.ui.spending.nothing import NothingPage
from desktop.ui.spending.period import Period
from desktop.ui.spending.period_bar import PeriodBar
from desktop.ui.spending.table import SpendingTable
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from desktop.ui.spending.chart import BarChart

_CHART_MODULES = ("numpy", "PySide6.QtTest", "PySide6.QtOpenGLWidgets", "pyqtgraph")
"""What the chart needs, one after the other: in one go the window would stand still for half a second."""
_CHART_HEIGHT_PX = 278
_GAP_PX = 20


class SpendingPage(QWidget):
    """Cards, a chart and tables of one period.

    Attributes:
        bar: the heading.
        table: the table at hand.
        chart: None until the page is shown first.

    Signals:
        bar_opened(Period): a day or a month of the chart was clicked.
        budget_requested: set a budget.
    """

    bar_opened = Signal(object)
    budget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = PeriodBar()
        self.table = SpendingTable()
        self.chart: BarChart | None = None
        self._cards = CardRow()
        self._unpriced = label("", "small")
        self._unpriced.setWordWrap(True)
        self._heading = label("", "title")
        self._tables = Segments([(t, table_name(t), "") for t in Table], name=_("Table"))
        self._nothing = NothingPage()
        self._spending: Spending | None = None
        self._bars: tuple[Bar, ...] = ()
        self._to_import = list(_CHART_MODULES)
        self._lay_out()
        self._tables.chosen.connect(self._show_table)
        self._cards.budget_requested.connect(self.budget_requested)
        self._nothing.budget_requested.connect(self.budget_requested)

    @property
    def shown(self) -> Spending | None:
        """What is shown; None before anything was."""
        return self._spending

    def show_spending(
        self,
        spending: Spending,
        *,
        period: Period,
        days: Sequence[DaySpending],
        budget: Budget | None,
        today: date,
    ) -> None:
        """Show a period.

        Args:
            spending: of the period.
            period: which one it is.
            days: of its chart, which for a day are those of its week.
            budget: of the month at hand; None if it is not known yet.
            today: the day of the reader.
        """
        self._spending = spending
        self.bar.set_exportable(not _is_empty(spending))
        offers_budget = budget is not None and budget.limit_usd is None
        self._nothing.show_period(period, offers_budget=offers_budget)
        self._body.setCurrentWidget(self._nothing if _is_empty(spending) else self._scroll)
        self._cards.show_cards(cards(spending, period, budget, today))
        self._unpriced.setText(unpriced_note(spending))
        self._unpriced.setVisible(bool(spending.unpriced_requests))
        self._heading.setText(heading(period))
        self._bars = bars(period, days, today)
        self._show_chart()
        self._show_table()

    def prepare(self) -> None:
        """Begin to import what the chart needs, piece by piece."""
        if self.chart is None:
            QTimer.singleShot(0, self, self._import_next)

    def set_picture(self, sha256: str, pixmap: QPixmap) -> None:
        """Show the picture of an image."""
        self.table.rows.set_thumbnail(sha256, pixmap)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        padding = theme.current().metric("page_padding")
        column.setContentsMargins(padding, _GAP_PX, padding, 0)
        column.setSpacing(0)
        column.addWidget(self._cards)
        column.addSpacing(8)
        column.addWidget(self._unpriced)
        column.addSpacing(_GAP_PX - 8)
        column.addWidget(self._chart_card())
        column.addSpacing(_GAP_PX)
        column.addLayout(_row(self._tables))
        column.addSpacing(12)
        self.table.setMinimumHeight(200)
        column.addWidget(self.table, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidget(content)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = QStackedWidget()
        for body in (QWidget(), self._nothing, self._scroll):
            self._body.addWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._body, 1)

    def _chart_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        card.setMinimumHeight(190)
        card.setMaximumHeight(_CHART_HEIGHT_PX)
        self._chart_column = QVBoxLayout(card)
        self._chart_column.setContentsMargins(12, 12, 12, 12)
        self._chart_column.setSpacing(0)
        self._chart_column.addWidget(self._heading)
        self._chart_column.addStretch(0)
        line = QFrame()
        line.setProperty("kind", "line")
        self._chart_column.addWidget(line)
        return card

    def _import_next(self) -> None:
        if self._to_import:
            importlib.import_module(self._to_import.pop(0))
            QTimer.singleShot(0, self, self._import_next)
            return
        if self.chart is None:
            from desktop.ui.spending.chart import BarChart  # noqa: PLC0415 - imports pyqtgraph

            self.chart = BarChart()
            self.chart.opened.connect(self._on_bar)
            self._chart_column.insertWidget(1, self.chart, 10)
            self._show_chart()

    def _show_chart(self) -> None:
        if self.chart is not None:
            self.chart.show_bars(self._bars, name=self._heading.text())

    def _show_table(self) -> None:
        if self._spending is not None:
            self.table.show_table(Table(self._tables.value), self._spending)

    def _on_bar(self, at: int) -> None:
        self.bar_opened.emit(self._bars[at].opens)


def _is_empty(spending: Spending) -> bool:
    return not (spending.requests or spending.image_rows or spending.models or spending.conversations)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
