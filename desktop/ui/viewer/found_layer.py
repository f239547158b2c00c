"""The text and codes that were found, outlined on the page; lines can be selected and copied."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from desktop.core.edits import Point
from desktop.core.found_text import Corners, FoundLine, PageCode, PageText
from desktop.ui import theme

_FAINT, _LINE, _SELECTED = 22, 110, 90
"""Opacities of 255: the ground of a line, its outline, and the ground of a selected one."""


class FoundLayer:
    """What was found on one page, and which of its lines are selected.

    Attributes:
        found: None for nothing, or while it is switched off.
    """

    def __init__(self) -> None:
        self.found: PageText | None = None
        self._selected: tuple[int, int] | None = None

    @property
    def lines(self) -> tuple[FoundLine, ...]:
        """All lines in reading order."""
        return self.found.lines if self.found is not None else ()

    def take(self, found: PageText | None) -> bool:
        """Show this; whether a selection is gone with what was shown before."""
        had = self._selected is not None and found != self.found
        self._selected = None if found != self.found else self._selected
        self.found = found
        return had

    def line_at(self, at: Point) -> int | None:
        """The line at a point of the page."""
        return next((n for n, line in enumerate(self.lines) if _holds(line.corners, at)), None)

    def code_at(self, at: Point) -> PageCode | None:
        """The code at a point of the page."""
        codes = self.found.codes if self.found is not None else ()
        return next((code for code in codes if _holds(code.corners, at)), None)

    def nearest(self, at: Point) -> int:
        """The line that is nearest to a point of the page; there must be one."""
        return min(range(len(self.lines)), key=lambda n: _distance(self.lines[n].corners, at))

    def select(self, first: int, last: int) -> None:
        """Select lines, both ends included, in either order."""
        self._selected = (min(first, last), max(first, last))

    def select_all(self) -> bool:
        """Select every line; whether there is any."""
        self._selected = (0, len(self.lines) - 1) if self.lines else None
        return self._selected is not None

    def clear_selection(self) -> bool:
        """Select nothing; whether something was selected."""
        had, self._selected = self._selected is not None, None
        return had

    def selected_text(self) -> str:
        """The selected lines as they would be copied: pieces beside each other are one line."""
        if self._selected is None:
            return ""
        first, last = self._selected
        text = self.lines[first].text
        for before, line in zip(self.lines[first:last], self.lines[first + 1 : last + 1], strict=True):
            text += (" " if _beside(before, line) else "\n") + line.text
        return text

    def paint(self, painter: QPainter, place: QTransform) -> None:
        """Paint outlines; ``place`` is the way from the page to the widget."""
        if self.found is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._selected or (0, -1)
        line, faint, chosen = (_accent(opacity) for opacity in (_LINE, _FAINT, _SELECTED))
        painter.setPen(QPen(line, 1))
        for number, found in enumerate(self.found.lines):
            painter.setBrush(chosen if first <= number <= last else faint)
            painter.drawPolygon(place.map(_polygon(found.corners)))
        painter.setPen(QPen(line, 2))
        painter.setBrush(faint)
        for code in self.found.codes:
            painter.drawPolygon(place.map(_polygon(code.corners)))
        painter.restore()


def _accent(opacity: int) -> QColor:
    colour = theme.current().color("accent_line")
    colour.setAlpha(opacity)
    return colour


def _polygon(corners: Corners) -> QPolygonF:
    return QPolygonF([QPointF(*corner) for corner in corners])


def _holds(corners: Corners, at: Point) -> bool:
    # Quick for the hundreds of lines that the pointer is not over.
    if not min(y for _x, y in corners) <= at[1] <= max(y for _x, y in corners):
        return False
    return _polygon(corners).containsPoint(QPointF(*at), Qt.FillRule.OddEvenFill)


def _distance(corners: Corners, at: Point) -> float:
    """Squared, from a point to the box around the corners; across counts less than down, as text is read."""
    xs, ys = zip(*corners, strict=True)
    across = max(min(xs) - at[0], 0.0, at[0] - max(xs))
    down = max(min(ys) - at[1], 0.0, at[1] - max(ys))
    return across * across / 16 + down * down


def _beside(before: FoundLine, line: FoundLine) -> bool:
    """Whether two pieces stand in one line: half of the smaller height overlaps, and the second is behind."""
    (top, bottom), (next_top, next_bottom) = (
        (min(y for _x, y in piece.corners), max(y for _x, y in piece.corners)) for piece in (before, line)
    )
    overlap = min(bottom, next_bottom) - max(top, next_top)
    behind = line.corners[0][0] >= before.corners[1][0] - before.height_px
    return behind and overlap > min(bottom - top, next_bottom - next_top) / 2
