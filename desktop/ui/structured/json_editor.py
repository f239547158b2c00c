"""An editor for JSON: numbered lines, colours, and a mark on the line where something is wrong."""

import re

from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop.core.compat import override
from desktop.core.schemas import MOST_CHARS
from desktop.ui import theme

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:)?|(?P<number>-?\d[\d.eE+-]*)|(?P<word>true|false|null)')
_MOST_COLOURED = 2000
"""Characters of a line; a longer one is nobody's writing."""
_MARGIN_PX = 10
_INDENT = "  "


class JsonEditor(QPlainTextEdit):
    """Edits a schema. Tab leaves it, as in every field; Enter keeps the indent of the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "code")
        self.setFont(theme.current().font("mono"))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(8)
        self._wrong_line = 0
        self._colours = _JsonColours(self.document())
        self._numbers = _LineNumbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update)
        theme.current().changed.connect(self._on_theme)
        self._make_room()

    @property
    def wrong_line(self) -> int:
        """The line that is marked, from 1; 0 for none."""
        return self._wrong_line

    def mark_line(self, line: int) -> None:
        """Mark this line, from 1; 0 for none."""
        self._wrong_line = line
        self._show_mark()
        self._numbers.update()

    def paint_numbers(self, painter: QPainter, rect: QRect) -> None:
        """Paint the numbers of the visible lines; for the margin."""
        look = theme.current()
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        height = self.fontMetrics().lineSpacing()
        while block.isValid() and top <= rect.bottom():
            number = block.blockNumber() + 1
            painter.setPen(look.color("danger" if number == self._wrong_line else "text_placeholder"))
            area = QRect(0, round(top), self._numbers.width() - _MARGIN_PX, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(number))
            top += self.blockBoundingRect(block).height()
            block = block.next()

    def numbers_px(self) -> int:
        """The width of the margin."""
        digits = max(2, len(str(self.blockCount())))
        return digits * self.fontMetrics().horizontalAdvance("0") + 2 * _MARGIN_PX

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            before = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            indent = before[: len(before) - len(before.lstrip(" "))]
            deeper = _INDENT if before.rstrip().endswith(("{", "[")) else ""
            self.insertPlainText(f"\n{indent}{deeper}")
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        # What is pasted is checked, and refused for its length, without the window standing still.
        self.insertPlainText(source.text()[: 2 * MOST_CHARS])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.topLeft(), QSize(self.numbers_px(), inner.height())))

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_px(), 0, 0, 0)

    def _on_update(self, rect: QRect, scrolled_px: int) -> None:
        if scrolled_px:
            self._numbers.scroll(0, scrolled_px)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def _show_mark(self) -> None:
        if not self._wrong_line:
            self.setExtraSelections([])
            return
        marked = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setBackground(theme.current().color("danger_background"))
        form.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
        marked.format = form
        marked.cursor = QTextCursor(self.document().findBlockByNumber(self._wrong_line - 1))
        self.setExtraSelections([marked])

    def _on_theme(self) -> None:
        self._colours.rehighlight()
        self._show_mark()


class _LineNumbers(QWidget):
    """The margin with the numbers; decoration, so it takes no focus."""

    def __init__(self, editor: JsonEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_px(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.translate(QPoint(0, 0))
        self._editor.paint_numbers(painter, event.rect())


class _JsonColours(QSyntaxHighlighter):
    """Names, texts, numbers and constants, each in a colour of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    @override
    def highlightBlock(self, text: str) -> None:
        look = theme.current()
        for found in _TOKEN.finditer(text[:_MOST_COLOURED]):
            role = "success"
            if found["key"]:
                role = "accent_soft_text"
            elif found["number"] or found["word"]:
                role = "warning_text"
            self.setFormat(found.start(), found.end() - found.start(), QColor(look.color(role)))
