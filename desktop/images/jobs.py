"""The tasks of a worker process, from a file to a value or a problem. Pillow is imported when one runs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.images.files import read_file, shown_name
from desktop.images.inspect import EncodedImage, Inspection, Thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

T = TypeVar("T")

ADDRESS_SPACE_BYTES = 1536 * 1024 * 1024
"""Limit of a worker's memory on Linux: 64 megapixels with alpha, decoded and scaled, take 900 MB."""

_CHECK_PX = 64
"""Size to which an image is decoded when only its integrity is asked for."""

_LOSSLESS_FORMATS = frozenset({"PNG", "BMP", "TIFF", "GIF"})


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


def inspect_file(path: Path, thumbnail_px: int | None) -> Inspection | Problem:
    """Facts of a file that decodes, and a thumbnail if its longest side is given."""

    def run() -> Inspection:
        from desktop.images import facts, formats  # noqa: PLC0415

        content = read_file(path)
        image = formats.open_image(content.data, name=shown_name(path))
        found = facts.read_facts(image, content, path)
        thumbnail = _thumbnail(content.data, shown_name(path), thumbnail_px or _CHECK_PX)
        return Inspection(facts=found, thumbnail=thumbnail if thumbnail_px else None)

    return _outcome(run, shown_name(path))


def thumbnail_of_file(path: Path, thumbnail_px: int) -> Thumbnail | Problem:
    """A thumbnail without the facts, for bytes that are stored already."""
    name = shown_name(path)
    return _outcome(lambda: _thumbnail(read_file(path).data, name, thumbnail_px), name)


def encode_file(
    path: Path, expected_sha256: str, width_px: int, height_px: int, lossless: bool
) -> EncodedImage | Problem:
    """The bytes to send of a file that has not changed since it was inspected."""
    name = shown_name(path)

    def run() -> EncodedImage:
        content = read_file(path)
        if content.sha256 != expected_sha256:
            raise ProblemError(problem(Code.IMAGE_CHANGED, name=name))
        return _encoded(content.data, name, width_px, height_px, lossless)

    return _outcome(run, name)


def reencode_bytes(data: bytes, name: str, width_px: int, height_px: int) -> EncodedImage | Problem:
    """Stored bytes, scaled down; the same bytes where they fit already."""

    def run() -> EncodedImage:
        from desktop.images import encode, formats  # noqa: PLC0415

        image = formats.open_image(data, name=name)
        if image.width <= width_px and image.height <= height_px:
            return encode.described(data, image.width, image.height)
        return _encoded(data, name, width_px, height_px, lossless=False)

    return _outcome(run, name)


def _encoded(data: bytes, name: str, width_px: int, height_px: int, lossless: bool) -> EncodedImage:
    from desktop.images import encode, formats  # noqa: PLC0415

    image = formats.open_image(data, name=name)
    lossy_source = image.format not in _LOSSLESS_FORMATS
    rendered = _rendered(image, name, (width_px, height_px))
    return encode.encode(rendered, lossless=lossless, lossy_source=lossy_source)


def _thumbnail(data: bytes, name: str, longest_px: int) -> Thumbnail:
    from desktop.images import formats, pixels  # noqa: PLC0415

    image = formats.open_image(data, name=name)
    rendered = _rendered(image, name, pixels.fit(*pixels.upright_size(image), longest_px))
    return Thumbnail(
        width_px=rendered.width, height_px=rendered.height, rgba=rendered.convert("RGBA").tobytes()
    )


def _rendered(image: "ImageFile", name: str, size: tuple[int, int]) -> "Image":
    from desktop.images import formats, pixels  # noqa: PLC0415

    # Decoding may change the size that the image tells.
    too_large = formats.too_many_pixels(image.size, name=name)
    try:
        return pixels.render(image, *size)
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
