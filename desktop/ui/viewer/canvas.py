"""The picture, large: pointer and keys become zoom, edits and selected text."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.core.compat import override
from desktop.core.text import _, printable
from desktop.ui.viewer.editing import Editing
from desktop.ui.viewer.tools import TOOL_KEYS
from desktop.ui.viewer.zoomable import ARROWS
from desktop.ui.widgets.labels import escaped_tooltip

_CLICK_PX = 4
"""A pointer that moves less has clicked."""
_FAST = 10
_TOOLS = {ord(key): tool for key, tool in TOOL_KEYS.items()}
"""Qt numbers the keys of letters as Unicode does."""


class Canvas(Editing):
    """Shows one picture and lets it be edited. Keys that it does not use go to its parent.

    Signals:
        suggestion_clicked(int): which of the suggested areas.
        place_pointed(int): the pointer is over the place of an answer with this number; 0 for none.
    """

    suggestion_clicked = Signal(int)
    place_pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Picture"))
        self.setAccessibleDescription(
            _("G part, C crop, A arrow, B box, T text, N callout, K black out; Enter places, arrow keys move")
        )
        self._pressed_at: QPointF | None = None
        self._text_from: int | None = None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.has_picture():
            return
        self.finish_writing()
        if self.pans_with(event):
            self.hold(event.position())
        elif event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self._press(event.position())
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.loupe.is_shown:
            self.loupe.at = event.position()
            self.update()
        if self.drag_held(event.position()):
            return
        self._point_at_place(event.position())
        at = self.to_page(event.position())
        if self.editor.in_gesture and not self._is_click(event.position()):
            self.editor.move(at, even=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            # From now on it is no click, also where the pointer comes back.
            self._pressed_at = None
        elif self._text_from is not None:
            self.layer.select(self._text_from, self.layer.nearest(at))
        elif self.has_picture():
            self.show_cursor(at)
            return
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at, is_click = self.to_page(event.position()), self._is_click(event.position())
        self._pressed_at = None
        if self.let_go():
            pass
        elif self._text_from is not None:
            self._end_text_selection(is_click=is_click)
        elif self.editor.in_gesture:
            suggestion = self.suggestion_at(at) if is_click and self.editor.tool == "blackout" else None
            self.tell(self.editor.release(at, self.reach(), is_click=is_click))
            self.ask_text()
            if suggestion is not None:
                self.suggestion_clicked.emit(suggestion)
        self.show_cursor(at)
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.has_picture() or event.button() is not Qt.MouseButton.LeftButton:
            return
        at = self.to_page(event.position())
        fixed = self.shows_sent or self.is_locked
        item = None if fixed else self.editor.item_at(at, self.reach())
        line = None if self.shows_sent else self.layer.line_at(at)
        if self.editor.tool == "crop":
            self.confirm_crop()
        elif item is not None:
            if self.editor.begin_writing(item):
                self.ask_text()
        elif line is not None and self.editor.tool is None:
            self.layer.select(line, line)
            self.text_selected.emit(self.layer.selected_text())
        elif self.editor.tool is None:
            self.toggle_fit(event.position())
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        taken = self.has_picture() and (
            self._take_edit_key(event) or self._take_command(event) or self.take_view_key(event)
        )
        if not taken:
            event.ignore()
        self.update()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS and not event.isAutoRepeat():
            self.tell(self.editor.finish())
        elif not self.release_view_key(event):
            super().keyReleaseEvent(event)
        self.show_cursor()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        # The release of an arrow key that is still held goes elsewhere.
        if not self.editor.in_gesture and not self.editor.is_writing:
            self.tell(self.editor.finish())
        super().focusOutEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            code = None if self.shows_sent else self.layer.code_at(self.to_page(QPointF(event.pos())))
            if code is not None:
                text = f"{printable(code.kind, limit=40)}: {printable(code.text, limit=500)}"
                QToolTip.showText(event.globalPos(), escaped_tooltip(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._crop_bar.place()

    def _point_at_place(self, at: QPointF) -> None:
        if not self.places.marks:
            return
        number = self.places.mark_at(at, self.way_of_places())
        if number != self.places.highlighted:
            self.highlight_place(number)
            self.place_pointed.emit(number)

    def _press(self, position: QPointF) -> None:
        at = self.to_page(position)
        suggestion = self.suggestion_at(at)
        if self.shows_sent or self.is_locked:
            self.hold(position)
        elif self.editor.press(at, self.reach()):
            self.clear_text()
        elif suggestion is not None:
            self.suggestion_clicked.emit(suggestion)
        elif (line := self.layer.line_at(at)) is not None:
            self._text_from = line
        else:
            self.clear_text()
            self.hold(position)

    def _end_text_selection(self, *, is_click: bool) -> None:
        self._text_from = None
        if is_click:
            self.clear_text()
        else:
            self.text_selected.emit(self.layer.selected_text())

    def _take_edit_key(self, event: QKeyEvent) -> bool:
        """Arrow keys for what is selected: move it, with Control change its size, with Shift by more."""
        if event.key() not in ARROWS or self.shows_sent or self.loupe.is_shown:
            return False
        steps = _FAST if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        arrow = ARROWS[event.key()]
        across, down = self._on_page(*arrow)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps *= sum(arrow)
            return self.editor.stretch(abs(across) * steps, abs(down) * steps)
        return self.editor.nudge(across * steps, down * steps)

    def _take_command(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            commands: dict[int, Callable[[], bool]] = {
                Qt.Key.Key_C.value: self.copy_text,
                Qt.Key.Key_A.value: self.select_all_text,
            }
        elif modifiers and not shift:
            return False
        else:
            commands = {
                Qt.Key.Key_Escape.value: self.leave,
                Qt.Key.Key_Return.value: self.enter,
                Qt.Key.Key_Enter.value: self.enter,
                Qt.Key.Key_Delete.value: self.delete,
                Qt.Key.Key_Backspace.value: self.delete,
                Qt.Key.Key_R.value: lambda: self.turn_page(-1 if shift else 1),
                Qt.Key.Key_M.value: lambda: self.select_next(-1 if shift else 1),
            }
            if not shift and key in _TOOLS:
                return self.toggle_tool(_TOOLS[key])
        return key in commands and commands[key]()

    def _is_click(self, at: QPointF) -> bool:
        return self._pressed_at is not None and (at - self._pressed_at).manhattanLength() < _CLICK_PX

    def _on_page(self, across: int, down: int) -> tuple[int, int]:
        """A direction of the widget as one of the page."""
        back = self.place().inverted()[0]
        step = back.map(QPointF(across, down)) - back.map(QPointF())
        return (step.x() > 1e-9) - (step.x() < -1e-9), (step.y() > 1e-9) - (step.y() < -1e-9)
