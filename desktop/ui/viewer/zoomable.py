"""A widget around one picture: zoom, pan, loupe and their keys. What is painted is up to its subclass."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.viewer.loupe import Loupe
from desktop.ui.viewer.view_transform import MAX_ZOOM, View

ARROWS = {
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1),
    Qt.Key.Key_Down.value: (0, 1),
}
"""Across and down."""
_STOPS = (0.05, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.85, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
_WHEEL_STEP = 1.25
_NOTCH = 120
"""Units of `QWheelEvent.angleDelta` to one notch, from Qt's documentation."""
_PAN_STEP_PX = 60
_FAST = 5
_CORNER_PX = 4


class Zoomable(QWidget):
    """Shows a picture at any zoom.

    Attributes:
        view: where the picture lies.
        loupe: the magnifier.

    Signals:
        zoom_changed(float): 1 is 100 %.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = View(picture_px=(1, 1), margin=theme.current().metric("canvas_margin"))
        self.loupe = Loupe()
        self._space = False
        self._held_at: QPointF | None = None
        self._keyboard_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        theme.current().changed.connect(self.update)

    def has_picture(self) -> bool:
        """Whether there is something to show."""
        return False

    def paint_picture(self, painter: QPainter, view: View) -> None:
        """Paint the picture and what belongs to it; also called by the loupe, with a closer view."""

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies above the picture and is not magnified."""

    def view_moved(self) -> None:
        """The picture lies elsewhere now."""

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_to(next((stop for stop in _STOPS if stop > self.view.zoom * 1.01), MAX_ZOOM))

    def zoom_out(self) -> None:
        """One step back."""
        stops = [stop for stop in _STOPS if stop < self.view.zoom * 0.99]
        self.zoom_to(stops[-1] if stops else self.view.zoom / 2)

    def fit(self) -> None:
        """All of the picture, never enlarged."""
        self.show_view(self.view.fitted())

    def actual(self) -> None:
        """100 %: one pixel of the picture to one of the screen."""
        self.zoom_to(1.0)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to ``zoom``; what lies at ``at`` stays there."""
        if self.has_picture():
            self.show_view(self.view.zoomed(zoom, None if at is None else (at.x(), at.y())))

    def toggle_fit(self, at: QPointF) -> None:
        """All of the picture, or 100 % where it was all of it."""
        if self.view.is_fitted and self.view.zoom != 1.0:
            self.zoom_to(1.0, at)
        else:
            self.fit()

    def pan(self, across: float, down: float) -> None:
        """Move the picture by so many pixels."""
        self.show_view(self.view.panned(across, down))

    def toggle_loupe(self) -> None:
        """Show or hide the loupe, under the pointer or in the middle."""
        if self.has_picture():
            self.loupe.toggle(self.pointer(), self.view.zoom)
            self.update()

    def pointer(self) -> QPointF:
        """Where the pointer is; the middle where it is elsewhere."""
        at = self.mapFromGlobal(QCursor.pos())
        return QPointF(at if self.rect().contains(at) else self.rect().center())

    def show_view(self, view: View) -> None:
        """Show the picture there."""
        before, self.view = self.view, view
        if view != before:
            self.update()
            self.view_moved()
        if view.zoom != before.zoom:
            self.zoom_changed.emit(view.zoom)

    def picture_rect(self, view: View | None = None) -> QRectF:
        """Where the picture lies in the widget."""
        view = view or self.view
        return QRectF(QPointF(*view.origin), QPointF(*view.to_widget(view.picture_px)))

    @property
    def is_panning(self) -> bool:
        """Whether the pointer moves the picture at present, or would do so."""
        return self._space or self._held_at is not None

    def pans_with(self, event: QMouseEvent) -> bool:
        """Whether this press moves the picture: the middle button, or any with Space held."""
        return event.button() is Qt.MouseButton.MiddleButton or self._space

    def hold(self, at: QPointF) -> None:
        """Move the picture with the pointer from now on."""
        self._held_at = at
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def drag_held(self, at: QPointF) -> bool:
        """Whether the picture is held and has come along to ``at``."""
        if self._held_at is None:
            return False
        by, self._held_at = at - self._held_at, at
        self.pan(by.x(), by.y())
        return True

    def let_go(self) -> bool:
        """Whether the picture was held, which is over now."""
        was, self._held_at = self._held_at is not None, None
        return was

    def take_view_key(self, event: QKeyEvent) -> bool:
        """Zoom, loupe, pan and Space; whether the key was one of them."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        zooms = {
            Qt.Key.Key_Plus.value: self.zoom_in,
            Qt.Key.Key_Equal.value: self.zoom_in,
            Qt.Key.Key_Minus.value: self.zoom_out,
            Qt.Key.Key_0.value: self.fit,
            Qt.Key.Key_1.value: self.actual,
        }
        if key in zooms and (plain or modifiers & Qt.KeyboardModifier.ControlModifier):
            zooms[key]()
            return True
        if not plain:
            return False
        if key == Qt.Key.Key_Space:
            self._space = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            return True
        if key == Qt.Key.Key_L:
            if not event.isAutoRepeat():
                self.loupe.press(self.pointer(), self.view.zoom)
                self.update()
            return True
        return self._take_arrow(key, _FAST if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)

    def release_view_key(self, event: QKeyEvent) -> bool:
        """The end of a key that is held; whether it was one."""
        if event.isAutoRepeat() or event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_L):
            return False
        if event.key() == Qt.Key.Key_Space:
            self._space = False
        else:
            self.loupe.release()
            self.update()
        return True

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.has_picture():
            return
        pixels, angle = event.pixelDelta(), event.angleDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        notches = (angle.y() or angle.x()) / _NOTCH
        if self.loupe.is_shown and not zooms:
            self.loupe.magnify(notches)
            self.update()
        elif not pixels.isNull() and not zooms:
            self.pan(pixels.x(), pixels.y())
        elif abs(angle.x()) > abs(angle.y()) and not zooms:
            self.pan(angle.x() / _NOTCH * _PAN_STEP_PX, 0)
        else:
            self.zoom_to(self.view.zoom * _WHEEL_STEP**notches, event.position())
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._take_room()
        if isinstance(event, QNativeGestureEvent) and self._take_native(event):
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom_to(self.view.zoom * pinch.scaleFactor(), pinch.centerPoint())
                return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._keyboard_focus = event.reason() in reasons
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = self._keyboard_focus = False
        self.loupe.release()
        super().focusOutEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("canvas"))
        if self.has_picture():
            self.paint_picture(painter, self.view)
            self._round_corners(painter)
            self.paint_over(painter)
            if self.loupe.is_shown:
                self.loupe.paint(painter, self.view, self.paint_picture)
        if self._keyboard_focus:
            painter.setPen(theme.current().color("focus_ring"))
            for inset in range(theme.current().metric("focus_width")):
                painter.drawRect(self.rect().adjusted(inset, inset, -inset - 1, -inset - 1))

    def _take_room(self) -> None:
        self.show_view(self.view.in_room((self.width(), self.height()), self.devicePixelRatioF()))

    def _take_native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self.view.zoom * (1 + event.value()), event.position())
            return True
        if event.gestureType() is Qt.NativeGestureType.SmartZoomNativeGesture:
            self.toggle_fit(event.position())
            return True
        return False

    def _round_corners(self, painter: QPainter) -> None:
        """Cover the corners: clipping the picture to a rounded shape would make painting slow."""
        area = self.picture_rect()
        if min(area.width(), area.height()) < 4 * _CORNER_PX or not QRectF(self.rect()).contains(area):
            return
        path = QPainterPath()
        path.addRect(area)
        path.addRoundedRect(area, _CORNER_PX, _CORNER_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, theme.current().color("canvas"))
        # A white page and a grey screenshot would have no edge on the canvas.
        painter.setPen(theme.current().color("border"))
        painter.drawRoundedRect(area.adjusted(-0.5, -0.5, 0.5, 0.5), _CORNER_PX, _CORNER_PX)
        painter.restore()

    def _take_arrow(self, key: int, steps: int) -> bool:
        if key not in ARROWS:
            return False
        across, down = (share * steps for share in ARROWS[key])
        if self.loupe.is_shown:
            self.loupe.move(across, down, self.size())
            self.update()
            return True
        if not self.view.can_pan:
            return False
        self.pan(-across * _PAN_STEP_PX, -down * _PAN_STEP_PX)
        return True
