"""Looks at one page of a file: what it says, that it decodes, its thumbnail; all of it remembered."""

import io
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image

from desktop.core.edits import Edits
from desktop.core.image_tokens import fit_inside
from desktop.core.problems import ProblemError
from desktop.images import facts, file_manager, known
from desktop.images.files import FileContent, read_file, shown_name
from desktop.images.fingerprint import fingerprint
from desktop.images.finish import finished
from desktop.images.formats import is_jpeg, too_many_pixels
from desktop.images.inspect import CacheFolders, Finish, Inspection, Thumbnail
from desktop.images.metadata import tried
from desktop.images.pages import Page, open_page, page_size
from desktop.images.pdf import PdfPage

_UNCHANGED: Final = Edits()

_CHECK_PX: Final = 64
"""Size to which an image is decoded when only its integrity is asked for."""

_QUALITY: Final = 90


def look(path: Path, page: int, thumbnail_px: int | None, caches: CacheFolders | None) -> Inspection:
    """Facts of a page that decodes, and a thumbnail if its longest side is given.

    Raises:
        ProblemError: why it cannot be used.
        Exception: whatever decoders raise for damaged files.
    """
    if caches is not None and thumbnail_px:
        remembered = known.recall(caches.own, path, page, thumbnail_px)
        if remembered is not None:
            return remembered
    content = read_file(path)
    opened = open_page(content.data, name=shown_name(path), page=page)
    found = facts.read_facts(opened, content, path, page)
    if isinstance(opened, PdfPage) or not is_jpeg(opened):
        # Opened anew: what was looked for in it may have moved it to another page.
        opened = open_page(content.data, name=shown_name(path), page=page)
    picture = small(opened, shown_name(path), thumbnail_px or _CHECK_PX)
    if not thumbnail_px:
        return Inspection(facts=found, thumbnail=None)
    thumbnail = encoded(picture, lossy_source=found.format == "JPEG")
    inspection = Inspection(facts=found, thumbnail=thumbnail, fingerprint=fingerprint(picture))
    if caches is not None:
        _keep(caches, inspection, content, picture, thumbnail_px)
    return inspection


def small(
    opened: Page, name: str, longest_px: int, edits: Edits = _UNCHANGED, overlay: bytes | None = None
) -> Image.Image:
    """A page as edited, decoded and scaled to ``longest_px``, mode RGB."""
    width_px, height_px = fit_inside(*edits.size(*page_size(opened)), longest_px)
    finish = Finish(width_px=width_px, height_px=height_px, edits=edits, overlay=overlay, quick=True)
    return completed(opened, name, finish)


def completed(opened: Page, name: str, finish: Finish) -> Image.Image:
    """As `finish.finished`, where an image that does not fit in memory has a reason of its own."""
    # Decoding may change the size that the image tells.
    too_large = too_many_pixels(opened.size, name=name)
    try:
        return finished(opened, finish)
    except MemoryError:
        raise ProblemError(too_large) from None


def encoded(picture: Image.Image, *, lossy_source: bool = False) -> Thumbnail:
    """A picture of mode RGB as it crosses to the window and is kept; colours of text stay sharp."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0" if lossy_source else "4:4:4")
    return Thumbnail(width_px=picture.width, height_px=picture.height, jpeg=out.getvalue())


def _keep(
    caches: CacheFolders, found: Inspection, content: FileContent, picture: Image.Image, thumbnail_px: int
) -> None:
    """Remember what was found out. It works without: a cache that cannot be written is no problem."""
    real = Path(os.path.realpath(found.facts.path))
    if any(real.is_relative_to(folder) for folder in _left_out(caches)):
        return
    tried(lambda: known.keep(caches.own, found, content, thumbnail_px), None)
    shared = caches.shared
    if shared is not None:
        tried(lambda: file_manager.share(shared, found.facts, content, picture), None)


@lru_cache(maxsize=1)
def _left_out(caches: CacheFolders) -> tuple[str, ...]:
    """Folders of whose files nothing is kept, with their links followed."""
    folders = [*caches.left_out, caches.own, *([caches.shared] if caches.shared else [])]
    return tuple(os.path.realpath(folder) for folder in folders)
