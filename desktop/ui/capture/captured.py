"""What comes out of a capture, and what the overlay is told about the model that would be asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from desktop.capture.shots import ScreenPicture
from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label, Mark, Point
from desktop.core.model import Detail
from desktop.core.text import printable
from desktop.tasks.marks import mark_boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A part of the screen, with what was drawn on it and what is to be asked.

    Attributes:
        image: the chosen pixels only, untouched.
        edits: marks and black-outs in pixels of ``image``; no crop.
        title: of the window that was taken, or that lay under the middle; printable, may be empty.
        prompt: as typed; may be empty.
        detail: how closely the model is to look.
        at: when the screen was like this; aware.
    """

    image: QImage
    edits: Edits
    title: str
    prompt: str
    detail: Detail
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWanted:
    """What is to be priced: a picture of so many pixels with these edits, a level of detail, a question."""

    width_px: int
    height_px: int
    edits: Edits
    detail: Detail
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayTerms:
    """What asking would mean.

    Attributes:
        model: its name, to be shown.
        details: levels that may be chosen; empty where the model has none.
        detail: the one to begin with.
        price: the whole line, such as ``$0.0021 · 1,032 tokens``; quick, called while the pointer moves.
        why_not: why this prompt cannot be asked; empty if it can.
    """

    model: str
    details: tuple[Detail, ...]
    detail: Detail
    price: Callable[[PriceWanted], str]
    why_not: Callable[[str], str]


def cut_out(picture: ScreenPicture, area: Area) -> QImage:
    """The pixels of an area of the picture, each as it is."""
    return picture.image.copy(QRect(area.left, area.top, area.width_px, area.height_px))


def within(edits: Edits, area: Area, page_px: tuple[int, int]) -> Edits:
    """What of the edits of a page is seen in an area of it, in pixels of that area."""
    size = area.width_px, area.height_px
    seen = mark_boxes(replace(edits, crop=area), page_px, size) if edits.marks else {}
    marks = (_shifted(mark, area) for index, mark in enumerate(edits.marks) if index in seen)
    blacked = (blackout.overlap(area) for blackout in edits.blackouts)
    return Edits(
        marks=tuple(marks), blackouts=tuple(_moved(part, area) for part in blacked if part is not None)
    )


def title_at(picture: ScreenPicture, area: Area, taken: int | None = None) -> str:
    """The title of the window that was taken, else of the uppermost one under the middle of the area."""
    across, down = (area.left + area.right) // 2, (area.top + area.bottom) // 2
    middle = Area(across, down, across + 1, down + 1)
    under = (window.title for window in picture.windows if window.area.overlap(middle))
    return printable(picture.windows[taken].title if taken is not None else next(under, ""))


def _shifted(mark: Mark, area: Area) -> Mark:
    match mark:
        case Arrow(start, end):
            return Arrow(_from_corner(start, area), _from_corner(end, area))
        case Frame(box):
            return Frame(_moved(box, area))
        case Label(at, text):
            return Label(_from_corner(at, area), text)
        case Callout(at, text):
            return Callout(_from_corner(at, area), text)


def _from_corner(point: Point, area: Area) -> Point:
    return point[0] - area.left, point[1] - area.top


def _moved(box: Area, area: Area) -> Area:
    return Area(box.left - area.left, box.top - area.top, box.right - area.left, box.bottom - area.top)
