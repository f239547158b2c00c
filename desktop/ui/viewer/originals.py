"""The file's own pixels for the canvas: enough for the screen at first, more where it is zoomed in."""

from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.core.edits import Area
from desktop.core.model import ImageFacts
from desktop.core.problems import Problem
from desktop.tasks.gallery import GalleryTasks

SCREEN_PIXELS = 6_000_000
"""Of the whole page at first; also of a detail at most. About what a 4K screen leaves beside the panel."""
SETTLE_MS = 120


class Originals(QObject):
    """Loads the page at hand. What is overtaken by the next one is cancelled.

    Signals:
        loaded(QImage): the whole page.
        detailed(QImage, Area): an area of it with more pixels.
        failed(Problem): it cannot be loaded.
    """

    loaded = Signal(object)
    detailed = Signal(object, object)
    failed = Signal(object)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._facts: ImageFacts | None = None
        self._whole: Future[QImage] | None = None
        self._part: Future[QImage] | None = None
        self._wanted: tuple[Area, float] | None = None
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._load_detail)

    def load(self, facts: ImageFacts | None) -> None:
        """Load this page; None for none."""
        self._soon.stop()
        for future in (self._whole, self._part):
            if future is not None:
                future.cancel()
        self._facts, self._whole, self._part = facts, None, None
        if facts is not None:
            # A result may be on its way already when the next page comes, so each tells whose it is.
            self._whole = self._tasks.picture(
                facts,
                partial(self._on_loaded, facts),
                partial(self._on_failed, facts),
                max_pixels=SCREEN_PIXELS,
            )

    def load_detail(self, area: Area, scale: float) -> None:
        """Load an area with ``scale`` pixels to one of the page, once the view rests there."""
        self._wanted = area, scale
        self._soon.start()

    def _load_detail(self) -> None:
        if self._facts is None or self._wanted is None:
            return
        if self._part is not None:
            self._part.cancel()
        area, scale = self._wanted
        pixels = round(area.width_px * area.height_px * min(scale, 1.0) ** 2)
        self._part = self._tasks.picture(
            self._facts,
            partial(self._on_detail, self._facts, area),
            _ignore,
            max_pixels=min(max(pixels, 1), SCREEN_PIXELS),
            box=area,
        )

    def _on_loaded(self, facts: ImageFacts, image: QImage) -> None:
        if facts is self._facts:
            self._whole = None
            self.loaded.emit(image)

    def _on_failed(self, facts: ImageFacts, trouble: Problem) -> None:
        if facts is self._facts:
            self._whole = None
            self.failed.emit(trouble)

    def _on_detail(self, facts: ImageFacts, area: Area, image: QImage) -> None:
        if facts is self._facts:
            self._part = None
            self.detailed.emit(image, area)


def _ignore(_problem: Problem) -> None:
    """The whole page is shown already, only less sharp."""
