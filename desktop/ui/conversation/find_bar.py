"""A slim bar to look for words in the conversation."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from desktop.core.compat import override
from desktop.core.text import _, ngettext
from desktop.ui.widgets.buttons import icon_button, restyle
from desktop.ui.widgets.labels import label

FIELD_PX = 180


class FindBar(QFrame):
    """Floats above the upper right corner of what is searched.

    Signals:
        changed(str): other words are looked for.
        stepped(int): 1 for the next match, -1 for the one before.
        closed: nothing is looked for any more.
    """

    changed = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "find")
        self.setAccessibleName(_("Find in conversation"))
        self._field = QLineEdit()
        self._field.setProperty("kind", "filter")
        self._field.setFixedWidth(FIELD_PX)
        self._field.setPlaceholderText(_("Find in conversation"))
        self._field.setAccessibleName(_("Find in conversation"))
        self._field.textChanged.connect(self.changed)
        self._count = label("", "small")
        self._count.setMinimumWidth(56)
        back = icon_button("chevron-up", _("Previous match (Shift+Enter)"), size_px=26)
        on = icon_button("chevron-down", _("Next match (Enter)"), size_px=26)
        close = icon_button("x", _("Close (Esc)"), size_px=26)
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 5, 5, 5)
        row.setSpacing(3)
        for widget in (self._field, self._count, back, on, close):
            row.addWidget(widget)
        row.insertSpacing(2, 4)
        self.hide()

    def open_with(self, words: str) -> None:
        """Show it, with what was looked for before or ``words``."""
        if words:
            self._field.setText(words)
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def text(self) -> str:
        """What is looked for."""
        return self._field.text()

    def show_count(self, current: int, count: int) -> None:
        """Say that match ``current`` of ``count``, from 1, is at hand; 0 of 0 for none."""
        missing = bool(self.text().strip()) and not count
        if count:
            words = ngettext("{current} of {count}", "{current} of {count}", count)
            self._count.setText(words.format(current=current, count=count))
        else:
            self._count.setText(_("No match") if missing else "")
        if bool(self._field.property("wrong")) is not missing:
            self._field.setProperty("wrong", missing)
            restyle(self._field)

    @override
    def event(self, event: QEvent) -> bool:
        overrides = event.type() is QEvent.Type.ShortcutOverride
        # The window's Esc would stop the answer.
        if overrides and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F3):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.stepped.emit(-1 if shift else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
