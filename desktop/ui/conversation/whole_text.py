"""All texts of a conversation as one, for what is selected across messages."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF

from desktop.ui.conversation.plain import END, text_between
from desktop.ui.conversation.rows import Rows
from desktop.ui.conversation.selecting import Place


class WholeText:
    """See `selecting.Rows`; also what is not built has its text."""

    def __init__(self, rows: Rows, height_at: Callable[[QPoint], int]) -> None:
        """Of ``rows``; ``height_at`` tells at which height of them a point of the screen is."""
        self._rows = rows
        self._height_at = height_at

    def place_at(self, screen: QPoint) -> Place:
        """The place nearest to a point of the screen."""
        if not self._rows.all:
            return 0, 0, 0
        number = self._rows.at(self._height_at(screen))
        item = self._rows.all[number].item
        if item is None:
            return number, 0, 0
        view = item.text_view
        inside = view.mapFromGlobal(screen)
        if not view.isVisible() or inside.y() < 0:
            return number, 0, 0
        if inside.y() >= view.height():
            return number, max(len(view.leaves) - 1, 0), END
        return number, *view.spot_at(QPointF(inside))

    def between(self, start: Place, end: Place) -> str:
        """The text between two places."""
        parts: list[str] = []
        for number in range(start[0], min(end[0], len(self._rows.all) - 1) + 1):
            first = start[1:] if number == start[0] else (0, 0)
            last = end[1:] if number == end[0] else (END, END)
            parts.append(text_between(self._rows.all[number].leaves, first, last))
        return "\n\n".join(part for part in parts if part)

    def everything(self) -> tuple[Place, Place]:
        """The first and the last place."""
        last = len(self._rows.all) - 1
        return (0, 0, 0), (max(last, 0), END, END)
