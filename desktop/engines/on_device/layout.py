"""Puts found pieces of text into reading order: level, columns, lines, and spaces that align prices."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from desktop.core.found_text import Corners, FoundLine, bounds

_MAX_SKEW: Final = math.radians(20)
_LINE_OVERLAP: Final = 0.5
_MAX_INDENT: Final = 40
_MAX_LINE: Final = 160
_MIN_COLUMN_LINES: Final = 3
_MIN_COLUMN_CHARACTERS: Final = 12
_MIN_COLUMN_FILL: Final = 0.6
_NUMBER: Final = re.compile(r"[\s$€£¥￥%.,:/+\-−0-9]+")


@dataclass(frozen=True, slots=True)
class TextBox:
    """One piece of text and where it stands, in pixels from the top left; ``number`` tells which it was."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    number: int = 0

    @property
    def height(self) -> float:
        """Height, at least 1."""
        return max(1.0, self.bottom - self.top)

    @property
    def width(self) -> float:
        """Width, at least 1."""
        return max(1.0, self.right - self.left)

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2


Blocks = list[list[list[TextBox]]]
"""Blocks of rows of boxes."""


def level(lines: Iterable[FoundLine]) -> list[TextBox]:
    """Boxes as they would be if the page lay straight, each numbered by its place in ``lines``."""
    found = list(lines)
    angle = _skew([line.corners for line in found])
    cos, sin = math.cos(-angle), math.sin(-angle)
    boxes = []
    for number, line in enumerate(found):
        turned = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = turned
        boxes.append(
            TextBox(line.text, min(x0, x3), min(y0, y1), max(x1, x2), max(y2, y3), number)
            if x1 >= x0 and y3 >= y0
            else TextBox(line.text, *bounds(turned), number)
        )
    return boxes


def arrange(boxes: Sequence[TextBox]) -> Blocks:
    """Blocks of rows of boxes, in the order in which a person reads them.

    Columns of prose are read one after the other, rows of a table or receipt across. The order of ``boxes``
    does not matter.
    """
    return [_rows(block) for block in _blocks(sorted(boxes, key=_sort_key))]


def reading_lines(blocks: Blocks) -> tuple[str, ...]:
    """The text line by line, with an empty line between paragraphs."""
    lines: list[str] = []
    for rows in blocks:
        if lines:
            lines.append("")
        lines.extend(_block_lines(rows))
    return tuple(lines)


def display_width(text: str) -> int:
    """Columns of a fixed-width font: wide East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _sort_key(box: TextBox) -> tuple[float, float, str]:
    return box.middle, box.left, box.text


def _skew(quads: Sequence[Corners]) -> float:
    """The angle at which most text runs, in radians; 0 where it is not clear."""
    angles = []
    for (x0, y0), (x1, y1), _bottom_right, (x3, y3) in quads:
        across, down = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
        # The angle of a short word is mostly noise.
        if across > 3 * down:
            angles.append(math.atan2(y1 - y0, x1 - x0))
    angle = median(angles) if len(angles) >= 3 else 0.0
    return angle if abs(angle) < _MAX_SKEW else 0.0


def _block_lines(rows: list[list[TextBox]]) -> list[str]:
    boxes = [box for row in rows for box in row]
    height = median(box.height for box in boxes)
    character = _character_width(boxes)
    left = min(box.left for box in boxes)
    lines: list[str] = []
    bottom = None
    for row in rows:
        if bottom is not None and min(box.top for box in row) - bottom > 1.2 * height:
            lines.append("")
        lines.append(_row_text(row, left, character))
        bottom = max(box.bottom for box in row)
    return lines


def _rows(boxes: list[TextBox]) -> list[list[TextBox]]:
    """Boxes side by side become one row. Compared is the nearest box, so that a row may bend."""
    rows: list[list[TextBox]] = []
    for box in boxes:
        for row in rows[-12:]:
            near = min(row, key=lambda other: abs(other.left + other.right - box.left - box.right))
            overlap = min(box.bottom, near.bottom) - max(box.top, near.top)
            aside = min(box.right, near.right) - max(box.left, near.left) < 0.3 * min(box.width, near.width)
            if aside and overlap >= _LINE_OVERLAP * min(box.height, near.height):
                row.append(box)
                break
        else:
            rows.append([box])
    for row in rows:
        row.sort(key=lambda box: (box.left, box.middle, box.text))
    return sorted(rows, key=lambda row: (row[0].middle, row[0].left))


def _row_text(row: list[TextBox], left: float, character: float) -> str:
    text = ""
    for box in row:
        start = round((box.left - left) / character)
        if text and _NUMBER.fullmatch(box.text):
            # Numbers stand below each other by their last digit.
            start = round((box.right - left) / character) - display_width(box.text)
        gap = start - display_width(text)
        if not text:
            text = " " * min(gap if gap >= 2 else 0, _MAX_INDENT) + box.text
        else:
            room = max(1, _MAX_LINE - display_width(text) - display_width(box.text))
            text += " " * max(1, min(gap, room)) + box.text
    return text


def _character_width(boxes: Sequence[TextBox]) -> float:
    widths = [box.width / display_width(box.text) for box in boxes if display_width(box.text) >= 3]
    return max(1.0, median(widths)) if widths else max(1.0, boxes[0].height / 2)


def _blocks(boxes: list[TextBox]) -> list[list[TextBox]]:
    """Split at columns of prose: what is above, the left column, the right one, what is below."""
    if not boxes:
        return []
    columns = _columns(boxes)
    if columns is None:
        return [boxes]
    left, right = columns
    inside = {id(box) for box in (*left, *right)}
    top = min(box.middle for box in (*left, *right))
    rest = [box for box in boxes if id(box) not in inside]
    above = [box for box in rest if box.middle < top]
    below = [box for box in rest if box.middle >= top]
    return [block for part in (above, left, right, below) for block in _blocks(part)]


def _columns(boxes: list[TextBox]) -> tuple[list[TextBox], list[TextBox]] | None:
    """The largest pair of columns with nothing between them, or None."""
    gap = median(box.height for box in boxes)
    best: tuple[list[TextBox], list[TextBox]] | None = None
    # A column begins where its boxes do; half a line is near enough.
    for edge in sorted({round(box.left / gap * 2) * gap / 2 - gap / 2 for box in boxes}):
        for left, right in _sides(boxes, edge, gap):
            size = len(left) + len(right)
            if (best is None or size > len(best[0]) + len(best[1])) and _are_columns(left, right):
                best = left, right
    return best


def _sides(boxes: list[TextBox], edge: float, gap: float) -> list[tuple[list[TextBox], list[TextBox]]]:
    """What stands left and right of a gutter that ends at ``edge``, between the boxes that cross it."""
    runs: list[tuple[list[TextBox], list[TextBox]]] = [([], [])]
    for box in boxes:
        if box.right <= edge - gap / 2:
            runs[-1][0].append(box)
        elif box.left >= edge:
            runs[-1][1].append(box)
        else:
            runs.append(([], []))
    return runs


def _are_columns(left: list[TextBox], right: list[TextBox]) -> bool:
    """Prose, not the cells of a table: several lines a side that fill it, side by side."""
    if min(len(left), len(right)) < _MIN_COLUMN_LINES:
        return False
    for side in (left, right):
        extent = max(box.right for box in side) - min(box.left for box in side)
        if median(box.width for box in side) < _MIN_COLUMN_FILL * extent:
            return False
        if median(display_width(box.text) for box in side) < _MIN_COLUMN_CHARACTERS:
            return False
    spans = [(min(box.top for box in side), max(box.bottom for box in side)) for side in (left, right)]
    shared = min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0])
    return shared >= 0.5 * min(bottom - top for top, bottom in spans)
