"""Boxes and points that an answer names, painted over the picture in colours that can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QTransform

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
        self._chips: dict[tuple[int, str, float], QPixmap] = {}

    def take(
        self, marks: Sequence[PlaceMark], edits: Edits, page_px: tuple[int, int], sent_px: tuple[int, int]
    ) -> None:
        """Show these of a picture that was made of a page in this way."""
        self.marks, self.highlighted = tuple(marks), 0
        self._chips.clear()
        a, b, c, d, e, f = placement(edits, page_px, sent_px)
        back, _is_one = QTransform(a, d, b, e, c, f).inverted()
        self._to_page = QTransform.fromScale(*sent_px) * back

    def clear(self) -> None:
        """Show nothing."""
        self.marks, self.highlighted = (), 0
        self._chips.clear()

    def on_page(self, page: QTransform) -> QTransform:
        """The way from parts of the sent picture to the widget, by that from the page to the widget."""
        return self._to_page * page

    def mark_at(self, at: QPointF, way: QTransform) -> int:
        """The number of the smallest mark at a point of the widget; 0 for none."""
        found: list[tuple[float, int]] = []
        for mark in self._painted(way):
            reach = _POINT_PX + 3 if mark.is_point else 2.0
            if mark.box.adjusted(-reach, -reach, reach, reach).contains(at):
                found.append((mark.box.width() * mark.box.height(), mark.number))
        return min(found)[1] if found else 0

    def paint(self, painter: QPainter, way: QTransform, room: QRectF) -> None:
        """Paint all; ``way`` leads from parts of the sent picture to the widget, where ``room`` is seen."""
        around = room.adjusted(-20, -20, 20, 20)
        marks = [mark for mark in self._painted(way) if mark.box.intersects(around) or mark.is_point]
        if not marks:
            return
        words = len(marks) <= _MOST_LABELS
        others = [mark for mark in marks if mark.number != self.highlighted]
        strong = [mark for mark in marks if mark.number == self.highlighted]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_DIMMED if strong else 1.0)
        _paint_shapes(painter, others, _LINE_PX)
        for mark in others:
            self._paint_name(painter, mark, room, words=words)
        # Last, above all others.
        painter.setOpacity(1.0)
        _paint_shapes(painter, strong, _STRONG_PX)
        for mark in strong:
            self._paint_name(painter, mark, room, words=True)
        painter.restore()

    def _painted(self, way: QTransform) -> list["_Painted"]:
        if not self.is_shown:
            return []
        return [
            _Painted(mark.number, mark.label, way.mapRect(_rect(mark.spot)), mark.spot.is_point)
            for mark in self.marks
            if mark.spot is not None
        ]

    def _paint_name(self, painter: QPainter, mark: "_Painted", room: QRectF, *, words: bool) -> None:
        """Number and label on a chip above the box; within it where there is no room above."""
        chip = self._chip(mark, painter.device().devicePixelRatioF(), words=words)
        width, height = chip.deviceIndependentSize().width(), chip.deviceIndependentSize().height()
        left, top = mark.box.left() - 1, mark.box.top() - height - 1
        if mark.is_point:
            left, top = mark.box.center().x() + _POINT_PX + 4, mark.box.center().y() - height / 2
        elif top < room.top():
            top = mark.box.top() + 1
        left = max(room.left(), min(left, room.right() - width))
        top = max(room.top(), min(top, room.bottom() - height))
        painter.drawPixmap(QPointF(round(left), round(top)), chip)

    def _chip(self, mark: "_Painted", ratio: float, *, words: bool) -> QPixmap:
        label = mark.label if len(mark.label) <= _LABEL_CHARS else f"{mark.label[: _LABEL_CHARS - 1]}…"
        text = f"{mark.number}  {label}" if words and label else str(mark.number)
        key = (mark.number, text, ratio)
        if key not in self._chips:
            self._chips[key] = _made_chip(mark.number, text, ratio)
        return self._chips[key]


@dataclass(frozen=True, slots=True)
class _Painted:
    """A mark that lies on the image, and where in the widget."""

    number: int
    label: str
    box: QRectF
    is_point: bool


def _rect(spot: Spot) -> QRectF:
    return QRectF(spot.left, spot.top, spot.right - spot.left, spot.bottom - spot.top)


def _paint_shapes(painter: QPainter, marks: Sequence[_Painted], width_px: float) -> None:
    """Boxes and circles; those of one colour at once, as there may be hundreds."""
    strong = width_px > _LINE_PX
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(_CASING, width_px + 2))
    painter.drawRects([mark.box for mark in marks if not mark.is_point])
    for at in range(1, len(_COLOURS) + 1):
        colour, _ink = colours_of(at)
        same = [mark for mark in marks if (mark.number - at) % len(_COLOURS) == 0]
        fill = QColor(colour)
        fill.setAlpha(_FILL)
        painter.setBrush(fill if strong else Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(colour, width_px))
        painter.drawRects([mark.box for mark in same if not mark.is_point])
        for mark in same:
            if mark.is_point:
                _paint_point(painter, mark.box.center(), colour, width_px)


def _paint_point(painter: QPainter, at: QPointF, colour: QColor, width_px: float) -> None:
    radius = _POINT_PX + (2 if width_px > _LINE_PX else 0)
    painter.save()
    for pen in (_pen(_CASING, width_px + 2), _pen(colour, width_px)):
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)
    painter.setBrush(colour)
    painter.drawEllipse(at, 1.5, 1.5)
    painter.restore()


def _pen(colour: QColor, width_px: float) -> QPen:
    pen = QPen(colour, width_px)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _made_chip(number: int, text: str, ratio: float) -> QPixmap:
    ground, ink = colours_of(number)
    font = theme.current().font("badge")
    width = round(QFontMetricsF(font).horizontalAdvance(text) + 2 * _CHIP_PADDING_PX)
    pixmap = QPixmap(round(width * ratio), round(_CHIP_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_CASING, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, _CHIP_PX - 1), 3, 3)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(QRectF(0, 0, width, _CHIP_PX), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap
