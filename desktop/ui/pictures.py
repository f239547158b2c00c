"""Thumbnails of images that were sent, for the transcript, the history and the carried chips."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.core.model import SentImage
from desktop.tasks.gallery import GalleryTasks

MAX_PICTURES = 400
"""About 160 MB at the size of a gallery thumbnail; the oldest go first."""


class Pictures(QObject):
    """Pixmaps by the SHA-256 of the sent bytes.

    Signals:
        arrived(str, QPixmap): a picture that `get` did not have is there now.
    """

    arrived = Signal(str, object)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: set[str] = set()

    def get(self, sent: SentImage) -> QPixmap | None:
        """The picture, or None while it is fetched; `arrived` follows then."""
        pixmap = self._pixmaps.get(sent.sha256)
        if pixmap is not None:
            self._pixmaps.move_to_end(sent.sha256)
        elif sent.sha256 not in self._asked:
            self._asked.add(sent.sha256)
            sha256 = sent.sha256
            self._tasks.thumbnail(sent, lambda image: self._on_image(sha256, image))
        return pixmap

    def _on_image(self, sha256: str, image: QImage) -> None:
        self._asked.discard(sha256)
        self._pixmaps[sha256] = pixmap = QPixmap.fromImage(image)
        while len(self._pixmaps) > MAX_PICTURES:
            self._pixmaps.popitem(last=False)
        self.arrived.emit(sha256, pixmap)
