"""Where a picture lies in the canvas: zoom, pan, and the way between the widget and the picture. Pure.

Widget positions are logical pixels. A zoom of 1 shows one pixel of the picture as one pixel of the screen.
"""

from dataclasses import dataclass, replace

from desktop.core.edits import Point

MAX_ZOOM = 32.0
_MIN_SHOWN_PX = 48.0
"""A picture is never made smaller than this, in pixels of the screen, unless it is as small itself."""
_MARGIN_SHARE = 0.1

Size = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A picture in a widget. All methods return another value.

    Attributes:
        picture_px: width and height of the picture, at least 1.
        room: width and height of the widget, in logical pixels.
        ratio: pixels of the screen to a logical one.
        zoom: pixels of the screen to one of the picture.
        centre: the point of the picture in the middle of the widget.
        margin: kept free around a fitted picture, in logical pixels.
    """

    picture_px: tuple[int, int]
    room: Size = (1.0, 1.0)
    ratio: float = 1.0
    zoom: float = 1.0
    centre: Point = (0.5, 0.5)
    margin: float = 50.0

    @property
    def scale(self) -> float:
        """Logical pixels to one pixel of the picture."""
        return self.zoom / self.ratio

    @property
    def origin(self) -> Point:
        """The upper left corner of the picture in the widget, on a whole pixel of the screen."""
        across, down = (
            round((side / 2 - at * self.scale) * self.ratio) / self.ratio
            for side, at in zip(self.room, self.centre, strict=True)
        )
        return across, down

    @property
    def fit_zoom(self) -> float:
        """The zoom that shows all of the picture with its margin; never enlarged."""
        room = [max(1.0, side - 2 * min(self.margin, side * _MARGIN_SHARE)) for side in self.room]
        return min(1.0, *(side * self.ratio / px for side, px in zip(room, self.picture_px, strict=True)))

    @property
    def is_fitted(self) -> bool:
        """Whether all of the picture is shown as `fitted` does."""
        return abs(self.zoom - self.fit_zoom) < 1e-9

    def to_widget(self, point: Point) -> Point:
        """Where a point of the picture lies."""
        left, top = self.origin
        return point[0] * self.scale + left, point[1] * self.scale + top

    def to_picture(self, point: Point) -> Point:
        """Which point of the picture, or beside it, lies there."""
        left, top = self.origin
        return (point[0] - left) / self.scale, (point[1] - top) / self.scale

    def fitted(self) -> "View":
        """All of the picture in the middle."""
        width, height = self.picture_px
        return replace(self, zoom=self.fit_zoom, centre=(width / 2, height / 2))

    def zoomed(self, zoom: float, at: Point | None = None) -> "View":
        """At another zoom, within the limits; what lies at ``at`` (the middle if None) stays there."""
        zoom = min(max(zoom, self._least_zoom()), MAX_ZOOM)
        middle = self.room[0] / 2, self.room[1] / 2
        return self.magnified(zoom, at or middle).limited()

    def magnified(self, zoom: float, at: Point) -> "View":
        """At another zoom, with what lies at ``at`` in the same place; not limited, for a loupe."""
        kept, scale = self.to_picture(at), zoom / self.ratio
        middle = self.room[0] / 2, self.room[1] / 2
        centre = (kept[0] + (middle[0] - at[0]) / scale, kept[1] + (middle[1] - at[1]) / scale)
        return replace(self, zoom=zoom, centre=centre)

    def panned(self, across: float, down: float) -> "View":
        """The picture moved by so many logical pixels."""
        centre = self.centre[0] - across / self.scale, self.centre[1] - down / self.scale
        return replace(self, centre=centre).limited()

    def in_room(self, room: Size, ratio: float) -> "View":
        """In a widget of another size; a fitted picture stays fitted."""
        changed = replace(self, room=room, ratio=ratio)
        return changed.fitted() if self.is_fitted else changed.limited()

    def of_picture(self, picture_px: tuple[int, int]) -> "View":
        """Another picture of the same thing in the place of this one: as large on the screen as this."""
        if picture_px == self.picture_px:
            return self
        if self.is_fitted:
            return replace(self, picture_px=picture_px).fitted()
        across, down = (new / old for new, old in zip(picture_px, self.picture_px, strict=True))
        centre = self.centre[0] * across, self.centre[1] * down
        return replace(self, picture_px=picture_px, zoom=self.zoom / across, centre=centre).zoomed(
            self.zoom / across
        )

    def limited(self) -> "View":
        """Moved so that the picture is never lost: in the middle where it fits, else a margin at most."""
        limits = zip(self.centre, self.picture_px, self.room, strict=True)
        across, down = (self._limited(at, px, side) for at, px, side in limits)
        return replace(self, centre=(across, down))

    @property
    def can_pan(self) -> bool:
        """Whether some of the picture lies outside of the widget."""
        return any(px * self.scale > side for px, side in zip(self.picture_px, self.room, strict=True))

    def visible(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is shown of the picture, in its pixels."""
        left, top = self.to_picture((0.0, 0.0))
        right, bottom = self.to_picture(self.room)
        width, height = self.picture_px
        return max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)

    def _limited(self, at: float, px: int, side: float) -> float:
        shown = px * self.scale
        margin = min(self.margin, side * _MARGIN_SHARE)
        if shown <= side:
            return px / 2
        least = (side / 2 - margin) / self.scale
        return min(max(at, least), px - least)

    def _least_zoom(self) -> float:
        return min(self.fit_zoom, 1.0, _MIN_SHOWN_PX / max(self.picture_px))
