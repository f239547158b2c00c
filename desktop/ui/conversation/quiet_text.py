"""Text documents that open nothing, whatever is in them."""

import math
from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.conversation.markdown import with_breaks

LINE_HEIGHT_PERCENT = 122


@lru_cache(maxsize=4)
def _ground(now: theme.Theme) -> tuple[QFont, QTextOption]:
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return now.font("answer"), wrapping


class QuietDocument(QTextDocument):
    """A text document without margins, in the font of answers."""

    def __init__(self) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        font, wrapping = _ground(theme.current())
        self.setDefaultFont(font)
        self.setDefaultTextOption(wrapping)

    @override
    def loadResource(self, kind: int, _name: QUrl | str) -> QByteArray | QImage:
        """Nothing is ever loaded.

        Returning None makes Qt read the file itself, and so does anything that is no picture where it wants
        one (`qtextimagehandler.cpp`, measured with Qt 6.11: an empty `QByteArray` does not stop it).
        """
        if kind == QTextDocument.ResourceType.ImageResource.value:
            nothing = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            nothing.fill(0)
            return nothing
        return QByteArray()


class QuietText(QTextBrowser):
    """A sentence of ours in the line height of answers, as high as it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocument(QuietDocument())
        self.document().setParent(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)

    def set_plain(self, text: str, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        """Show ``text`` as it is, with the line height of answers."""
        self.setPlainText(with_breaks(text)[0])
        lines = QTextBlockFormat()
        lines.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        lines.setAlignment(alignment)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(lines)

    def fit(self) -> None:
        """Take the height that the text needs at the present width."""
        height = math.ceil(self.document().documentLayout().documentSize().height())
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            # Qt has just given the style sheet's font to the document.
            self.document().setDefaultFont(theme.current().font("answer"))
