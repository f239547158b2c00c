"""What can be taken hold of on a picture: marks, black-outs, the part asked about, the crop. Pure.

Positions are pixels of the upright page. Every change gives other `Edits` and stays within ``bounds``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import atan2, cos, dist, hypot, pi, sin
from typing import Literal

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label, Mark, Point

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

CORNERS: Mapping[str, Point] = {
    "upper_left": (0.0, 0.0),
    "upper": (0.5, 0.0),
    "upper_right": (1.0, 0.0),
    "right": (1.0, 0.5),
    "lower_right": (1.0, 1.0),
    "lower": (0.5, 1.0),
    "lower_left": (0.0, 1.0),
    "left": (0.0, 0.5),
}
"""Handles of a rectangle, as shares of its sides."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the picture: its kind and, among marks and black-outs, its place."""

    kind: Literal["mark", "blackout", "region", "crop"]
    index: int = 0


def all_items(edits: Edits) -> tuple[Item, ...]:
    """Everything there is, the uppermost first."""
    marks = [Item("mark", at) for at in reversed(range(len(edits.marks)))]
    blackouts = [Item("blackout", at) for at in reversed(range(len(edits.blackouts)))]
    region = [Item("region")] if edits.region is not None else []
    return (*region, *marks, *blackouts)


def exists(edits: Edits, item: Item | None) -> bool:
    """Whether ``item`` is still among the edits."""
    if item is None:
        return False
    return (item.kind == "crop" and edits.crop is not None) or item in all_items(edits)


def mark_of(edits: Edits, item: Item | None) -> Mark | None:
    """The mark that ``item`` is; None if it is something else."""
    return edits.marks[item.index] if item is not None and item.kind == "mark" else None


def area_of(edits: Edits, item: Item) -> Area | None:
    """The rectangle that ``item`` is; None for what is none."""
    match item.kind:
        case "crop":
            return edits.crop
        case "region":
            return edits.region
        case "blackout":
            return edits.blackouts[item.index]
        case "mark":
            mark = edits.marks[item.index]
            return mark.area if isinstance(mark, Frame) else None


def handles(edits: Edits, item: Item) -> dict[str, Point]:
    """Where ``item`` can be taken to change its size, by name."""
    mark = mark_of(edits, item)
    if isinstance(mark, Arrow):
        return {"start": mark.start, "end": mark.end}
    area = area_of(edits, item)
    if area is None:
        return {}
    return {
        name: (area.left + across * area.width_px, area.top + down * area.height_px)
        for name, (across, down) in CORNERS.items()
    }


def handle_at(edits: Edits, item: Item, at: Point, reach: float) -> str | None:
    """The handle of ``item`` that is nearest to ``at``, within ``reach``."""
    places = handles(edits, item)
    nearest = min(places, key=lambda name: dist(places[name], at), default=None)
    return nearest if nearest is not None and dist(places[nearest], at) <= reach else None


def is_on(
    edits: Edits, item: Item, at: Point, *, reach: float, boxes: Mapping[int, Box], inside: bool
) -> bool:
    """Whether ``at`` takes hold of ``item``.

    Args:
        edits: where the item is among.
        item: an existing one.
        at: a point of the page.
        reach: how far beside a line still counts.
        boxes: what labels and callouts cover, by their place among the marks.
        inside: whether the inside of an outline counts too.
    """
    mark = mark_of(edits, item)
    if isinstance(mark, Arrow):
        return _distance(at, mark.start, mark.end) <= reach
    area = area_of(edits, item)
    if area is None:
        return item.index in boxes and _within(at, boxes[item.index], 0)
    box = (area.left, area.top, area.right, area.bottom)
    filled = inside or item.kind == "blackout"
    return _within(at, box, reach) and (filled or not _within(at, box, -reach))


def drawn(start: Point, to: Point, bounds: Area, *, square: bool = False) -> Area:
    """The rectangle between two points, within ``bounds``, at least one pixel."""
    start, to = clamped(start, bounds), clamped(to, bounds)
    if square:
        across, down = to[0] - start[0], to[1] - start[1]
        side = min(
            max(abs(across), abs(down)),
            bounds.right - start[0] if across >= 0 else start[0] - bounds.left,
            bounds.bottom - start[1] if down >= 0 else start[1] - bounds.top,
        )
        to = start[0] + (side if across >= 0 else -side), start[1] + (side if down >= 0 else -side)
    left, right = sorted((round(start[0]), round(to[0])))
    top, bottom = sorted((round(start[1]), round(to[1])))
    return _inside(Area(left, top, right, bottom), bounds)


def resized(edits: Edits, item: Item, handle: str, to: Point, bounds: Area, *, square: bool) -> Edits:
    """With one handle at ``to``; ``square`` keeps both sides equal, and an arrow at steps of 45 degrees."""
    mark = mark_of(edits, item)
    if isinstance(mark, Arrow):
        other = mark.start if handle == "end" else mark.end
        end = pointed(other, to, bounds, stepped=square)
        arrow = Arrow(mark.start, end) if handle == "end" else Arrow(end, mark.end)
        return with_mark(edits, item.index, arrow)
    area = area_of(edits, item)
    if area is None:
        return edits
    across, down = CORNERS[handle]
    anchor = (area.right if across == 0 else area.left, area.bottom if down == 0 else area.top)
    if 0.5 in (across, down):
        to = (area.right if across == 0.5 else to[0], area.bottom if down == 0.5 else to[1])
        square = False
    return with_area(edits, item, drawn(anchor, to, bounds, square=square))


def moved(edits: Edits, item: Item, across: float, down: float, bounds: Area) -> Edits:
    """With ``item`` moved by so many pixels, as far as there is room."""
    area = area_of(edits, item)
    if area is not None:
        right = min(max(round(across), bounds.left - area.left), bounds.right - area.right)
        below = min(max(round(down), bounds.top - area.top), bounds.bottom - area.bottom)
        return with_area(
            edits,
            item,
            Area(area.left + right, area.top + below, area.right + right, area.bottom + below),
        )
    mark = edits.marks[item.index]
    if isinstance(mark, Arrow):
        ends = (mark.start, mark.end)
        across = _room(across, [x for x, _y in ends], bounds.left, bounds.right)
        down = _room(down, [y for _x, y in ends], bounds.top, bounds.bottom)
        mark = Arrow(*(clamped((x + across, y + down), bounds) for x, y in ends))
    elif isinstance(mark, Label | Callout):
        mark = replace(mark, at=clamped((mark.at[0] + across, mark.at[1] + down), bounds))
    return with_mark(edits, item.index, mark)


def removed(edits: Edits, item: Item) -> Edits:
    """Without ``item``."""
    match item.kind:
        case "crop":
            return replace(edits, crop=None)
        case "region":
            return replace(edits, region=None)
        case "blackout":
            left = (*edits.blackouts[: item.index], *edits.blackouts[item.index + 1 :])
            return replace(edits, blackouts=left)
        case "mark":
            return replace(edits, marks=(*edits.marks[: item.index], *edits.marks[item.index + 1 :]))


def with_mark(edits: Edits, index: int, mark: Mark) -> Edits:
    """With another mark at this place."""
    return replace(edits, marks=(*edits.marks[:index], mark, *edits.marks[index + 1 :]))


def with_area(edits: Edits, item: Item, area: Area) -> Edits:
    """With another rectangle for ``item``."""
    match item.kind:
        case "crop":
            return replace(edits, crop=area)
        case "region":
            return replace(edits, region=area)
        case "blackout":
            areas = (*edits.blackouts[: item.index], area, *edits.blackouts[item.index + 1 :])
            return replace(edits, blackouts=areas)
        case "mark":
            return with_mark(edits, item.index, Frame(area))


def cropped(edits: Edits, area: Area, page_px: tuple[int, int]) -> Edits:
    """With this crop, None if it is all of the page; the part asked about keeps what is left of it."""
    whole = Area(0, 0, *page_px)
    area = area.inside(*page_px)
    region = edits.region.overlap(area) if edits.region is not None else None
    return replace(edits, crop=None if area == whole else area, region=region)


def turned(edits: Edits, by: int) -> Edits:
    """Turned by so many quarters clockwise."""
    return replace(edits, quarter_turns=(edits.quarter_turns + by) % 4)


def pointed(start: Point, to: Point, bounds: Area, *, stepped: bool) -> Point:
    """The head of an arrow from ``start``; ``stepped`` at a multiple of 45 degrees."""
    if stepped:
        length = hypot(to[0] - start[0], to[1] - start[1])
        step = round(atan2(to[1] - start[1], to[0] - start[0]) / (pi / 4)) * (pi / 4)
        to = start[0] + length * cos(step), start[1] + length * sin(step)
    return clamped(to, bounds)


def clamped(point: Point, bounds: Area) -> Point:
    """The nearest point within ``bounds``, to a tenth of a pixel."""
    across = min(max(point[0], bounds.left), bounds.right)
    down = min(max(point[1], bounds.top), bounds.bottom)
    return round(across, 1), round(down, 1)


def _inside(area: Area, bounds: Area) -> Area:
    left, top = min(area.left, bounds.right - 1), min(area.top, bounds.bottom - 1)
    return Area(left, top, max(area.right, left + 1), max(area.bottom, top + 1))


def _within(at: Point, box: Box, by: float) -> bool:
    return box[0] - by <= at[0] <= box[2] + by and box[1] - by <= at[1] <= box[3] + by


def _distance(at: Point, start: Point, end: Point) -> float:
    """From a point to a piece of a line."""
    across, down = end[0] - start[0], end[1] - start[1]
    square = across * across + down * down
    if square == 0:
        return dist(at, start)
    share = ((at[0] - start[0]) * across + (at[1] - start[1]) * down) / square
    share = min(max(share, 0.0), 1.0)
    return dist(at, (start[0] + share * across, start[1] + share * down))


def _room(by: float, places: list[float], least: float, most: float) -> float:
    return min(max(by, least - min(places)), most - max(places))
