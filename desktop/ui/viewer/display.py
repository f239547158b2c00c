"""What the canvas shows: the page with its edits, or the sent picture with its grid."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.core.edits import Area, Edits, Point, placement
from desktop.core.found_text import PageText
from desktop.core.image_tokens import ImageTokens, fit_inside
from desktop.core.model import Attachment
from desktop.core.text import _, format_count
from desktop.tasks.marks import mark_boxes, paint_marks
from desktop.ui.viewer.editor import Editor, Reach
from desktop.ui.viewer.found_layer import FoundLayer
from desktop.ui.viewer.grid import paint_grid
from desktop.ui.viewer.items import Item, handles
from desktop.ui.viewer.levels import Levels
from desktop.ui.viewer.overlay import (
    on_widget,
    paint_blackouts,
    paint_crop,
    paint_region,
    paint_selected,
    paint_suggested,
    written_boxes,
)
from desktop.ui.viewer.places_layer import PlaceMark, PlacesLayer
from desktop.ui.viewer.view_transform import View
from desktop.ui.viewer.zoomable import Zoomable

_REACH_PX = 6
_SQUARES_FROM = 2.0
"""Zoom above which single pixels are shown as squares."""
_USUAL_LONGEST_PX = 2048
"""Sizes of marks go by this until it is known what is sent."""
_ENOUGH = 0.95
_DETAIL_MARGIN = 0.25
_PLACE_SHARE = 0.5
"""Of the widget, taken by a place that is zoomed to."""
_PLACE_ZOOM, _POINT_ZOOM = 4.0, 1.0
"""Zooms beyond which nothing more is to be seen of one."""


class Display(Zoomable):
    """Shows one picture in one of two ways, and asks for more pixels where it is shown larger than they are.

    Attributes:
        editor: the edits, and what is being done with them.
        layer: the text that was found.
        suggested: areas that might be blacked out.
        places: what an answer points at.

    Signals:
        detail_wanted(Area, float): of this area of the page there are fewer pixels than could be shown; the
            number is how many to one of the page are wanted, at most 1.
    """

    detail_wanted = Signal(object, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = Editor()
        self.layer = FoundLayer()
        self.suggested: tuple[Area, ...] = ()
        self.places = PlacesLayer()
        self._shows_sent = False
        self._original, self._detail, self._sent = Levels(self), Levels(self), Levels(self)
        for levels in (self._original, self._detail, self._sent):
            levels.finished.connect(self.update)
        self._original_px: tuple[int, int] | None = None
        self._detail_area: Area | None = None
        self._sent_px: tuple[int, int] | None = None
        self._grid: ImageTokens | None = None
        self._region_over_sent = True
        self._longest_px = _USUAL_LONGEST_PX

    @property
    def shows_sent(self) -> bool:
        """Whether the sent picture is shown, and not the page."""
        return self._shows_sent

    def show_original(self, image: QImage, page_px: tuple[int, int]) -> None:
        """Show a page of which ``image`` holds all, in as many pixels as there are so far.

        The view stays for the same size of page: `clear` before another picture.
        """
        is_new = self._original_px != page_px
        self._original_px = page_px
        self.editor.take_page(page_px)
        self._original.set_image(image, self.editor.shown.quarter_turns)
        if is_new or not self._is_finer(self._detail.width_px, self._detail_area):
            self._drop_detail()
        self.refit(reset=is_new)

    def show_detail(self, image: QImage, area: Area) -> None:
        """Show more pixels of an area of the page, after `detail_wanted`."""
        if not self._is_finer(image.width(), area):
            # All of the page has come meanwhile, with more pixels.
            return
        self._detail_area = area
        self._detail.set_image(image, self.editor.shown.quarter_turns)
        self.update()

    def show_sent(self, image: QImage, grid: ImageTokens | None, *, region: bool = True) -> None:
        """Show what the model gets; ``region`` says whether the frame of the part is drawn over it."""
        is_first = self._sent_px is None
        self._sent_px = image.width(), image.height()
        self._grid, self._region_over_sent = grid, region
        self._sent.set_image(image)
        if self._shows_sent:
            self._take_size(self._sent_px, reset=is_first)
        self.update()

    def set_finished_size(self, out_px: tuple[int, int]) -> None:
        """The size in which the picture is sent; sizes of marks go by it."""
        self._longest_px = max(out_px)
        self.update()

    def set_found(self, found: PageText | None) -> None:
        """Outline the text that was found; None for none."""
        self.layer.take(found)
        self.update()

    def set_suggested(self, areas: tuple[Area, ...]) -> None:
        """Outline areas that might be blacked out."""
        self.suggested = areas
        self.update()

    def take_places(self, marks: Sequence[PlaceMark], attachment: Attachment | None) -> None:
        """Show what an answer points at on this image; nothing without marks."""
        if attachment is None or attachment.sent is None:
            self.places.clear()
        else:
            page, sent = attachment.image, attachment.sent
            self.places.take(
                marks, attachment.edits, (page.width_px, page.height_px), (sent.width_px, sent.height_px)
            )
        self.update()

    def show_places(self, on: bool) -> None:
        """Paint the places, or do not."""
        self.places.is_shown = on
        self.update()

    def highlight_place(self, number: int) -> None:
        """Let the place with this number stand out; 0 for none."""
        if number != self.places.highlighted:
            self.places.highlighted = number
            self.update()

    def zoom_to_place(self, number: int) -> None:
        """Bring the place with this number into the middle, large enough to be seen well."""
        spot = next((mark.spot for mark in self.places.marks if mark.number == number), None)
        if spot is None or not self.has_picture():
            return
        self.places.highlighted = number
        box = self.way_of_places().mapRect(
            QRectF(QPointF(spot.left, spot.top), QPointF(spot.right, spot.bottom))
        )
        room = QSizeF(self.size()) * _PLACE_SHARE
        closer = min(room.width() / max(box.width(), 1.0), room.height() / max(box.height(), 1.0))
        # A point has no size to go by: where it lies among the things around it is what matters.
        closest = max(self.view.fit_zoom, _POINT_ZOOM if spot.is_point else _PLACE_ZOOM)
        zoom = min(max(self.view.zoom * closer, self.view.fit_zoom), closest)
        centre = self.view.to_picture((box.center().x(), box.center().y()))
        self.show_view(replace(self.view, zoom=zoom, centre=centre).limited())
        self.update()

    def way_of_places(self) -> QTransform:
        """The way from parts of the sent picture to the widget."""
        if not self._shows_sent:
            return self.places.on_page(self.place())
        box = self.picture_rect()
        return QTransform.fromScale(box.width(), box.height()) * QTransform.fromTranslate(
            box.left(), box.top()
        )

    def clear(self) -> None:
        """Show nothing, until the next picture is there."""
        self.places.clear()
        self.editor = Editor()
        self.layer.take(None)
        self.suggested = ()
        self._original_px = self._sent_px = self._grid = None
        self._drop_detail()
        self._original.set_image(QImage())
        self._sent.set_image(QImage())
        self.update()

    @override
    def has_picture(self) -> bool:
        return (self._sent_px if self._shows_sent else self._original_px) is not None

    def show_side(self, *, sent: bool) -> None:
        """Show the sent picture or the page, in the same place of the widget."""
        self._shows_sent = sent
        self.refit()

    def refit(self, *, reset: bool = False) -> None:
        """The shown picture may have another size now, because of a crop, a turn or the other view."""
        shown = self.editor.shown
        self._original.turn(shown.quarter_turns)
        self._detail.turn(shown.quarter_turns)
        size = self._sent_px if self._shows_sent else shown.size(*self.editor.page_px)
        if size is not None:
            self._take_size(size, reset=reset)
        self.update()

    def refit_around(self, middle: Point) -> None:
        """As `refit`, with a point of the page in the middle of the widget where all is not shown anyway."""
        was_fitted, zoom = self.view.is_fitted, self.view.zoom
        self.refit(reset=True)
        if not was_fitted:
            at = self.place().map(QPointF(*middle))
            self.show_view(self.view.zoomed(zoom, (at.x(), at.y())))

    def place(self, view: View | None = None) -> QTransform:
        """The way from the page to the widget."""
        view = view or self.view
        edits = self.editor.now if self._shows_sent else self.editor.shown
        a, b, c, d, e, f = placement(edits, self.editor.page_px, view.picture_px)
        on_picture = QTransform(a, d, b, e, c, f)
        return (
            on_picture * QTransform.fromScale(view.scale, view.scale) * QTransform.fromTranslate(*view.origin)
        )

    def to_page(self, at: QPointF) -> Point:
        """The point of the page below a point of the widget."""
        point = self.place().inverted()[0].map(at)
        return point.x(), point.y()

    def visible_area(self) -> Area:
        """What is seen of the page."""
        seen = self.picture_rect() & QRectF(self.rect())
        box = self.place().inverted()[0].mapRect(seen).toAlignedRect()
        area = Area(box.left(), box.top(), box.left() + box.width(), box.top() + box.height())
        return area.inside(*self.editor.page_px)

    def finished_px(self) -> tuple[int, int]:
        """The size for which marks are painted."""
        return fit_inside(*self.editor.shown.size(*self.editor.page_px), self._longest_px)

    def suggestion_at(self, at: Point) -> int | None:
        """Which suggested area lies at a point of the page."""
        for number, area in enumerate(self.suggested):
            if area.left <= at[0] <= area.right and area.top <= at[1] <= area.bottom:
                return number
        return None

    def reach(self) -> Reach:
        """What the pointer can take hold of at this zoom."""
        shown, page_px = self.editor.shown, self.editor.page_px
        out_px = self.finished_px()
        boxes = written_boxes(shown, page_px, out_px)
        return Reach(_REACH_PX / self.view.scale, boxes)

    def box_on_widget(self, item: Item) -> QRectF | None:
        """What an item covers in the widget; None if it lies outside of the shown part."""
        shown, page_px = self.editor.shown, self.editor.page_px
        if item.kind != "mark":
            areas = {"region": shown.region, "crop": self.editor.crop}
            area = areas[item.kind] if item.kind in areas else shown.blackouts[item.index]
            return None if area is None else on_widget(area, self.place())
        out_px = self.finished_px()
        box = mark_boxes(shown, page_px, out_px).get(item.index)
        return None if box is None else self._from_finished(self.view, out_px).mapRect(box)

    @override
    def paint_picture(self, painter: QPainter, view: View) -> None:
        area = self.picture_rect(view) & QRectF(self.rect())
        smooth = view.zoom <= _SQUARES_FROM
        if self._shows_sent:
            self._sent.paint(painter, self.picture_rect(view), area, ratio=view.ratio, smooth=smooth)
            if self._grid is not None:
                paint_grid(painter, self._grid, view)
            return
        place, shown = self.place(view), self.editor.shown
        whole = on_widget(Area(0, 0, *self.editor.page_px), place)
        self._original.paint(painter, whole, area, ratio=view.ratio, smooth=smooth)
        if self._detail_area is not None:
            part = on_widget(self._detail_area, place)
            self._detail.paint(painter, part, area & part, ratio=view.ratio, smooth=smooth)
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        paint_blackouts(painter, shown.blackouts, place)
        out_px = self.finished_px()
        painter.setTransform(self._from_finished(view, out_px), combine=True)
        paint_marks(painter, shown, self.editor.page_px, out_px)
        painter.restore()

    @override
    def paint_over(self, painter: QPainter) -> None:
        place, now = self.place(), self.editor.now
        painter.save()
        painter.setClipRect(self.picture_rect().adjusted(-8, -8, 8, 8))
        region_shown = not self._shows_sent or self._region_over_sent
        if now.region is not None and region_shown and self.editor.crop is None:
            paint_region(painter, on_widget(now.region, place))
        if not self._shows_sent:
            self.layer.paint(painter, place)
            paint_suggested(painter, self.suggested, place)
            self._paint_taken(painter, place)
        self.places.paint(painter, self.way_of_places(), self.picture_rect() & QRectF(self.rect()))
        painter.restore()

    @override
    def view_moved(self) -> None:
        if self._shows_sent or self._original_px is None:
            return
        wanted = min(1.0, self.view.zoom)
        have = self._original.width_px / self._original_px[0]
        if have >= wanted * _ENOUGH:
            return
        seen = self.visible_area()
        if self._detail_area is not None and _holds(self._detail_area, seen):
            have = self._detail.width_px / self._detail_area.width_px
        if have < wanted * _ENOUGH:
            self.detail_wanted.emit(_wider(seen, self._original_px), wanted)

    def _paint_taken(self, painter: QPainter, place: QTransform) -> None:
        """Handles around what is selected, or the frame of the crop that is being chosen."""
        crop, selected = self.editor.crop, self.editor.selected
        if crop is not None:
            page = on_widget(Area(0, 0, *self.editor.page_px), place)
            points = self._handle_points(Item("crop"), place)
            size = Edits(crop=crop, quarter_turns=self.editor.now.quarter_turns).size(*self.editor.page_px)
            paint_crop(painter, page, on_widget(crop, place), points, _size_words(*size))
        elif (
            selected is not None
            and not self.editor.is_writing
            and (box := self.box_on_widget(selected)) is not None
        ):
            paint_selected(painter, box, self._handle_points(selected, place))

    def _handle_points(self, item: Item, place: QTransform) -> list[Point]:
        points = (place.map(QPointF(*point)) for point in handles(self.editor.now, item).values())
        return [(point.x(), point.y()) for point in points]

    def _from_finished(self, view: View, out_px: tuple[int, int]) -> QTransform:
        box = self.picture_rect(view)
        scaled = QTransform.fromScale(box.width() / out_px[0], box.height() / out_px[1])
        return scaled * QTransform.fromTranslate(box.left(), box.top())

    def _take_size(self, picture_px: tuple[int, int], *, reset: bool) -> None:
        view = self.view.of_picture(picture_px)
        self.show_view(view.fitted() if reset else view)

    def _is_finer(self, width_px: int, area: Area | None) -> bool:
        """Whether so many pixels across an area of the page are more than the whole page has there."""
        if area is None or self._original_px is None:
            return False
        return width_px * self._original_px[0] > self._original.width_px * area.width_px

    def _drop_detail(self) -> None:
        self._detail_area = None
        self._detail.set_image(QImage())


def _holds(area: Area, part: Area) -> bool:
    across = area.left <= part.left and part.right <= area.right
    return across and area.top <= part.top and part.bottom <= area.bottom


def _wider(area: Area, page_px: tuple[int, int]) -> Area:
    """With some room around it, so that a small step sideways needs nothing new."""
    across, down = round(area.width_px * _DETAIL_MARGIN), round(area.height_px * _DETAIL_MARGIN)
    return Area(area.left - across, area.top - down, area.right + across, area.bottom + down).inside(*page_px)


def _size_words(width_px: int, height_px: int) -> str:
    width, height = format_count(width_px), format_count(height_px)
    return _("{width} × {height} px").format(width=width, height=height)
