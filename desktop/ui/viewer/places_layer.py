"""Boxes and points that an answer names, painted over the picture in colours that can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from desktop.core.edits import Edits, placement
from desktop.core.pointing import Pointing, Scale, Spot, spot_of
from desktop.core.text import printable
from desktop.ui import theme

# Okabe and Ito's palette: told apart with any colour vision. Over pictures, so the same in both looks.
_COLOURS = (
    ("#56b4e9", "#000000"),
    ("#e69f00", "#000000"),
    ("#009e73", "#ffffff"),
    ("#cc79a7", "#000000"),
    ("#f0e442", "#000000"),
    ("#d55e00", "#ffffff"),
    ("#0072b2", "#ffffff"),
)
"""Lines and grounds, and the text that can be read on them."""
_CASING = QColor(0, 0, 0, 150)
_LINE_PX, _STRONG_PX = 2.0, 3.5
_POINT_PX = 7.0
_CHIP_PX, _CHIP_PADDING_PX = 18.0, 6.0
_MOST_LABELS = 40
"""With more places only their numbers are painted; the list has the words."""
_LABEL_CHARS = 32
_FILL = 46
_DIMMED = 0.35


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """One place as it is painted and listed.

    Attributes:
        number: from 1, in the order of the answer.
        label: what is there.
        spot: where on the sent image; None where it lies outside of it.
    """

    number: int
    label: str
    spot: Spot | None


def place_marks(
    pointing: Pointing, sent_px: tuple[int, int], *, scale: Scale, swapped: bool = False
) -> tuple[PlaceMark, ...]:
    """The marks of an answer's places, if its numbers count this."""
    places = (place.swapped() if swapped else place for place in pointing.places)
    return tuple(
        PlaceMark(number, printable(place.label, limit=200), spot_of(place, scale, sent_px))
        for number, place in enumerate(places, 1)
    )


def colours_of(number: int) -> tuple[QColor, QColor]:
    """The colour of the mark with this number, and that of text on it."""
    ground, text = _COLOURS[(number - 1) % len(_COLOURS)]
    return QColor(ground), QColor(text)


class PlacesLayer:
    """The places on one picture.

    Attributes:
        marks: what is painted.
        highlighted: the number of the one that stands out; 0 for none.
        is_shown: whether any are painted.
    """

    def __init__(self) -> None:
        self.marks: tuple[PlaceMark, ...] = ()
        self.highlighted = 0
        self.is_shown = True
        self._to_page = QTransform()

    def take(
        self, marks: Sequence[PlaceMark], edits: Edits, page_px: tuple[int, int], sent_px: tuple[int, int]
    ) -> None:
        """Show these of a picture that was made of a page in this way."""
        self.marks, self.highlighted = tuple(marks), 0
        a, b, c, d, e, f = placement(edits, page_px, sent_px)
        back, _is_one = QTransform(a, d, b, e, c, f).inverted()
        self._to_page = QTransform.fromScale(*sent_px) * back

    def clear(self) -> None:
        """Show nothing."""
        self.marks, self.highlighted = (), 0

    def on_page(self, page: QTransform) -> QTransform:
        """The way from parts of the sent picture to the widget, by that from the page to the widget."""
        return self._to_page * page

    def mark_at(self, at: QPointF, way: QTransform) -> int:
        """The number of the smallest mark at a point of the widget; 0 for none."""
        found: list[tuple[float, int]] = []
        for mark in self._painted():
            box = _box(mark.spot, way)
            reach = _POINT_PX + 3 if mark.spot.is_point else 2.0
            if box.adjusted(-reach, -reach, reach, reach).contains(at):
                found.append((box.width() * box.height(), mark.number))
        return min(found)[1] if found else 0

    def paint(self, painter: QPainter, way: QTransform, room: QRectF) -> None:
        """Paint all; ``way`` leads from parts of the sent picture to the widget, where ``room`` is seen."""
        marks = self._painted()
        if not marks:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = len(marks) <= _MOST_LABELS
        # The one that stands out last, above all others.
        for mark in sorted(marks, key=lambda mark: mark.number == self.highlighted):
            box = _box(mark.spot, way)
            if not box.adjusted(-20, -20, 20, 20).intersects(room):
                continue
            strong = mark.number == self.highlighted
            painter.setOpacity(_DIMMED if self.highlighted and not strong else 1.0)
            _paint_shape(painter, mark, way, strong=strong)
            _paint_name(painter, mark, box, room, words=words or strong)
        painter.restore()

    def _painted(self) -> list["_Painted"]:
        if not self.is_shown:
            return []
        return [_Painted(mark.number, mark.label, mark.spot) for mark in self.marks if mark.spot is not None]


@dataclass(frozen=True, slots=True)
class _Painted:
    """A mark that lies on the image."""

    number: int
    label: str
    spot: Spot


def _box(spot: Spot, way: QTransform) -> QRectF:
    return way.map(_polygon(spot)).boundingRect()


def _polygon(spot: Spot) -> QPolygonF:
    return QPolygonF([QPointF(*corner) for corner in spot.corners()])


def _paint_shape(painter: QPainter, mark: _Painted, way: QTransform, *, strong: bool) -> None:
    colour, _text = colours_of(mark.number)
    width = _STRONG_PX if strong else _LINE_PX
    fill = QColor(colour)
    fill.setAlpha(_FILL if strong else 0)
    if mark.spot.is_point:
        middle = way.map(QPointF(*mark.spot.middle))
        radius = _POINT_PX + (2 if strong else 0)
        for pen, brush in ((QPen(_CASING, width + 2), fill), (QPen(colour, width), fill)):
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawEllipse(middle, radius, radius)
        painter.setBrush(colour)
        painter.drawEllipse(middle, 1.5, 1.5)
        return
    shape = way.map(_polygon(mark.spot))
    for pen, brush in (
        (QPen(_CASING, width + 2), fill),
        (QPen(colour, width), QColor(Qt.GlobalColor.transparent)),
    ):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(brush)
        painter.drawPolygon(shape)


def _paint_name(painter: QPainter, mark: _Painted, box: QRectF, room: QRectF, *, words: bool) -> None:
    """Number and label on a chip above the box; within it where there is no room above."""
    ground, ink = colours_of(mark.number)
    label = mark.label if len(mark.label) <= _LABEL_CHARS else f"{mark.label[: _LABEL_CHARS - 1]}…"
    text = f"{mark.number}  {label}" if words and label else str(mark.number)
    font = theme.current().font("badge")
    width = QFontMetricsF(font).horizontalAdvance(text) + 2 * _CHIP_PADDING_PX
    left, top = box.left() - 1, box.top() - _CHIP_PX - 1
    if mark.spot.is_point:
        left, top = box.center().x() + _POINT_PX + 4, box.center().y() - _CHIP_PX / 2
    elif top < room.top():
        top = box.top() + 1
    left = max(room.left(), min(left, room.right() - width))
    top = max(room.top(), min(top, room.bottom() - _CHIP_PX))
    chip = QRectF(round(left), round(top), round(width), _CHIP_PX)
    painter.setPen(QPen(_CASING, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(chip, 3, 3)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
