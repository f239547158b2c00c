"""The page's heading: which days, export."""

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.spending.period import EARLIEST, Kind, Period
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.segments import Segments

_SMALL_PX = 28
_NARROW_PX = 700
_NARROWER_PX = 560
_NARROWEST_PX = 520
_LEAST_PX = 300


class PeriodBar(QWidget):
    """One row: back, title, the period with its neighbours, how long it is, export.

    Signals:
        kind_chosen(str): value of a `Kind`.
        before_requested: the period before.
        after_requested: the period after.
        today_requested: the one that today is in.
        export_requested: write what is shown into a file.
        back_requested: leave the page.
    """

    kind_chosen = Signal(str)
    before_requested = Signal()
    after_requested = Signal()
    today_requested = Signal()
    export_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.current().metric("header_height"))
        self._back = icon_button("arrow-left", _("Back to the conversation (Esc)"))
        self._back.hide()
        self._title = label(_("Spending"), "title")
        self._before = icon_button("chevron-left", _("Earlier (Alt+Left)"), size_px=_SMALL_PX)
        self._after = icon_button("chevron-right", _("Later (Alt+Right)"), size_px=_SMALL_PX)
        self._period = ElidedLabel("", "muted")
        self._today = button(_("Today"), kind="ghost", tooltip=_("The period that today is in (Alt+Home)"))
        self._kinds = Segments(
            [(Kind.DAY, _("Day"), ""), (Kind.MONTH, _("Month"), ""), (Kind.YEAR, _("Year"), "")],
            name=_("How long a period is shown"),
        )
        self._export = button("", icon="share")
        self._lay_out()
        for made, told in (
            (self._back, self.back_requested),
            (self._before, self.before_requested),
            (self._after, self.after_requested),
            (self._today, self.today_requested),
            (self._export, self.export_requested),
        ):
            made.clicked.connect(told)
        self._kinds.chosen.connect(self.kind_chosen)
        self._name_export()

    def show_period(self, period: Period, today: date) -> None:
        """Name the period that is shown."""
        self._kinds.set_value(period.kind)
        self._period.setText(period.title)
        self._before.setEnabled(period.first > EARLIEST)
        self._after.setEnabled(period.last < today)
        self._today.setVisible(today not in period)

    def show_reading(self) -> None:
        """Say that the figures of the period are on their way."""
        self._period.setText(_("{period} · reading…").format(period=self._period.text()))

    def set_exportable(self, on: bool) -> None:
        """Whether there is anything to export."""
        self._export.setEnabled(on)

    def add_leading(self, widget: QWidget) -> None:
        """Place ``widget`` before the title."""
        self._row.insertWidget(0, widget)

    def show_back(self, on: bool) -> None:
        """Offer the way back here, where the history beside does not."""
        self._back.setVisible(on)

    @override
    def minimumSizeHint(self) -> QSize:
        # Not what the layout says: words go only once the row has become narrower than they are.
        return QSize(_LEAST_PX, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_export()

    def _lay_out(self) -> None:
        padding = theme.current().metric("header_padding")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(padding, 0, padding, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self._back)
        self._row.addWidget(self._title)
        self._row.addSpacing(8)
        self._row.addWidget(self._before)
        self._row.addWidget(self._period)
        self._row.addWidget(self._after)
        self._row.addWidget(self._today)
        self._row.addStretch(1)
        self._row.addWidget(self._kinds)
        self._row.addSpacing(16)
        self._row.addWidget(self._export)

    def _name_export(self) -> None:
        """Without room the icon says it alone, and the page needs no title."""
        text = _("Export CSV")
        self._export.setText(text if self.width() >= _NARROW_PX else "")
        self._export.setAccessibleName(text)
        self._export.setToolTip(_("Export what is shown as CSV (Ctrl+E)"))
        self._title.setVisible(self.width() >= _NARROWER_PX)
        # The first card says it too; three letters of a month say nothing.
        self._period.setVisible(self.width() >= _NARROWEST_PX)
