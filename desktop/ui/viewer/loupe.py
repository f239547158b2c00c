"""A round magnifier over the picture, under the pointer or moved with the arrow keys."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.viewer.grid import paint_chip
from desktop.ui.viewer.view_transform import View

RADIUS_PX = 110
_ZOOMS = (1.0, 2.0, 3.0, 4.0)
_CLOSER = 1.9
_HELD_MS = 300
"""A key held longer than this shows the loupe only while it is held."""
_STEP_PX = 10


class Loupe:
    """What lies around one point of a view, at 100 to 400 %. Its widget updates itself after each call.

    Attributes:
        is_shown: whether it is.
        zoom: of the loupe; 1 is 100 %.
        at: the point of the widget that it magnifies.
    """

    def __init__(self) -> None:
        self._held = QElapsedTimer()
        self.is_shown = False
        self.zoom = _ZOOMS[0]
        self.at = QPointF()

    def toggle(self, at: QPointF, zoom: float) -> None:
        """Show it at a point of a view of this zoom, closer than that; or hide it."""
        self.is_shown = not self.is_shown
        self.at = at
        self.zoom = next((stop for stop in _ZOOMS if stop >= zoom * _CLOSER), _ZOOMS[-1])

    def press(self, at: QPointF, zoom: float) -> None:
        """The key went down: show it, or hide it where it had been left shown."""
        self._held.start()
        self.toggle(at, zoom)

    def release(self, *, at_once: bool = False) -> None:
        """The key came up: a short press leaves the loupe shown, a held one does not."""
        held = self._held.isValid() and self._held.elapsed() > _HELD_MS
        self._held.invalidate()
        if at_once or held:
            self.is_shown = False

    def move(self, across: int, down: int, room: QSize) -> None:
        """Move it by so many steps, within a widget of this size."""
        at = self.at + QPointF(across * _STEP_PX, down * _STEP_PX)
        self.at = QPointF(min(max(at.x(), 0.0), room.width()), min(max(at.y(), 0.0), room.height()))

    def magnify(self, notches: float) -> None:
        """Closer or less close, within 100 to 400 %."""
        at = _ZOOMS.index(self.zoom) + (1 if notches > 0 else -1)
        self.zoom = _ZOOMS[min(max(at, 0), len(_ZOOMS) - 1)]

    def paint(self, painter: QPainter, view: View, paint_picture: Callable[[QPainter, View], None]) -> None:
        """Paint what ``view`` shows at its point, magnified."""
        circle = QPainterPath()
        circle.addEllipse(self.at, RADIUS_PX, RADIUS_PX)
        painter.save()
        painter.setClipPath(circle)
        painter.fillPath(circle, theme.current().color("canvas"))
        paint_picture(painter, view.magnified(self.zoom, (self.at.x(), self.at.y())))
        painter.restore()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("badge_background", 4.0), ("badge_text", 2.0)):
            painter.setPen(QPen(theme.current().color(colour), width))
            painter.drawEllipse(self.at, RADIUS_PX, RADIUS_PX)
        painter.restore()
        text = _("{percent} %").format(percent=round(self.zoom * 100))
        paint_chip(painter, self.at + QPointF(-22, RADIUS_PX - 30), text)
