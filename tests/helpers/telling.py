"""Pictures that tell everything about their maker: position, serial numbers, names, a preview."""

import io
import struct
from typing import Any

import piexif
import pillow_heif
from PIL import Image, PngImagePlugin

from tests.helpers import pictures

SERIAL, LENS_SERIAL, AUTHOR, LENS = "SN-12345678", "LS-87654321", "Jane Secret", "XF 35mm F1.4 Secret"
LATITUDE, LONGITUDE = ((48, 1), (51, 1), (3024, 100)), ((2, 1), (17, 1), (4020, 100))

XMP = (
    '<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description '
    f'exif:GPSLatitude="48,51.504N" exif:GPSLongitude="2,17.67E" aux:SerialNumber="{SERIAL}">'
    f"<dc:creator><rdf:Seq><rdf:li>{AUTHOR}</rdf:li></rdf:Seq></dc:creator>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()

TRACES = (
    *(text.encode() for text in (SERIAL, LENS_SERIAL, AUTHOR, LENS)),
    *(b"".join(struct.pack(order + "2I", *part) for part in LATITUDE) for order in "<>"),
    *(b"".join(struct.pack(order + "2I", *part) for part in LONGITUDE) for order in "<>"),
    *(b"48,51.504", b"48.8584", b"2,17.67", b"2.2945", b"GPS", b"secret", b"Secret", b"Exif", b"eXIf"),
    *(b"xmp", b"rdf:", b"8BIM", b"Photoshop", b"ICC_PROFILE", b"iCCP", b"tEXt", b"iTXt", b"zTXt", b"tIME"),
    *(b"pHYs", b"Fujifilm", b"2026:10"),
)
"""No byte of these may be in what is sent."""


def exif() -> bytes:
    """EXIF with a position, serial numbers, an author, a lens, a time and a preview, made by piexif."""
    preview = pictures.encoded(pictures.four_corners(), "JPEG")
    return piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Make: b"Fujifilm",
                piexif.ImageIFD.Model: b"Fujifilm X-T5",
                piexif.ImageIFD.Artist: AUTHOR.encode(),
            },
            "Exif": {
                piexif.ExifIFD.DateTimeOriginal: b"2026:10:03 09:41:00",
                piexif.ExifIFD.BodySerialNumber: SERIAL.encode(),
                piexif.ExifIFD.LensSerialNumber: LENS_SERIAL.encode(),
                piexif.ExifIFD.LensModel: LENS.encode(),
                piexif.ExifIFD.UserComment: b"ASCII\0\0\0secret",
            },
            "GPS": {
                piexif.GPSIFD.GPSLatitudeRef: b"N",
                piexif.GPSIFD.GPSLatitude: LATITUDE,
                piexif.GPSIFD.GPSLongitudeRef: b"E",
                piexif.GPSIFD.GPSLongitude: LONGITUDE,
            },
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": preview,
        }
    )


def iptc() -> bytes:
    """A record of IPTC that names the author (IPTC-IIM 4.2, 2:80)."""
    name = AUTHOR.encode()
    return b"\x1c\x02\x50" + struct.pack(">H", len(name)) + name


def telling(picture: Image.Image, kind: str) -> bytes:
    """``picture`` with all metadata that the format can hold."""
    options: dict[str, Any] = {"exif": exif(), "icc_profile": pictures.srgb_profile()}
    match kind:
        case "JPEG":
            data = pictures.encoded(
                picture, kind, xmp=XMP, comment=b"secret comment", dpi=(300, 300), **options
            )
            return _with_photoshop(data)
        case "PNG":
            notes = PngImagePlugin.PngInfo()
            notes.add_text("Author", AUTHOR)
            notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
            return pictures.encoded(picture, kind, pnginfo=notes, dpi=(300, 300), **options)
        case "TIFF":
            tags = _as_tags()
            tags[700], tags[33723] = XMP, iptc()
            return pictures.encoded(picture, kind, icc_profile=options["icc_profile"], exif=tags)
        case "GIF":
            return pictures.encoded(picture, kind, comment=b"secret comment")
        case "HEIF":
            pillow_heif.register_heif_opener()
    return pictures.encoded(picture, kind, xmp=XMP, quality=95, **options)


def _as_tags() -> Image.Exif:
    """The same EXIF for a TIFF, whose pixels are described in the same directory."""
    found = Image.Exif()
    found.load(exif())
    found.get_ifd(0x8769)
    found.get_ifd(0x8825)
    return found


def _with_photoshop(jpeg: bytes) -> bytes:
    body = iptc() + b"\0" * (len(iptc()) % 2)
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(iptc())) + body
    content = b"Photoshop 3.0\0" + resource
    segment = b"\xff\xed" + struct.pack(">H", len(content) + 2) + content
    return jpeg[:2] + segment + jpeg[2:]


def jpeg_markers(data: bytes) -> list[int]:
    """The markers of a JPEG in order, those between scans included, and how it ends (ITU T.81, B.1.1)."""
    stream = io.BytesIO(data[2:])
    found = []
    while True:
        byte = stream.read(1)
        if not byte:
            return found
        if byte != b"\xff":
            continue
        marker = stream.read(1)[0]
        if marker in {0x00, 0xFF} or 0xD0 <= marker <= 0xD7:
            continue
        found.append(marker)
        if marker == 0xD9:
            found.extend(stream.read())
        elif marker != 0xDA:
            stream.seek(int.from_bytes(stream.read(2), "big") - 2, io.SEEK_CUR)


def png_chunks(data: bytes) -> list[bytes]:
    """The chunks of a PNG in order, and what follows its end (PNG, 5.3)."""
    found, offset = [], 8
    while offset < len(data):
        length = int.from_bytes(data[offset : offset + 4], "big")
        found.append(data[offset + 4 : offset + 8])
        offset += 12 + length
    return found
