"""Where tiles and group titles stand: computed, not stored, so that any of 100,000 is found at once."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate

from PySide6.QtCore import QPoint, QRect

from desktop.ui.gallery.grid import Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A run of tiles below one title; without a title where the gallery is not grouped."""

    title: str
    count: int


class Step(Enum):
    """Where a key leads from a tile."""

    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    HOME = auto()
    END = auto()


class Layout:
    """Tiles of equal size in sections, each of which begins a new line. Places are in px of the content.

    Attributes:
        grid: size of tiles and gaps.
        sections: in order; none of them empty.
        count: how many tiles there are.
        height: of everything, margins included.
    """

    def __init__(self, grid: Grid, sections: Sequence[Section], *, margin_px: int, title_px: int) -> None:
        self.grid = grid
        self.sections = tuple(sections)
        self._margin = margin_px
        self._title_px = title_px
        self._firsts = list(accumulate((section.count for section in self.sections), initial=0))
        self.count = self._firsts.pop()
        heights = (self._title(section) + self._lines(section) * self._pitch for section in self.sections)
        self._tops = list(accumulate(heights, initial=margin_px))
        end = self._tops.pop()
        self.height = end - grid.gap_px + margin_px if self.sections else 0

    def rect(self, row: int) -> QRect:
        """The tile of a row."""
        at = bisect_right(self._firsts, row) - 1
        line, column = divmod(row - self._firsts[at], self.grid.columns)
        y = self._tops[at] + self._title(self.sections[at]) + line * self._pitch
        return QRect(self._margin + self.grid.left(column), y, *self.grid.tile.toTuple())

    def title_rect(self, section: int) -> QRect:
        """The title of a section; of no height where it has none."""
        width = self.grid.left(self.grid.columns - 1) + self.grid.tile.width()
        return QRect(self._margin, self._tops[section], width, self._title(self.sections[section]))

    def row_at(self, place: QPoint) -> int | None:
        """The row of the tile at a place; None between tiles."""
        at = bisect_right(self._tops, place.y()) - 1
        if at < 0:
            return None
        section = self.sections[at]
        line = (place.y() - self._tops[at] - self._title(section)) // self._pitch
        if line < 0:
            return None
        column = self.grid.column_at(place.x() - self._margin)
        row = self._firsts[at] + line * self.grid.columns + column
        inside = column < self.grid.columns and row < self._firsts[at] + section.count
        return row if inside and self.rect(row).contains(place) else None

    def section_at(self, y: int) -> int | None:
        """The section whose title is at this height."""
        at = bisect_right(self._tops, y) - 1
        return at if at >= 0 and y < self._tops[at] + self._title(self.sections[at]) else None

    def rows_of(self, section: int) -> range:
        """The rows of a section."""
        first = self._firsts[section]
        return range(first, first + self.sections[section].count)

    def sections_between(self, top: int, bottom: int) -> range:
        """The sections of which something stands between two heights, both included."""
        first = max(0, bisect_right(self._tops, top) - 1)
        return range(first, bisect_right(self._tops, bottom))

    def rows_between(self, top: int, bottom: int) -> Iterator[int]:
        """Rows of which something, their gap included, stands between two heights, both included."""
        for at in self.sections_between(top, bottom):
            begin = self._tops[at] + self._title(self.sections[at])
            first = max(0, (top - begin) // self._pitch) * self.grid.columns
            last = ((bottom - begin) // self._pitch + 1) * self.grid.columns
            yield from range(
                self._firsts[at] + first, self._firsts[at] + max(0, min(last, self.sections[at].count))
            )

    def rows_touching(self, box: QRect) -> list[int]:
        """The rows whose tiles a box touches."""
        return [row for row in self.rows_between(box.top(), box.bottom()) if self.rect(row).intersects(box)]

    def moved(self, row: int, step: Step, *, page_px: int) -> int:
        """The row that a key leads to; the same one where there is nothing in that direction."""
        if step is Step.HOME:
            return 0
        if step is Step.END:
            return self.count - 1
        if step in (Step.LEFT, Step.RIGHT):
            return min(max(row + (1 if step is Step.RIGHT else -1), 0), self.count - 1)
        if step in (Step.UP, Step.DOWN):
            return self._above_or_below(row, 1 if step is Step.DOWN else -1)
        lines = max(1, page_px // self._pitch - 1)
        for _line in range(lines):
            row = self._above_or_below(row, 1 if step is Step.PAGE_DOWN else -1)
        return row

    def _above_or_below(self, row: int, lines: int) -> int:
        at = bisect_right(self._firsts, row) - 1
        line, column = divmod(row - self._firsts[at], self.grid.columns)
        line += lines
        if line < 0:
            if at == 0:
                return row
            at -= 1
            line = self._lines(self.sections[at]) - 1
        elif line >= self._lines(self.sections[at]):
            if at == len(self.sections) - 1:
                return row
            at += 1
            line = 0
        # The last line of a section may be shorter.
        last = self._firsts[at] + self.sections[at].count - 1
        return min(self._firsts[at] + line * self.grid.columns + column, last)

    @property
    def _pitch(self) -> int:
        return self.grid.tile.height() + self.grid.gap_px

    def _title(self, section: Section) -> int:
        return self._title_px if section.title else 0

    def _lines(self, section: Section) -> int:
        return -(-section.count // self.grid.columns)
