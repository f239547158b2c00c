"""The field in which labels and legends are typed, at their place on the picture."""

import sys

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.core.compat import override

_WIDTH_PX = 220
_MAX_LENGTH = 500


class TextField(QLineEdit):
    """Hidden until `ask`; then exactly one of its signals follows, and it hides again.

    Signals:
        written(str): Enter, or the focus went elsewhere.
        cancelled: Escape.
    """

    written = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(_MAX_LENGTH)
        self.setFixedWidth(_WIDTH_PX)
        self._room = parent
        self._asking = False
        self.hide()
        self.returnPressed.connect(self.finish)

    def ask(self, at: QPoint, text: str, name: str) -> None:
        """Let ``text`` be changed; ``name`` is for screen readers, and shown while there is none."""
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setText(text)
        self.place(at)
        self._asking = True
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, at: QPoint) -> None:
        """Move to ``at``, as far as all of it stays within its parent."""
        room = self._room.size() - self.sizeHint()
        left = max(0, min(at.x(), self._room.width() - _WIDTH_PX))
        self.move(left, max(0, min(at.y(), room.height())))

    @override
    def event(self, event: QEvent) -> bool:
        # Else shortcuts of the window would take letters and Escape from who is typing. Ctrl+Q still quits.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_quietly()
            self.cancelled.emit()
            return
        if self._is_for_room(event):
            event.ignore()
            return
        super().keyPressEvent(event)
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()

    def _is_for_room(self, event: QKeyEvent) -> bool:
        """Whether it is a command, which a line edit would type or do nothing with."""
        if event.matches(QKeySequence.StandardKey.Copy):
            return not self.hasSelectedText()
        # Other keyboards type letters with it there.
        return sys.platform != "darwin" and event.modifiers() == Qt.KeyboardModifier.AltModifier

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish()

    def finish(self) -> None:
        """What is typed so far is all, if anything is being typed."""
        if self._asking:
            text = self.text()
            self.close_quietly()
            self.written.emit(text)

    def close_quietly(self) -> None:
        """Hide without a signal."""
        self._asking = False
        self.hide()
