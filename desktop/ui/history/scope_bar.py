"""Says that the list shows only some conversations, the archive or those with a tag, and leads back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.summaries import Listed
from desktop.core.text import _, printable
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel


class ScopeBar(QWidget):
    """One row, hidden while all conversations are listed.

    Signals:
        left(): list all again.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("archive", size_px=15)
        self._name = ElidedLabel("", "title")
        close = icon_button("x", _("Show all conversations"), size_px=26)
        close.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._name, 1)
        row.addWidget(close)
        self.hide()

    def show_listed(self, listed: Listed) -> None:
        """Say what is listed."""
        self._icon.set_icon("tag" if listed.tag else "archive")
        self._name.setText(printable(listed.tag) if listed.tag else _("Archived"))
        self.setVisible(bool(listed.tag) or listed.archived)
