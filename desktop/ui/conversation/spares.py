"""Widgets of messages that are out of sight, kept for others."""

from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.conversation.rows import Item, Row

MOST_SPARE = 12


class Spares:
    """Some of them: to make one takes three times as long as to show another message with it."""

    def __init__(self) -> None:
        self._bubbles: list[QuestionBubble] = []
        self._blocks: list[AnswerBlock] = []

    def bubble(self, row: Row) -> QuestionBubble | None:
        """A spare one that shows this question now; None if there is none."""
        if not self._bubbles:
            return None
        item = self._bubbles.pop()
        item.show_other(row.message)
        return item

    def block(self, row: Row) -> AnswerBlock | None:
        """A spare one that shows this answer now; None if there is none."""
        if not self._blocks:
            return None
        item = self._blocks.pop()
        item.show_other(row.message, row.images, row.known_leaves)
        return item

    def keep(self, item: Item) -> None:
        """Keep a widget, or let it go for good."""
        if isinstance(item, QuestionBubble) and len(self._bubbles) < MOST_SPARE:
            self._bubbles.append(item)
        elif isinstance(item, AnswerBlock) and len(self._blocks) < MOST_SPARE:
            item.rest()
            self._blocks.append(item)
        else:
            item.deleteLater()
