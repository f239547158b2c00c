"""What leaves for other programs, and what is done to files on the disk: nothing of it in the GUI thread."""

import contextlib
import hashlib
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QFile, QIODevice, QObject
from PySide6.QtGui import QImage

from desktop.core.futures import then, together
from desktop.core.leaving import Leaving, made_name
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import printable
from desktop.images.inspect import EncodedImage, Picture
from desktop.images.workers import ImageWorkers
from desktop.system import bin as system_bin
from desktop.system import renaming
from desktop.system.bin import Binned
from desktop.system.files import make_private_folder
from desktop.system.showing import show_in_file_manager
from desktop.tasks.decoding import read_image, to_image
from desktop.tasks.delivery import Delivery
from desktop.tasks.marks import overlay_png

__all__ = ["Binned", "Done", "FilesOut", "Leaving"]

T = TypeVar("T")
R = TypeVar("R")

MAX_BYTES = 1_000_000_000
"""Of pictures made for other programs; the oldest go."""
_YOUNG_NS = 600 * 10**9
"""What was made or used within ten minutes stays: another program may be about to read it."""
MAX_PIXELS = 64_000_000
_PNG_QUALITY = 80
"""Qt's scale: quick rather than small."""
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """How something ended that was done to many files.

    Attributes:
        results: of those with which it worked, in order: `Path` or `Binned`.
        problems: one for each of the others.
    """

    results: tuple[object, ...] = ()
    problems: tuple[Problem, ...] = ()


class FilesOut(QObject):
    """Makes the pictures that leave, renames, moves to the bin and back. Each operation ends in one call."""

    def __init__(
        self,
        images: ImageWorkers,
        delivery: Delivery,
        *,
        outgoing_folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._delivery = delivery
        self._folder = outgoing_folder
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files-out")
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="file-manager")
        self._closed = False

    def clean(self) -> None:
        """Throw away what was made for other programs in an earlier session."""
        self._do(shutil.rmtree, self._folder, True)

    def prepare(self, leaving: Sequence[Leaving], succeeded: Callable[[Done], None]) -> "Future[Done]":
        """Have a file for each: the file itself, or the picture that is made of it.

        Returns:
            The operation; cancelling it ends it at once, and nothing is delivered.
        """
        parts = [self._prepared(one) for one in leaving]
        whole = then(together(parts), lambda outcomes: self._do(_sorted, outcomes))
        self._delivery.follow(whole, succeeded)
        return whole

    def png(self, leaving: Leaving, made: Path | None, succeeded: Callable[[bytes], None]) -> "Future[bytes]":
        """The pixels of one image as a PNG without metadata, for the clipboard.

        Args:
            leaving: the image.
            made: the picture that `prepare` made of it; None if it leaves as it is.
            succeeded: gets the PNG; nothing comes if there are no pixels.
        """
        if made is not None:
            future = self._do(_png_of_file, made)
        else:
            arriving = self._images.picture(leaving.path, max_pixels=MAX_PIXELS)
            future = then(arriving, lambda picture: self._do(_png_of_pixels, leaving.path, picture))
        self._delivery.follow(future, succeeded)
        return future

    def rename(
        self, path: Path, name: str, succeeded: Callable[[Path], None], failed: Callable[[Problem], None]
    ) -> None:
        """Give a file another name in its folder."""
        self._delivery.follow(self._do(renaming.rename, path, name), succeeded, failed)

    def put_into_bin(self, paths: Sequence[Path], ended: Callable[[Done], None]) -> None:
        """Move files to the bin; the results are `Binned`."""
        self._delivery.follow(self._do(_each, _put_into_bin, tuple(paths)), ended)

    def put_back(self, binned: Sequence[Binned], ended: Callable[[Done], None]) -> None:
        """Move files back to where they were; the results are their paths."""
        self._delivery.follow(self._do(_each, system_bin.put_back, tuple(binned)), ended)

    def show(self, paths: Sequence[Path], ended: Callable[[bool], None]) -> None:
        """Show files in the file manager; ``ended`` is told whether there was one to ask."""
        if not self._closed:
            # On a thread of its own: a file manager may take seconds to start.
            self._delivery.follow(self._asking.submit(show_in_file_manager, tuple(paths)), ended)

    def close(self) -> None:
        """End the threads; idempotent."""
        self._closed = True
        self._files.shutdown(wait=True, cancel_futures=True)
        self._asking.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[..., R], *arguments: object) -> "Future[R]":
        """After `close`, a cancelled Future."""
        if not self._closed:
            # It may be closed in this moment.
            with contextlib.suppress(RuntimeError):
                return self._files.submit(work, *arguments)
        over: Future[R] = Future()
        over.cancel()
        return over

    def _prepared(self, leaving: Leaving) -> "Future[Path | Problem]":
        if leaving.facts is None:
            return self._do(_there, leaving.path)
        place = self._folder / _digest(leaving)

        def make(found: Path | None) -> "Future[Path]":
            if found is not None:
                return self._do(lambda: found)
            painted = self._do(_painted, leaving)
            encoded = then(painted, lambda overlay: self._encoded(leaving, overlay))
            return then(encoded, lambda image: self._do(_written, leaving, place, image))

        return _as_problem(then(self._do(_found, place), make))

    def _encoded(self, leaving: Leaving, overlay: bytes | None) -> "Future[EncodedImage]":
        facts, size = leaving.facts, leaving.size_px
        if facts is None:
            raise ValueError(leaving)
        return self._images.encode(
            leaving.path,
            expected_sha256=facts.sha256,
            width_px=size[0],
            height_px=size[1],
            lossless=True,
            page=facts.page,
            edits=leaving.edits,
            overlay=overlay,
        )


def _as_problem(future: "Future[Path]") -> "Future[Path | Problem]":
    """One that fails does not fail the others."""
    outcome: Future[Path | Problem] = Future()

    def pass_on(ended: "Future[Path]") -> None:
        # Cancelled in this moment.
        with contextlib.suppress(InvalidStateError):
            if ended.cancelled():
                outcome.cancel()
            elif isinstance(error := ended.exception(), ProblemError):
                outcome.set_result(error.problem)
            elif error is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(ended.result())

    def end(ended: "Future[Path | Problem]") -> None:
        if ended.cancelled():
            future.cancel()

    outcome.add_done_callback(end)
    future.add_done_callback(pass_on)
    return outcome


def _sorted(outcomes: Iterable[Path | Problem]) -> Done:
    given = tuple(outcomes)
    return Done(
        tuple(one for one in given if not isinstance(one, Problem)),
        tuple(one for one in given if isinstance(one, Problem)),
    )


def _each(work: Callable[[T], object], given: Iterable[T]) -> Done:
    results, problems = [], []
    for one in given:
        try:
            results.append(work(one))
        except ProblemError as error:
            problems.append(error.problem)
    return Done(tuple(results), tuple(problems))


def _there(path: Path) -> Path | Problem:
    if os.path.lexists(path):
        return path
    return problem(Code.IMAGE_MISSING, name=printable(path.name))


def _digest(leaving: Leaving) -> str:
    source = leaving.facts.source_id if leaving.facts is not None else ""
    named = f"{source}+{leaving.edits.digest()}+".encode() + os.fsencode(leaving.path)
    return hashlib.sha256(named).hexdigest()[:20]


def _found(place: Path) -> Path | None:
    """What was made there before."""
    try:
        found = next(place.iterdir(), None)
        os.utime(place)
    except OSError:
        return None
    return found


def _painted(leaving: Leaving) -> bytes | None:
    if leaving.facts is None or not leaving.edits.marks:
        return None
    page_px = leaving.facts.width_px, leaving.facts.height_px
    return overlay_png(leaving.edits, page_px, leaving.size_px)


def _written(leaving: Leaving, place: Path, image: EncodedImage) -> Path:
    """In its place, and only when it is whole: others copy whatever is there."""
    path = place / made_name(leaving, _SUFFIXES[image.sent.media_type])
    temporary = place.with_name(f".{place.name}.part")
    try:
        make_private_folder(place.parent)
        _forget_oldest(place.parent, len(image.data))
        temporary.write_bytes(image.data)
        place.mkdir(mode=0o700, exist_ok=True)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        name, reason = printable(leaving.path.name), printable(error.strerror or str(error))
        raise ProblemError(problem(Code.NOT_COPIED, name=name, reason=reason)) from error
    return path


def _forget_oldest(folder: Path, room_bytes: int) -> None:
    kept = []
    young_ns = time.time_ns() - _YOUNG_NS
    for place in folder.iterdir():
        with contextlib.suppress(OSError):
            kept.append((place.stat().st_mtime_ns, place, sum(f.stat().st_size for f in place.iterdir())))
    too_many = sum(size for _time, _place, size in kept) + room_bytes - MAX_BYTES
    for used_ns, place, size in sorted(kept):
        if too_many <= 0 or used_ns > young_ns:
            break
        shutil.rmtree(place, ignore_errors=True)
        too_many -= size


def _png_of_file(path: Path) -> bytes:
    data = path.read_bytes()
    return data if path.suffix == ".png" else _png(path, read_image(data))


def _png_of_pixels(path: Path, picture: Picture) -> bytes:
    return _png(path, to_image(picture))


def _png(path: Path, image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG", _PNG_QUALITY):  # type: ignore[call-overload]
        raise ProblemError(problem(Code.IMAGE_DAMAGED, name=printable(path.name)))
    return bytes(buffer.data().data())


def _put_into_bin(path: Path) -> Binned:
    if os.name == "posix" and sys.platform != "darwin":
        return system_bin.put_into_bin(path)
    moved, kept_at = QFile.moveToTrash(str(path))
    if not moved:
        missing = not os.path.lexists(path)
        raise ProblemError(problem(Code.IMAGE_MISSING if missing else Code.NO_BIN, name=printable(path.name)))
    return Binned(path=path, kept_at=Path(kept_at))
