"""The history's place in the window: a new conversation, the earlier ones, the settings."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.budget import Budget
from desktop.core.model import ConversationSummary
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.history.days import sections
from desktop.ui.history.gauge import BudgetGauge
from desktop.ui.history.model import HistoryModel
from desktop.ui.history.view import HistoryView
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.labels import label


class HistoryPanel(QWidget):
    """Conversations by day.

    Attributes:
        view: the list.
        body: what is between the buttons above and below.

    Signals:
        new_requested: begin a conversation.
        opened(int): id of the conversation to open.
        delete_requested(int): id of the conversation to delete, not asked for confirmation yet.
        settings_requested: open the settings.
        fold_requested: put this panel away.
        spending_requested: show what was spent, or the conversation again.
    """

    new_requested = Signal()
    opened = Signal(int)
    delete_requested = Signal(int)
    settings_requested = Signal()
    fold_requested = Signal()
    spending_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = HistoryModel(self)
        self.view = HistoryView(self._model)
        self.body = QStackedWidget()
        self.body.addWidget(_empty_page())
        self.body.addWidget(self.view)
        self._gauge = BudgetGauge()
        self._gauge.clicked.connect(self.spending_requested)
        self._fill()
        self.view.opened.connect(self.opened)
        self.view.delete_requested.connect(self.delete_requested)

    def show_summaries(
        self, summaries: tuple[ConversationSummary, ...], current_id: int | None, now: datetime
    ) -> None:
        """Show these conversations, newest first, and which one is at hand (None or 0 for a new one)."""
        self._model.set_sections(sections(summaries, now))
        self.body.setCurrentIndex(1 if summaries else 0)
        self.view.show_current(current_id)

    def set_thumbnail(self, conversation_id: int, pixmap: QPixmap) -> None:
        """Show ``pixmap`` in the row of a conversation."""
        self._model.set_thumbnail(conversation_id, pixmap)

    def show_budget(self, budget: Budget) -> None:
        """Show how the month stands."""
        self._gauge.show_budget(budget)

    def show_spending_open(self, on: bool) -> None:
        """Mark the button while the spending page is shown."""
        self._spending.setProperty("chosen", on)
        restyle(self._spending)

    def _fill(self) -> None:
        look = theme.current()
        side = look.metric("sidebar_padding")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(side, look.metric("sidebar_top"), side + 1, 13)
        layout.setSpacing(0)
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        new = button(
            _("New conversation"), icon="plus", tooltip=_("New conversation ({keys})").format(keys=keys)
        )
        new.clicked.connect(self.new_requested)
        fold = icon_button("panel-left-close", _("Hide history (Ctrl+B)"))
        fold.clicked.connect(self.fold_requested)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(new, 1)
        top.addWidget(fold)
        layout.addLayout(top)
        layout.addWidget(self.body, 1)
        layout.addSpacing(6)
        line = QFrame()
        line.setProperty("kind", "line")
        layout.addWidget(line)
        layout.addSpacing(6)
        layout.addWidget(self._gauge)
        layout.addLayout(self._bottom())

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 7, 0)
        self._spending = button(
            _("Spending"), icon="chart-steps", kind="ghost", tooltip=_("What was spent (Ctrl+Shift+D)")
        )
        self._spending.clicked.connect(self.spending_requested)
        gear = icon_button("settings", _("Settings"))
        gear.clicked.connect(self.settings_requested)
        row.addWidget(self._spending)
        row.addStretch(1)
        row.addWidget(gear)
        return row


def _empty_page() -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(6, 18, 6, 0)
    text = label(_("Conversations appear here and stay on this computer."), "faint")
    text.setWordWrap(True)
    layout.addWidget(text)
    layout.addStretch(1)
    return page
