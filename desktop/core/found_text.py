"""What the reader on this computer found in a picture: lines of text and codes, with their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, dist

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Upper left, upper right, lower right and lower left of a piece of text as it reads, in pixels."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One piece of text.

    Attributes:
        text: as it was read.
        corners: in pixels of the upright page, edits not applied.
        confidence: 0 to 1.
    """

    text: str
    corners: Corners
    confidence: float = 1.0

    @property
    def height_px(self) -> float:
        """Of the letters: the mean length of the left and the right side."""
        upper_left, upper_right, lower_right, lower_left = self.corners
        return (dist(upper_left, lower_left) + dist(upper_right, lower_right)) / 2

    @property
    def angle(self) -> float:
        """The direction in which it reads, clockwise from the right, in radians."""
        upper_left, upper_right, lower_right, lower_left = self.corners
        down = upper_right[1] + lower_right[1] - upper_left[1] - lower_left[1]
        return atan2(down, upper_right[0] + lower_right[0] - upper_left[0] - lower_left[0])


@dataclass(frozen=True, slots=True)
class PageCode:
    """A barcode or QR code: its kind, what it holds, and its corners in pixels of the upright page."""

    kind: str
    text: str
    corners: Corners


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """All that was found on one page.

    Attributes:
        lines: in the order of reading, unless they are boxes alone.
        codes: from the top.
        text: lines and paragraphs in reading order, as they would be copied.
        page_px: width and height of the page in whose pixels the places are told.
        quarter_turns: clockwise, 0 to 3, that would make most of the text upright; 0 where it is.
    """

    lines: tuple[FoundLine, ...] = ()
    codes: tuple[PageCode, ...] = ()
    text: str = ""
    page_px: tuple[int, int] | None = None
    quarter_turns: int = 0


def searchable(page: PageText) -> str:
    """All that a search for words may find on a page: its text, then what its codes hold."""
    return "\n".join(filter(None, (page.text, *(code.text for code in page.codes))))


def bounds(points: Sequence[tuple[float, float]]) -> Box:
    """The upright rectangle around points."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def scaled(corners: Corners, across: float, down: float) -> Corners:
    """The corners in a picture that is this many times as wide and high."""
    first, second, third, fourth = ((x * across, y * down) for x, y in corners)
    return first, second, third, fourth
