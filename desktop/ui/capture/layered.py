"""What is seen over a frozen picture: region, hair lines, magnifier, words. Only what changes is painted."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QRegion, QScreen
from PySide6.QtWidgets import QWidget

from desktop.capture.shots import ScreenPicture
from desktop.core.capturing import CaptureKind
from desktop.core.compat import override
from desktop.core.edits import Area
from desktop.core.text import printable
from desktop.ui.capture import look, magnifier
from desktop.ui.capture.choosing import Choice, Pixel
from desktop.ui.capture.frozen import Frozen
from desktop.ui.capture.marking import Marks
from desktop.ui.capture.places import magnifier_corner, words_corner

_MOST_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Shown:
    """The region that was painted last, and the marks on it."""

    area: Area | None = None
    is_drawing: bool = False
    painted: dict[object, QRect] = field(default_factory=dict)


class Layered(Frozen):
    """Shows a `Choice` and `Marks`.

    Attributes:
        choice: what is chosen of this screen.
        marks: what is drawn on it.

    Signals:
        area_changed: another region is chosen, or none, or it is just being changed.
    """

    area_changed = Signal()

    def __init__(self, picture: ScreenPicture, screen: QScreen, *, bypass: bool) -> None:
        super().__init__(picture, screen, bypass=bypass)
        self.choice = Choice(self.page_px, tuple(window.area for window in picture.windows))
        self.marks = Marks(self, self.page_px, self.way)
        self.marks.changed.connect(self.refresh)
        self._words = ""
        self._floating: list[QWidget] = []
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self._draws_mark = False
        self._shown = _Shown()
        self._layers: dict[str, tuple[object, QRegion]] = {}
        self._told: Area | None = None

    def set_words(self, text: str) -> None:
        """What is said beside the region: its size, and the price while it changes."""
        self._words = text
        self.refresh()

    def refresh(self) -> None:
        """Paint what has changed, and tell if the region has."""
        self._touch_area()
        target = self.choice.highlighted
        self._touch("target", target, self._target_region(target))
        hairs = self._hairs_at()
        room = self.rect()
        self._touch("hairs", hairs, QRegion() if hairs is None else look.hair_lines(hairs, room))
        lens = self._lens_at()
        corner = None if lens is None else self._lens_corner(lens[1])
        covered = QRegion() if corner is None else QRegion(magnifier.covered(corner))
        self._touch("lens", (lens, corner), covered)
        words = self._said()
        self._touch("words", words, QRegion() if words is None else _words_region(*words))
        self.show_cursor()
        if self.choice.area != self._told:
            self._told = self.choice.area
            self.area_changed.emit()

    def show_cursor(self) -> None:
        """Give the pointer the shape of what a press would do."""
        raise NotImplementedError

    @override
    def lit_area(self) -> Area | None:
        return self.choice.area or self.choice.highlighted

    @override
    def paint_on_picture(self, painter: QPainter) -> None:
        self.marks.paint(painter)

    @override
    def paint_over(self, painter: QPainter) -> None:
        area, target = self.choice.area, self.choice.highlighted
        if area is not None:
            box, room = self.on_window(area), QRectF(self.rect())
            look.paint_frame(painter, box, room, handles=not self.choice.is_drawing)
            self.marks.paint_selected(painter)
        if target is not None:
            look.paint_target(painter, self.on_window(target))
        hairs = self._hairs_at()
        if hairs is not None:
            look.paint_hairs(painter, hairs, QRectF(self.rect()), 1 / self.ratio)
        words = self._said()
        if words is not None:
            look.paint_words(painter, *words)
        lens = self._lens_at()
        if lens is not None:
            magnifier.paint(painter, self._lens_corner(lens[1]), self._image, lens[0])

    def _pixel_at_hand(self) -> Pixel | None:
        if self.choice.cursor is not None:
            return self.choice.cursor
        return None if self._pointer is None else self.choice.pixel(self.to_page(self._pointer), self.ratio)

    def _hairs_at(self) -> QPointF | None:
        """Where the hair lines cross; None if there are none."""
        choosing = self.choice.mode is CaptureKind.REGION and self.choice.area is None
        pixel = self._pixel_at_hand()
        if pixel is None or not (choosing or self.choice.is_drawing or self.choice.cursor is not None):
            return None
        return self.way().map(QPointF(*pixel))

    def _lens_at(self) -> tuple[Pixel, QPointF] | None:
        """The pixel that is magnified, and where it is in the window; None if none is."""
        held = self._pressed is not None and not self._draws_mark and self.choice.holds_edge
        pixel = self._pixel_at_hand()
        if pixel is None or not (held or self._hairs_at() is not None):
            return None
        return pixel, self.way().map(QPointF(*pixel))

    def _lens_corner(self, at: QPointF) -> QPoint:
        above = [child.geometry() for child in self._floating if child.isVisible() and child.parent() is self]
        return magnifier_corner(at, self.rect(), magnifier.SIZE, magnifier.GAP_PX, above)

    def host(self, floating: QWidget) -> None:
        """Let a widget float above the picture: over it the pointer chooses nothing."""
        floating.setParent(self)
        floating.installEventFilter(self)
        if floating not in self._floating:
            self._floating.append(floating)

    def _said(self) -> tuple[QPointF, str] | None:
        """Where words are, and which: the region's size, or what a click would take."""
        area, text = self.choice.area, self._words
        if self.choice.highlighted is not None:
            area, text = self.choice.highlighted, self._target_words()
        if area is None or not text:
            return None
        size = look.words_size(text)
        return words_corner(self.on_window(area), QRectF(self.rect()), size), text

    def _target_words(self) -> str:
        pointed = self.choice.pointed
        if self.choice.mode is not CaptureKind.WINDOW or pointed is None:
            return ""
        title = " ".join(printable(self.picture.windows[pointed].title).split())
        return title if len(title) <= _MOST_TITLE_CHARS else title[: _MOST_TITLE_CHARS - 1] + "…"

    def _target_region(self, target: Area | None) -> QRegion:
        if target is None:
            return QRegion()
        return QRegion(self.on_window(target).adjusted(-2, -2, 2, 2).toAlignedRect())

    def _touch_area(self) -> None:
        """Only the edge of a region changes while it is drawn, and what it gains and loses."""
        area, before = self.choice.area, self._shown
        self.marks.set_area(area)
        now = _Shown(area, self.choice.is_drawing, self.marks.painted())
        self._shown = now
        if area != before.area:
            boxes = [self.on_window(one) for one in (before.area, area) if one is not None]
            changed = QRegion()
            for box in boxes:
                changed = changed.united(QRegion(look.grown(box)))
            if len(boxes) == 2 and not now.painted and not before.painted:
                changed = changed.subtracted(QRegion(look.shrunk(boxes[0]) & look.shrunk(boxes[1])))
            self.update(changed)
            return
        if area is not None and now.is_drawing != before.is_drawing:
            box = self.on_window(area)
            self.update(QRegion(look.grown(box)).subtracted(QRegion(look.shrunk(box))))
        for one, other in ((now.painted, before.painted), (before.painted, now.painted)):
            for key in one.keys() - other.keys():
                self.update(one[key])

    def _touch(self, name: str, value: object, region: QRegion) -> None:
        before, covered = self._layers.get(name, (None, QRegion()))
        if value != before:
            self.update(covered.united(region))
            self._layers[name] = (value, region)


def _words_region(corner: QPointF, text: str) -> QRegion:
    box = QRectF(corner, look.words_size(text).toSizeF())
    return QRegion(box.toAlignedRect().adjusted(-2, -2, 2, 2))
