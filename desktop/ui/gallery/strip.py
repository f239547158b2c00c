"""A line below the gallery's header while something takes its time: what is done, and a way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel


class BusyStrip(QWidget):
    """One line of text with Cancel; hidden while there is nothing to say.

    Signals:
        cancelled: the user wants it to stop.
    """

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = ElidedLabel("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.current().metric("header_padding"), 6, 8, 7)
        row.addWidget(self._text, 1)
        cancel = button(_("Cancel"), kind="tiny")
        cancel.clicked.connect(self.cancelled)
        row.addWidget(cancel)
        self.hide()

    def say(self, text: str | None) -> None:
        """Say how far it has come; None when it is over."""
        self.setVisible(text is not None)
        self._text.setText(text or "")
