"""A period in which nothing was spent."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.dates import full_date, month_and_year
from desktop.ui.spending.period import Kind, Period
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

_BARS = (0.34, 0.52, 0.26, 0.72, 1.0, 0.6, 0.44)
_BAR_PX = 14
_GAP_PX = 8
_HEIGHT_PX = 72


class NothingPage(QWidget):
    """Says so, and what will be here.

    Signals:
        budget_requested: set a budget.
    """

    budget_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = label("", "headline")
        text = label(
            _("Ask about an image, and what it cost appears here: per day, per image, per conversation."),
            "muted",
        )
        self._budget = button(_("Set a budget…"), kind="link")
        self._budget.clicked.connect(self.budget_requested)
        for made in (self._headline, text):
            made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            made.setWordWrap(True)
        center = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(_PaleBars(), 0, center)
        column.addSpacing(18)
        column.addWidget(self._headline)
        column.addWidget(text)
        column.addSpacing(4)
        column.addWidget(self._budget, 0, center)
        column.addStretch(3)

    def show_period(self, period: Period, *, offers_budget: bool) -> None:
        """Name the period."""
        patterns = {
            Kind.DAY: (_("Nothing was spent on {day}."), full_date(period.first)),
            Kind.MONTH: (_("Nothing was spent in {month}."), month_and_year(period.first)),
            Kind.YEAR: (_("Nothing was spent in {year}."), str(period.first.year)),
        }
        pattern, name = patterns[period.kind]
        self._headline.setText(pattern.format(**{period.kind.value: name}))
        self._budget.setVisible(offers_budget)


class _PaleBars(QWidget):
    """A chart of nothing: the bars' places, in the colour of an empty track."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(len(_BARS) * (_BAR_PX + _GAP_PX) - _GAP_PX, _HEIGHT_PX)
        theme.current().changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, share in enumerate(_BARS):
            painter.setBrush(theme.current().color("accent_soft" if at != 4 else "dot"))
            height = round(share * _HEIGHT_PX)
            painter.drawRoundedRect(at * (_BAR_PX + _GAP_PX), _HEIGHT_PX - height, _BAR_PX, height, 4, 4)
