"""One picture of a whole desktop, cut into its screens: numbers only.

A desktop has units of its own: pixels on X11 and Windows, the compositor's logical pixels on Wayland. The
picture covers the smallest rectangle around all screens, with one number of pixels to a unit everywhere,
usually that of the finest screen; what lies between screens is in it too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.edits import Area

_TOLERANCE_PX = 2.0
"""Each side of a picture may be rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a screen is.

    Attributes:
        name: Qt's name of it.
        place: in the logical pixels in which Qt places windows.
        desktop: in the desktop's units.
        finest: the most pixels that it can have to a unit; None where nobody tells.
    """

    name: str
    place: Area
    desktop: Area
    finest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One screen's part of the picture.

    Attributes:
        source: the part, in pixels of the picture.
        width_px: how wide the screen's own picture is; less than the part where the screen is coarser.
        height_px: how high it is.
    """

    source: Area
    width_px: int
    height_px: int


def cut(width_px: int, height_px: int, spots: Sequence[Spot]) -> tuple[Cut, ...] | None:
    """Where each screen is on a picture of the desktop.

    Args:
        width_px: of the picture.
        height_px: of the picture.
        spots: the screens, at least one.

    Returns:
        A cut for each; None if the picture cannot be one of these screens.
    """
    whole = around([spot.desktop for spot in spots])
    across, down = width_px / whole.width_px, height_px / whole.height_px
    uneven_px = abs(across - down) * min(whole.width_px, whole.height_px)
    if uneven_px > _TOLERANCE_PX or width_px < whole.width_px - 1 or height_px < whole.height_px - 1:
        return None
    return tuple(_cut(spot, whole, across, down) for spot in spots)


def around(areas: Sequence[Area]) -> Area:
    """The smallest rectangle around all of them."""
    return Area(
        min(area.left for area in areas),
        min(area.top for area in areas),
        max(area.right for area in areas),
        max(area.bottom for area in areas),
    )


def scaled(area: Area, origin: tuple[int, int], across: float, down: float) -> Area:
    """An area in pixels of a picture whose corner is at ``origin``; its edges go to the nearest pixel."""
    return Area(
        nearest((area.left - origin[0]) * across),
        nearest((area.top - origin[1]) * down),
        nearest((area.right - origin[0]) * across),
        nearest((area.bottom - origin[1]) * down),
    )


def nearest(value: float) -> int:
    """The nearest whole number, halves upwards: edges that two screens share stay shared."""
    return math.floor(value + 0.5)


def frame_for(width_px: int, height_px: int, spot: Spot) -> tuple[int, int]:
    """A picture's size in the shape of a screen that holds another picture whole, without scaling it.

    Returns:
        Width and height in pixels, at least those of the screen.
    """
    own = spot.finest or 1.0
    wide, high = nearest(spot.desktop.width_px * own), nearest(spot.desktop.height_px * own)
    grown = max(1.0, width_px / wide, height_px / high)
    return math.ceil(wide * grown), math.ceil(high * grown)


def _cut(spot: Spot, whole: Area, across: float, down: float) -> Cut:
    source = scaled(spot.desktop, (whole.left, whole.top), across, down)
    if spot.finest is None or spot.finest >= min(across, down) * 0.995:
        return Cut(source=source, width_px=source.width_px, height_px=source.height_px)
    return Cut(
        source=source,
        width_px=max(1, nearest(spot.desktop.width_px * spot.finest)),
        height_px=max(1, nearest(spot.desktop.height_px * spot.finest)),
    )
