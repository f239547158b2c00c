"""A window over one screen that shows its frozen picture, pixel for pixel, darker where nothing is chosen."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion, QScreen, QTransform
from PySide6.QtWidgets import QWidget

from desktop.capture.shots import ScreenPicture
from desktop.core.compat import override
from desktop.core.edits import Area, Point
from desktop.ui.capture.guarding import guarded
from desktop.ui.capture.look import dimmed

_FLAGS = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
_FORMAT = QImage.Format.Format_RGB32
"""In which pictures are painted without being changed."""


class Frozen(QWidget):
    """What is on it is up to its subclass.

    Attributes:
        picture: the screen as it was.
    """

    def __init__(self, picture: ScreenPicture, screen: QScreen, *, bypass: bool) -> None:
        """Cover ``screen``; ``bypass`` the window manager, which would keep panels above it."""
        flags = _FLAGS | Qt.WindowType.BypassWindowManagerHint if bypass else _FLAGS
        super().__init__(None, flags)
        self.picture = picture
        self._image = picture.image.convertToFormat(_FORMAT)
        self._dim = dimmed(self._image)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def page_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self._image.width(), self._image.height()

    @property
    def ratio(self) -> float:
        """Pixels of the picture to one logical pixel of the window."""
        ratio = self.devicePixelRatioF()
        # Logical sizes are rounded at a fractional scale; the picture is not to be scaled for that.
        is_exact = abs(self.picture.place.width() * ratio - self._image.width()) <= ratio
        return ratio if is_exact else self.picture.scale

    def to_page(self, at: QPointF) -> Point:
        """The point of the picture below a point of the window."""
        return at.x() * self.ratio, at.y() * self.ratio

    def way(self) -> QTransform:
        """The way from the picture to the window."""
        return QTransform.fromScale(1 / self.ratio, 1 / self.ratio)

    def on_window(self, area: Area) -> QRectF:
        """Where an area of the picture lies."""
        return self.way().mapRect(QRectF(area.left, area.top, area.width_px, area.height_px))

    def lit_area(self) -> Area | None:
        """What is shown as bright as it is."""
        raise NotImplementedError

    def paint_on_picture(self, painter: QPainter) -> None:
        """Paint what belongs to the picture, in its pixels."""
        raise NotImplementedError

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies above it, in logical pixels."""
        raise NotImplementedError

    def on_trouble(self) -> None:
        """A handler has failed."""
        raise NotImplementedError

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.save()
            painter.scale(1 / self.ratio, 1 / self.ratio)
            self._paint_picture(painter, event.region())
            self.paint_on_picture(painter)
            painter.restore()
            self.paint_over(painter)
        finally:
            painter.end()

    def _paint_picture(self, painter: QPainter, region: QRegion) -> None:
        lit = self.lit_area()
        bright = QRegion() if lit is None else QRegion(as_rect(lit))
        changed = QRegion()
        for place in rects(region):
            changed = changed.united(QRegion(self._pixels(place)))
        for image, part in (
            (self._dim, changed.subtracted(bright)),
            (self._image, changed.intersected(bright)),
        ):
            for rect in rects(part):
                painter.drawImage(rect.topLeft(), image, rect)

    def _pixels(self, rect: QRect) -> QRect:
        ratio = self.ratio
        box = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        return box.toAlignedRect().intersected(self._image.rect())


def as_rect(area: Area) -> QRect:
    """The same rectangle as Qt's."""
    return QRect(area.left, area.top, area.width_px, area.height_px)


def rects(region: QRegion) -> list[QRect]:
    """The rectangles of which a region is made."""
    # Qt's own stubs do not say that a region can be gone through.
    return list(cast("Iterable[QRect]", region))
