"""One screen's window: pointer and keyboard choose a region of the frozen picture and draw on it."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QCursor,
    QEnterEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QScreen,
    QTransform,
)

from desktop.capture.shots import ScreenPicture
from desktop.core.capturing import CaptureKind
from desktop.core.compat import override
from desktop.core.edits import Area
from desktop.core.text import _
from desktop.ui.capture import look
from desktop.ui.capture.choosing import Pixel
from desktop.ui.capture.guarding import guarded
from desktop.ui.capture.layered import Layered
from desktop.ui.viewer.cursors import handle_cursor

_CLICK_PX = 4
"""A pointer that moves less has clicked."""


class ScreenWindow(Layered):
    """Lets `choice` and `marks` be changed.

    Signals:
        settled: a gesture has ended with a region.
        drawing(QPointF): something is being drawn or moved, and the pointer is here with it.
        drew: that has ended.
        key_pressed(QKeyEvent): nothing in the window has used it; to be accepted by who does.
        typed(QInputMethodEvent): words of an input method, while nothing takes text.
        touched: the pointer does something here.
        pointer_came: the pointer is over this screen now.
        step_back_clicked: the other button of the pointer.
        closed: somebody else closes the window.
        troubled: something failed here.
    """

    settled = Signal()
    drawing = Signal(QPointF)
    drew = Signal()
    key_pressed = Signal(QKeyEvent)
    typed = Signal(QInputMethodEvent)
    touched = Signal()
    pointer_came = Signal()
    step_back_clicked = Signal()
    closed = Signal()
    troubled = Signal()

    def __init__(self, picture: ScreenPicture, screen: QScreen, *, bypass: bool) -> None:
        super().__init__(picture, screen, bypass=bypass)
        self._drags = False
        self.setAccessibleName(_("Frozen picture of the screen"))
        self.setAccessibleDescription(
            _("Arrow keys move crosshair or region, with Ctrl they resize it; Enter sets a corner")
        )
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def start_pixel(self) -> Pixel:
        """Where the keyboard's crosshair begins."""
        at = self._pointer or QPointF(self.rect().center())
        return self.choice.pixel(self.to_page(at), self.ratio)

    def take_pointer(self, at: QPointF | None) -> None:
        """The pointer is at this point of the picture, or elsewhere."""
        self._pointer = at
        if at is None or self.marks.editor.tool is not None:
            # With a tool in hand nobody is about to take another window.
            self.choice.leave()
        else:
            self.choice.hover(self.choice.pixel(self.to_page(at), self.ratio))
        self.refresh()

    # Pointer

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        if event.button() is not Qt.MouseButton.LeftButton:
            if event.button() is Qt.MouseButton.RightButton and self._pressed is None:
                self.step_back_clicked.emit()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed, self._pointer, self._drags = event.position(), event.position(), False
        at = self.to_page(event.position())
        self._draws_mark = self._takes_mark(event.position()) and self.marks.press(at)
        if self._draws_mark:
            return
        self.marks.finish_writing()
        self.marks.deselect()
        has_tool = self.marks.editor.tool is not None
        if has_tool and self.choice.handle_at(at, self._reach(), edges=False) is None:
            # A stroke that begins beside the region must not cost the region.
            self._pressed = None
            return
        self.choice.press(at, self._reach(), edges=not has_tool)

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self.take_pointer(at)
            return
        self._pointer = at
        if not self._drags and (at - self._pressed).manhattanLength() < _CLICK_PX:
            return
        self._drags = True
        even = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._draws_mark:
            self.drawing.emit(at)
            self.marks.move(self.to_page(at), even=even)
        else:
            self.choice.move(self.to_page(at), square=even, step=self.ratio)
        self.refresh()

    @override
    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        at = self.to_page(event.position())
        if self._draws_mark:
            self._draws_mark = False
            self.drew.emit()
            self.marks.release(at, is_click=not self._drags)
            self.refresh()
            return
        self.choice.release(at, is_click=not self._drags)
        self.refresh()
        if self.choice.area is not None:
            self.settled.emit()

    @override
    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.touched.emit()
        at = self.to_page(event.position())
        if self._takes_mark(event.position()):
            if self.marks.editor.tool is not None or not self.marks.type_at(at):
                self.mousePressEvent(event)
        elif self.choice.mode is CaptureKind.WINDOW:
            self.mousePressEvent(event)
        else:
            self.take(self.choice.whole)

    @override
    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointer_came.emit()
        self.take_pointer(event.position())

    @override
    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        if self._pressed is None:
            self.take_pointer(None)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    # Keyboard

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.key_pressed.emit(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        # Tab walks through windows before it walks through controls; `keys` decides.
        return super().focusNextPrevChild(next) if self.choice.area is not None else False

    @override
    @guarded
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.typed.emit(event)

    @override
    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        # Alt+F4, or the desktop ends the session.
        self.closed.emit()
        super().closeEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Enter and self._pressed is None:
            self.take_pointer(None)
        return super().eventFilter(watched, event)

    def take(self, area: Area | None, *, window: int | None = None) -> None:
        """Choose this, or nothing."""
        self._pressed = None
        self.choice.take(area, window=window)
        self.refresh()
        if area is not None:
            self.settled.emit()

    @override
    def on_trouble(self) -> None:
        self.troubled.emit()

    def _takes_mark(self, at: QPointF) -> bool:
        """Whether a press is for what is drawn, and not for the region."""
        point = self.to_page(at)
        if self.choice.area is None or (
            self.marks.handle_at(point) is None and not self.choice.is_inside(point)
        ):
            return False
        tool = self.marks.editor.tool
        if self.choice.handle_at(point, self._reach(), edges=False) is not None:
            return self.marks.handle_at(point) is not None
        return tool is not None or self.marks.is_on_something(point)

    def _reach(self) -> float:
        return look.handle_reach() * self.ratio

    @override
    def show_cursor(self) -> None:
        if self._pointer is None or self._pressed is not None:
            return
        self.setCursor(self._shape_at(self._pointer))

    def _shape_at(self, pointer: QPointF) -> Qt.CursorShape | QCursor:
        at = self.to_page(pointer)
        tool = self.marks.editor.tool
        held = self.marks.handle_at(at)
        if held is not None:
            return handle_cursor(held, QTransform())
        handle = self.choice.handle_at(at, self._reach(), edges=tool is None)
        if handle is not None:
            return handle_cursor(handle, QTransform())
        moves = self.marks.is_on_something(at) or self.choice.area != self.choice.whole
        if self.choice.is_inside(at) and tool is None and moves:
            return Qt.CursorShape.SizeAllCursor
        if tool is not None and not self.choice.is_inside(at):
            return Qt.CursorShape.ArrowCursor
        if self.choice.mode is not CaptureKind.REGION and self.choice.area is None:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.CrossCursor
