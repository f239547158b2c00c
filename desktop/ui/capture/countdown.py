"""The seconds before a delayed capture, on a small sign that is gone when the picture is taken."""

from math import ceil
from time import monotonic

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainterPath, QRegion, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _, ngettext
from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

_TICK_MS = 100
_GONE_MS = 250
"""So long before the picture the sign is taken away, so that no compositor shows it any more."""
_BELOW_PX = 32


class Countdown(QObject):
    """Counts down and says so.

    Signals:
        over(): the time has come; the sign is not seen any more.
        cancelled(): the user does not want it any more.
    """

    over = Signal()
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sign: _Sign | None = None
        self._until = 0.0
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._tick.isActive()

    def begin(self, seconds: float) -> None:
        """Count from ``seconds`` down; begins anew where it was counting."""
        self._until = monotonic() + seconds
        if self._sign is None:
            self._sign = _Sign()
            self._sign.cancelled.connect(self._on_cancel)
        self._tick.start()
        self._on_tick()
        if self._sign is not None:
            self._sign.appear()

    def end(self) -> None:
        """Count no more; nothing is told."""
        self._tick.stop()
        if self._sign is not None:
            self._sign.close()
            self._sign.deleteLater()
            self._sign = None

    def _on_tick(self) -> None:
        left_s = self._until - monotonic()
        if left_s <= 0:
            self.end()
            self.over.emit()
        elif self._sign is not None:
            self._sign.setVisible(left_s * 1000 > _GONE_MS)
            self._sign.show_seconds(ceil(left_s))

    def _on_cancel(self) -> None:
        self.end()
        self.cancelled.emit()


class _Sign(QWidget):
    """``Capturing in 3 seconds`` at the upper edge of the screen, which takes no keyboard from anybody."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kind", "countdown")
        self.setWindowTitle(_("Capture"))
        self._words = label("", "strong")
        cancel = button(_("Cancel"), kind="small")
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(14)
        row.addWidget(self._words)
        row.addWidget(cancel)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.activated.connect(self.cancelled)

    def show_seconds(self, seconds: int) -> None:
        text = ngettext("Capturing in {count} second", "Capturing in {count} seconds", seconds)
        self._words.setText(text.format(count=seconds))

    def appear(self) -> None:
        self.adjustSize()
        outline = QPainterPath()
        radius = theme.current().metric("radius_control")
        outline.addRoundedRect(QRectF(self.rect()), radius, radius)
        self.setMask(QRegion(outline.toFillPolygon().toPolygon()))
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.move(screen.topLeft() + QPoint((screen.width() - self.width()) // 2, _BELOW_PX))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nothing else is to happen with what is typed here by chance.
        event.accept()
