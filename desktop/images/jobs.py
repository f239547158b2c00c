"""The tasks of a worker process, from a file to a value or a problem. Pillow is imported when one runs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop.core.edits import Area, Edits
from desktop.core.image_tokens import fit_inside
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.images.files import FileContent, read_file, shown_name
from desktop.images.inspect import CacheFolders, EncodedImage, Finish, Inspection, Picture
from desktop.images.shared import Place, put

if TYPE_CHECKING:
    from PIL.Image import Image

    from desktop.images.known import Known
    from desktop.images.pages import Page

T = TypeVar("T")

ADDRESS_SPACE_BYTES = 1536 * 1024 * 1024
"""Limit of a worker's memory on Linux: 64 megapixels with alpha, decoded and scaled, take 900 MB."""

_CHECK_PX = 64
"""Size to which an image is decoded when only its integrity is asked for."""


def start_worker() -> None:
    """Make this process safe for hostile files. Run once, before the first task."""
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import sys  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    from desktop.images.formats import prepare_pillow  # noqa: PLC0415

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


def inspect_file(
    path: Path, page: int, thumbnail_px: int | None, caches: CacheFolders | None
) -> Inspection | Problem:
    """Facts of a page that decodes, and a thumbnail if its longest side is given."""

    def run() -> Inspection:
        from desktop.images import facts, known, pages  # noqa: PLC0415

        if caches is not None and thumbnail_px:
            kept = known.recall(caches.own, path, page, thumbnail_px)
            if kept is not None:
                return Inspection(facts=kept.facts, thumbnail=_picture(kept.thumbnail))
        content = read_file(path)
        opened = pages.open_page(content.data, name=shown_name(path), page=page)
        found = facts.read_facts(opened, content, path, page)
        # Opened anew: what was looked for in it may have moved it to another page.
        opened = pages.open_page(content.data, name=shown_name(path), page=page)
        thumbnail = _thumbnail(opened, shown_name(path), thumbnail_px or _CHECK_PX, Edits(), None)
        if caches is not None and thumbnail_px:
            _keep(caches, known.Known(found, thumbnail), content, thumbnail_px)
        return Inspection(facts=found, thumbnail=_picture(thumbnail) if thumbnail_px else None)

    return _outcome(run, shown_name(path))


def glance_at_file(path: Path, thumbnail_px: int, caches: CacheFolders) -> Picture | Problem | None:
    """What the file manager shows of a file; None if nothing, or the file is known better."""

    def run() -> Picture | None:
        if caches.shared is None:
            return None
        from desktop.images import file_manager, known  # noqa: PLC0415

        if known.entry_path(caches.own, path, 0).exists():
            return None
        found = file_manager.glance(caches.shared, path, thumbnail_px)
        return None if found is None else _picture(found)

    return _outcome(run, shown_name(path))


def thumbnail_of_file(
    path: Path,
    page: int,
    thumbnail_px: int,
    edits: Edits,
    overlay: bytes | None,
    caches: CacheFolders | None,
) -> Picture | Problem:
    """A thumbnail without the facts."""
    name = shown_name(path)

    def run() -> Picture:
        from desktop.images.known import recall  # noqa: PLC0415
        from desktop.images.pages import open_page  # noqa: PLC0415

        if caches is not None and not edits and overlay is None:
            kept = recall(caches.own, path, page, thumbnail_px)
            if kept is not None:
                return _picture(kept.thumbnail)
        opened = open_page(read_file(path).data, name=name, page=page)
        return _picture(_thumbnail(opened, name, thumbnail_px, edits, overlay))

    return _outcome(run, name)


def picture_of_file(
    path: Path, page: int, max_pixels: int, box: Area | None, place: Place | None
) -> Picture | Problem:
    """The pixels of a page, or of a box of it; if they are many, at ``place`` and not in the picture."""
    name = shown_name(path)

    def run() -> Picture:
        from desktop.images.pages import open_page, page_size  # noqa: PLC0415
        from desktop.images.pixels import within  # noqa: PLC0415

        opened = open_page(read_file(path).data, name=name, page=page)
        edits = Edits(crop=box)
        width_px, height_px = within(*edits.size(*page_size(opened)), max_pixels)
        picture = _finished(opened, name, Finish(width_px=width_px, height_px=height_px, edits=edits))
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
    from desktop.images import encode, pages  # noqa: PLC0415

    opened = pages.open_page(data, name=name, page=page)
    lossy_source = not pages.is_lossless(opened)
    return encode.encode(_finished(opened, name, finish), lossless=lossless, lossy_source=lossy_source)


def _keep(caches: CacheFolders, found: "Known", content: FileContent, thumbnail_px: int) -> None:
    """Remember what was found out. It works without: a cache that cannot be written is no problem."""
    import os  # noqa: PLC0415

    from desktop.images import file_manager, known  # noqa: PLC0415
    from desktop.images.metadata import tried  # noqa: PLC0415

    shared = caches.shared
    real = Path(os.path.realpath(found.facts.path))
    left_out = [*caches.left_out, caches.own, *([shared] if shared else [])]
    if any(real.is_relative_to(os.path.realpath(folder)) for folder in left_out):
        return
    tried(lambda: known.keep(caches.own, found, content, thumbnail_px), None)
    if shared is not None:
        tried(lambda: file_manager.share(shared, found.facts, content, found.thumbnail), None)


def _thumbnail(opened: "Page", name: str, longest_px: int, edits: Edits, overlay: bytes | None) -> "Image":
    from desktop.images.pages import page_size  # noqa: PLC0415

    width_px, height_px = fit_inside(*edits.size(*page_size(opened)), longest_px)
    finish = Finish(width_px=width_px, height_px=height_px, edits=edits, overlay=overlay)
    return _finished(opened, name, finish)


def _picture(image: "Image") -> Picture:
    return Picture(width_px=image.width, height_px=image.height, rgba=image.convert("RGBA").tobytes())


def _finished(opened: "Page", name: str, finish: Finish) -> "Image":
    from desktop.images import formats  # noqa: PLC0415
    from desktop.images.finish import finished  # noqa: PLC0415

    # Decoding may change the size that the image tells.
    too_large = formats.too_many_pixels(opened.size, name=name)
    try:
        return finished(opened, finish)
    except MemoryError:
        raise ProblemError(too_large) from None


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
