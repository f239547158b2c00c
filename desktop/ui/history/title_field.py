"""The field in which a title is written anew, in its place in the list."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.core.compat import override
from desktop.core.text import _

MAX_CHARS = 200
_OUTSET_PX = 7


class TitleField(QLineEdit):
    """Enter and leaving it keep what was written, Esc does not.

    Signals:
        written(int, str): a conversation shall have this title; only if it is another one.
        ended(): the field is gone; the keyboard may go back to the list.
    """

    written = Signal(int, str)
    ended = Signal()

    def __init__(self, conversation_id: int, title: str, place: QRect, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._conversation_id = conversation_id
        self._before = title
        self._open = True
        self.setProperty("kind", "rename")
        self.setMaxLength(MAX_CHARS)
        self.setAccessibleName(_("Title"))
        height = self.sizeHint().height()
        self.setGeometry(
            place.x() - _OUTSET_PX, place.center().y() - height // 2, place.width() + _OUTSET_PX, height
        )
        # From the end, so that the beginning of a long title is seen.
        self.setSelection(len(title), -len(title))
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self, *, keep: bool) -> None:
        """Put the field away."""
        if not self._open:
            return
        self._open = False
        title = " ".join(self.text().split())
        if keep and title and title != self._before:
            self.written.emit(self._conversation_id, title)
        self.hide()
        self.deleteLater()
        self.ended.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish(keep=True)
        elif event.key() == Qt.Key.Key_Escape:
            self.finish(keep=False)
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish(keep=True)
