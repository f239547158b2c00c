"""The tasks of a worker process, from a file to a value or a problem. Pillow is imported when one runs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop.core.edits import Area, Edits
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.images.files import read_file, shown_name
from desktop.images.inspect import CacheFolders, EncodedImage, Finish, Inspection, Picture, Thumbnail
from desktop.images.shared import Place, put

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T")

ADDRESS_SPACE_BYTES = 1536 * 1024 * 1024
"""Limit of a worker's memory on Linux: 64 megapixels with alpha, decoded and scaled, take 900 MB."""


def start_worker() -> None:
    """Make this process safe for hostile files. Run once, before the first task."""
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import sys  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    from desktop.images import looking  # noqa: F401, PLC0415 - the first file need not wait for its imports
    from desktop.images.formats import prepare_pillow  # noqa: PLC0415

    # The window goes first where both want the processor.
    if hasattr(os, "nice"):
        os.nice(5)
    # Python's own handler would wait until a decoder written in C comes back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Decoders write about what they dislike; the terminal belongs to the answer.
    warnings.simplefilter("ignore")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    prepare_pillow()
    if sys.platform == "linux":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def nothing() -> Problem | None:
    """Let the processes start ahead of their first task."""
    return None


def inspect_file(
    path: Path, page: int, thumbnail_px: int | None, caches: CacheFolders | None
) -> Inspection | Problem:
    """Facts of a page that decodes, and a thumbnail if its longest side is given."""

    def run() -> Inspection:
        from desktop.images.looking import look  # noqa: PLC0415

        return look(path, page, thumbnail_px, caches)

    return _outcome(run, shown_name(path))


def look_at_files(
    places: Sequence[tuple[Path, int]], thumbnail_px: int, caches: CacheFolders | None, most_s: float
) -> tuple[Inspection | Problem, ...] | Problem:
    """Look at pages until ``most_s`` are over, at least at one; thumbnails go into the caches only.

    Returns:
        What was found out, in order; of fewer pages than were given if the time was over.
    """
    until = time.monotonic() + most_s
    found: list[Inspection | Problem] = []
    for path, page in places:
        outcome = inspect_file(path, page, thumbnail_px, caches)
        found.append(replace(outcome, thumbnail=None) if isinstance(outcome, Inspection) else outcome)
        if time.monotonic() >= until:
            break
    return tuple(found)


def glance_at_file(path: Path, thumbnail_px: int, caches: CacheFolders | None) -> Thumbnail | Problem | None:
    """What the file manager shows of a file, or its preview; None if nothing, or the file is known better."""

    def run() -> Thumbnail | None:
        from desktop.images import file_manager, known, looking, previews  # noqa: PLC0415

        found: Image | None = None
        if caches is not None:
            if known.entry_path(caches.own, path, 0).exists():
                return None
            if caches.shared is not None:
                found = file_manager.glance(caches.shared, path, thumbnail_px)
        found = found or previews.preview(path, thumbnail_px)
        return None if found is None else looking.encoded(found)

    return _outcome(run, shown_name(path))


def thumbnail_of_file(
    path: Path,
    page: int,
    thumbnail_px: int,
    edits: Edits,
    overlay: bytes | None,
    caches: CacheFolders | None,
) -> Thumbnail | Problem:
    """A thumbnail without the facts."""
    name = shown_name(path)

    def run() -> Thumbnail:
        from desktop.images import known, looking, pages  # noqa: PLC0415

        if caches is not None and not edits and overlay is None:
            kept = known.recall(caches.own, path, page, thumbnail_px)
            if kept is not None and kept.thumbnail is not None:
                return kept.thumbnail
        opened = pages.open_page(read_file(path).data, name=name, page=page)
        return looking.encoded(looking.small(opened, name, thumbnail_px, edits, overlay))

    return _outcome(run, name)


def picture_of_file(
    path: Path, page: int, max_pixels: int, box: Area | None, place: Place | None
) -> Picture | Problem:
    """The pixels of a page, or of a box of it; if they are many, at ``place`` and not in the picture."""
    name = shown_name(path)

    def run() -> Picture:
        from desktop.images.looking import completed  # noqa: PLC0415
        from desktop.images.pages import open_page, page_size  # noqa: PLC0415
        from desktop.images.pixels import within  # noqa: PLC0415

        opened = open_page(read_file(path).data, name=name, page=page)
        edits = Edits(crop=box)
        width_px, height_px = within(*edits.size(*page_size(opened)), max_pixels)
        picture = completed(opened, name, Finish(width_px=width_px, height_px=height_px, edits=edits))
        return put(_picture(picture), place)

    return _outcome(run, name)


def encode_file(
    path: Path, page: int, expected_sha256: str, finish: Finish, lossless: bool
) -> EncodedImage | Problem:
    """The bytes to send of a file that has not changed since it was inspected."""
    name = shown_name(path)

    def run() -> EncodedImage:
        content = read_file(path)
        if content.sha256 != expected_sha256:
            raise ProblemError(problem(Code.IMAGE_CHANGED, name=name))
        return _encoded(content.data, page, name, finish, lossless)

    return _outcome(run, name)


def reencode_bytes(data: bytes, name: str, width_px: int, height_px: int) -> EncodedImage | Problem:
    """Stored bytes, scaled down; the same bytes where they fit already."""

    def run() -> EncodedImage:
        from desktop.images import encode, formats  # noqa: PLC0415

        image = formats.open_image(data, name=name)
        if image.width <= width_px and image.height <= height_px:
            return encode.described(data, image.width, image.height)
        return _encoded(data, 0, name, Finish(width_px=width_px, height_px=height_px), lossless=False)

    return _outcome(run, name)


def _encoded(data: bytes, page: int, name: str, finish: Finish, lossless: bool) -> EncodedImage:
    from desktop.images import encode, looking, pages  # noqa: PLC0415

    opened = pages.open_page(data, name=name, page=page)
    lossy_source = not pages.is_lossless(opened)
    return encode.encode(
        looking.completed(opened, name, finish), lossless=lossless, lossy_source=lossy_source
    )


def _picture(image: "Image") -> Picture:
    return Picture(width_px=image.width, height_px=image.height, rgba=image.convert("RGBA").tobytes())


def _outcome(run: Callable[[], T], name: str) -> T | Problem:
    """What ``run`` returns; any exception of a decoder means a damaged file."""
    try:
        return run()
    except ProblemError as error:
        return error.problem
    except MemoryError:
        return problem(Code.IMAGE_CRASHED_DECODER, name=name)
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for damaged files
        return problem(Code.IMAGE_DAMAGED, name=name)
