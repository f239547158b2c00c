"""What a person did to a picture: values over the untouched file, from the viewer to the sent bytes.

All positions are pixels of the upright page as the file holds it (`ImageFacts.width_px` by ``height_px``),
so an edit stays where it is whatever is done before or after it. The order in which they take effect is
fixed: black out, crop, turn, scale to what is sent, and last the marks, which are thus upright and sharp.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from desktop.core.text import _, join_clauses

OVERVIEW_PX = 512
"""Longest side of the overview that goes with a part: enough to see where the part lies."""
_MAX_TEXT = 2_000
_MAX_MARKS = 500
_MAX_PLACE = 1_000_000_000

Point = tuple[float, float]
"""Across and down, in pixels of the upright page."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of whole pixels; ``right`` and ``bottom`` are just outside of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width_px(self) -> int:
        """Across."""
        return self.right - self.left

    @property
    def height_px(self) -> int:
        """Down."""
        return self.bottom - self.top

    def overlap(self, other: "Area") -> "Area | None":
        """What lies in both; None if nothing does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Area(left, top, right, bottom) if left < right and top < bottom else None

    def inside(self, width_px: int, height_px: int) -> "Area":
        """The part within an image of this size; at least one pixel of it."""
        left = min(max(self.left, 0), width_px - 1)
        top = min(max(self.top, 0), height_px - 1)
        return Area(
            left, top, min(max(self.right, left + 1), width_px), min(max(self.bottom, top + 1), height_px)
        )


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow whose head is at ``end``."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a box."""

    area: Area


@dataclass(frozen=True, slots=True)
class Label:
    """Words on the picture; ``at`` is their upper left corner."""

    at: Point
    text: str


@dataclass(frozen=True, slots=True)
class Callout:
    """A numbered circle around ``at``, numbered by its place among the callouts; ``text`` is its legend."""

    at: Point
    text: str = ""


Mark = Arrow | Frame | Label | Callout


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Everything done to one picture. The empty value changes nothing.

    Attributes:
        crop: what is left of the page; None for all of it.
        quarter_turns: clockwise, 0 to 3, after cropping.
        marks: in the order in which they were drawn; later ones lie above.
        blackouts: made opaque black before anything else is done with the pixels.
        region: the part that is asked about; `parts` makes two images of it.
        longest_px: made no larger than this, for a server or model that refuses more.
        overview: it goes with a part and shows where that lies; only `parts` makes such.
    """

    crop: Area | None = None
    quarter_turns: int = 0
    marks: tuple[Mark, ...] = ()
    blackouts: tuple[Area, ...] = ()
    region: Area | None = None
    longest_px: int | None = None
    overview: bool = False

    def __bool__(self) -> bool:
        """Whether anything is changed."""
        return self is not _NONE and self != _NONE

    def visible(self, width_px: int, height_px: int) -> Area:
        """What is left of a page of this size."""
        return (self.crop or Area(0, 0, width_px, height_px)).inside(width_px, height_px)

    def size(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Width and height after cropping and turning, before any scaling."""
        seen = self.visible(width_px, height_px)
        size = seen.width_px, seen.height_px
        return (size[1], size[0]) if self.quarter_turns % 2 else size

    def callouts(self) -> tuple[Callout, ...]:
        """The callouts in the order of their numbers."""
        return tuple(mark for mark in self.marks if isinstance(mark, Callout))

    def digest(self) -> str:
        """Short and the same for equal edits; empty for none."""
        return _digest(self) if self else ""


_NONE = Edits()


@lru_cache(maxsize=4096)
def _digest(edits: Edits) -> str:
    # Asked for at every keystroke, for each image at hand.
    return hashlib.sha256(encode_edits(edits).encode()).hexdigest()[:16]


def with_blackouts(edits: Edits, areas: tuple[Area, ...]) -> Edits:
    """The edits with these areas blacked out too."""
    missing = tuple(area for area in areas if area not in edits.blackouts)
    return replace(edits, blackouts=edits.blackouts + missing) if missing else edits


def parts(edits: Edits) -> tuple[Edits, ...]:
    """What is sent for a picture: itself, or a small overview with a frame and then the part asked about.

    What was cropped away is in neither: of a part that reaches beyond the crop, only what lies in it is sent.
    """
    region = edits.region
    if region is None:
        return (edits,)
    if edits.crop is not None:
        region = region.overlap(edits.crop)
    if region is None:
        return (replace(edits, region=None),)
    overview = replace(
        edits, region=None, marks=(*edits.marks, Frame(region)), longest_px=OVERVIEW_PX, overview=True
    )
    return overview, replace(edits, region=None, crop=region)


def note(name: str, edits: Edits) -> str:
    """What the prompt says about an edited picture: its callouts' legend, and what an overview is for."""
    notes = []
    if edits.overview:
        notes.append(_("an overview of “{name}”; the box marks the part shown next").format(name=name))
    said = legend(edits)
    if said:
        notes.append(_("numbered circles: {legend}").format(legend=said))
    return join_clauses(notes)


def legend(edits: Edits) -> str:
    """What the callouts stand for, ``1 = the cup; 2 = the spoon``; empty if none has words."""
    callouts = enumerate(edits.callouts(), 1)
    return join_clauses(f"{number} = {callout.text}" for number, callout in callouts if callout.text)


def placement(
    edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]
) -> tuple[float, float, float, float, float, float]:
    """Where a pixel of the page lies in the finished picture.

    Args:
        edits: their crop and turns.
        page_px: width and height of the upright page.
        out_px: width and height of the finished picture.

    Returns:
        ``(a, b, c, d, e, f)``: across is ``a*x + b*y + c``, down is ``d*x + e*y + f``.
    """
    seen = edits.visible(*page_px)
    width, height = edits.size(*page_px)
    across, down = out_px[0] / width, out_px[1] / height
    left, top, right, bottom = seen.left, seen.top, seen.right, seen.bottom
    match edits.quarter_turns % 4:
        case 1:
            return 0.0, -across, bottom * across, down, 0.0, -left * down
        case 2:
            return -across, 0.0, right * across, 0.0, -down, bottom * down
        case 3:
            return 0.0, across, -top * across, -down, 0.0, right * down
        case _:
            return across, 0.0, -left * across, 0.0, down, -top * down


def encode_edits(edits: Edits) -> str:
    """As JSON, the same text for equal edits; empty for none."""
    if not edits:
        return ""
    table: dict[str, Any] = {
        "crop": _numbers(edits.crop),
        "quarter_turns": edits.quarter_turns,
        "marks": [_mark_table(mark) for mark in edits.marks],
        "blackouts": [_numbers(area) for area in edits.blackouts],
        "region": _numbers(edits.region),
        "longest_px": edits.longest_px,
        "overview": edits.overview,
    }
    return json.dumps({name: value for name, value in table.items() if value})


def decode_edits(text: str) -> Edits:
    """The edits of `encode_edits`.

    Raises:
        ValueError: the text is something else; a picture must not be sent with less blacked out than meant.
    """
    if not text:
        return Edits()
    try:
        table = json.loads(text)
        longest = table.get("longest_px")
        return Edits(
            crop=_area(table.get("crop")),
            quarter_turns=int(table.get("quarter_turns", 0)) % 4,
            marks=tuple(_mark(mark) for mark in table.get("marks", ())[:_MAX_MARKS]),
            blackouts=tuple(_sure_area(area) for area in table.get("blackouts", ())),
            region=_area(table.get("region")),
            longest_px=None if longest is None else max(1, int(longest)),
            overview=bool(table.get("overview")),
        )
    except (TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(text[:100]) from error


def _numbers(area: Area | None) -> list[int] | None:
    return None if area is None else [area.left, area.top, area.right, area.bottom]


def _area(numbers: Any) -> Area | None:  # noqa: ANN401 - from JSON
    return None if numbers is None else _sure_area(numbers)


def _sure_area(numbers: Any) -> Area:  # noqa: ANN401 - from JSON
    left, top, right, bottom = (int(number) for number in numbers)
    if max(abs(left), abs(top), abs(right), abs(bottom)) > _MAX_PLACE:
        raise ValueError(numbers)
    return Area(left, top, right, bottom)


def _mark_table(mark: Mark) -> dict[str, Any]:
    match mark:
        case Arrow(start, end):
            return {"arrow": [*_place(start), *_place(end)]}
        case Frame(area):
            return {"frame": _numbers(area)}
        case Label(at, text):
            return {"label": _place(at), "text": text}
        case Callout(at, text):
            return {"callout": _place(at), "text": text}


def _place(point: Point) -> list[float]:
    # 1 and 1.0 are equal, and so are 0.0 and -0.0, but not as text.
    return [number + 0.0 for number in point]


def _mark(table: dict[str, Any]) -> Mark:
    if "arrow" in table:
        across, down, to_across, to_down = table["arrow"]
        return Arrow(_point((across, down)), _point((to_across, to_down)))
    if "frame" in table:
        return Frame(_sure_area(table["frame"]))
    kind = "label" if "label" in table else "callout"
    at = _point(table[kind])
    text = str(table.get("text", ""))[:_MAX_TEXT]
    return Label(at, text) if kind == "label" else Callout(at, text)


def _point(numbers: Any) -> Point:  # noqa: ANN401 - from JSON
    across, down = (float(number) for number in numbers)
    if not (abs(across) <= _MAX_PLACE and abs(down) <= _MAX_PLACE):
        # Not a number fails both.
        raise ValueError(numbers)
    return across, down
