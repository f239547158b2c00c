"""A read-only text that opens nothing, is as high as what it holds, and copies as what was written."""

import math

from PySide6.QtCore import QByteArray, QEvent, QMimeData, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.conversation.markdown import DISPLAY_ONLY, with_breaks

LINE_HEIGHT_PERCENT = 122


class QuietText(QTextBrowser):
    """Selectable by mouse and keyboard; grows instead of scrolling.

    Signals:
        link_clicked: a link was clicked or activated; the address as written, not yet shown to anybody.
    """

    link_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setCursorWidth(0)
        self.document().setDocumentMargin(0)
        self.document().setDefaultFont(theme.current().font("answer"))
        self.document().documentLayout().documentSizeChanged.connect(self.fit)
        self.anchorClicked.connect(self._on_anchor_clicked)

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
        layout = self.document().documentLayout()
        height = math.ceil(layout.documentSize().height())
        if layout.documentSize().width() > self.viewport().width() + 1:
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.link_clicked.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))

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

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text as it was written: without breaks added for display, without our colours."""
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText().translate(DISPLAY_ONLY))
        return data

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

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript; only sideways scrolling of a wide table stays here."""
        if self.horizontalScrollBar().maximum() and abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret to those who came by keyboard."""
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.setCursorWidth(2 if by_key else 0)
        super().focusInEvent(event)
