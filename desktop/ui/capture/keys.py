"""What keys do on the overlay.

Letters are for the question, wherever the keyboard is; with Alt they take a tool. Arrow keys move what is
selected, else the region, else the crosshair, unless there is text for the caret to move in.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.core.capturing import CaptureKind
from desktop.ui.capture.guarding import guarded
from desktop.ui.capture.screen_window import ScreenWindow
from desktop.ui.capture.session import Session
from desktop.ui.capture.tool_row import TOOLS
from desktop.ui.viewer.zoomable import ARROWS

_FAR = 10
_TOOLS = {ord(tool.key): tool.tool for tool in TOOLS}
_MODES = {
    Qt.Key.Key_1.value: CaptureKind.REGION,
    Qt.Key.Key_2.value: CaptureKind.WINDOW,
    Qt.Key.Key_3.value: CaptureKind.SCREEN,
}
_ENDS = {Qt.Key.Key_C.value: "copied", Qt.Key.Key_S.value: "saved", Qt.Key.Key_G.value: "kept"}
_ENTER = (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
_DELETE = (Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value)
_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Keys(QObject):
    """Listens to the windows and to the prompt of a session.

    Signals:
        troubled: something failed here.
    """

    troubled = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._prompt = session.panel.prompt
        self._prompt.key_pressed.connect(self.on_prompt_key)
        for window in session.windows:
            window.key_pressed.connect(self.on_window_key)
            window.typed.connect(self.on_typed)

    @guarded
    def on_prompt_key(self, event: QKeyEvent) -> None:
        """A key was pressed in the prompt, which uses it unless it is accepted here."""
        if self._command(event):
            return
        is_typing = self._prompt.is_typing()
        if event.key() in ARROWS and (not is_typing or event.modifiers() & _ALT):
            self._arrow(event)
        elif event.key() in _DELETE and not is_typing:
            self._session.delete()
            event.accept()

    @guarded
    def on_window_key(self, event: QKeyEvent) -> None:
        """A key was pressed elsewhere, and nothing there has used it."""
        window = self.sender()
        if isinstance(window, ScreenWindow):
            # Where windows cannot take the keyboard, the desktop decides which screen has it.
            self._session.use(window)
        if self._command(event):
            return
        key = event.key()
        if key in ARROWS:
            self._arrow(event)
        elif key in _ENTER:
            self._enter()
        elif key == Qt.Key.Key_Space.value and self._space():
            pass
        elif key in _DELETE:
            self._session.delete()
        elif key in (Qt.Key.Key_Tab.value, Qt.Key.Key_Backtab.value):
            self._walk(-1 if key == Qt.Key.Key_Backtab.value else 1)
        elif event.text().isprintable() and event.text() and not event.modifiers() & (_CONTROL | _ALT):
            self._type(event)
        event.accept()

    @guarded
    def on_typed(self, event: QInputMethodEvent) -> None:
        """An input method has made words while the prompt had not the keyboard."""
        if self._session.owner is not None:
            self._prompt.setFocus(Qt.FocusReason.OtherFocusReason)
            if event.commitString():
                self._prompt.insertPlainText(event.commitString())

    def _command(self, event: QKeyEvent) -> bool:
        """What works wherever the keyboard is; whether it was such."""
        session, key = self._session, event.key()
        held = event.modifiers() & (_CONTROL | _SHIFT | _ALT)
        if key == Qt.Key.Key_Escape.value:
            session.step_back()
            event.accept()
            return True
        session.go_on()
        done = False
        if held == _ALT:
            done = self._with_alt(key)
        elif held & _CONTROL and not held & _ALT:
            done = self._with_control(key, shift=bool(held & _SHIFT))
        elif held == _ALT | _SHIFT and key == Qt.Key.Key_V.value:
            done = self._select(-1)
        if done:
            event.accept()
        return done

    def _with_alt(self, key: int) -> bool:
        session = self._session
        if key in _MODES:
            session.set_mode(_MODES[key])
            return True
        if key not in _TOOLS:
            return False
        tool = _TOOLS[key]
        if not tool:
            return self._select(1)
        in_hand = session.at_hand.marks.editor.tool
        session.set_tool(None if tool == in_hand else tool)
        return True

    def _with_control(self, key: int, *, shift: bool) -> bool:
        session = self._session
        cursor = self._prompt.textCursor()
        in_prompt = self._prompt.hasFocus()
        if key in _ENDS and not shift:
            if key == Qt.Key.Key_C.value and in_prompt and cursor.hasSelection():
                return False
            session.end(_ENDS[key])
            return True
        if key == Qt.Key.Key_A.value:
            if in_prompt and self._prompt.is_typing():
                return False
            session.take_all()
            return True
        if key in _ENTER:
            session.end("asked")
            return True
        return self._undo(key, shift=shift, document=in_prompt)

    def _undo(self, key: int, *, shift: bool, document: bool) -> bool:
        """The prompt undoes its own typing first, where it has the keyboard."""
        back = key == Qt.Key.Key_Z.value and not shift
        again = (key == Qt.Key.Key_Z.value and shift) or key == Qt.Key.Key_Y.value
        text = self._prompt.document()
        if back and not (document and text.isUndoAvailable()):
            self._session.undo()
        elif again and not (document and text.isRedoAvailable()):
            self._session.redo()
        else:
            return False
        return True

    def _select(self, step: int) -> bool:
        """The hand; where it is in hand already, the next thing that was drawn."""
        session = self._session
        owner = session.owner
        if owner is None:
            return True
        had_hand = owner.marks.editor.tool is None
        session.set_tool(None)
        if had_hand:
            owner.marks.select_next(step)
        owner.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _arrow(self, event: QKeyEvent) -> None:
        across, down = ARROWS[event.key()]
        held = event.modifiers()
        far = _FAR if held & _SHIFT else 1
        across, down, size = across * far, down * far, bool(held & _CONTROL)
        window = self._session.at_hand
        if self._session.owner is None or window.choice.in_gesture:
            window.choice.step_cursor(window.start_pixel(), across, down)
        elif not window.marks.nudge(across, down, size=size):
            if size:
                window.choice.stretch(across, down)
            else:
                window.choice.nudge(across, down)
        window.refresh()
        event.accept()

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif not self._set_corner():
            self._session.end("asked")

    def _space(self) -> bool:
        """Set a corner, or place what the tool makes; whether there was such a thing to do."""
        owner = self._session.owner
        return self._set_corner() or (owner is not None and owner.marks.place())

    def _set_corner(self) -> bool:
        window = self._session.at_hand
        if self._session.owner is not None and not window.choice.in_gesture:
            return False
        is_chosen = window.choice.set_corner(window.start_pixel())
        window.refresh()
        if is_chosen and window.choice.area is not None:
            self._session.on_settled()
        return True

    def _walk(self, step: int) -> None:
        window = self._session.at_hand
        if self._session.owner is None and self._session.mode is CaptureKind.WINDOW:
            window.choice.walk(step)
            window.refresh()

    def _type(self, event: QKeyEvent) -> None:
        if self._session.owner is not None:
            self._prompt.setFocus(Qt.FocusReason.OtherFocusReason)
            self._prompt.textCursor().insertText(event.text())

    def on_trouble(self) -> None:
        """Something failed here."""
        self.troubled.emit()
