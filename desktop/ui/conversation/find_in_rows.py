"""Joins the find bar with the rows: counts, marks, goes from match to match."""

import re
from bisect import bisect_left
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.conversation.find_bar import FindBar
from desktop.ui.conversation.finding import Match, matches, words_of
from desktop.ui.conversation.row_view import RowView
from desktop.ui.conversation.rows import Item
from desktop.ui.sliced import Sliced

EDGE_PX = 12


class FindInRows(QObject):
    """Looks for words in a `RowView`.

    Attributes:
        bar: where they are typed.
    """

    def __init__(self, view: RowView) -> None:
        super().__init__(view)
        self._view = view
        self.bar = FindBar(view)
        self.bar.changed.connect(self.look_again)
        self.bar.stepped.connect(self._step)
        self.bar.closed.connect(self.close)
        self._words: re.Pattern[str] | None = None
        self._found: list[Match] = []
        self._at = -1
        self._goes_there = True
        self._before: QWidget | None = None
        self._work = Sliced(self)
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            shortcut = QShortcut(QKeySequence(keys), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._step, step))

    def open(self, words: str = "") -> None:
        """Show the bar; ``words`` are what is selected."""
        if not self.bar.isVisible():
            self._before = QApplication.focusWidget()
        self.bar.open_with(words)
        self.place()
        self.look_again()

    def close(self) -> None:
        """Hide the bar, and give the focus back to where it was."""
        had_focus = self.bar.isAncestorOf(QApplication.focusWidget() or self._view)
        self.bar.hide()
        self._work.stop()
        self._words, self._found, self._at = None, [], -1
        self._mark()
        if had_focus:
            before, self._before = self._before, None
            there = before is not None and before.isVisible()
            (before if before is not None and there else self._view).setFocus()

    def place(self) -> None:
        """Keep it in its corner."""
        self.bar.adjustSize()
        self.bar.move(max(0, self._view.width() - self.bar.width() - EDGE_PX), 8)

    def look_again(self, _text: str = "", *, goes_there: bool = True) -> None:
        """Look through all messages; ``goes_there`` scrolls to the first match below the upper edge."""
        if not self.bar.isVisible():
            return
        self._goes_there = goes_there
        self._words = words_of(self.bar.text())
        if self._words is None:
            self._work.stop()
            self._on_found([])
        else:
            self._work.run(matches(self._view.rows, self._words), self._on_found)

    def mark(self, item: Item) -> None:
        """Mark the matches of one message."""
        row = item.text_view.row
        here = self._found[self._at] if 0 <= self._at < len(self._found) else (-1, -1, -1)
        item.text_view.set_search(self._words, here[1:] if here[0] == row else (-1, -1))

    def _on_found(self, found: list[Match]) -> None:
        before = self._found[self._at] if 0 <= self._at < len(self._found) else None
        self._found = found
        if not found:
            self._at = -1
        elif before in found:
            self._at = found.index(before)
        else:
            top = self._view.verticalScrollBar().value()
            self._at = min(bisect_left(found, (self._view.rows.at(top), 0, 0)), len(found) - 1)
        self._show(goes_there=self._goes_there)

    def _step(self, step: int) -> None:
        if not self.bar.isVisible():
            self.open()
        elif self._found:
            self._at = (self._at + step) % len(self._found)
            self._show(goes_there=True)

    def _show(self, *, goes_there: bool) -> None:
        self.bar.show_count(self._at + 1, len(self._found))
        self.place()
        if goes_there and self._words is not None and 0 <= self._at < len(self._found):
            number, *at = self._found[self._at]
            item = self._view.build(number)
            view = item.text_view
            place = view.match_rect(self._words, (at[0], at[1]))
            self._view.outdate(number)
            self._view.reveal(number, place.translated(view.mapTo(item, QPoint(0, 0))))
        self._mark()

    def _mark(self) -> None:
        for item in self._view.items():
            self.mark(item)
