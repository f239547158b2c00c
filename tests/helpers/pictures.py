"""Image files made by script: sound ones of every kind, and broken ones."""

import random
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parents[2] / "resources" / "fonts"

CORNERS = ("red", "lime", "blue", "yellow")
"""Top left, top right, bottom left, bottom right of `four_corners`."""


def font(size_px: int, *, name: str = "Inter-Regular.ttf") -> FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size_px)


def photo(width_px: int = 320, height_px: int = 240, mode: str = "RGB") -> Image.Image:
    """Something that is no drawing: noise over a gradient, always the same."""
    chance = random.Random(7)
    size = width_px, height_px
    noise = Image.frombytes("RGB", size, chance.randbytes(3 * width_px * height_px))
    slope = Image.linear_gradient("L").resize(size)
    gradient = Image.merge("RGB", (slope, slope.rotate(180), Image.new("L", size, 120)))
    return Image.blend(gradient, noise, 0.2).convert(mode)


def four_corners(width_px: int = 80, height_px: int = 60) -> Image.Image:
    """A colour in each quarter, so that turning and mirroring show."""
    picture = Image.new("RGB", (width_px, height_px))
    half_width, half_height = width_px // 2, height_px // 2
    for index, color in enumerate(CORNERS):
        left, top = index % 2 * half_width, index // 2 * half_height
        picture.paste(color, (left, top, left + half_width, top + half_height))
    return picture


def text_page(*lines: str, size_px: int = 28, width_px: int = 900) -> Image.Image:
    """Lines of black text on white."""
    step = round(size_px * 1.6)
    picture = Image.new("RGB", (width_px, step * (len(lines) + 1)), "white")
    draw = ImageDraw.Draw(picture)
    for index, line in enumerate(lines):
        draw.text((40, step // 2 + index * step), line, font=font(size_px), fill="black")
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    """The pixels of an encoded image, mode RGB."""
    return Image.open(BytesIO(data)).convert("RGB")


def nearly(found: Any, wanted: tuple[int, int, int], *, within: int = 6) -> bool:
    """Whether a pixel of a JPEG is this colour."""
    return all(abs(a - b) <= within for a, b in zip(found[:3], wanted, strict=True))


def exif_with_position() -> bytes:
    """A camera, a time, and the Eiffel Tower."""
    exif = Image.Exif()
    exif[0x010F] = "Fujifilm"
    exif[0x0110] = "Fujifilm X-T5"
    exif.get_ifd(0x8769)[0x9003] = "2026:10:03 09:41:00"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.2), 29: "2026:10:03"}
    )
    return exif.tobytes()


def exif_orientation(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>GPSLatitude secret-xmp</rdf:RDF></x:xmpmeta>'


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


_PRIMARIES = {
    "Display P3": ((0.515, 0.2412, -0.0011), (0.292, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)),
    "Adobe RGB": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
}
"""Red, green and blue as XYZ for D50, as the profiles of these spaces hold them."""


def wide_profile(name: str = "Display P3") -> bytes:
    """A profile of a wider space: sRGB's, with other primaries and for Adobe gamma 2.2 (ICC.1:2022, 9.2)."""
    data = bytearray(srgb_profile())
    count = int.from_bytes(data[128:132], "big")
    entries = {bytes(data[i : i + 4]): i for i in range(132, 132 + 12 * count, 12)}
    for tag, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), _PRIMARIES[name], strict=True):
        offset = int.from_bytes(data[entries[tag] + 4 : entries[tag] + 8], "big")
        data[offset + 8 : offset + 20] = struct.pack(">3i", *(round(value * 65536) for value in values))
    if name == "Adobe RGB":
        offset = len(data)
        data += b"curv" + bytes(4) + struct.pack(">IHH", 1, round(2.19921875 * 256), 0)
        for tag in (b"rTRC", b"gTRC", b"bTRC"):
            data[entries[tag] + 4 : entries[tag] + 12] = struct.pack(">II", offset, 14)
        data[:4] = struct.pack(">I", len(data))
    return bytes(data)


def png_header(width_px: int, height_px: int) -> bytes:
    """A small PNG that claims a size; its pixels are missing."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + png_chunk(b"IEND", b"")
    )


def png_bomb(width_px: int, height_px: int) -> bytes:
    """A PNG of one colour whose few bytes really unpack to ``width_px`` x ``height_px`` pixels."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width_px + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _row in range(height_px)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    )


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
