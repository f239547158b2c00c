"""A picture in halved sizes, so that painting costs what is on the screen and not what is in the picture.

Halving 60 megapixels takes a third of a second. It is done in strips of about one megapixel between the
events of the GUI thread, some milliseconds each; until a size is there the next larger one is painted.
"""

import math
from collections.abc import Iterator

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

_STRIP_PIXELS = 1_000_000
_SMALLEST_PX = 512


class Levels(QObject):
    """Sizes of one picture, the largest first.

    Signals:
        finished: all sizes are there.
    """

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = QImage()
        self._images: list[QImage] = []
        self._turns = 0
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    @property
    def width_px(self) -> int:
        """Width of the picture as it was given, before turning; 0 if there is none."""
        return self._source.width()

    def set_image(self, image: QImage, quarter_turns: int = 0) -> None:
        """Take a picture, which is shown turned clockwise; a null one for none."""
        self._timer.stop()
        self._turns = quarter_turns % 4
        self._source = image
        self._images = []
        self._steps = iter(()) if image.isNull() else self._made(image, self._turns)
        if image.width() * image.height() <= 2 * _STRIP_PIXELS:
            for _done in self._steps:
                pass
            self.finished.emit()
        else:
            self._timer.start()

    def turn(self, quarter_turns: int) -> None:
        """Show the same picture turned otherwise."""
        if quarter_turns % 4 != self._turns:
            self.set_image(self._source, quarter_turns)

    def paint(
        self, painter: QPainter, target: QRectF, area: QRectF, *, ratio: float = 1.0, smooth: bool = True
    ) -> None:
        """Paint what lies in an area of the widget.

        Args:
            painter: of the widget.
            target: where all of the turned picture lies in the widget.
            area: of the widget; nothing is painted beside it.
            ratio: pixels of the screen to one of the widget.
            smooth: False shows single pixels as squares.
        """
        if self._source.isNull() or area.isEmpty() or target.isEmpty():
            return
        target, area = _thickened(target, target, ratio), _thickened(area, target, ratio)
        image, turns = self._chosen(target.width() * ratio)
        width, height = image.width(), image.height()
        turned_px = (height, width) if turns % 2 else (width, height)
        place = turn_transform((width, height), turns)
        place *= QTransform.fromScale(target.width() / turned_px[0], target.height() / turned_px[1])
        place *= QTransform.fromTranslate(target.left(), target.top())
        shown = place.inverted()[0].mapRect(area).adjusted(-1, -1, 1, 1).toAlignedRect() & image.rect()
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.setTransform(place, combine=True)
        painter.drawImage(QRectF(shown), image, QRectF(shown))
        painter.restore()

    def _chosen(self, needed_px: float) -> tuple[QImage, int]:
        """The smallest size that is wide enough, and the turns that are still to be made."""
        if not self._images:
            return self._source, self._turns
        enough = [image for image in self._images if image.width() >= needed_px]
        return (enough[-1] if enough else self._images[0]), 0

    def _step(self) -> None:
        if next(self._steps, self) is self:
            self._timer.stop()
            self.finished.emit()

    def _made(self, image: QImage, turns: int) -> Iterator[None]:
        """Fill the list: all pixels, turned and quick to paint, then each half of the one before."""
        size = image.size().transposed() if turns % 2 else image.size()
        level = QImage(size, QImage.Format.Format_RGB32)
        yield from _copied(image, level, turns)
        self._images.append(level)
        while max(level.width(), level.height()) > _SMALLEST_PX and min(level.width(), level.height()) > 1:
            smaller = QImage(level.width() // 2, level.height() // 2, QImage.Format.Format_RGB32)
            yield from _halved(level, smaller)
            self._images.append(smaller)
            level = smaller


def turn_transform(picture_px: tuple[int, int], quarter_turns: int) -> QTransform:
    """From a picture of this size to the same picture turned clockwise, its corner at 0, 0 again."""
    width, height = picture_px
    match quarter_turns % 4:
        case 1:
            return QTransform(0, 1, -1, 0, height, 0)
        case 2:
            return QTransform(-1, 0, 0, -1, width, height)
        case 3:
            return QTransform(0, -1, 1, 0, 0, width)
        case _:
            return QTransform()


def _thickened(box: QRectF, target: QRectF, ratio: float) -> QRectF:
    """The box on a whole pixel of the screen in each direction in which the target is thinner than one.

    Else nothing at all is seen of a very long picture.
    """
    left, top, width, height = box.x(), box.y(), box.width(), box.height()
    if target.width() * ratio < 1:
        left, width = math.floor(target.left() * ratio) / ratio, 1 / ratio
    if target.height() * ratio < 1:
        top, height = math.floor(target.top() * ratio) / ratio, 1 / ratio
    return QRectF(left, top, width, height)


def _copied(image: QImage, into: QImage, turns: int) -> Iterator[None]:
    rows = max(1, _STRIP_PIXELS // image.width())
    for top in range(0, image.height(), rows):
        strip = image.copy(0, top, image.width(), min(rows, image.height() - top))
        painter = QPainter(into)
        painter.setTransform(turn_transform((image.width(), image.height()), turns))
        painter.drawImage(QPoint(0, top), strip)
        painter.end()
        yield


def _halved(image: QImage, into: QImage) -> Iterator[None]:
    rows = max(2, _STRIP_PIXELS // image.width() // 2 * 2)
    for top in range(0, into.height() * 2, rows):
        height = min(rows, into.height() * 2 - top)
        strip = image.copy(0, top, into.width() * 2, height).scaled(
            into.width(),
            height // 2,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter = QPainter(into)
        painter.drawImage(QPoint(0, top // 2), strip)
        painter.end()
        yield
