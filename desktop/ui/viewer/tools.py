"""The tools: a gesture begins at a point of the page, and each place that it comes to gives other `Edits`.

Pure, and used by the viewer and by the capture overlay alike: they turn pointer and keys into pixels of the
page, show the edits while the gesture goes on, and keep those it ends with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label, Mark, Point
from desktop.ui.viewer.items import (
    Box,
    Item,
    all_items,
    area_of,
    clamped,
    drawn,
    handle_at,
    handles,
    is_on,
    moved,
    pointed,
    resized,
)

TOOL_KEYS = {
    "G": "region",
    "C": "crop",
    "A": "arrow",
    "B": "box",
    "T": "text",
    "N": "callout",
    "K": "blackout",
}
"""The tools of `begin` by their keys; None is the hand, which takes hold of what is there."""
WRITTEN = ("text", "callout")
"""Tools whose marks are typed in place."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something being drawn, moved or resized.

    Attributes:
        item: what it changes; selected afterwards.
        change: the edits with the pointer at a point of the page; True keeps squares and steps of 45 degrees.
        draws: it makes something new, so that a mere click leaves nothing.
    """

    item: Item
    change: Callable[[Point, bool], Edits]
    draws: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What a gesture begins on.

    Attributes:
        edits: as they are.
        bounds: the part of the page that is left; nothing comes to lie outside of it.
        boxes: what labels and callouts cover in pixels of the page, by their place among the marks.
        reach: how far beside a line or handle still counts, in pixels of the page.
        selected: what is selected.
    """

    edits: Edits
    bounds: Area
    boxes: Mapping[int, Box]
    reach: float
    selected: Item | None = None


def begin(tool: str | None, ground: Ground, at: Point) -> Gesture | None:
    """The gesture that begins with a press at ``at``; None if nothing is there for the hand to take."""
    held = take(ground, at, tool)
    if held is not None or tool is None:
        return held
    if tool == "crop":
        return _begin_crop(ground, at)
    return draw(tool, ground, at)


def take(ground: Ground, at: Point, tool: str | None = None) -> Gesture | None:
    """Hold of a handle or of the body of what is there, the selected one first."""
    selected = Item("crop") if tool == "crop" else ground.selected
    if selected is not None:
        handle = handle_at(ground.edits, selected, at, ground.reach * 1.5)
        if handle is not None:
            return _resize(ground, selected, handle, at)
    found = item_at(ground, at, tool)
    return None if found is None else _move(ground, found, at)


def item_at(ground: Ground, at: Point, tool: str | None = None) -> Item | None:
    """What a press would take: the selected one, else the uppermost.

    With a drawing tool only what is selected, and what that tool writes: else nothing could be drawn on top.
    """
    if tool == "crop":
        return None
    selected = ground.selected
    if selected is not None and _is_on(ground, selected, at, inside=tool is None):
        return selected
    for item in all_items(ground.edits):
        if _may_take(ground.edits, item, tool) and _is_on(ground, item, at, inside=False):
            return item
    return None


def draw(tool: str, ground: Ground, at: Point) -> Gesture:
    """Something new, beginning at ``at``."""
    edits, bounds = ground.edits, ground.bounds
    start = clamped(at, bounds)
    if tool in ("region", "crop", "blackout"):
        return _draw_area(tool, edits, bounds, start)
    return Gesture(
        Item("mark", len(edits.marks)),
        lambda to, even: replace(edits, marks=(*edits.marks, _mark(tool, start, to, bounds, even=even))),
        draws=True,
    )


def placed(tool: str, ground: Ground, visible: Area) -> Gesture:
    """What the keyboard places in the middle of what is ``visible``, a third as large."""
    middle = (visible.left + visible.right) / 2, (visible.top + visible.bottom) / 2
    across, down = visible.width_px / 6, visible.height_px / 6
    if tool in WRITTEN:
        return draw(tool, ground, middle)
    gesture = draw(tool, ground, (middle[0] - across, middle[1] - down))
    end = middle if tool == "arrow" else (middle[0] + across, middle[1] + down)
    return replace(gesture, change=lambda _to, even: gesture.change(end, even))


def _draw_area(tool: str, edits: Edits, bounds: Area, start: Point) -> Gesture:
    if tool == "blackout":
        item = Item("blackout", len(edits.blackouts))
        return Gesture(
            item,
            lambda to, even: replace(
                edits, blackouts=(*edits.blackouts, drawn(start, to, bounds, square=even))
            ),
            draws=True,
        )
    if tool == "crop":
        return Gesture(
            Item("crop"),
            lambda to, even: replace(edits, crop=drawn(start, to, bounds, square=even)),
            draws=True,
        )
    return Gesture(
        Item("region"),
        lambda to, even: replace(edits, region=drawn(start, to, bounds, square=even)),
        draws=True,
    )


def _mark(tool: str, start: Point, to: Point, bounds: Area, *, even: bool) -> Mark:
    match tool:
        case "arrow":
            return Arrow(start, pointed(start, to, bounds, stepped=even))
        case "box":
            return Frame(drawn(start, to, bounds, square=even))
        case "text":
            return Label(clamped(to, bounds), "")
        case _:
            return Callout(clamped(to, bounds))


def _begin_crop(ground: Ground, at: Point) -> Gesture:
    """Move the crop, or draw another where it has no room to move or the press is beside it."""
    crop = ground.edits.crop
    if crop is None or crop == ground.bounds or not _is_on(ground, Item("crop"), at, inside=True):
        return draw("crop", ground, at)
    return _move(ground, Item("crop"), at)


def _move(ground: Ground, item: Item, at: Point) -> Gesture:
    edits, bounds = ground.edits, ground.bounds
    return Gesture(item, lambda to, _even: moved(edits, item, to[0] - at[0], to[1] - at[1], bounds))


def _resize(ground: Ground, item: Item, handle: str, at: Point) -> Gesture:
    edits, bounds = ground.edits, ground.bounds
    place = handles(edits, item)[handle]
    across, down = place[0] - at[0], place[1] - at[1]
    return Gesture(
        item,
        lambda to, even: resized(edits, item, handle, (to[0] + across, to[1] + down), bounds, square=even),
    )


def _may_take(edits: Edits, item: Item, tool: str | None) -> bool:
    if tool is None:
        return True
    return (
        tool in WRITTEN
        and item.kind == "mark"
        and area_of(edits, item) is None
        and (isinstance(edits.marks[item.index], Label | Callout))
    )


def _is_on(ground: Ground, item: Item, at: Point, *, inside: bool) -> bool:
    return is_on(ground.edits, item, at, reach=ground.reach, boxes=ground.boxes, inside=inside)
