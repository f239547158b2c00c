"""Captured pictures become files and pictures for the clipboard: nothing of it in the GUI thread."""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt
from PySide6.QtGui import QImage

from desktop.core.capturing import capture_name
from desktop.core.edits import Edits
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable
from desktop.system.files import make_private_folder, replace_file
from desktop.tasks.delivery import Delivery
from desktop.tasks.marks import finished

R = TypeVar("R")
_PNG_QUALITY = 80
"""Qt's scale: quick rather than small."""
_MOST_ALIKE = 1000


class CaptureTasks(QObject):
    """Writes and finishes captured pictures. Each operation ends in one call.

    Attributes:
        folder: where captured pictures are kept.
    """

    def __init__(self, delivery: Delivery, *, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._delivery = delivery
        self.folder = folder
        self._files = ThreadPoolExecutor(1, thread_name_prefix="captures")
        self._closed = False

    def keep(
        self,
        image: QImage,
        edits: Edits,
        title: str,
        at: datetime,
        succeeded: Callable[[Path], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Write a captured picture into the data folder, named after its window and time (UTC).

        Marks stay layers. What was blacked out is black in the file: no other file ever held it.
        """
        self._do(_kept, (image, edits, title, at, self.folder), succeeded, failed)

    def finish(self, image: QImage, edits: Edits, succeeded: Callable[[QImage], None]) -> None:
        """The picture with its marks and black-outs, for the clipboard."""
        self._do(finished, (image, edits), succeeded)

    def thumbnail(
        self, image: QImage, edits: Edits, side_px: int, succeeded: Callable[[QImage], None]
    ) -> None:
        """The finished picture, no larger than a square of ``side_px``."""
        self._do(_thumbnail, (image, edits, side_px), succeeded)

    def write(
        self,
        image: QImage,
        edits: Edits,
        path: Path,
        succeeded: Callable[[Path], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Write the picture with its marks and black-outs where the user wants it; the file is replaced."""
        self._do(_written_finished, (image, edits, path), succeeded, failed)

    def remove(self, path: Path) -> None:
        """Delete a captured picture, of which nothing is to be kept."""
        self._do(_removed, (path,), _nothing)

    def close(self) -> None:
        """Write what was begun, and end the thread; idempotent."""
        self._closed = True
        self._files.shutdown(wait=True)

    def _do(
        self,
        work: Callable[..., R],
        arguments: tuple[object, ...],
        succeeded: Callable[[R], None],
        failed: Callable[[Problem], None] | None = None,
    ) -> None:
        if self._closed:
            return
        future: Future[R] = self._files.submit(work, *arguments)
        if failed is None:
            self._delivery.follow(future, succeeded)
        else:
            self._delivery.follow(future, succeeded, failed)


def _kept(image: QImage, edits: Edits, title: str, at: datetime, folder: Path) -> Path:
    stem = capture_name(title, at.astimezone())
    try:
        make_private_folder(folder)
        names = (f"{stem}.png" if n == 0 else f"{stem} ({n + 1}).png" for n in range(_MOST_ALIKE))
        path = next(p for name in names if not (p := folder / name).exists())
    except (OSError, StopIteration) as error:
        raise _not_kept(error) from error
    try:
        shown = finished(image, Edits(blackouts=edits.blackouts)) if edits.blackouts else image
        return _write(shown, path)
    except OSError as error:
        raise _not_kept(error) from error


def _removed(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _nothing(_none: None) -> None:
    """Nobody waits for it."""


def _thumbnail(image: QImage, edits: Edits, side_px: int) -> QImage:
    keeps, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return finished(image, edits).scaled(side_px, side_px, keeps, smooth)


def _written_finished(image: QImage, edits: Edits, path: Path) -> Path:
    try:
        return _write(finished(image, edits), path)
    except OSError as error:
        name, reason = printable(path.name), printable(_reason(error))
        raise ProblemError(problem(Code.CAPTURE_NOT_SAVED, name=name, reason=reason)) from error


def _write(image: QImage, path: Path) -> Path:
    """In its place only when it is whole; raises OSError."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not image.save(buffer, "PNG", _PNG_QUALITY):  # type: ignore[call-overload]
        raise ProblemError(problem(Code.CAPTURE_NOT_KEPT))
    replace_file(path, bytes(buffer.data().data()))
    return path


def _not_kept(error: Exception) -> ProblemError:
    return ProblemError(problem(Code.CAPTURE_NOT_KEPT, reason=printable(_reason(error))))


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or type(error).__name__)
