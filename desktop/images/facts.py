"""What a page says about itself: size, camera, lens, time, position."""

import math
from pathlib import Path
from typing import Any, Final

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from desktop.core.model import ImageFacts, Position
from desktop.core.text import printable
from desktop.images.files import FileContent, read_file, shown_name
from desktop.images.formats import format_name
from desktop.images.metadata import kinds, read_metadata, tried
from desktop.images.pages import Page, open_page, page_count, page_size
from desktop.images.pdf import PdfPage, information
from desktop.images.pixels import has_alpha

_MAX_TEXT: Final = 100
"""Longest camera name or date that is believed."""


def read_facts(opened: Page, content: FileContent, path: Path, page: int) -> ImageFacts:
    """The facts of an opened page. Metadata that cannot be read counts as absent: the pixels may be good."""
    width_px, height_px = page_size(opened)
    told = _pdf_facts(opened) if isinstance(opened, PdfPage) else _image_facts(opened)
    return ImageFacts(
        path=path,
        name=shown_name(path),
        sha256=content.sha256,
        file_bytes=len(content.data),
        modified_ns=content.signature.modified_ns,
        width_px=width_px,
        height_px=height_px,
        frames=tried(lambda: page_count(opened), 1),
        page=page,
        **told,
    )


def read_position(path: Path, format_name: str, page: int) -> Position | None:
    """Where a photo was taken, read again from a file whose format is known; of a JPEG only the header."""

    def read() -> Position | None:
        if format_name == "JPEG":
            with Image.open(path, formats=("JPEG",)) as image:
                return _position(dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo)))
        opened = open_page(read_file(path).data, name=shown_name(path), page=page)
        return (
            None if isinstance(opened, PdfPage) else tried(lambda: _position(read_metadata(opened).gps), None)
        )

    return tried(read, None)


def _pdf_facts(page: PdfPage) -> dict[str, Any]:
    has_author = tried(lambda: bool(information(page).get("Author")), False)
    return {"format": "PDF", "metadata": ("author",) if has_author else ()}


def _image_facts(image: ImageFile) -> dict[str, Any]:
    told = read_metadata(image)
    return {
        "format": format_name(image),
        "has_alpha": has_alpha(image),
        "camera": _camera(told.exif),
        "lens": _text(told.details.get(ExifTags.Base.LensModel)),
        "taken_at": _text(
            told.details.get(ExifTags.Base.DateTimeOriginal) or told.exif.get(ExifTags.Base.DateTime)
        ),
        "position": tried(lambda: _position(told.gps), None),
        "metadata": kinds(image, told),
    }


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return printable(value.split("\0")[0].strip(), limit=_MAX_TEXT) or None


def _camera(exif: dict[int, Any]) -> str | None:
    maker, model = _text(exif.get(ExifTags.Base.Make)), _text(exif.get(ExifTags.Base.Model))
    if maker and model and model.casefold().startswith(maker.split()[0].casefold()):
        return model
    return " ".join(part for part in (maker, model) if part) or None


def _position(gps: dict[int, Any]) -> Position | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude))
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude))
    if latitude is None or longitude is None or latitude > 90 or longitude > 180:
        return None
    south = str(gps.get(ExifTags.GPS.GPSLatitudeRef, "N")).upper().startswith("S")
    west = str(gps.get(ExifTags.GPS.GPSLongitudeRef, "E")).upper().startswith("W")
    return Position(
        latitude=round(-latitude if south else latitude, 6),
        longitude=round(-longitude if west else longitude, 6),
    )


def _degrees(value: Any) -> float | None:  # noqa: ANN401 - whatever the file holds
    if value is None or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in value)
    total = degrees + minutes / 60 + seconds / 3600
    return total if math.isfinite(total) and total >= 0 else None
