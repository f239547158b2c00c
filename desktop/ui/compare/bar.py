"""The row above a comparison: the way back, and what concerns all sides."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.conversation.answer import stop_button
from desktop.ui.widgets.buttons import TintedButton, button, icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip


class CompareBar(QWidget):
    """One row.

    Attributes:
        together: toggles that all answers scroll together.
        differences: toggles what differs between two.

    Signals:
        back_requested: the conversation is wanted again.
        stop_all_requested: all sides are to end.
    """

    back_requested = Signal()
    stop_all_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look = theme.current()
        self.setFixedHeight(look.metric("header_height"))
        back = icon_button("arrow-left", _("Back to the conversation (Esc)"))
        back.clicked.connect(self.back_requested)
        self.together = _toggle(button(_("Scroll together"), icon="link", kind="ghost"))
        self.together.setChecked(True)
        self.differences = _toggle(button(_("Differences"), icon="git-compare-arrows", kind="ghost"))
        plain_tooltip(self.differences, _("What differs between two answers, word by word"))
        self._stop = stop_button()
        self._stop.setText(_("Stop all"))
        self._stop.setAccessibleName(_("Stop all"))
        plain_tooltip(self._stop, _("Stop all answers (Esc)"))
        self._stop.clicked.connect(self.stop_all_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, look.metric("header_padding"), 0)
        row.setSpacing(6)
        row.addWidget(back)
        row.addWidget(ElidedLabel(_("Comparison"), "title"), 1)
        row.addWidget(self._stop)
        row.addWidget(self.together)
        row.addWidget(self.differences)

    def set_running(self, *, running: bool) -> None:
        """Whether there is something to stop."""
        self._stop.setVisible(running)


def _toggle(made: TintedButton) -> TintedButton:
    made.setCheckable(True)

    def show(checked: bool) -> None:
        made.set_kind("active" if checked else "ghost")
        restyle(made)

    made.toggled.connect(show)
    return made
