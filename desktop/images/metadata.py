"""Which kinds of metadata a file carries besides its pixels: all that stays behind when it is sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PIL import ExifTags, Image, IptcImagePlugin
from PIL.ImageFile import ImageFile

T = TypeVar("T")

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

_SERIAL_TAGS: Final = frozenset(
    {
        ExifTags.Base.BodySerialNumber,
        ExifTags.Base.LensSerialNumber,
        ExifTags.Base.CameraSerialNumber,
        ExifTags.Base.ImageUniqueID,
    }
)
_AUTHOR_TAGS: Final = frozenset(
    {
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
        ExifTags.Base.CameraOwnerName,
        ExifTags.Base.XPAuthor,
    }
)
_IPTC_AUTHOR: Final = frozenset({(2, 80), (2, 85), (2, 110), (2, 116)})
"""By-line, its title, credit, copyright notice (IPTC-IIM 4.2, record 2)."""

_NOTHING: Final[dict[int, Any]] = {}
_TIFF_IPTC: Final = 33723
_TIFF_XMP: Final = 700
_PNG_XMP: Final = "XML:com.adobe.xmp"
_PHOTOSHOP_THUMBNAILS: Final = frozenset({0x0409, 0x040C})

_XMP_GPS: Final = re.compile(rb"GPSL(?:at|ong)itude")
_XMP_SERIAL: Final = re.compile(rb"SerialNumber")
_XMP_AUTHOR: Final = re.compile(rb"dc:creator|dc:rights|photoshop:Credit|OwnerName")
_XMP_THUMBNAIL: Final = re.compile(rb"xmp(?:GImg)?:(?:Thumbnails|image)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What could be read; empty where there is none.

    Attributes:
        exif: tags of the image itself, by number.
        details: tags of its EXIF part.
        gps: tags of its GPS part.
        preview: tags of its embedded preview.
        xmp: the XMP packet as it is.
        iptc: records of IPTC by their two numbers.
    """

    exif: dict[int, Any]
    details: dict[int, Any]
    gps: dict[int, Any]
    preview: dict[int, Any]
    xmp: bytes
    iptc: dict[Any, Any]


def tried(read: Callable[[], T], otherwise: T) -> T:
    """What ``read`` returns, or ``otherwise`` if it fails in any way."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - hostile metadata raises anything
        return otherwise


def read_metadata(image: ImageFile) -> Metadata:
    """Read it without decoding the pixels. What cannot be read counts as absent."""

    def part(which: ExifTags.IFD) -> dict[int, Any]:
        return tried(lambda: dict(image.getexif().get_ifd(which)), _NOTHING)

    return Metadata(
        exif=tried(lambda: dict(image.getexif()), _NOTHING),
        details=part(ExifTags.IFD.Exif),
        gps=part(ExifTags.IFD.GPSInfo),
        preview=part(ExifTags.IFD.IFD1),
        xmp=tried(lambda: _xmp(image), b""),
        iptc=tried(lambda: IptcImagePlugin.getiptcinfo(image) or {}, {}),
    )


def kinds(image: ImageFile, told: Metadata) -> tuple[str, ...]:
    """The kinds of metadata that are there, named as in `ImageFacts.metadata`."""
    tags = _tiff_tags(image)
    info = image.info
    exif = told.exif | told.details
    found = {
        "exif": bool(_EXIF_TAGS & told.exif.keys() if tags else told.exif),
        "gps": bool(told.gps or _XMP_GPS.search(told.xmp)),
        "xmp": bool(told.xmp),
        "icc": bool(info.get("icc_profile")),
        "iptc": "photoshop" in info or _TIFF_IPTC in tags,
        "comment": bool(info.get("comment")) or _has_png_text(image),
        "serial": _has(exif, _SERIAL_TAGS) or bool(_XMP_SERIAL.search(told.xmp)),
        "author": _has(exif, _AUTHOR_TAGS) or _names_author(image, told),
        "thumbnail": _has_preview(image, told),
    }
    return tuple(kind for kind, is_there in found.items() if is_there)


def _has(exif: dict[int, Any], wanted: frozenset[Any]) -> bool:
    return any(exif.get(tag) for tag in wanted)


def _names_author(image: ImageFile, told: Metadata) -> bool:
    in_text = image.format == "PNG" and bool({"Author", "Copyright"} & image.info.keys())
    return in_text or bool(_IPTC_AUTHOR & told.iptc.keys() or _XMP_AUTHOR.search(told.xmp))


def _has_preview(image: ImageFile, told: Metadata) -> bool:
    photoshop = image.info.get("photoshop")
    in_photoshop = isinstance(photoshop, dict) and bool(_PHOTOSHOP_THUMBNAILS & photoshop.keys())
    # A camera's multi-picture file holds previews as further pictures.
    further = image.format == "MPO"
    in_exif = ExifTags.Base.JpegIFOffset in told.preview and image.format != "TIFF"
    return in_exif or in_photoshop or further or bool(_XMP_THUMBNAIL.search(told.xmp))


def _xmp(image: ImageFile) -> bytes:
    info = image.info
    extension = info.get("extension")
    if image.format == "GIF" and isinstance(extension, tuple) and extension[0] == b"XMP DataXMP":
        return b"XMP"
    found = info.get("xmp") or info.get(_PNG_XMP) or _tiff_tags(image).get(_TIFF_XMP) or b""
    return found.encode() if isinstance(found, str) else bytes(found)


def _tiff_tags(image: ImageFile) -> Any:  # noqa: ANN401 - a mapping of Pillow's own
    return getattr(image, "tag_v2", None) or {}


def _has_png_text(image: Image.Image) -> bool:
    # Reading `.text` would look for chunks behind the pixels and decode the image.
    return image.format == "PNG" and any(
        isinstance(value, str) and key != _PNG_XMP for key, value in image.info.items()
    )
