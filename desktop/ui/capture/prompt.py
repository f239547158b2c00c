"""Where the question is typed on the overlay; keys that mean something else go on."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.composer.prompt_box import PromptBox

_MOST_LINES = 5


class Prompt(PromptBox):
    """One to five lines; Enter asks, Shift+Enter begins a new line.

    Signals:
        key_pressed(QKeyEvent): before the box uses it; to be accepted by who does.
    """

    key_pressed = Signal(QKeyEvent)

    def __init__(self) -> None:
        super().__init__(_("Ask about this…"), least_lines=1, most_lines=_MOST_LINES)
        self.set_send_key("enter")

    def is_typing(self) -> bool:
        """Whether there is any text, or an input method is making some."""
        return bool(self.toPlainText()) or self.is_composing

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            # Else the window's own shortcuts would come before the box's.
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        if not self.is_composing:
            self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)
            event.accept()
