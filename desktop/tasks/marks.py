"""Marks painted over a finished picture: one function for the window and for the bytes that are sent.

Sizes follow the finished picture, so that what is drawn on 60 megapixels can still be read in the 800 pixels
that a model gets. Only what lies in the part that is left is painted.
"""

from dataclasses import dataclass
from math import hypot, sqrt

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
    QTransform,
)

from desktop.core.edits import Arrow, Callout, Edits, Frame, Label, Mark, Point, placement

LINE = QColor("#ff6b6b")
"""The colour ``region`` of the theme, the same in light and dark: these pixels are sent."""
# White digits on LINE are 2.8:1; this deeper red is 4.8:1.
_FILL = QColor("#d92d2d")
_OUTLINE = QColor("#ffffff")
_CHIP = QColor("#ffffff")
_INK = QColor("#1c1d22")

_FAMILIES = [
    "Inter",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei UI",
    "Segoe UI",
    "Noto Sans",
    "DejaVu Sans",
    "Noto Color Emoji",
    "Apple Color Emoji",
    "Segoe UI Emoji",
]
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft
_LABEL_SHARE = 0.6
"""Of the width of the picture, after which a label goes on in the next line."""
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip


@dataclass(frozen=True, slots=True)
class MarkSizes:
    """Lengths in pixels of the finished picture.

    Attributes:
        stroke: width of lines; at least 2.
        outline: width of the white edge around them.
        letters: height of letters and digits; at least 16.
        radius: of a callout's circle.
        head: length of an arrow's head.
    """

    stroke: float
    outline: float
    letters: int
    radius: float
    head: float


def mark_sizes(out_px: tuple[int, int]) -> MarkSizes:
    """The sizes that can be read in a finished picture of ``out_px``."""
    # The geometric mean, because the longest side of a screenshot of a whole page says little about its text.
    mean = sqrt(out_px[0] * out_px[1])
    stroke = max(2.0, mean / 300)
    letters = max(16, round(mean / 40))
    return MarkSizes(stroke, max(1.0, stroke / 3), letters, letters * 0.85, max(10.0, stroke * 5))


def mark_font(sizes: MarkSizes) -> QFont:
    """The font of labels and numbers; Chinese and emoji come from the system's fonts behind it."""
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPixelSize(sizes.letters)
    font.setWeight(QFont.Weight.DemiBold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def finished(image: QImage, edits: Edits) -> QImage:
    """A picture with its black-outs and marks in its own pixels, at its own size; without crop and turns."""
    page_px = image.width(), image.height()
    # A copy: the caller's pixels stay as they are.
    made = image.copy().convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(made)
    try:
        for area in edits.blackouts:
            painter.fillRect(area.left, area.top, area.width_px, area.height_px, Qt.GlobalColor.black)
        paint_marks(painter, edits, page_px, page_px)
    finally:
        painter.end()
    return made


def paint_marks(painter: QPainter, edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> None:
    """Paint all marks in the coordinates of the finished picture.

    Args:
        painter: its unit is a pixel of the finished picture; a view scales it before.
        edits: their crop and turns say where the marks come to lie.
        page_px: width and height of the upright page.
        out_px: width and height of the finished picture.
    """
    sizes = mark_sizes(out_px)
    place = _placed(edits, page_px, out_px)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setClipRect(QRectF(0, 0, *out_px), Qt.ClipOperation.IntersectClip)
    painter.setFont(mark_font(sizes))
    boxes = mark_boxes(edits, page_px, out_px)
    number = 0
    for index, mark in enumerate(edits.marks):
        number += isinstance(mark, Callout)
        if index in boxes:
            _paint(painter, mark, boxes[index], place, sizes, number)
    painter.restore()


def mark_boxes(edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> dict[int, QRectF]:
    """Where marks are painted, by their place among the marks, their lines not counted.

    Those that lie outside of what is left of the page are missing.
    """
    place, sizes = _placed(edits, page_px, out_px), mark_sizes(out_px)
    # One for all: finding fonts for a label costs more than painting it.
    metrics = QFontMetricsF(mark_font(sizes))
    boxes = {}
    for index, mark in enumerate(edits.marks):
        box = _box(mark, place, sizes, metrics, out_px)
        if box is not None:
            boxes[index] = box
    return boxes


def overlay_png(edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> bytes | None:
    """All marks as a transparent PNG of exactly ``out_px``; None if there are none.

    May be called in any thread. Equal arguments give equal bytes.
    """
    if not edits.marks:
        return None
    image = QImage(*out_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_marks(painter, edits, page_px, out_px)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_RGBA8888).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _box(
    mark: Mark, place: QTransform, sizes: MarkSizes, metrics: QFontMetricsF, out_px: tuple[int, int]
) -> QRectF | None:
    whole = QRectF(0, 0, *out_px)
    match mark:
        case Arrow(start, end):
            box = QRectF(_at(place, start), _at(place, end)).normalized()
            return box if box.adjusted(-1, -1, 1, 1).intersects(whole) else None
        case Frame(area):
            box = place.mapRect(QRectF(area.left, area.top, area.width_px, area.height_px))
            return box if box.intersects(whole) else None
        case Callout(at):
            box = QRectF(0, 0, sizes.radius * 2, sizes.radius * 2)
            box.moveCenter(_at(place, at))
        case Label(at, text):
            box = QRectF(_at(place, at), _label_size(text, sizes, metrics, out_px))
    # What belongs to a point outside of the picture would point at the wrong thing when it is moved inside.
    return _moved_inside(box, whole) if whole.contains(_at(place, at)) else None


def _paint(
    painter: QPainter, mark: Mark, box: QRectF, place: QTransform, sizes: MarkSizes, number: int
) -> None:
    match mark:
        case Arrow(start, end):
            _paint_arrow(painter, _at(place, start), _at(place, end), sizes)
        case Frame():
            _paint_frame(painter, box, sizes)
        case Callout():
            painter.setPen(QPen(_OUTLINE, sizes.outline * 2))
            painter.setBrush(_FILL)
            painter.drawEllipse(box.adjusted(*[sizes.outline] * 2, *[-sizes.outline] * 2))
            painter.drawText(box, _CENTRED, str(number))
        case Label(_, text):
            pad = sizes.letters * 0.4
            painter.setPen(QPen(LINE, sizes.outline * 1.5))
            painter.setBrush(_CHIP)
            inset = sizes.outline
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), pad, pad)
            painter.setPen(_INK)
            painter.drawText(box.adjusted(pad, pad / 2, -pad, 0), _WRAPPED, text)


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, sizes: MarkSizes) -> None:
    length = hypot(end.x() - start.x(), end.y() - start.y())
    if length <= 0:
        return
    head = min(sizes.head, length)
    along = (end - start) / length
    across = QPointF(-along.y(), along.x())
    wing, neck = across * (head * 0.55), end - along * head
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, beyond in ((_OUTLINE, sizes.outline), (LINE, 0.0)):
        # A wide line is painted forty times as fast as the same shape as a path.
        shaft = QPen(colour, sizes.stroke + 2 * beyond, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        painter.setPen(shaft)
        painter.drawLine(start - along * beyond, end - along * (head / 2))
        painter.setPen(_pen(colour, 2 * beyond) if beyond else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([neck + wing, end, neck - wing]))


def _paint_frame(painter: QPainter, box: QRectF, sizes: MarkSizes) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_OUTLINE, sizes.stroke + 2 * sizes.outline), (LINE, sizes.stroke)):
        painter.setPen(_pen(colour, width))
        painter.drawRoundedRect(box, sizes.stroke, sizes.stroke)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _label_size(text: str, sizes: MarkSizes, metrics: QFontMetricsF, out_px: tuple[int, int]) -> QSizeF:
    pad = sizes.letters * 0.4
    room = QRectF(0, 0, max(sizes.letters, out_px[0] * _LABEL_SHARE), 1e6)
    needed = metrics.boundingRect(room, _WRAPPED.value, text or " ")
    return QSizeF(needed.width() + 2 * pad + 1, needed.height() + pad)


def _moved_inside(box: QRectF, whole: QRectF) -> QRectF:
    moved = QRectF(box)
    moved.moveLeft(max(0.0, min(box.left(), whole.width() - box.width())))
    moved.moveTop(max(0.0, min(box.top(), whole.height() - box.height())))
    return moved


def _placed(edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> QTransform:
    a, b, c, d, e, f = placement(edits, page_px, out_px)
    return QTransform(a, d, b, e, c, f)


def _at(place: QTransform, point: Point) -> QPointF:
    return place.map(QPointF(*point))
