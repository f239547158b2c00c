"""Bringing images in: folders walked, files looked at, pasted pictures kept, all off the GUI thread."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.core.edits import Area, Edits
from desktop.core.futures import then
from desktop.core.image_tokens import fit_inside
from desktop.core.model import ImageFacts, SentImage
from desktop.core.planning import ImagePlan
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.request import NewImage
from desktop.core.text import _
from desktop.images.inspect import EncodedImage, Inspection, Thumbnail
from desktop.images.scan import Passed, scan
from desktop.images.scan import ScanStep as Found
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.system.clock import now_utc
from desktop.tasks.decoding import inspected, read_image, sent_image, thumbnail_image, to_image
from desktop.tasks.delivery import Delivery
from desktop.tasks.marks import overlay_png

__all__ = ["THUMBNAIL_PX", "Found", "GalleryTasks", "Inspection", "Looked", "Passed"]

T = TypeVar("T")
Looked = Inspection | Problem
"""What became of a file that was looked at."""
ThumbnailT = TypeVar("ThumbnailT", bound=Thumbnail | None)
_UNCHANGED = Edits()

THUMBNAIL_PX = 320
"""Long side of a gallery thumbnail: twice a tile, for screens of scale 2."""

_BREATH_MS = 4
"""Between the steps of a scan the window paints, answers and shows thumbnails for so long."""

_LOOK_S = 0.1


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
    _handed_over = Signal()

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
        self._scans = ThreadPoolExecutor(1, thread_name_prefix="scans")
        # What is pasted need not wait for the end of a scan.
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._pictures = ThreadPoolExecutor(2, thread_name_prefix="pictures")
        self._cancelled = threading.Event()
        self._taken = threading.Semaphore(0)
        # Queued behind the step itself.
        self._handed_over.connect(self._on_handed_over, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def scan(self, paths: Sequence[Path], *, recursive: bool = True) -> None:
        """Walk files and folders; `found` tells steps, `scanned` the end. One at a time.

        Args:
            paths: files are taken, folders are searched.
            recursive: whether folders in folders are searched too; else `Found.left_folders` names them.
        """
        self._cancelled = threading.Event()
        self._taken = threading.Semaphore(0)
        future = self._scans.submit(self._scan, tuple(paths), recursive, self._cancelled)
        self._delivery.follow(future, self.scanned.emit, lambda _problem: self.scanned.emit(True))

    def cancel_scan(self) -> None:
        """End the scan under way; what it has found stays."""
        self._cancelled.set()

    def inspect(
        self,
        path: Path,
        succeeded: Callable[[Inspection, QImage], None],
        failed: Callable[[Problem], None],
        *,
        page: int = 0,
    ) -> None:
        """Look at a page of a file: what it is and its thumbnail, or why it cannot be used."""
        looked_at = self._images.inspect(path, thumbnail_px=THUMBNAIL_PX, page=page)
        future = then(looked_at, lambda inspection: self._in_picture_thread(inspected, inspection))
        self._delivery.follow(future, lambda found: succeeded(*found), failed)

    def look_at(
        self,
        places: Sequence[tuple[Path, int]],
        succeeded: Callable[[tuple[Inspection | Problem, ...]], None],
        failed: Callable[[Problem], None],
    ) -> "Future[tuple[Inspection | Problem, ...]]":
        """Look at many files ahead: only their facts come, the thumbnails are then got quickly.

        Args:
            places: files and the page of each, from 0; about 16.
            succeeded: gets, for each place, the inspection without thumbnail, or why it cannot be used.
            failed: gets why none could be looked at.

        Returns:
            The operation; cancelling it drops what is not done, and nothing is delivered.
        """
        future = self._images.look_at(places, thumbnail_px=THUMBNAIL_PX)
        self._delivery.follow(future, succeeded, failed)
        return future

    def warm_up(self) -> None:
        """Start the worker processes, which will soon be needed."""
        self._images.warm_up()

    def glance(self, path: Path, succeeded: Callable[[QImage], None]) -> "Future[QImage]":
        """A first glance of a file, until it is inspected; a null image if there is none.

        Returns:
            The operation; cancelling it ends it at once, and nothing is delivered.
        """
        future = self._decoded(self._images.glance(path, THUMBNAIL_PX))
        self._delivery.follow(future, succeeded)
        return future

    def thumbnail(self, sent: SentImage, succeeded: Callable[[QImage], None]) -> None:
        """The thumbnail of an image of the history."""
        if self._store.is_private(sent):
            data = self._store.image_bytes(sent)
            small = then(data, lambda found: self._in_picture_thread(read_image, found, THUMBNAIL_PX))
            self._delivery.follow(small, succeeded)
            return
        future = self._decoded(self._images.thumbnail(self._store.image_path(sent), THUMBNAIL_PX))
        self._delivery.follow(future, succeeded)

    def thumbnail_of_file(
        self,
        path: Path,
        succeeded: Callable[[QImage], None],
        *,
        page: int = 0,
        edits: Edits = _UNCHANGED,
        size: tuple[int, int] | None = None,
    ) -> "Future[QImage]":
        """The thumbnail of a file that was looked at before.

        Args:
            path: the file.
            succeeded: gets the thumbnail.
            page: the page or frame, from 0.
            edits: what is done to it.
            size: width and height of the upright page; without it no marks are painted.

        Returns:
            The operation; cancelling it ends it at once, and nothing is delivered.
        """

        def start(overlay: bytes | None) -> "Future[Thumbnail]":
            return self._images.thumbnail(path, THUMBNAIL_PX, page=page, edits=edits, overlay=overlay)

        if size is None:
            made = start(None)
        else:
            made = self._painted(edits, size, fit_inside(*edits.size(*size), THUMBNAIL_PX), start)
        future = self._decoded(made)
        self._delivery.follow(future, succeeded)
        return future

    def picture(
        self,
        facts: ImageFacts,
        succeeded: Callable[[QImage], None],
        failed: Callable[[Problem], None],
        *,
        max_pixels: int,
        box: Area | None = None,
    ) -> "Future[QImage]":
        """The pixels of a page for the viewer: upright, without edits, at most ``max_pixels`` of them.

        Args:
            facts: the page.
            succeeded: gets the picture.
            failed: gets why there is none.
            max_pixels: it is scaled down to these, aspect kept.
            box: only this part of the page.

        Returns:
            The operation; cancelling it ends it at once, and nothing is delivered.
        """
        pixels = self._images.picture(facts.path, page=facts.page, max_pixels=max_pixels, box=box)
        future = then(pixels, lambda picture: self._in_picture_thread(to_image, picture))
        self._delivery.follow(future, succeeded, failed)
        return future

    def encode(
        self,
        new: NewImage,
        plan: ImagePlan,
        *,
        lossless: bool,
        succeeded: Callable[[SentImage], None],
        failed: Callable[[Problem], None],
    ) -> "Future[EncodedImage]":
        """Encode an image as it would be sent, to tell the exact size of the upload; all else comes first."""
        future = self._encoded(new, plan, lossless=lossless, ahead=True)
        self._delivery.follow(future, lambda encoded: succeeded(encoded.sent), failed)
        return future

    def sent_picture(
        self,
        new: NewImage,
        plan: ImagePlan,
        *,
        lossless: bool,
        succeeded: Callable[[QImage, SentImage], None],
        failed: Callable[[Problem], None],
    ) -> "Future[tuple[QImage, SentImage]]":
        """The very bytes that would be sent, decoded again, and their description.

        Args:
            new: the image, of `core.request.expand`.
            plan: what `core.planning.plan_new` says of it.
            lossless: for the reader on this computer.
            succeeded: gets both.
            failed: gets why there are none.

        Returns:
            The operation; cancelling it ends it at once, and nothing is delivered.
        """
        future = then(
            self._encoded(new, plan, lossless=lossless, ahead=False),
            lambda encoded: self._in_picture_thread(sent_image, encoded),
        )
        self._delivery.follow(future, lambda result: succeeded(*result), failed)
        return future

    def stored_picture(
        self, sent: SentImage, succeeded: Callable[[QImage], None], failed: Callable[[Problem], None]
    ) -> "Future[QImage]":
        """The pixels of an image of the history: its stored bytes, decoded."""
        data = self._store.image_bytes(sent)
        future = then(data, lambda found: self._in_picture_thread(read_image, found))
        self._delivery.follow(future, succeeded, failed)
        return future

    def keep_pasted(self, image: QImage) -> None:
        """Write a picture from the clipboard into the data folder; `pasted` tells its path."""
        future = self._files.submit(_write_pasted, image, self._pasted_folder)
        self._delivery.follow(future, self.pasted.emit, self.failed.emit)

    def close(self) -> None:
        """End the scan and the thread; idempotent."""
        self._closed = True
        self._cancelled.set()
        self._scans.shutdown(wait=True, cancel_futures=True)
        self._files.shutdown(wait=True, cancel_futures=True)
        self._pictures.shutdown(wait=True, cancel_futures=True)

    def _encoded(
        self, new: NewImage, plan: ImagePlan, *, lossless: bool, ahead: bool
    ) -> "Future[EncodedImage]":
        def start(overlay: bytes | None) -> "Future[EncodedImage]":
            return self._images.encode(
                new.image.path,
                expected_sha256=new.image.sha256,
                width_px=plan.width_px,
                height_px=plan.height_px,
                lossless=lossless,
                page=new.image.page,
                edits=new.edits,
                overlay=overlay,
                ahead=ahead,
            )

        page_px = new.image.width_px, new.image.height_px
        return self._painted(new.edits, page_px, (plan.width_px, plan.height_px), start)

    def _painted(
        self,
        edits: Edits,
        page_px: tuple[int, int],
        out_px: tuple[int, int],
        start: Callable[[bytes | None], "Future[T]"],
    ) -> "Future[T]":
        """Paint the marks in a thread, and go on with them; after `close`, a cancelled Future."""
        if not edits.marks:
            return start(None)
        return then(self._in_picture_thread(overlay_png, edits, page_px, out_px), start)

    def _decoded(self, made: "Future[ThumbnailT]") -> "Future[QImage]":
        """A thumbnail's pixels; a null image if there is none."""

        def start(thumbnail: ThumbnailT) -> "Future[QImage]":
            return self._in_picture_thread(thumbnail_image, thumbnail)

        return then(made, start)

    def _in_picture_thread(self, work: Callable[..., T], *arguments: object) -> "Future[T]":
        """After `close`, a cancelled Future."""
        if not self._closed:
            # It may be closed in this moment.
            with contextlib.suppress(RuntimeError):
                return self._pictures.submit(work, *arguments)
        over: Future[T] = Future()
        over.cancel()
        return over

    def _scan(self, paths: tuple[Path, ...], recursive: bool, cancelled: threading.Event) -> bool:
        for step in scan(paths, recursive=recursive, cancelled=cancelled.is_set):
            self._tell(step, cancelled)
        return cancelled.is_set()

    def _tell(self, step: Found, cancelled: threading.Event) -> None:
        """Hand a step over, and wait until the window has taken it and breathed: more would hold it up."""
        self.found.emit(step)
        if step.files:
            self._handed_over.emit()
            while not (cancelled.is_set() or self._taken.acquire(timeout=_LOOK_S)):
                pass

    def _on_handed_over(self) -> None:
        QTimer.singleShot(_BREATH_MS, self._taken.release)


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
