"""The messages of a conversation as rows: how high each is, or probably is, and where it stands."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint

from desktop.core.model import AnswerState, Attachment, Message, Role
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.bubble import MOST_THUMBS, QuestionBubble
from desktop.ui.conversation.leaves import Leaf, plain_leaves
from desktop.ui.conversation.plain import Spot
from desktop.ui.conversation.splitting import split

GAP_PX = 14
TOP_PX = 18

READ_AHEAD = 10_000
_CHARACTER_PX = 6.6
_LINE_PX = 20
_ANSWER_PX = 66
"""Of an answer, beside its text: who answers, what it did cost."""

_QUESTION_PX = 20
_THUMBS_PX = 72

Item = QuestionBubble | AnswerBlock


@dataclass(eq=False, slots=True)
class Row:
    """One message.

    Attributes:
        message: what it shows.
        images: those of its request.
        item: its widget, while it is near what is seen.
        height: in pixels; a guess until it was built at this width.
        top: distance from the top of all.
        known_leaves: its text, once somebody needed it.
    """

    message: Message
    images: tuple[Attachment, ...]
    item: Item | None = None
    height: int = 0
    top: int = 0
    known_leaves: Sequence[Leaf] | None = None

    @property
    def leaves(self) -> Sequence[Leaf]:
        """Its text."""
        if isinstance(self.item, AnswerBlock):
            return self.item.text_view.leaves
        if self.known_leaves is None:
            text = self.message.text
            self.known_leaves = plain_leaves(text) if self.message.role is Role.USER else split(text)
        return self.known_leaves

    @property
    def may_be_read_ahead(self) -> bool:
        """Whether reading it takes no longer than a frame, and it does not grow."""
        return self.message.state is not AnswerState.RUNNING and len(self.message.text) < READ_AHEAD

    def set_message(self, message: Message, images: tuple[Attachment, ...]) -> None:
        """Show another state of it."""
        if message.text != self.message.text:
            self.known_leaves = None
        self.message, self.images = message, images

    def anchor(self, y: int) -> tuple[Spot | None, int]:
        """What is at a height within it: where in its text, or else how far down."""
        if self.item is not None:
            view = self.item.text_view
            inside = y - view.mapTo(self.item, QPoint(0, 0)).y()
            if 0 <= inside < view.height() and view.isVisibleTo(self.item):
                return view.anchor(inside), 0
        return None, y

    def anchor_y(self, anchor: tuple[Spot | None, int]) -> int:
        """Where that is by now."""
        spot, y = anchor
        if spot is None or self.item is None:
            return min(y, self.height + GAP_PX)
        view = self.item.text_view
        return view.anchor_y(spot) + view.mapTo(self.item, QPoint(0, 0)).y()


class Rows:
    """All rows, one below the other.

    Attributes:
        all: in order.
        width: of each, in pixels.
    """

    def __init__(self) -> None:
        self.all: list[Row] = []
        self.width = 0
        self._tops: list[int] = []

    @property
    def height(self) -> int:
        """Of all, without the room below."""
        return self.all[-1].top + self.all[-1].height if self.all else TOP_PX

    def set_width(self, width: int) -> None:
        """All have another width; what is not built is guessed anew."""
        self.width = width
        for row in self.all:
            row.height = guess(row, width)
        self.place()

    def add(self, row: Row) -> None:
        """One more at the end."""
        row.height = guess(row, self.width)
        self.all.append(row)
        self.place(len(self.all) - 1)

    def place(self, first: int = 0) -> None:
        """Let rows from ``first`` on stand below those before."""
        del self._tops[first:]
        at = self.all[first - 1].top + self.all[first - 1].height + GAP_PX if first else TOP_PX
        for row in self.all[first:]:
            row.top = at
            self._tops.append(at)
            at += row.height + GAP_PX

    def at(self, y: int) -> int:
        """Number of the row at a height, or of the one above."""
        return max(0, bisect_right(self._tops, y) - 1)

    def between(self, top: int, bottom: int) -> range:
        """Numbers of the rows that lie between two heights."""
        if not self.all:
            return range(0)
        first, last = self.at(top), self.at(bottom)
        if self.all[first].top + self.all[first].height < top:
            first += 1
        return range(first, last + 1)


def guess(row: Row, width: int) -> int:
    """How high a row probably is."""
    text, width = row.message.text, max(width, 100)
    if row.message.role is Role.USER:
        most = width * 0.7
        thumbs = min(len(row.message.attachments), MOST_THUMBS)
        pictures = -(-thumbs * 60 // max(int(most), 60)) * _THUMBS_PX
        return _QUESTION_PX + pictures + _lines(text, most) * _LINE_PX
    return _ANSWER_PX + _lines(text, width) * _LINE_PX + text.count("\n\n") * 6


def _lines(text: str, width: float) -> int:
    across = max(1, int(width / _CHARACTER_PX))
    if len(text) > 20_000:
        return text.count("\n") + len(text) // across
    return sum(1 + len(line) // across for line in text.split("\n") if line.strip())
