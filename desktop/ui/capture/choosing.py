"""Choosing a part of one screen, by pointer or by keys. No Qt: all places are pixels of the screen's picture.

A region reaches from the pixel where the pointer went down to the one where it came up, both included, so
that a drag from corner to corner is the whole screen.
"""

from dataclasses import dataclass
from math import floor

from desktop.core.capturing import CaptureKind
from desktop.core.edits import Area, Edits, Point
from desktop.ui.viewer.items import Item, handle_at, moved, resized

CROP = Item("crop")
Pixel = tuple[int, int]
"""Across and down."""


@dataclass(frozen=True, slots=True)
class _Grip:
    """What the pointer holds: where it went down, the area as it was, and a handle if it has one."""

    at: Point
    area: Area | None
    handle: str | None = None
    moves: bool = False


class Choice:
    """What is chosen of one screen, and what is being done about it.

    Attributes:
        page_px: width and height of the picture.
        windows: what the windows cover, the uppermost first.
        mode: what a click takes.
        area: what is chosen; None for nothing.
        taken: the window that ``area`` is; None for none.
        pointed: the window that a click or Enter would take.
        cursor: where the keyboard's crosshair is; None while the pointer leads.
    """

    def __init__(self, page_px: tuple[int, int], windows: tuple[Area, ...] = ()) -> None:
        self.page_px = page_px
        self.windows = tuple(window.inside(*page_px) for window in windows)
        self.mode = CaptureKind.REGION
        self.area: Area | None = None
        self.taken: int | None = None
        self.pointed: int | None = None
        self.cursor: Pixel | None = None
        self._grip: _Grip | None = None
        self._corner: Pixel | None = None

    @property
    def whole(self) -> Area:
        """All of the screen."""
        return Area(0, 0, *self.page_px)

    @property
    def in_gesture(self) -> bool:
        """Whether the region is being drawn, moved or resized."""
        return self._grip is not None or self._corner is not None

    @property
    def is_drawing(self) -> bool:
        """Whether a new region is being drawn."""
        held = self._grip
        return self._corner is not None or (held is not None and held.handle is None and not held.moves)

    @property
    def holds_edge(self) -> bool:
        """Whether an edge of the region goes with the pointer."""
        return self._grip is not None and not self._grip.moves

    @property
    def highlighted(self) -> Area | None:
        """What a click or Enter would take."""
        if self.in_gesture:
            return None
        if self.mode is CaptureKind.SCREEN:
            return self.whole if self.area is None and self.pointed is not None else None
        return None if self.pointed is None else self.windows[self.pointed]

    def set_mode(self, mode: CaptureKind) -> None:
        """Let a click take something else from now on; SCREEN takes all of the screen with `take`."""
        self.mode, self.pointed, self._corner = mode, None, None

    def take(self, area: Area | None, *, window: int | None = None) -> None:
        """Choose this, or nothing."""
        self.area = None if area is None else area.inside(*self.page_px)
        self.taken, self._grip, self._corner = window, None, None
        self.pointed = self.cursor = None

    def pixel(self, at: Point, step: float = 1.0) -> Pixel:
        """The pixel at a point; the pointer passes ``step`` of them at once, and yet reaches the last one."""
        across, down = (floor(value + 1e-6) for value in at)
        right, bottom = self.page_px[0] - 1, self.page_px[1] - 1
        return (
            right if across > right - step else max(0, across),
            bottom if down > bottom - step else max(0, down),
        )

    def window_at(self, at: Pixel) -> int | None:
        """The uppermost window at a pixel."""
        for number, window in enumerate(self.windows):
            if window.left <= at[0] < window.right and window.top <= at[1] < window.bottom:
                return number
        return None

    def handle_at(self, at: Point, reach: float, *, edges: bool = True) -> str | None:
        """The handle at a point, within ``reach``; with ``edges`` all of an edge counts as its handle."""
        if self.area is None:
            return None
        handle = handle_at(Edits(crop=self.area), CROP, at, reach * 1.5)
        return handle or (self._edge_at(at, reach) if edges else None)

    def is_inside(self, at: Point) -> bool:
        """Whether a point lies in the region."""
        area = self.area
        return area is not None and area.left <= at[0] < area.right and area.top <= at[1] < area.bottom

    def hover(self, at: Pixel) -> None:
        """The pointer is at this pixel, with no button down."""
        self.cursor = None
        if self.mode is CaptureKind.WINDOW:
            found = self.window_at(at)
            self.pointed = None if found == self.taken else found
        else:
            self.pointed = 0 if self.mode is CaptureKind.SCREEN else None

    def leave(self) -> None:
        """The pointer is on another screen."""
        self.pointed = None

    def press(self, at: Point, reach: float, *, edges: bool = True) -> None:
        """The pointer went down."""
        handle = self.handle_at(at, reach, edges=edges)
        moves = handle is None and self.is_inside(at) and self.area != self.whole
        self._grip = _Grip(at, self.area, handle, moves)
        self._corner = self.cursor = None

    def move(self, at: Point, *, square: bool = False, step: float = 1.0) -> None:
        """The pointer moved; it has gone far enough not to be a click."""
        grip = self._grip
        if grip is None:
            return
        if grip.area is not None and grip.moves:
            by = at[0] - grip.at[0], at[1] - grip.at[1]
            self._set(moved(Edits(crop=grip.area), CROP, *by, self.whole).crop)
        elif grip.area is not None and grip.handle is not None:
            to = self._reached(grip, at, step)
            self._set(resized(Edits(crop=grip.area), CROP, grip.handle, to, self.whole, square=square).crop)
        else:
            start, end = self.pixel(grip.at, step), self.pixel(at, step)
            self._set(spanned(start, end, self.page_px, square=square))

    def release(self, at: Point, *, is_click: bool) -> None:
        """The pointer came up, where it went down if ``is_click``."""
        grip, self._grip = self._grip, None
        if grip is None or not is_click:
            return
        self.area = grip.area
        if self.mode is CaptureKind.WINDOW:
            found = self.window_at(self.pixel(at))
            if found is not None:
                self.take(self.windows[found], window=found)
        elif self.mode is CaptureKind.SCREEN and self.area is None:
            self.take(self.whole)

    def cancel(self) -> bool:
        """Leave what is being drawn, moved or resized; whether there was anything."""
        if self._grip is not None:
            self.area, self._grip = self._grip.area, None
            return True
        if self._corner is not None:
            self.area, self._corner = None, None
            return True
        return False

    def nudge(self, across: int, down: int) -> None:
        """Move the region by so many pixels, as far as there is room."""
        if self.area is not None:
            self._set(moved(Edits(crop=self.area), CROP, across, down, self.whole).crop)

    def stretch(self, across: int, down: int) -> None:
        """Move its lower right corner by so many pixels."""
        if self.area is not None:
            area = self.area
            right = min(max(area.right + across, area.left + 1), self.page_px[0])
            bottom = min(max(area.bottom + down, area.top + 1), self.page_px[1])
            self._set(Area(area.left, area.top, right, bottom))

    def step_cursor(self, start: Pixel, across: int, down: int) -> None:
        """Move the keyboard's crosshair, which begins at ``start``; a corner that was set draws along."""
        x, y = self.cursor or start
        x = min(max(x + across, 0), self.page_px[0] - 1)
        y = min(max(y + down, 0), self.page_px[1] - 1)
        self.cursor = x, y
        if self._corner is not None:
            self._set(spanned(self._corner, self.cursor, self.page_px))
        elif self.mode is CaptureKind.WINDOW:
            self.pointed = self.window_at(self.cursor)

    def set_corner(self, start: Pixel) -> bool:
        """Enter: set the first corner at the crosshair, then the second; take what is highlighted instead.

        Returns:
            Whether a region is chosen now.
        """
        if self.mode is CaptureKind.SCREEN:
            self.take(self.whole)
        elif self.mode is CaptureKind.WINDOW and self.pointed is not None:
            self.take(self.windows[self.pointed], window=self.pointed)
        elif self._corner is None:
            self._corner = self.cursor = self.cursor or start
            self._set(spanned(self._corner, self._corner, self.page_px))
        else:
            self.take(self.area)
        return self._corner is None

    def walk(self, step: int) -> bool:
        """Highlight the next window, or the one before; whether there is any."""
        if not self.windows:
            return False
        before = self.pointed if self.pointed is not None else (-1 if step > 0 else 0)
        self.pointed = (before + step) % len(self.windows)
        self.cursor = None
        return True

    def _set(self, area: Area | None) -> None:
        if area != self.area:
            self.area, self.taken = area, None

    def _reached(self, grip: _Grip, at: Point, step: float) -> Point:
        """Where the held handle is to go; at the edge of the screen it goes all the way."""
        place = self._handle_point(grip)
        pixel = self.pixel(at, step)
        reached = []
        for axis in (0, 1):
            last = self.page_px[axis]
            there = at[axis] + place[axis] - grip.at[axis]
            reached.append(0.0 if pixel[axis] == 0 else float(last) if pixel[axis] == last - 1 else there)
        return reached[0], reached[1]

    def _handle_point(self, grip: _Grip) -> Point:
        area, name = grip.area or self.whole, grip.handle or ""
        across = area.left if "left" in name else area.right
        down = area.top if "upper" in name else area.bottom
        return float(across), float(down)

    def _edge_at(self, at: Point, reach: float) -> str | None:
        area = self.area
        if area is None:
            return None
        along_x, along_y = area.left <= at[0] <= area.right, area.top <= at[1] <= area.bottom
        distances = {
            "left": abs(at[0] - area.left) if along_y else reach + 1,
            "right": abs(at[0] - area.right) if along_y else reach + 1,
            "upper": abs(at[1] - area.top) if along_x else reach + 1,
            "lower": abs(at[1] - area.bottom) if along_x else reach + 1,
        }
        nearest = min(distances, key=lambda name: distances[name])
        return nearest if distances[nearest] <= reach else None


def spanned(start: Pixel, end: Pixel, page_px: tuple[int, int], *, square: bool = False) -> Area:
    """From one pixel to another, both included; ``square`` with equal sides, as far as there is room."""
    (x, y), (to_x, to_y) = start, end
    if square:
        room_x = page_px[0] - 1 - x if to_x >= x else x
        room_y = page_px[1] - 1 - y if to_y >= y else y
        side = min(max(abs(to_x - x), abs(to_y - y)), room_x, room_y)
        to_x = x + side if to_x >= x else x - side
        to_y = y + side if to_y >= y else y - side
    return Area(min(x, to_x), min(y, to_y), max(x, to_x) + 1, max(y, to_y) + 1)
