"""What an image says about itself: size, camera, time, position, and which kinds of metadata it carries."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from desktop.core.model import ImageFacts, Position
from desktop.core.text import printable
from desktop.images.files import FileContent, shown_name
from desktop.images.formats import format_name
from desktop.images.pages import Page, page_count, page_size
from desktop.images.pdf import PdfPage, information
from desktop.images.pixels import has_alpha

T = TypeVar("T")

_MAX_TEXT: Final = 100
"""Longest camera name or date that is believed."""

_EXIF_TAGS: Final = frozenset(
    {
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Orientation,
        ExifTags.Base.Software,
        ExifTags.Base.DateTime,
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
        ExifTags.Base.ImageDescription,
        ExifTags.IFD.Exif,
        ExifTags.IFD.GPSInfo,
    }
)
"""Tags that make a TIFF carry EXIF; its others only tell how pixels are stored."""

_NOTHING: Final[dict[int, Any]] = {}
_TIFF_IPTC: Final = 33723
_TIFF_XMP: Final = 700
_PNG_XMP: Final = "XML:com.adobe.xmp"


def read_facts(opened: Page, content: FileContent, path: Path, page: int) -> ImageFacts:
    """The facts of an opened page. Metadata that cannot be read counts as absent: the pixels may be good."""
    width_px, height_px = page_size(opened)
    told = _pdf_facts(opened) if isinstance(opened, PdfPage) else _image_facts(opened)
    return ImageFacts(
        path=path,
        name=shown_name(path),
        sha256=content.sha256,
        file_bytes=len(content.data),
        modified_ns=content.modified_ns,
        width_px=width_px,
        height_px=height_px,
        frames=_tried(lambda: page_count(opened), 1),
        page=page,
        **told,
    )


def _pdf_facts(page: PdfPage) -> dict[str, Any]:
    has_author = _tried(lambda: bool(information(page).get("Author")), False)
    return {"format": "PDF", "metadata": ("author",) if has_author else ()}


def _image_facts(image: ImageFile) -> dict[str, Any]:
    exif = _tried(lambda: dict(image.getexif()), _NOTHING)
    details = _tried(lambda: dict(image.getexif().get_ifd(ExifTags.IFD.Exif)), _NOTHING)
    gps = _tried(lambda: dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo)), _NOTHING)
    return {
        "format": format_name(image),
        "has_alpha": has_alpha(image),
        "camera": _camera(exif),
        "taken_at": _text(details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)),
        "position": _tried(lambda: _position(gps), None),
        "metadata": tuple(_kinds(image, exif, gps)),
    }


def _tried(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Exception:  # noqa: BLE001 - hostile metadata raises anything
        return otherwise


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


def _kinds(image: ImageFile, exif: dict[int, Any], gps: dict[int, Any]) -> list[str]:
    tags = getattr(image, "tag_v2", None) or {}
    info = image.info
    found = {
        "exif": bool(_EXIF_TAGS & exif.keys() if tags else exif),
        "gps": bool(gps),
        "xmp": bool(info.get("xmp") or info.get(_PNG_XMP) or _TIFF_XMP in tags),
        "icc": bool(info.get("icc_profile")),
        "iptc": "photoshop" in info or _TIFF_IPTC in tags,
        "comment": bool(info.get("comment")) or _has_png_text(image),
    }
    return [kind for kind, is_there in found.items() if is_there]


def _has_png_text(image: Image.Image) -> bool:
    # Reading `.text` would look for chunks behind the pixels and decode the image.
    return image.format == "PNG" and any(
        isinstance(value, str) and key != _PNG_XMP for key, value in image.info.items()
    )
