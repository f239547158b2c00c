"""Asks for a first and a last day."""

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QDialog, QFormLayout, QVBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.last_row import last_row

_WIDTH_PX = 320


class SpanDialog(QDialog):
    """Two days, both included.

    Signals:
        chosen(object, object): the first and the last day, as `datetime.date`.
    """

    chosen = Signal(object, object)

    def __init__(self, first: date | None, last: date | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(_("Search between two days"))
        self.setFixedWidth(_WIDTH_PX)
        today = date.today()  # noqa: DTZ011 - the reader's day
        self._first = _field(first or today - timedelta(days=29), _("From"))
        self._last = _field(last or today, _("To"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(label(_("From")), self._first)
        form.addRow(label(_("To")), self._last)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(18)
        layout.addLayout(form)
        search = button(_("Search"), kind="primary")
        search.setDefault(True)
        search.clicked.connect(self.accept)
        layout.addLayout(last_row(self, search))
        self.accepted.connect(self._tell)

    def _tell(self) -> None:
        days = sorted((_day(self._first), _day(self._last)))
        self.chosen.emit(days[0], days[1])


def _field(day: date, name: str) -> QDateEdit:
    made = QDateEdit(QDate(day.year, day.month, day.day))
    made.setDisplayFormat("yyyy-MM-dd")
    made.setAccessibleName(name)
    return made


def _day(field: QDateEdit) -> date:
    shown = field.date()
    return date(shown.year(), shown.month(), shown.day())
