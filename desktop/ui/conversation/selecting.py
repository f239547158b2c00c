"""What is selected in a conversation: from one place to another, across questions and answers."""

from typing import Protocol

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop.ui.conversation.plain import Spot

Place = tuple[int, int, int]
"""Row, leaf, position in the leaf's text."""


class Rows(Protocol):
    """The texts that can be selected, one below the other."""

    def place_at(self, screen: QPoint) -> Place:
        """The place nearest to a point of the screen."""

    def between(self, start: Place, end: Place) -> str:
        """The text between two places."""

    def everything(self) -> tuple[Place, Place]:
        """The first and the last place."""


class Selecting(QObject):
    """One selection.

    Attributes:
        dragging: the mouse is held.

    Signals:
        changed: another selection, or none.
    """

    changed = Signal()

    def __init__(self, rows: Rows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._anchor: Place | None = None
        self.head: Place | None = None
        self.dragging = False

    @property
    def range(self) -> tuple[Place, Place] | None:
        """First and last place of what is selected; None if nothing is."""
        if self._anchor is None or self.head is None or self._anchor == self.head:
            return None
        return min(self._anchor, self.head), max(self._anchor, self.head)

    def within(self, row: int) -> tuple[Spot, Spot] | None:
        """What is selected of one row; None if nothing is."""
        if self.range is None:
            return None
        (first, *start), (last, *end) = self.range
        if not first <= row <= last:
            return None
        begins = (start[0], start[1]) if row == first else (0, 0)
        ends = (end[0], end[1]) if row == last else _WHOLE
        return begins, ends

    def begin(self, place: Place, *, extends: bool = False) -> None:
        """Press at ``place``; ``extends`` keeps where the selection began."""
        if not extends or self._anchor is None:
            self._anchor = place
        self.head = place
        self.dragging = True
        self.changed.emit()

    def drag_to(self, screen: QPoint) -> None:
        """The mouse has moved."""
        self.extend_to(self._rows.place_at(screen))

    def extend_to(self, place: Place) -> None:
        """Select up to ``place``."""
        if place != self.head:
            self.head = place
            self.changed.emit()

    def select(self, start: Place, end: Place) -> None:
        """Select from ``start`` to ``end``."""
        self._anchor, self.head = start, end
        self.changed.emit()

    def select_all(self) -> None:
        """Select everything."""
        self.select(*self._rows.everything())

    def clear(self) -> None:
        """Select nothing."""
        self._anchor = self.head = None
        self.dragging = False
        self.changed.emit()

    def end_drag(self) -> None:
        """The mouse was let go; where the system has it, a middle click pastes what is selected."""
        self.dragging = False
        clipboard = QGuiApplication.clipboard()
        if self.range is not None and clipboard.supportsSelection():
            clipboard.setText(self.text(), QClipboard.Mode.Selection)

    def text(self) -> str:
        """What is selected."""
        return "" if self.range is None else self._rows.between(*self.range)

    def copy(self) -> None:
        """Put it on the clipboard."""
        if self.range is not None:
            QGuiApplication.clipboard().setText(self.text())


_WHOLE: Spot = (1 << 30, 1 << 30)
