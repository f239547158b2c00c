"""Previews that cameras put into their files: a first glance of large ones, until they are decoded.

Nothing but pixels for the screen is taken from them. Whoever edits a picture may leave the preview as it was,
with what was cropped away: one of another shape is not shown, none is ever sent, and none is remembered. A
screen of 12-megapixel photos is seen after a twentieth of the time. Of HEIC the library shows none.
"""

import io
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from desktop.core.edits import Area
from desktop.core.image_tokens import fit_inside
from desktop.images.files import MAX_FILE_BYTES, open_without_waiting
from desktop.images.formats import check_pixels, is_jpeg
from desktop.images.metadata import tried
from desktop.images.pixels import made_upright, orientation, render

_LEAST_PX: Final = 160
"""Smaller ones are no help: a tile is as large, and most cameras put this size into a JPEG."""

_WORTH_PIXELS: Final = {"JPEG": 6_000_000, "MPO": 6_000_000}
"""Smaller images are decoded as quickly."""

_MOST_PIXELS: Final = 4_000_000
_MOST_BYTES: Final = 4_000_000
_SHAPE_DIFFERS: Final = 0.02
"""Sides are rounded to whole pixels, and JPEG previews to blocks."""

_MP_ENTRIES: Final = 0xB002
"""CIPA DC-007, 5.2.3: the pictures of a multi-picture file."""


def preview(path: Path, longest_px: int) -> Image.Image | None:
    """The preview in a large JPEG, upright, as a model would see it.

    Args:
        path: the file.
        longest_px: a larger preview is scaled down to it.

    Returns:
        Mode RGB; None if there is none, it is small or of another shape, or the image is decoded as quickly.
    """
    return tried(partial(_preview, path, longest_px), None)


def _preview(path: Path, longest_px: int) -> Image.Image | None:
    with open_without_waiting(path) as raw:
        status = os.fstat(raw.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
            return None
        file = io.BufferedReader(raw)
        image = _worth(Image.open(file, formats=("JPEG",)))
        found = image and next(_fitting(image, file), None)
        if image is None or found is None:
            return None
        picture = render(found, fit_inside(*found.size, longest_px), Area(0, 0, *found.size), quick=True)
        # Some name their own orientation, and are turned by then.
        return made_upright(picture, orientation(image) if orientation(found) == 1 else 1)


def _worth(image: ImageFile) -> ImageFile | None:
    check_pixels(image, name="")
    is_large = image.width * image.height >= _WORTH_PIXELS.get(image.format or "", MAX_FILE_BYTES)
    return image if is_large else None


def _fitting(image: ImageFile, file: BinaryIO) -> Iterator[ImageFile]:
    """Previews of a JPEG that are large enough and of its shape, not decoded yet; the better ones first."""
    nothing: tuple[bytes, ...] = ()
    for data in (*_further_pictures(image, file), *tried(lambda: _of_exif(image), nothing)):
        found = tried(partial(Image.open, io.BytesIO(data), formats=("JPEG",)), None)
        if found is None or not is_jpeg(found) or found.width * found.height > _MOST_PIXELS:
            continue
        shape = found.width * image.height / (found.height * image.width)
        if max(found.size) >= _LEAST_PX and abs(shape - 1) <= _SHAPE_DIFFERS:
            yield found


def _further_pictures(image: ImageFile, file: BinaryIO) -> Iterator[bytes]:
    """Those that the multi-picture index calls large thumbnails."""
    index = getattr(image, "mpinfo", None) or {}
    for number, entry in enumerate(index.get(_MP_ENTRIES, ())):
        size_bytes = int(entry["Size"])
        if entry["Attribute"]["MPType"].startswith("Large Thumbnail") and size_bytes <= _MOST_BYTES:
            file.seek(0)
            further = Image.open(file, formats=("JPEG",))
            further.seek(number)
            file.seek(further.offset)  # type: ignore[attr-defined]
            yield file.read(size_bytes)


def _of_exif(image: ImageFile) -> tuple[bytes, ...]:
    """What the second directory of the EXIF data points at, from its TIFF header on."""
    directory = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    start = int(directory[ExifTags.Base.JpegIFOffset])
    length = int(directory[ExifTags.Base.JpegIFByteCount])
    header = image.info["exif"].removeprefix(b"Exif\0\0")
    return (header[start : start + length],)
