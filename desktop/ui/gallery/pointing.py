"""The mouse over the tiles: clicks, boxes, dragging out; and typing a name."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QApplication

from desktop.ui.gallery.selecting import Selecting
from desktop.ui.gallery.tile_painter import asked_rect

if TYPE_CHECKING:
    from desktop.ui.gallery.view import GalleryView

_TYPING_S = 1.0
_SCROLL_MS = 16
_FASTEST_PX = 40


class Pointing(QObject):
    """What the mouse does in a `GalleryView`, from press to release.

    Attributes:
        box: the box that is being drawn, in px of the viewport; None while there is none.
    """

    def __init__(self, view: "GalleryView", selecting: Selecting) -> None:
        super().__init__(view)
        self._view = view
        self._selecting = selecting
        self._pressed: QPoint | None = None
        self._pressed_key: int | None = None
        self._before: list[int] = []
        self._drawing = False
        self._dragged = False
        self._at = QPoint()
        self.box: QRect | None = None
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)
        self._typed, self._typed_at = "", 0.0

    def handle(self, event: QEvent) -> bool:
        """Take an event of the viewport; False leaves it to Qt."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if event.button() is Qt.MouseButton.LeftButton or kind is QEvent.Type.MouseMove:
                self._on_mouse(kind, event)
                return True
            # A menu comes by itself; Qt would select meanwhile.
            return event.button() is Qt.MouseButton.RightButton
        if kind is QEvent.Type.Leave:
            self._view.hover(None)
        return False

    def typed(self, text: str) -> None:
        """Go to the next tile whose name begins with what was typed within a second."""
        now = time.monotonic()
        again = now - self._typed_at < _TYPING_S
        self._typed = (self._typed if again else "") + text.casefold()
        self._typed_at = now
        keys, current = self._view.tiles.keys, self._view.current_key()
        row = 0 if current is None else (self._view.tiles.row(current) or 0)
        # The same letter again goes on; a longer beginning may still be met by the current one.
        first = row if len(self._typed) > 1 else row + 1
        for key in (*keys[first:], *keys[:first]):
            if self._view.tiles.source.name(key).casefold().startswith(self._typed):
                self._view.make_current(key)
                self._selecting.only(key)
                self._view.on_selected()
                return

    def _on_mouse(self, kind: QEvent.Type, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if kind is QEvent.Type.MouseButtonPress:
            self._press(at, event.modifiers())
        elif kind is QEvent.Type.MouseButtonDblClick:
            key = self._view.key_at(at)
            if key is not None:
                self._view.open(key)
        elif kind is QEvent.Type.MouseMove:
            self._move(at, event.buttons())
        elif kind is QEvent.Type.MouseButtonRelease:
            self._release(at, event.modifiers())

    def _press(self, at: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        view.setFocus(Qt.FocusReason.MouseFocusReason)
        view.show_focus(on=False)
        key = view.key_at(at)
        self._pressed, self._pressed_key, self._at = at, key, at
        self._drawing = self._dragged = False
        control, shift = _held(modifiers)
        self._before = list(self._selecting.order) if control or shift else []
        if key is None or self._on_asked(at):
            return
        view.make_current(key, scroll=False)
        if shift:
            view.extend_to(key, add=control)
        elif control:
            self._selecting.toggle(key)
        elif key not in self._selecting:
            self._selecting.only(key)
        view.on_selected()

    def _move(self, at: QPoint, buttons: Qt.MouseButton) -> None:
        view = self._view
        view.hover(view.key_at(at))
        hand = Qt.CursorShape.PointingHandCursor if self._on_asked(at) else Qt.CursorShape.ArrowCursor
        view.viewport().setCursor(QCursor(hand))
        self._at = at
        if self._pressed is None or not buttons & Qt.MouseButton.LeftButton or self._dragged:
            return
        far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._drawing:
            self._draw()
        elif far and self._pressed_key is None:
            self._drawing = True
            # In px of the content, because it may scroll meanwhile.
            self._pressed += QPoint(0, view.verticalOffset())
            self._draw()
        elif far and self._pressed_key is not None and self._pressed_key in self._selecting:
            self._dragged = True
            view.drag_started.emit(view.selected_keys())

    def _release(self, at: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        view, key = self._view, self._pressed_key
        clicked = self._pressed is not None and not self._drawing and not self._dragged
        if clicked and key is not None and view.key_at(at) == key:
            if self._on_asked(at):
                view.asked_clicked.emit(key)
            elif not any(_held(modifiers)):
                # Only now: several selected ones may have been about to be dragged.
                self._selecting.only(key)
                view.on_selected()
        self._pressed = self._pressed_key = self.box = None
        self._drawing = False
        self._scroll.stop()
        view.viewport().update()

    def _draw(self) -> None:
        view = self._view
        if self._pressed is None:
            return
        content = QRect(self._pressed, self._at + QPoint(0, view.verticalOffset())).normalized()
        self.box = content.translated(0, -view.verticalOffset())
        touched = [view.tiles.keys[row] for row in view.layout_now.rows_touching(content)]
        self._selecting.narrow((*self._before, *touched))
        view.on_selected()
        view.viewport().update()
        outside = not view.viewport().rect().contains(QPoint(1, self._at.y()))
        if outside != self._scroll.isActive():
            self._scroll.start() if outside else self._scroll.stop()

    def _scroll_on(self) -> None:
        """The pointer is above or below while a box is drawn: the further, the faster."""
        height = self._view.viewport().height()
        over = self._at.y() if self._at.y() < 0 else self._at.y() - height
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + max(-_FASTEST_PX, min(_FASTEST_PX, over // 2)))
        self._draw()

    def _on_asked(self, at: QPoint) -> bool:
        view = self._view
        key = view.key_at(at)
        row = None if key is None or view.as_list else view.tiles.row(key)
        return row is not None and asked_rect(
            view.row_rect(row), view.tiles.tile(view.tiles.keys[row])
        ).contains(at)


def _held(modifiers: Qt.KeyboardModifier) -> tuple[bool, bool]:
    return (
        bool(modifiers & Qt.KeyboardModifier.ControlModifier),
        bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
    )
