"""All pieces of a text, one below the other: which are laid out, and where each of them is."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from desktop.ui.conversation.columns import column_widths
from desktop.ui.conversation.leaves import Kind, Leaf
from desktop.ui.conversation.look import gap_px
from desktop.ui.conversation.piece import Piece
from desktop.ui.conversation.text_marks import Found, blocks, shown_text

KEPT_PX = 3000
"""Documents stay so far above and below what is seen."""


class Pieces:
    """The pieces.

    Attributes:
        all: in order.
        height: of all, in pixels.
    """

    def __init__(self) -> None:
        self.all: list[Piece] = []
        self.height = 0
        self._width = 600
        self._tops: list[int] = []
        self._laid_out: set[int] = set()

    def set_leaves(self, leaves: Sequence[Leaf]) -> int:
        """Show ``leaves``; what has not changed stays laid out. Returns the first that has changed."""
        old, first = self.all, -1
        self.all = []
        for place, leaf in enumerate(leaves):
            kept = old[place] if place < len(old) else None
            if kept is not None and (kept.leaf is leaf or kept.leaf == leaf):
                self.all.append(kept)
                continue
            first = place if first < 0 else first
            self.all.append(Piece(leaf, self._width))
        if first < 0:
            first = len(leaves)
        self._laid_out = {place for place in self._laid_out if place < first}
        self._join(max(first - 1, 0))
        self._place(max(first - 1, 0))
        return first

    def set_width(self, width: int) -> bool:
        """Take the room there is; False if it is the same."""
        if width == self._width or width <= 0:
            return False
        self._width = width
        self.forget()
        return True

    def forget(self) -> None:
        """Lay everything out again: another width or other colours."""
        for piece in self.all:
            piece.widths = []
            piece.set_width(self._width)
        self._laid_out.clear()
        self._place(0)

    def _join(self, first: int) -> None:
        for place in range(first, len(self.all)):
            piece = self.all[place]
            joins = piece.leaf.goes_on and place > 0 and self.all[place - 1].leaf.kind is piece.leaf.kind
            piece.head = self.all[place - 1].head if joins else place
            following = self.all[place + 1].leaf if place + 1 < len(self.all) else None
            piece.set_joined(
                following is not None and following.goes_on and following.kind is piece.leaf.kind
            )

    def _place(self, first: int) -> None:
        del self._tops[first:]
        before = self.all[first - 1] if first else None
        at = before.top + before.height if before is not None else 0
        for piece in self.all[first:]:
            piece.gap = gap_px(before.leaf if before is not None else None, piece.leaf)
            piece.shared = _shared(before.leaf, piece.leaf) if before is not None else 0
            at += piece.gap
            piece.top = at
            self._tops.append(at)
            at += piece.height
            before = piece
        self.height = at

    def lay_out(self, place: int) -> Piece:
        """The piece at ``place``, measured."""
        piece = self.all[place]
        if piece.leaf.kind is Kind.TABLE and not piece.widths:
            head = self.all[piece.head]
            head.widths = head.widths or column_widths(head.leaf, head.room)
            piece.widths = head.widths
        if not piece.has_document:
            before = piece.height
            piece.document()
            self._laid_out.add(place)
            if piece.height != before:
                self._place(place)
        return piece

    def expose(self, top: int, bottom: int) -> None:
        """Lay out what lies between two heights, and let go of what is far from it."""
        place = self.at(top)
        while place < len(self.all) and self.all[place].top <= bottom:
            self.lay_out(place)
            place += 1
        for far in [p for p in self._laid_out if self._is_far(p, top, bottom)]:
            self.all[far].let_go()
            self._laid_out.discard(far)

    def _is_far(self, place: int, top: int, bottom: int) -> bool:
        piece = self.all[place]
        return piece.top > bottom + KEPT_PX or piece.top + piece.height < top - KEPT_PX

    def at(self, y: float) -> int:
        """Number of the piece at a height, or of the nearest one above."""
        return max(0, bisect_right(self._tops, y) - 1)

    def between(self, top: float, bottom: float) -> Iterator[int]:
        """Numbers of the pieces that lie between two heights."""
        # Parts of a table lie over each other a little.
        place = max(0, self.at(top) - 1)
        while place < len(self.all) and self.all[place].top <= bottom:
            yield place
            place += 1

    def found(self, place: int, words: re.Pattern[str] | None, current: int) -> list[Found]:
        """Where ``words`` stand in a piece; number ``current`` of them is the one at hand."""
        if words is None:
            return []
        made: list[Found] = []
        for block in blocks(self.lay_out(place).document()):
            text, places = shown_text(block)
            for match in words.finditer(text):
                start, end = places[match.start()], places[match.end() - 1] + 1
                made.append((block.position() + start, end - start, len(made) == current))
        return made


def _shared(above: Leaf, leaf: Leaf) -> int:
    """How many levels a leaf goes on with."""
    count = 0
    for one, other in zip(above.levels, leaf.levels, strict=False):
        if one.quote != other.quote or other.marker:
            break
        count += 1
    return count
