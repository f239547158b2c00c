"""The soft shadow around what floats above the frozen picture. The pointer goes through it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.widgets.shadow import paint_shadow

SPREAD_PX = 20
"""Wider than in the window: it lies on pictures."""
_AROUND_PX = 24
_FOLLOWED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
        QEvent.Type.ZOrderChange,
    }
)


class Shade(QWidget):
    """Lies below a widget and goes with it.

    It is no part of that widget, which would take what is pressed beside it: edges of the region lie there,
    and who hides while its button is down never learns that it came up.
    """

    def __init__(self, above: QWidget) -> None:
        super().__init__(above.parentWidget())
        self._above = above
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        above.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED and watched is self._above:
            self._follow()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = QRectF(self.rect()).adjusted(_AROUND_PX, _AROUND_PX, -_AROUND_PX, -_AROUND_PX)
        paint_shadow(painter, place, theme.current().metric("radius_bubble"), spread_px=SPREAD_PX)
        painter.end()

    def _follow(self) -> None:
        room = self._above.parentWidget()
        if room is None:
            # Without one it would be a window of its own.
            self.hide()
            return
        if self.parentWidget() is not room:
            self.setParent(room)
        around = (-_AROUND_PX, -_AROUND_PX, _AROUND_PX, _AROUND_PX)
        self.setGeometry(self._above.geometry().adjusted(*around))
        self.stackUnder(self._above)
        self.setVisible(self._above.isVisibleTo(room))
