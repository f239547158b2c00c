"""Folders of photos for measurements: some are made, the rest are hard links to them."""

import io
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PIL import Image, ImageOps

from tests.bench.scenes import FOLDERS, photos
from tests.helpers import pictures


def made(count: int) -> Iterator[bytes]:
    """12-megapixel JPEGs with a camera and a position, quality 95, no two alike."""
    bases = [Image.open(io.BytesIO(data)).convert("RGB") for _name, data in islice(photos(FOLDERS), 3)]
    for number in range(count):
        picture = bases[number % len(bases)]
        picture = ImageOps.mirror(picture) if number % 2 else picture
        picture = picture.transform(
            picture.size, Image.Transform.AFFINE, (1, 0, 13 * number, 0, 1, 7 * number), fillcolor="grey"
        )
        yield pictures.encoded(
            picture, "JPEG", quality=95, subsampling="4:2:2", exif=pictures.exif_with_position()
        )


def fill(folder: Path, originals: list[bytes], count: int) -> list[Path]:
    """``count`` files in a new folder; all but the first of each original are hard links.

    Their time is one of the past, as that of photos is.
    """
    folder.mkdir(parents=True)
    paths = [folder / f"IMG_{number:05}.jpg" for number in range(count)]
    for path, data in zip(paths, originals, strict=False):
        path.write_bytes(data)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    for number in range(len(originals), count):
        paths[number].hardlink_to(paths[number % len(originals)])
    return paths
