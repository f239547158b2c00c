"""What is compared: the question, its images small above it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Attachment, Message
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme
from desktop.ui.conversation.thumb import Thumb
from desktop.ui.widgets.labels import label

MOST_THUMBS = 5
_MOST_LINES = 4
_LINE_GAP_PX = 6


class QuestionStrip(QFrame):
    """The question in a few lines; a longer one scrolls.

    Attributes:
        thumbs: the first of its images.

    Signals:
        thumbnails_needed: attachments whose pictures are to be given to `set_thumbnail`.
        attachment_opened(int): an image is to be seen large; its id.
    """

    thumbnails_needed = Signal(list)
    attachment_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bubble")
        self.setAccessibleName(_("Question"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.thumbs: list[Thumb] = []
        self._pictures = QWidget()
        # The pictures that there is no room for must not keep the window wide.
        self._pictures.setMinimumWidth(1)
        self._row = QHBoxLayout(self._pictures)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.current().metric("bubble_thumb_gap"))
        self._more = label("", "small")
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        self._text = _FewLines()
        look = theme.current()
        side, top = look.metric("bubble_padding"), look.metric("bubble_padding_top")
        column = QVBoxLayout(self)
        column.setContentsMargins(side, top, side, top)
        column.setSpacing(_LINE_GAP_PX)
        column.addWidget(self._pictures)
        column.addWidget(self._text)

    def show_question(self, question: Message) -> None:
        """Show ``question``; images that stand there already keep their pictures."""
        images = [a for a in question.attachments if not a.edits.overview]
        self._show_images(images[:MOST_THUMBS], len(images))
        self._text.show_text(question.text)
        wanted = [t.attachment for t in self.thumbs if t.pixmap() is None and t.attachment.sent is not None]
        if wanted:
            self.thumbnails_needed.emit(wanted)

    def set_thumbnail(self, sha256: str, pixmap: QPixmap) -> None:
        """Show a picture, by the hash of the bytes that were sent."""
        for thumb in self.thumbs:
            if thumb.attachment.sent is not None and thumb.attachment.sent.sha256 == sha256:
                thumb.set_pixmap(pixmap)

    def _show_images(self, images: Sequence[Attachment], count: int) -> None:
        for gone in self.thumbs[len(images) :]:
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        del self.thumbs[len(images) :]
        for thumb, attachment in zip(self.thumbs, images, strict=False):
            thumb.show_attachment(attachment)
        for attachment in images[len(self.thumbs) :]:
            thumb = Thumb(attachment)
            thumb.opened.connect(self.attachment_opened)
            self._row.insertWidget(len(self.thumbs), thumb)
            self.thumbs.append(thumb)
        more = count - len(images)
        text = ngettext("{count} more image", "{count} more images", more)
        self._more.setText(text.format(count=format_count(more)))
        self._more.setVisible(more > 0)
        self._pictures.setVisible(count > 0)
        self._fit_images()

    def _fit_images(self) -> None:
        """Where it is narrow, only those are seen that have room."""
        left = self.width() - 2 * theme.current().metric("bubble_padding")
        for at, thumb in enumerate(self.thumbs):
            left -= thumb.width() + self._row.spacing()
            thumb.setVisible(at == 0 or left >= 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_images()


class _FewLines(QPlainTextEdit):
    """Plain text to read, as high as its lines up to some."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(_("Question"))
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)

    def show_text(self, text: str) -> None:
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        # Lines of a plain text document are counted after wrapping, but only of blocks that are laid out.
        lines, block = 0, self.document().firstBlock()
        while block.isValid() and lines < _MOST_LINES:
            self.document().documentLayout().blockBoundingRect(block)
            lines += max(block.layout().lineCount(), 1)
            block = block.next()
        shown = min(max(lines, 1), _MOST_LINES)
        self.setFixedHeight(shown * self.fontMetrics().lineSpacing() + 4)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
