"""Links of a text one after the other, for those who go by key."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from desktop.ui.conversation.pieces import Pieces
from desktop.ui.conversation.text_marks import blocks


@dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Attributes:
        piece: where it stands.
        start: its first place in the piece's text.
        length: of its words.
        address: as written.
    """

    piece: int
    start: int
    length: int
    address: str


def links_of(pieces: Pieces, current: Link | None, *, forward: bool) -> Link | None:
    """The link after ``current`` (before it unless ``forward``); None if there is none."""
    step = 1 if forward else -1
    number = current.piece if current is not None else (0 if forward else -1)
    while 0 <= number < len(pieces.all):
        if "<a " in pieces.all[number].leaf.html:
            found = list(_links(pieces, number))
            if current is not None and number == current.piece:
                found = [v for v in found if (v.start - current.start) * step > 0]
            if found:
                return found[0 if forward else -1]
        number += step
    return None


def link_rects(pieces: Pieces, link: Link) -> list[QRectF]:
    """Where a link is, line by line."""
    piece = pieces.lay_out(link.piece)
    document = piece.document()
    block = document.findBlock(link.start)
    bounds = document.documentLayout().blockBoundingRect(block)
    start = link.start - block.position()
    rects: list[QRectF] = []
    for number in range(block.layout().lineCount()):
        line = block.layout().lineAt(number)
        first, last = (
            max(start, line.textStart()),
            min(start + link.length, line.textStart() + line.textLength()),
        )
        if first >= last:
            continue
        left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]  # type: ignore[index]
        rect = QRectF(min(left, right) - 2, line.y(), abs(right - left) + 4, line.height())
        rects.append(rect.translated(bounds.topLeft()).translated(piece.left, piece.top + piece.above))
    return rects


def _links(pieces: Pieces, number: int) -> Iterator[Link]:
    for block in blocks(pieces.lay_out(number).document()):
        begun: Link | None = None
        parts = block.begin()
        while not parts.atEnd():
            part = parts.fragment()
            address = part.charFormat().anchorHref()
            if begun is not None and address == begun.address:
                begun = Link(number, begun.start, begun.length + part.length(), address)
            else:
                if begun is not None:
                    yield begun
                begun = Link(number, part.position(), part.length(), address) if address else None
            parts += 1
        if begun is not None:
            yield begun
