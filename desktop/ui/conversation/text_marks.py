"""What stands out in a text document, and where in Qt's text the words of a paragraph are."""

from collections.abc import Iterator
from itertools import accumulate

from PySide6.QtGui import QAbstractTextDocumentLayout, QColor, QTextBlock, QTextCharFormat, QTextCursor

from desktop.ui import theme
from desktop.ui.conversation.markdown import BREAK, PAD
from desktop.ui.conversation.quiet_text import QuietDocument

Found = tuple[int, int, bool]
"""Start and length in a document's text, and whether it is the one at hand."""


def found_marks(document: QuietDocument, found: list[Found]) -> list[QAbstractTextDocumentLayout.Selection]:
    """Words that are looked for."""
    look = theme.current()
    made = []
    for start, length, current in found:
        ground = look.color("accent" if current else "warning_background")
        ink = look.color("accent_text" if current else "warning_text")
        made.append(_mark(document, start, start + length, ground, ink))
    return made


def selection_marks(
    document: QuietDocument, selection: tuple[int, int] | None, *, is_table: bool
) -> list[QAbstractTextDocumentLayout.Selection]:
    """What is selected, from one place to another."""
    if selection is None or selection[0] == selection[1]:
        return []
    look = theme.current()
    ground, ink = look.color("accent"), look.color("accent_text")
    if not is_table:
        return [_mark(document, *selection, ground, ink)]
    # Qt would mark the empty paragraph before a table, too.
    made = []
    for block in blocks(document):
        start, end = (
            max(selection[0], block.position()),
            min(selection[1], block.position() + block.length() - 1),
        )
        if start < end:
            made.append(_mark(document, start, end, ground, ink))
    return made


def _mark(
    document: QuietDocument, start: int, end: int, ground: QColor, ink: QColor
) -> QAbstractTextDocumentLayout.Selection:
    made = QAbstractTextDocumentLayout.Selection()
    cursor = QTextCursor(document)
    last = document.characterCount() - 1
    cursor.setPosition(min(start, last))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    shape = QTextCharFormat()
    shape.setBackground(ground)
    shape.setForeground(ink)
    made.cursor, made.format = cursor, shape
    return made


def blocks(document: QuietDocument) -> Iterator[QTextBlock]:
    """Its paragraphs."""
    block = document.firstBlock()
    while block.isValid():
        yield block
        block = block.next()


def shown_text(block: QTextBlock) -> tuple[str, list[int]]:
    """What a paragraph says, without what is only for display, and where in Qt's text each of it is."""
    text = block.text()
    places = utf16_places(text)
    if BREAK in text or PAD in text:
        kept = [at for at, character in enumerate(text) if character not in BREAK + PAD]
        text, places = "".join(text[at] for at in kept), [places[at] for at in kept] + [places[-1]]
    return text.replace("\u2028", "\n"), places


def utf16_places(text: str) -> list[int]:
    """Where each character begins as Qt counts, and where the text ends."""
    if text.isascii():
        return list(range(len(text) + 1))
    return list(accumulate((2 if ord(c) > 0xFFFF else 1 for c in text), initial=0))
