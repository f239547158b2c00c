"""One figure in a frame, and the row of them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _, join_list
from desktop.ui import theme
from desktop.ui.spending.cards import Card
from desktop.ui.widgets.buttons import button, restyle
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip

_PADDING_PX = 12
_LINE_PX = 18
_FIGURE_PX = 34
_TWO_ROWS_BELOW_PX = 720


class StatCard(QFrame):
    """Title, figure, note.

    Signals:
        budget_requested: set a budget.
    """

    budget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setFixedHeight(theme.current().metric("stat_card_height"))
        self._title, self._figure = ElidedLabel("", "small"), ElidedLabel("", "figure")
        self._note = ElidedLabel("", "small")
        self._budget = button(_("Set a budget…"), kind="link")
        self._budget.setProperty("inline", True)
        self._budget.setFixedHeight(_LINE_PX)
        self._budget.clicked.connect(self.budget_requested)
        for line, height in ((self._title, _LINE_PX), (self._figure, _FIGURE_PX), (self._note, _LINE_PX)):
            line.setFixedHeight(height)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self._note, 1)
        bottom.addWidget(self._budget)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING_PX, _PADDING_PX + 1, _PADDING_PX, _PADDING_PX)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self._figure)
        column.addLayout(bottom)
        column.addStretch(1)

    def show_card(self, card: Card) -> None:
        """Show another figure."""
        self._title.setText(card.title)
        self._figure.setText(card.figure)
        self._note.setText(card.note)
        self._figure.setProperty("state", card.state.value)
        restyle(self._figure)
        self._budget.setVisible(card.offers_budget)
        self.setAccessibleName(join_list((card.title, card.figure, card.note)))
        plain_tooltip(self, card.tooltip)


class CardRow(QWidget):
    """Cards of one width: side by side, in two rows where the page is narrow.

    Signals:
        budget_requested: set a budget.
    """

    budget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[StatCard] = []
        self._columns = 4
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.current().metric("stat_card_gap"))

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show these figures."""
        while len(self._cards) < len(cards):
            made = StatCard()
            made.budget_requested.connect(self.budget_requested)
            self._cards.append(made)
            self._arrange()
        for widget, card in zip(self._cards, cards, strict=True):
            widget.show_card(card)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if event.size().width() < _TWO_ROWS_BELOW_PX else 4
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def _arrange(self) -> None:
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // self._columns, at % self._columns)
        for at in range(4):
            self._grid.setColumnStretch(at, 1 if at < self._columns else 0)
