"""Thumbnails that are shared with the file manager, by the freedesktop thumbnail specification 0.9.

https://specifications.freedesktop.org/thumbnail-spec. What other programs have made is only a first glance:
it says nothing about whether the file can be decoded, so nothing but pixels is ever taken from it.
"""

import hashlib
import io
import os
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from PIL import Image, PngImagePlugin

from desktop.core.edits import Area
from desktop.core.image_tokens import fit_inside
from desktop.core.model import ImageFacts
from desktop.images.files import FileContent, Signature, read_small, signature_of, write_private
from desktop.images.metadata import tried
from desktop.images.pixels import render
from desktop.images.png import quick_png

_SIZES_PX: Final = {"normal": 128, "large": 256, "x-large": 512}
"""Folders and the most pixels that a side of their thumbnails has."""

_READ: Final = ("x-large", "large", "normal")

WRITTEN: Final = "large"
"""File managers read it at every scale. An x-large one takes 20 ms to write instead of 6, and three times the
room; our own tiles do not need it, because their 320 pixels are kept in `known`."""

_MAX_BYTES: Final = 4_000_000
_UNESCAPED: Final = "!$&'()*+,-./:=@_~"
"""What GLib's ``g_filename_to_uri`` leaves as it is, besides letters and digits: the hash is of the URI."""


def uri_of(path: Path) -> str:
    """The canonical URI of a file, as GLib writes it."""
    return "file://" + quote(os.fsencode(os.path.abspath(path)), safe=_UNESCAPED)  # noqa: PTH100 - no links


def thumbnail_path(folder: Path, path: Path, size: str) -> Path:
    """Where the thumbnail of a file is, in ``folder`` (``$XDG_CACHE_HOME/thumbnails``)."""
    name = hashlib.md5(uri_of(path).encode(), usedforsecurity=False).hexdigest()
    return folder / size / f"{name}.png"


def glance(folder: Path, path: Path, longest_px: int) -> Image.Image | None:
    """The largest valid thumbnail that some program made of a file, as a model would see it.

    Args:
        folder: ``$XDG_CACHE_HOME/thumbnails``.
        path: the file, which must be readable.
        longest_px: a larger thumbnail is scaled down to it.

    Returns:
        Mode RGB; None if there is none, or it is of another version of the file, or damaged.
    """
    if not os.access(path, os.R_OK):
        return None
    signature = signature_of(path)
    found = (tried(partial(_rendered, folder, path, size, signature, longest_px), None) for size in _READ)
    return next((image for image in found if image is not None), None)


def share(folder: Path, facts: ImageFacts, content: FileContent, thumbnail: Image.Image) -> None:
    """Leave the thumbnail of a whole, unedited file for the file manager, unless it has one.

    Not of a transparent picture, which a file manager shows on its own ground, nor of one so small that it
    needs none, nor of one that was changed this very second, because the second is all that is written.

    Raises:
        OSError: the folder cannot be written.
    """
    longest = _SIZES_PX[WRITTEN]
    if facts.page or facts.has_alpha or max(thumbnail.size) <= longest or not content.second_is_over:
        return
    if tried(lambda: _opened(folder, facts.path, WRITTEN, content.signature), None) is not None:
        return
    texts = {
        **_fields(facts.path, content.signature),
        "Thumb::Image::Width": str(facts.width_px),
        "Thumb::Image::Height": str(facts.height_px),
        "Software": "Sightline",
    }
    small = thumbnail.resize(fit_inside(*thumbnail.size, longest), Image.Resampling.HAMMING)
    write_private(thumbnail_path(folder, facts.path, WRITTEN), quick_png(small, texts))


def _fields(path: Path, signature: Signature) -> dict[str, str]:
    return {
        "Thumb::URI": uri_of(path),
        "Thumb::MTime": str(signature.modified_ns // 1_000_000_000),
        "Thumb::Size": str(signature.size_bytes),
    }


def _rendered(
    folder: Path, path: Path, size: str, signature: Signature, longest_px: int
) -> Image.Image | None:
    found = _opened(folder, path, size, signature)
    if found is None:
        return None
    return render(found, fit_inside(*found.size, longest_px), Area(0, 0, *found.size))


def _opened(folder: Path, path: Path, size: str, signature: Signature) -> PngImagePlugin.PngImageFile | None:
    """A thumbnail that is of this version of the file, not decoded yet."""
    data = read_small(thumbnail_path(folder, path, size), _MAX_BYTES)
    found = Image.open(io.BytesIO(data), formats=("PNG",))
    if not isinstance(found, PngImagePlugin.PngImageFile) or max(found.size) > _SIZES_PX[size]:
        return None
    wanted = _fields(path, signature)
    told = {key: found.info.get(key, "" if key != "Thumb::Size" else wanted[key]) for key in wanted}
    return found if told == wanted else None
