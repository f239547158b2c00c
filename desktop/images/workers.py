"""The door to the worker processes: each call gives a Future at once, and nothing here ever decodes.

Futures fail only with `ProblemError`, or are cancelled. `concurrent.futures.Future.cancel` works until a
result is there: a task that waits is dropped, one that runs is ended.
"""

from concurrent.futures import Future
from pathlib import Path

from desktop.images import jobs
from desktop.images.files import shown_name
from desktop.images.inspect import EncodedImage, Inspection, Thumbnail
from desktop.images.queue import ProcessQueue

TIME_LIMIT_S = 10.0
"""Longest that one task may take, from the moment a worker begins it."""


class ImageWorkers:
    """A few processes that decode images. Thread-safe; starts nothing before the first call.

    Attributes:
        queue: the tasks that wait and run; also open to tests and to the measurements of other rooms.
    """

    def __init__(self, *, processes: int = 2, time_limit_s: float = TIME_LIMIT_S) -> None:
        self.queue = ProcessQueue(
            processes=processes, time_limit_s=time_limit_s, initializer=jobs.start_worker
        )

    def inspect(self, path: Path, *, thumbnail_px: int | None) -> Future[Inspection]:
        """Look at a file: facts, a check that it decodes, and a thumbnail if asked for.

        Args:
            path: the file.
            thumbnail_px: longest side of the thumbnail in pixels; None for no thumbnail.
        """
        return self.queue.submit(jobs.inspect_file, (path, thumbnail_px), name=shown_name(path), source=path)

    def thumbnail(self, path: Path, thumbnail_px: int) -> Future[Thumbnail]:
        """A thumbnail of stored bytes, its longest side ``thumbnail_px`` pixels."""
        return self.queue.submit(
            jobs.thumbnail_of_file, (path, thumbnail_px), name=shown_name(path), source=path
        )

    def encode(
        self, path: Path, *, expected_sha256: str, width_px: int, height_px: int, lossless: bool = False
    ) -> Future[EncodedImage]:
        """The bytes to send; goes before all inspections, because somebody waits for an answer.

        Args:
            path: the file.
            expected_sha256: hash of the file when it was inspected; IMAGE_CHANGED if it differs now.
            width_px: width to send, after orientation.
            height_px: height to send, after orientation.
            lossless: for the reader on this computer, which no bytes are uploaded to.
        """
        arguments = (path, expected_sha256, width_px, height_px, lossless)
        return self.queue.submit(jobs.encode_file, arguments, name=shown_name(path), source=path, urgent=True)

    def reencode(self, data: bytes, *, width_px: int, height_px: int, name: str = "") -> Future[EncodedImage]:
        """Stored bytes for a model that uses them smaller; the very same bytes where they fit already.

        Args:
            data: bytes that were sent before.
            width_px: largest width.
            height_px: largest height.
            name: the image's name for problems.
        """
        arguments = (data, name, width_px, height_px)
        return self.queue.submit(jobs.reencode_bytes, arguments, name=name, urgent=True)

    def close(self) -> None:
        """End the processes within two seconds, even one that hangs; cancel what is not done. Idempotent."""
        self.queue.close()
