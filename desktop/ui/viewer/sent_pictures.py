"""The very bytes that would be sent, made anew a moment after something changed."""

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.core.model import SentImage
from desktop.core.planning import ImagePlan
from desktop.core.problems import Problem
from desktop.core.request import NewImage
from desktop.tasks.gallery import GalleryTasks
from desktop.ui.viewer.figures import Planned, Viewed, planned

SETTLE_MS = 150
_KEPT = 4

Key = tuple[str, int, int]
"""A picture with its edits, and the size in which it is sent."""


class SentPictures(QObject):
    """Makes what would be sent of the picture at hand. What a later change has overtaken is dropped.

    Signals:
        changed: `picture` and `sizes` know more.
        failed(Problem): it cannot be made; for example, the file has changed.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._parts: tuple[Planned, ...] = ()
        self._lossless = False
        self._made: OrderedDict[Key, tuple[QImage, SentImage]] = OrderedDict()
        self._running: dict[Key, Future[tuple[QImage, SentImage]]] = {}
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._start)

    def want(self, viewed: Viewed) -> None:
        """This is the picture at hand now, with these edits, for this model."""
        parts = tuple((new, plan) for new, plan in planned(viewed) if plan.rejected is None)
        if parts == self._parts and viewed.on_device == self._lossless:
            return
        if viewed.on_device != self._lossless:
            self._made.clear()
        self._parts, self._lossless = parts, viewed.on_device
        keys = {_key(new, plan) for new, plan in parts}
        for key in [key for key in self._running if key not in keys]:
            self._running.pop(key).cancel()
        if any(key not in self._made for key in keys):
            self._soon.start()

    def forget(self) -> None:
        """No picture is at hand."""
        self._soon.stop()
        self._parts = ()
        for future in self._running.values():
            future.cancel()
        self._running.clear()
        self._made.clear()

    def renew(self) -> None:
        """Make what is at hand again; until it is there the last one holds."""
        for new, plan in self._parts:
            self._make(new, plan)

    def picture(self, new: NewImage, plan: ImagePlan) -> QImage | None:
        """What would be sent, decoded again; None while it is made."""
        made = self._made.get(_key(new, plan))
        return made[0] if made else None

    def sizes(self) -> Mapping[str, SentImage]:
        """What is known of the bytes that would be sent, by `NewImage.key`."""
        known = {new.key: self._made.get(_key(new, plan)) for new, plan in self._parts}
        return {key: made[1] for key, made in known.items() if made is not None}

    def _start(self) -> None:
        for new, plan in self._parts:
            if _key(new, plan) not in self._made:
                self._make(new, plan)

    def _make(self, new: NewImage, plan: ImagePlan) -> None:
        key = _key(new, plan)
        if key not in self._running:
            self._running[key] = self._tasks.sent_picture(
                new,
                plan,
                lossless=self._lossless,
                succeeded=partial(self._on_made, key),
                failed=partial(self._on_failed, key),
            )

    def _on_made(self, key: Key, image: QImage, sent: SentImage) -> None:
        if self._running.pop(key, None) is None:
            return
        self._made[key] = image, sent
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        self.changed.emit()

    def _on_failed(self, key: Key, trouble: Problem) -> None:
        if self._running.pop(key, None) is not None:
            self.failed.emit(trouble)


def _key(new: NewImage, plan: ImagePlan) -> Key:
    return new.key, plan.width_px, plan.height_px
