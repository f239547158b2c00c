"""Where the question is typed: grows with its text, sends by key, and hands pasted pictures and files on."""

import math
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.composer.variable_marks import VariableMarks
from desktop.ui.widgets.incoming import acceptable, carried_image, local_paths

_LEAST_LINES = 2
_MOST_LINES = 10


class PromptBox(QPlainTextEdit):
    """Plain text of a few lines; Ctrl+Enter always sends, Enter alone if so set, Shift+Enter never.

    Signals:
        send_requested: the send key was pressed.
        image_pasted: a picture was pasted or dropped (`QImage`).
        paths_pasted: files or folders were pasted or dropped (list of `Path`).
        focus_changed: whether the box has the keyboard now.
    """

    send_requested = Signal()
    image_pasted = Signal(QImage)
    paths_pasted = Signal(list)
    focus_changed = Signal(bool)

    def __init__(
        self, placeholder: str = "", *, least_lines: int = _LEAST_LINES, most_lines: int = _MOST_LINES
    ) -> None:
        """Show ``placeholder`` while it is empty, and grow between so many lines."""
        super().__init__()
        self._least_lines, self._most_lines = least_lines, most_lines
        self._sends_by_enter = False
        self._composing = False
        self.setProperty("kind", "prompt")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setPlaceholderText(placeholder or _("Ask about your images…"))
        self.setAccessibleName(_("Question"))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._marks = VariableMarks(self.document())
        self.document().setDocumentMargin(4)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    @property
    def is_composing(self) -> bool:
        """Whether an input method is making a word."""
        return self._composing

    def set_send_key(self, send_key: str) -> None:
        """``enter``: Enter sends; ``ctrl_enter``: only Ctrl+Enter does."""
        self._sends_by_enter = send_key == "enter"

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        most = self._most_lines * line
        height = min(max(self._text_height(most), self._least_lines * line), most)
        height = math.ceil(height + 2 * self.document().documentMargin()) + 1
        if height != self.height():
            self.setFixedHeight(height)

    def _text_height(self, enough: float) -> float:
        """Height of the text in pixels, counted until it is ``enough``: lines of other scripts are higher."""
        # The first block's height includes the margin above it.
        height = -self.document().documentMargin()
        block = self.document().firstBlock()
        while block.isValid() and height < enough:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return height

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value) or self._composing:
            super().keyPressEvent(event)
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = held == Qt.KeyboardModifier.ControlModifier
        if control or (self._sends_by_enter and held == Qt.KeyboardModifier.NoModifier):
            self.send_requested.emit()
        elif held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            # Qt would make Shift+Enter a line separator within the paragraph.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return acceptable(source) or source.hasText() or source.hasHtml()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Files, else text, else a picture: file managers add names as text, office programs a picture."""
        paths: list[Path] = local_paths(source)
        image = carried_image(source)
        if paths:
            self.paths_pasted.emit(paths)
        elif source.text():
            self.insertPlainText(source.text())
        elif image is not None:
            self.image_pasted.emit(image)
        elif source.hasHtml():
            self.insertPlainText(text_of_html(source.html()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.focus_changed.emit(False)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())


def text_of_html(html: str) -> str:
    """The text of pasted HTML. Qt's own reader would look for the pictures that it names."""
    reader = _TextOnly()
    reader.feed(html)
    return "".join(reader.parts).strip()


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in ("style", "script")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
