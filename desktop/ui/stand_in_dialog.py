"""The text that goes in the place of an image from now on: read on it, said about it, or written."""

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.estimate import estimate_text_tokens
from desktop.core.found_text import PageText, searchable
from desktop.core.model import Attachment
from desktop.core.pages import picture_name
from desktop.core.problem_text import sentence
from desktop.core.problems import Problem
from desktop.core.text import _, format_tokens
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.last_row import last_row

_WIDTH_PX, _TEXT_PX = 520, 220
_COUNT_MS = 200

Read = Callable[[Attachment, Callable[[PageText], None], Callable[[Problem], None]], "Future[PageText]"]


class StandInDialog(QDialog):
    """Where the text can come from, the text itself, and what it saves."""

    def __init__(
        self,
        image: Attachment,
        *,
        tokens: int | None,
        answer: str,
        read: Read,
        parent: QWidget | None = None,
    ) -> None:
        """Begin with the text that stands there already, or with what can be read on the image.

        Args:
            image: the carried image.
            tokens: what it costs each time it goes along; None if unknown.
            answer: what was said about it; empty for nothing.
            read: reads it on this computer.
            parent: the window.
        """
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(_("Replace by text"))
        self.setMinimumWidth(_WIDTH_PX)
        self._image = image
        self._tokens = tokens
        self._answer = answer
        self._read = read
        self._reading: Future[PageText] | None = None
        self._text = QPlainTextEdit(image.stand_in)
        self._text.setAccessibleName(_("Text that goes in place of the image"))
        self._text.setPlaceholderText(_("What should be known of the image from now on"))
        self._text.setMinimumHeight(_TEXT_PX)
        self._text.setTabChangesFocus(True)
        self._text.setProperty("kind", "field")
        self._remark = label("", "small")
        self._remark.setWordWrap(True)
        self._from_reader = button(_("Text on the image"), icon="scan-text", kind="small")
        self._from_reader.clicked.connect(self._on_read)
        self._from_answer = button(_("The answer about it"), icon="message-square", kind="small")
        self._from_answer.clicked.connect(self._on_answer)
        self._from_answer.setEnabled(bool(answer))
        self._accept = button(_("Replace"), kind="primary")
        self._accept.setDefault(True)
        self._accept.clicked.connect(self.accept)
        self._soon = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._soon.timeout.connect(self._show_figures)
        self._text.textChanged.connect(self._soon.start)
        self._text.textChanged.connect(self._show_possible)
        self._fill()
        self._show_figures()
        self._show_possible()

    def _fill(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        name = picture_name(self._image.image)
        layout.addWidget(label(_("Text in place of {name}").format(name=name), "drop_title"))
        said = label(_("Follow-ups carry this text and not the image. It can be taken back."), "muted")
        said.setWordWrap(True)
        layout.addWidget(said)
        sources = QHBoxLayout()
        sources.setSpacing(8)
        sources.addWidget(self._from_reader)
        sources.addWidget(self._from_answer)
        sources.addStretch(1)
        layout.addLayout(sources)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._remark)
        layout.addLayout(last_row(self, self._accept))

    def text(self) -> str:
        """What was chosen."""
        return self._text.toPlainText().strip()

    def _on_read(self) -> None:
        self._from_reader.setEnabled(False)
        self._remark.setText(_("Reading on this computer…"))
        self._reading = self._read(self._image, self._on_found, self._on_failed)

    def _on_found(self, page: PageText) -> None:
        self._ended()
        found = searchable(page)
        if found:
            self._text.setPlainText(found)
        else:
            self._remark.setText(_("Nothing is written on this image that could be read."))

    def _on_failed(self, trouble: Problem) -> None:
        self._ended()
        self._remark.setText(sentence(trouble))

    def _ended(self) -> None:
        self._reading = None
        self._from_reader.setEnabled(True)

    def _on_answer(self) -> None:
        self._text.setPlainText(self._answer)

    def _show_possible(self) -> None:
        self._accept.setEnabled(bool(self.text()))

    def _show_figures(self) -> None:
        after = estimate_text_tokens(self.text())
        if self._tokens is None:
            words = _("The text has about {after}.").format(after=format_tokens(after))
        else:
            words = _("The image costs {before} in each question, the text about {after}.").format(
                before=format_tokens(self._tokens), after=format_tokens(after)
            )
        self._remark.setText(words)

    def _give_up(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    @override
    def done(self, result: int) -> None:
        self._give_up()
        super().done(result)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._give_up()
        super().closeEvent(event)
