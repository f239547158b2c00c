"""What was captured last, for the tray: the gallery's images that lie in the folder of captures."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.core.capturing import read_capture_name
from desktop.ui.gallery_state import GalleryState
from desktop.ui.tray import MOST_RECENT, RecentCapture

_SOON_MS = 200


class CaptureRecent(QObject):
    """Keeps the rows true.

    Signals:
        changed(tuple): the `RecentCapture`s, the newest first; their keys are those of the gallery.
    """

    changed = Signal(object)

    def __init__(
        self,
        gallery: GalleryState,
        folder: Path,
        pixmap: Callable[[int], QPixmap | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._folder = folder
        self._pixmap = pixmap
        self._pictures: dict[Path, QPixmap] = {}
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._tell)
        for signal in (gallery.added, gallery.removed, gallery.moved):
            signal.connect(self._on_changed)

    def take_picture(self, path: Path, image: QImage) -> None:
        """How a capture looks, which the gallery may not have drawn yet."""
        self._pictures[path] = QPixmap.fromImage(image)
        for old in tuple(self._pictures)[:-MOST_RECENT]:
            del self._pictures[old]
        self._soon.start()

    def _on_changed(self, *_keys: object) -> None:
        # Thousands may come in at once.
        if not self._soon.isActive():
            self._soon.start()

    def _tell(self) -> None:
        rows = []
        for entry in self._gallery.entries.values():
            named = read_capture_name(entry.path.stem) if entry.path.parent == self._folder else None
            if named is not None:
                title, at = named
                picture = self._pictures.get(entry.path) or self._pixmap(entry.key) or QPixmap()
                rows.append(RecentCapture(key=entry.key, title=title, at=at, pixmap=picture))
        rows.sort(key=lambda row: row.at, reverse=True)
        self.changed.emit(tuple(rows[:MOST_RECENT]))
