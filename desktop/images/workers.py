"""The door to the worker processes: each call gives a Future at once, and nothing here ever decodes.

Futures fail only with `ProblemError`, or are cancelled. `concurrent.futures.Future.cancel` works until a
result is there: a task that waits is dropped, one that runs is ended.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from desktop.core.edits import Area, Edits
from desktop.core.futures import then
from desktop.core.problems import Problem
from desktop.images import batch, jobs
from desktop.images.files import shown_name
from desktop.images.inspect import CacheFolders, EncodedImage, Finish, Inspection, Picture, Thumbnail
from desktop.images.queue import IDLE_S, ProcessQueue, Turn
from desktop.images.shared import SharedPixels

T = TypeVar("T")

TIME_LIMIT_S = 20.0
"""Longest that one task may take, from the moment a worker begins it."""

_UNCHANGED = Edits()


class ImageWorkers:
    """A few processes that decode images. Thread-safe; starts nothing before the first call, ends when idle.

    Inspections and thumbnails of unedited files are remembered in ``caches``, which the processes read and
    write; without it each file is looked at anew.

    Attributes:
        queue: the tasks that wait and run; also open to tests and to the measurements of other rooms.
    """

    def __init__(
        self,
        *,
        processes: int = 2,
        time_limit_s: float = TIME_LIMIT_S,
        caches: CacheFolders | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        self._caches = caches
        self.queue = ProcessQueue(
            processes=processes, time_limit_s=time_limit_s, initializer=jobs.start_worker, idle_s=idle_s
        )

    def warm_up(self) -> None:
        """Start the processes now, because they will soon be needed. Idempotent."""
        self.queue.submit(jobs.nothing, (), name="")

    def inspect(self, path: Path, *, thumbnail_px: int | None, page: int = 0) -> Future[Inspection]:
        """Look at a file: facts, a check that it decodes, and a thumbnail if asked for.

        Args:
            path: the file.
            thumbnail_px: longest side of the thumbnail in pixels; None for no thumbnail.
            page: the page or frame, from 0; PAGE_MISSING if there is none.
        """
        return self._submit(jobs.inspect_file, path, page, thumbnail_px, self._caches)

    def look_at(
        self, places: Sequence[batch.Place], *, thumbnail_px: int
    ) -> "Future[tuple[Inspection | Problem, ...]]":
        """Look at many files after everything else: only facts come back, thumbnails are put into the caches.

        A file that crashes its process, hangs or eats memory costs only itself. What waits never delays an
        inspection by more than `batch.MOMENT_S` and the files that are decoded at the moment.

        Args:
            places: files and the page of each, from 0; about 16, so that results come as they are found.
            thumbnail_px: longest side of the thumbnails in pixels.

        Returns:
            For each place what `inspect` would have given, without thumbnail, or why it cannot be used.
        """
        return batch.look_at(self.queue, places, thumbnail_px, self._caches)

    def glance(self, path: Path, thumbnail_px: int) -> Future[Thumbnail | None]:
        """What the file manager shows of a file, or the camera's preview in it, until it is inspected.

        Nothing is told by it but pixels.

        Args:
            path: the file.
            thumbnail_px: longest side of the result in pixels; it may be smaller.

        Returns:
            None if there is nothing, or the inspection will be as quick.
        """
        return self._submit(jobs.glance_at_file, path, thumbnail_px, self._caches, turn=Turn.NOW)

    def thumbnail(
        self,
        path: Path,
        thumbnail_px: int,
        *,
        page: int = 0,
        edits: Edits = _UNCHANGED,
        overlay: bytes | None = None,
    ) -> Future[Thumbnail]:
        """A thumbnail whose longest side is ``thumbnail_px`` pixels, or of the picture's size if smaller.

        Args:
            path: a file, or bytes in the store.
            thumbnail_px: the thumbnail is `image_tokens.fit_inside` of ``edits.size``.
            page: the page or frame, from 0.
            edits: what is done to it.
            overlay: their marks, of exactly the thumbnail's size; see `inspect.Finish`.
        """
        return self._submit(jobs.thumbnail_of_file, path, page, thumbnail_px, edits, overlay, self._caches)

    def picture(
        self, path: Path, *, page: int = 0, max_pixels: int, box: Area | None = None
    ) -> Future[Picture]:
        """A page for the viewer, upright, without edits.

        Args:
            path: the file.
            page: the page or frame, from 0.
            max_pixels: scaled down, aspect kept, to no more pixels than these.
            box: only this part of the page.
        """
        shared = SharedPixels()
        arguments = page, max_pixels, box, shared.place
        arriving = self._submit(jobs.picture_of_file, path, *arguments, turn=Turn.NOW)
        picture = then(arriving, shared.fetch)
        arriving.add_done_callback(lambda _arrived: shared.close())
        return picture

    def encode(
        self,
        path: Path,
        *,
        expected_sha256: str,
        width_px: int,
        height_px: int,
        lossless: bool = False,
        page: int = 0,
        edits: Edits = _UNCHANGED,
        overlay: bytes | None = None,
        ahead: bool = False,
    ) -> Future[EncodedImage]:
        """The bytes to send; goes before all inspections, because somebody waits for an answer.

        Args:
            path: the file.
            expected_sha256: hash of the file when it was inspected; IMAGE_CHANGED if it differs now.
            width_px: width to send, after cropping and turning.
            height_px: height to send, after cropping and turning.
            lossless: for the reader on this computer, which no bytes are uploaded to.
            page: the page or frame, from 0.
            edits: what is done to it.
            overlay: their marks, of exactly the size to send; see `inspect.Finish`.
            ahead: nothing was asked yet, so that it waits for its turn.
        """
        finish = Finish(width_px=width_px, height_px=height_px, edits=edits, overlay=overlay)
        arguments = page, expected_sha256, finish, lossless
        turn = Turn.LATER if ahead else Turn.NOW
        return self._submit(jobs.encode_file, path, *arguments, turn=turn)

    def reencode(self, data: bytes, *, width_px: int, height_px: int, name: str = "") -> Future[EncodedImage]:
        """Stored bytes for a model that uses them smaller; the very same bytes where they fit already.

        Args:
            data: bytes that were sent before.
            width_px: largest width.
            height_px: largest height.
            name: the image's name for problems.
        """
        arguments = (data, name, width_px, height_px)
        return self.queue.submit(jobs.reencode_bytes, arguments, name=name, turn=Turn.NOW)

    def close(self) -> None:
        """End the processes within two seconds, even one that hangs; cancel what is not done. Idempotent."""
        self.queue.close()

    def _submit(
        self, job: Callable[..., T | Problem], path: Path, *arguments: object, turn: Turn = Turn.SOON
    ) -> Future[T]:
        return self.queue.submit(job, (path, *arguments), name=shown_name(path), source=path, turn=turn)
