"""The line above code: its language, and a button that copies it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.text import _, printable
from desktop.ui.conversation.highlight import language_name
from desktop.ui.conversation.look import CODE_SIDE_PX
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import label

COPIED_MS = 1600


class CodeHead(QWidget):
    """Lies over the upper edge of code.

    Attributes:
        number: of the piece.

    Signals:
        copy_wanted(CodeHead): the code is wanted by `copy`.
    """

    copy_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = 0
        self._language: str | None = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._name = label("", "small")
        self._copy = icon_button("copy", _("Copy code"), size_px=24)
        self._copy.clicked.connect(lambda: self.copy_wanted.emit(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(CODE_SIDE_PX, 2, 4, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(self._forget_copied)

    def show_code(self, number: int, language: str) -> None:
        """Stand above the code at piece ``number``, in ``language`` as it was written."""
        self.number = number
        if language != self._language:
            self._language = language
            name = printable(language_name(language), limit=40) if language else _("Code")
            self._name.setText(name)
            self._copy.setAccessibleDescription(name)

    def copy(self, code: str) -> None:
        """Put ``code`` on the clipboard and say so for a moment."""
        QGuiApplication.clipboard().setText(code)
        self._copy.set_icon("check", role="success")
        self._copy.set_name(_("Copied"))
        self._copied.start()

    def _forget_copied(self) -> None:
        self._copy.set_icon("copy", role="text_muted")
        self._copy.set_name(_("Copy code"))
