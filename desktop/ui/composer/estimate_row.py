"""One line below the composer: what asking will cost, or why one cannot ask, and the keys that send."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.composer.state import ComposerState, Counting, EstimateLine
from desktop.ui.widgets.buttons import button, restyle
from desktop.ui.widgets.labels import ElidedLabel, KeyCap, label, plain_tooltip

_GAP_PX = 7


class EstimateRow(QWidget):
    """Icon, price, tokens by kind, bytes to upload, the server's own count; key caps at the end.

    Signals:
        count_requested: the server is to count, or to stop counting.
    """

    count_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon_name, self._icon_role = "coins", "text_muted"
        self._sends_by_enter = False
        self._icon = QLabel()
        self._price = label("", "estimate_price")
        self._rest = ElidedLabel("", "estimate")
        self._count = button("", kind="link")
        self._count.setProperty("in_line", True)
        self._count.clicked.connect(self.count_requested)
        self._control, self._enter = KeyCap(_("Ctrl")), KeyCap(_("Enter"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        row.addWidget(self._icon)
        row.addWidget(self._price)
        row.addWidget(self._rest)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addSpacing(8)
        row.addWidget(self._control)
        row.setSpacing(6)
        row.addWidget(self._enter)
        self.setFixedHeight(20)
        theme.current().changed.connect(self._tint)
        self._tint()

    def show_state(self, state: ComposerState) -> None:
        """Show the estimate, or in warning colour why one cannot ask."""
        if state.why_not and not state.answering and not state.findings:
            self._show_warning(state.why_not)
        else:
            self._show_estimate(state.estimate, counted=state.counted)
        self._show_counting(state)
        self._sends_by_enter = state.send_key == "enter"
        self._show_keys()
        plain_tooltip(self, state.estimate.tooltip)
        self._tint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_keys()

    def _show_keys(self) -> None:
        """Where it is narrow, words are worth more than the keys."""
        words = (self._icon, self._price, self._rest, self._count)
        needed = sum(w.sizeHint().width() + _GAP_PX for w in words if not w.isHidden())
        keys = self._control.sizeHint().width() + self._enter.sizeHint().width() + 3 * _GAP_PX
        fits = needed + keys <= self.width()
        self._enter.setVisible(fits)
        self._control.setVisible(fits and not self._sends_by_enter)

    def holds_focus(self) -> bool:
        """Whether the keyboard is here."""
        return self._count.hasFocus() and not self._count.isHidden()

    def text(self) -> str:
        """All words of the line, as a screen reader says them."""
        return " ".join(part for part in (self._price.text(), self._rest.text()) if part)

    def _show_estimate(self, line: EstimateLine, *, counted: str) -> None:
        """What the server has counted stands in place of what was estimated; the tooltip still has that."""
        self._icon_name, self._icon_role = line.icon, "text_muted"
        self._price.setText(line.price)
        self._price.setVisible(bool(line.price))
        self._say(" · ".join(part for part in (counted or line.parts, line.upload) if part), "estimate")

    def _show_counting(self, state: ComposerState) -> None:
        counting = state.counting
        self._count.setVisible(counting in (Counting.OFFERED, Counting.RUNNING))
        running = counting is Counting.RUNNING
        text = _("Counting… cancel") if running else _("Count exactly")
        if text != self._count.text():
            self._count.setText(text)
            self._count.setAccessibleName(text)
            tip = _("Uploads the question once, so that the server counts its tokens; nothing is asked.")
            plain_tooltip(self._count, "" if running else tip)

    def _show_warning(self, why_not: str) -> None:
        self._icon_name, self._icon_role = "triangle-alert", "warning_text"
        self._price.setText("")
        self._price.hide()
        self._say(why_not, "estimate_warning")

    def _say(self, words: str, kind: str) -> None:
        if self._rest.property("kind") != kind:
            self._rest.setProperty("kind", kind)
            restyle(self._rest)
        self._rest.setText(words)
        self.setAccessibleName(self.text())

    def _tint(self) -> None:
        size = theme.current().metric("icon_size_estimate")
        self._icon.setPixmap(theme.current().pixmap(self._icon_name, role=self._icon_role, size_px=size))
