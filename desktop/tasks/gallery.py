"""Bringing images in: folders walked, files looked at, pasted pictures kept, all off the GUI thread."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.core.model import ImageFacts, SentImage
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import _
from desktop.images.inspect import EncodedImage, Inspection, Thumbnail
from desktop.images.scan import ScanStep as Found
from desktop.images.scan import scan
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.system.clock import now_utc
from desktop.tasks.delivery import Delivery

__all__ = ["THUMBNAIL_PX", "Found", "GalleryTasks", "to_image"]

THUMBNAIL_PX = 320
"""Long side of a gallery thumbnail: twice a tile, for screens of scale 2."""


class GalleryTasks(QObject):
    """Everything that reads an image for the window.

    Signals:
        found(Found): files of the scan under way, in batches, and what was skipped.
        scanned(bool): the scan has ended; True if it was cancelled.
        pasted(Path): a picture from the clipboard is a file now.
        failed(Problem): a pasted picture could not be kept.
    """

    found = Signal(object)
    scanned = Signal(bool)
    pasted = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        images: ImageWorkers,
        store: Store,
        delivery: Delivery,
        *,
        pasted_folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._store = store
        self._delivery = delivery
        self._pasted_folder = pasted_folder
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._cancelled = threading.Event()

    def scan(self, paths: Sequence[Path]) -> None:
        """Walk files and folders; `found` tells batches, `scanned` the end."""
        self._cancelled = threading.Event()
        future = self._files.submit(self._scan, tuple(paths), self._cancelled)
        self._delivery.follow(future, self.scanned.emit, lambda _problem: self.scanned.emit(True))

    def cancel_scan(self) -> None:
        """End the scan under way; what it has found stays."""
        self._cancelled.set()

    def inspect(
        self, path: Path, succeeded: Callable[[ImageFacts, QImage], None], failed: Callable[[Problem], None]
    ) -> None:
        """Look at a file: facts and thumbnail, or why it cannot be used."""

        def deliver(inspection: Inspection) -> None:
            succeeded(inspection.facts, to_image(inspection.thumbnail))

        self._delivery.follow(self._images.inspect(path, thumbnail_px=THUMBNAIL_PX), deliver, failed)

    def thumbnail(self, sent: SentImage, succeeded: Callable[[QImage], None]) -> None:
        """The thumbnail of an image of the history."""
        future = self._images.thumbnail(self._store.image_path(sent), THUMBNAIL_PX)
        self._delivery.follow(future, lambda thumbnail: succeeded(to_image(thumbnail)))

    def thumbnail_of_file(self, path: Path, succeeded: Callable[[QImage], None]) -> None:
        """The thumbnail of a file that was looked at before."""
        future = self._images.thumbnail(path, THUMBNAIL_PX)
        self._delivery.follow(future, lambda thumbnail: succeeded(to_image(thumbnail)))

    def encode(
        self,
        facts: ImageFacts,
        size_px: tuple[int, int],
        *,
        lossless: bool,
        succeeded: Callable[[SentImage], None],
    ) -> Future[EncodedImage]:
        """Encode an image as it would be sent, to tell the exact size of the upload."""
        future = self._images.encode(
            facts.path,
            expected_sha256=facts.sha256,
            width_px=size_px[0],
            height_px=size_px[1],
            lossless=lossless,
        )
        self._delivery.follow(future, lambda encoded: succeeded(encoded.sent))
        return future

    def keep_pasted(self, image: QImage) -> None:
        """Write a picture from the clipboard into the data folder; `pasted` tells its path."""
        future = self._files.submit(_write_pasted, image, self._pasted_folder)
        self._delivery.follow(future, self.pasted.emit, self.failed.emit)

    def close(self) -> None:
        """End the scan and the thread; idempotent."""
        self._cancelled.set()
        self._files.shutdown(wait=True, cancel_futures=True)

    def _scan(self, paths: tuple[Path, ...], cancelled: threading.Event) -> bool:
        for step in scan(paths, cancelled=cancelled.is_set):
            self._tell(step)
        return cancelled.is_set()

    def _tell(self, step: Found) -> None:
        self.found.emit(step)


def to_image(thumbnail: Thumbnail | None) -> QImage:
    """A thumbnail's pixels as a `QImage` of its own."""
    if thumbnail is None:
        return QImage()
    width, height = thumbnail.width_px, thumbnail.height_px
    view = QImage(thumbnail.rgba, width, height, width * 4, QImage.Format.Format_RGBX8888)
    return view.copy()


def _write_pasted(image: QImage, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = now_utc().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    path = next(p for n in range(1000) if not (p := folder / _pasted_name(stamp, n)).exists())
    if image.isNull() or not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        path.unlink(missing_ok=True)
        raise ProblemError(problem(Code.IMAGE_DAMAGED, name=path.name))
    path.chmod(0o600)
    return path


def _pasted_name(stamp: str, number: int) -> str:
    name = _("Pasted {stamp}") if number == 0 else _("Pasted {stamp} ({number})")
    return f"{name.format(stamp=stamp, number=number)}.png"
