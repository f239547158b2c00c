"""An answer, or what is selected of it, as plain text for other programs."""

from collections.abc import Sequence

from PySide6.QtGui import QTextCursor

from desktop.ui.conversation.leaves import Kind, Leaf
from desktop.ui.conversation.markdown import DISPLAY_ONLY
from desktop.ui.conversation.piece import document_of

Spot = tuple[int, int]
"""A place in a text: number of the leaf, and a position in its document."""

END = 1 << 30
"""A position behind every text."""


def leaf_text(leaf: Leaf) -> str:
    """A whole leaf, with markers of lists, cells apart by tabs."""
    if leaf.kind is Kind.RULE:
        return "———"
    lines = list(leaf.words)
    if leaf.kind is Kind.TABLE:
        across = max(leaf.columns, 1)
        lines = ["\t".join(lines[at : at + across]) for at in range(0, len(lines), across)]
    if not leaf.levels:
        return "\n".join(lines)
    first = "".join("> " if v.quote else f"{v.marker} " if v.marker else "  " for v in leaf.levels)
    rest = "".join("> " if v.quote else " " * (len(v.marker or " ") + 1) for v in leaf.levels)
    return "\n".join((rest if at else first) + line for at, line in enumerate(lines)).rstrip(" ")


def text_between(leaves: Sequence[Leaf], start: Spot = (0, 0), end: Spot = (END, END)) -> str:
    """What stands between two places, in order."""
    parts: list[str] = []
    for number in range(start[0], min(end[0], len(leaves) - 1) + 1):
        leaf = leaves[number]
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else END
        text = _part(leaf, first, last)
        if parts:
            parts.append(leaf.joint if leaf.goes_on else "\n" if leaf.tight else "\n\n")
        parts.append(text)
    return "".join(parts)


def _part(leaf: Leaf, first: int, last: int) -> str:
    # A table's first cell is one place behind its beginning.
    begins = first <= (1 if leaf.kind is Kind.TABLE else 0)
    if begins and last == END:
        return leaf_text(leaf)
    document = document_of(leaf)
    end = document.characterCount() - 1
    if begins and last >= end and not leaf.levels:
        return leaf_text(leaf)
    cursor = QTextCursor(document)
    cursor.setPosition(min(first, end))
    cursor.setPosition(min(last, end), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selection().toPlainText().translate(DISPLAY_ONLY)
