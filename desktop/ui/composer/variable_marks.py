"""Shows the variables of a prompt as what they are: they get the ground of a chip where they stand."""

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop.core.compat import override
from desktop.core.prompt_filling import spans
from desktop.ui import theme

_MOST_CHARS = 20_000
"""Of a longer paragraph nothing is marked: whoever pastes a book must be able to go on typing."""


class VariableMarks(QSyntaxHighlighter):
    """Follows a document for as long as that lives."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._format = QTextCharFormat()
        theme.current().changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        look = theme.current()
        self._format.setBackground(look.color("accent_soft"))
        self._format.setForeground(look.color("accent_soft_text"))
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        if "{" in text and len(text) <= _MOST_CHARS:
            for begin, end, _variable in spans(text):
                self.setFormat(begin, end - begin, self._format)
