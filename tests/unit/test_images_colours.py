"""Colours come out right in sRGB: profiles of wider spaces, sixteen bits, palettes, alpha."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from desktop.images.workers import ImageWorkers
from tests.helpers import pictures

Pixel = tuple[int, int, int]

TO_XYZ = {
    # Linear RGB to XYZ for D50: the matrix-column tags of the spaces' profiles (ICC.1:2022, E.2 for sRGB).
    "sRGB": ((0.4360, 0.3851, 0.1431), (0.2225, 0.7169, 0.0606), (0.0139, 0.0971, 0.7141)),
    "Display P3": ((0.515, 0.292, 0.1571), (0.2412, 0.6922, 0.0666), (-0.0011, 0.0419, 0.7841)),
    "Adobe RGB": ((0.6097, 0.2053, 0.1492), (0.3111, 0.6257, 0.0632), (0.0195, 0.0609, 0.7446)),
}
COLOURS: tuple[Pixel, ...] = (
    (120, 60, 200),
    (200, 120, 90),
    (90, 140, 110),
    (128, 128, 128),
    (255, 255, 255),
)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def sent(workers: ImageWorkers, path: Path) -> Image.Image:
    facts = workers.inspect(path, thumbnail_px=None).result(60).facts
    encoded = workers.encode(
        path,
        expected_sha256=facts.sha256,
        width_px=facts.width_px,
        height_px=facts.height_px,
        lossless=True,
    ).result(60)
    return Image.open(io.BytesIO(encoded.data)).convert("RGB")


def near(found: object, expected: Pixel, tolerance: int) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(found, expected, strict=True))


def in_srgb(colour: Pixel, space: str) -> Pixel:
    """A colour of another space in sRGB, computed by the spaces' own formulas (IEC 61966-2-1)."""
    values = np.array(colour) / 255
    linear = values**2.19921875 if space == "Adobe RGB" else _linear(values)
    found = np.linalg.solve(np.array(TO_XYZ["sRGB"]), np.array(TO_XYZ[space]) @ linear).clip(0, 1)
    curved = np.where(found <= 0.0031308, 12.92 * found, 1.055 * found ** (1 / 2.4) - 0.055)
    red, green, blue = (round(float(value) * 255) for value in curved)
    return red, green, blue


def _linear(values: np.ndarray) -> np.ndarray:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def stripes(colours: tuple[Pixel, ...] = COLOURS, mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (32 * len(colours), 32))
    for index, colour in enumerate(colours):
        picture.paste(colour, (32 * index, 0, 32 * index + 32, 32))
    return picture.convert(mode)


@pytest.mark.parametrize("space", ["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_wider_spaces_are_converted_by_their_profile(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, space: str
) -> None:
    pillow_heif.register_heif_opener()
    options: dict[str, object] = {"icc_profile": pictures.wide_profile(space)}
    if kind in {"JPEG", "HEIF", "AVIF"}:
        options |= {"quality": 98, "subsampling": "4:4:4"}
    if kind == "WEBP":
        options |= {"lossless": True}
    if kind == "HEIF":
        options |= {"chroma": 444}
    path = saved(tmp_path / "a", pictures.encoded(stripes(), kind, **options))
    found = sent(image_workers, path)
    tolerance = 2 if kind in {"PNG", "TIFF", "WEBP"} else 7
    for index, colour in enumerate(COLOURS):
        expected = in_srgb(colour, space)
        assert near(found.getpixel((32 * index + 16, 16)), expected, tolerance), (colour, expected)


def test_the_profile_makes_a_difference() -> None:
    assert in_srgb((120, 60, 200), "sRGB") == (120, 60, 200)
    assert not near(in_srgb((120, 60, 200), "Display P3"), (120, 60, 200), 4)


def test_a_profile_counts_for_what_is_transparent_too(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = stripes(mode="RGBA")
    picture.putpixel((0, 0), (0, 0, 0, 0))
    path = saved(tmp_path / "a", pictures.encoded(picture, icc_profile=pictures.wide_profile()))
    found = sent(image_workers, path)
    assert near(found.getpixel((16, 16)), in_srgb(COLOURS[0], "Display P3"), 2)
    assert found.getpixel((0, 0)) == (255, 255, 255)


def test_a_palette_is_converted_by_the_profile(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = stripes().quantize(8)
    path = saved(tmp_path / "a", pictures.encoded(picture, icc_profile=pictures.wide_profile()))
    assert near(sent(image_workers, path).getpixel((16, 16)), in_srgb(COLOURS[0], "Display P3"), 2)


def test_cmyk_is_converted_by_its_profile(image_workers: ImageWorkers, tmp_path: Path) -> None:
    profile = cmyk_profile()
    picture = Image.new("CMYK", (64, 32), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 0), (32, 0, 64, 32))
    for kind in ("JPEG", "TIFF"):
        options = {"quality": 98} if kind == "JPEG" else {}
        path = saved(tmp_path / kind, pictures.encoded(picture, kind, icc_profile=profile, **options))
        found = sent(image_workers, path)
        assert near(found.getpixel((8, 16)), (255, 255, 255), 3)
        # Without the profile full cyan would be (0, 255, 255); its ink is the profile's own.
        assert near(found.getpixel((56, 16)), expected_cyan(profile), 4)
        assert not near(found.getpixel((56, 16)), (0, 255, 255), 40)


def expected_cyan(profile: bytes) -> Pixel:
    made = ImageCms.profileToProfile(
        Image.new("CMYK", (1, 1), (255, 0, 0, 0)),
        io.BytesIO(profile),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert made is not None
    found = made.getpixel((0, 0))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def cmyk_profile() -> bytes:
    """A printer whose ink darkens evenly: L* falls by 15 for each of the four, a* and b* by their hue.

    An ``mft1`` table of two grid points a channel (ICC.1:2022, 10.11).
    """
    hues = ((-10, -30), (75, -6), (-6, 95), (0, 0))
    inks = [tuple(number >> (3 - channel) & 1 for channel in range(4)) for number in range(16)]
    grid = bytearray()
    for ink in inks:
        lightness = max(0, 100 - 15 * sum(ink[:3]) - 80 * ink[3])
        fade = 0 if ink[3] else 1
        across = fade * sum(hue[0] * used for hue, used in zip(hues, ink, strict=True))
        down = fade * sum(hue[1] * used for hue, used in zip(hues, ink, strict=True))
        grid += bytes((round(lightness * 2.55), max(0, min(255, across + 128)), max(0, min(255, down + 128))))
    straight = bytes(range(256))
    unity = struct.pack(">9i", *(65536 if n % 4 == 0 else 0 for n in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + unity + straight * 4 + bytes(grid) + straight * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    text = b"text" + bytes(4) + b"test\0\0\0\0"
    parts = {b"A2B0": table, b"A2B1": table, b"wtpt": white, b"cprt": text, b"desc": _description()}
    offset, entries, body = 132 + 12 * len(parts), b"", b""
    for tag, data in parts.items():
        entries += tag + struct.pack(">II", offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = bytearray(128)
    header[0:4] = struct.pack(">I", offset + len(body))
    header[8:12], header[12:24], header[36:40] = b"\x02\x40\0\0", b"prtrCMYKLab ", b"acsp"
    header[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    return bytes(header) + struct.pack(">I", len(parts)) + entries + body


def _description() -> bytes:
    return b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(8 + 3 + 67)


def png_of_16_bits(colour: tuple[int, ...], colour_type: int) -> bytes:
    """A PNG of one colour, sixteen bits a channel (PNG, 11.2.2): type 2 is RGB, 6 RGBA, 0 and 4 grey."""
    row = b"\0" + b"".join(struct.pack(">H", value) for value in colour) * 16
    header = struct.pack(">IIBBBBB", 16, 16, 16, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * 16)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@pytest.mark.parametrize(
    ("colour", "colour_type", "expected"),
    [
        ((65535, 32896, 0), 2, (255, 128, 0)),
        ((65535, 32896, 0, 65535), 6, (255, 128, 0)),
        ((0, 0, 0, 32896), 6, (127, 127, 127)),
        ((32896,), 0, (128, 128, 128)),
        ((12850, 65535), 4, (50, 50, 50)),
    ],
)
def test_sixteen_bits_a_channel_keep_their_colour(
    image_workers: ImageWorkers, tmp_path: Path, colour: tuple[int, ...], colour_type: int, expected: Pixel
) -> None:
    path = saved(tmp_path / "a", png_of_16_bits(colour, colour_type))
    assert near(sent(image_workers, path).getpixel((8, 8)), expected, 1)


def test_ten_bits_of_heif_keep_their_colour(image_workers: ImageWorkers, tmp_path: Path) -> None:
    values = np.zeros((64, 64, 3), np.uint16)
    values[:] = [65535, 32896, 6425]
    heif = pillow_heif.from_bytes("RGB;16", (64, 64), values.tobytes())
    out = io.BytesIO()
    heif.save(out, quality=98, chroma=444)
    found = sent(image_workers, saved(tmp_path / "a", out.getvalue()))
    assert near(found.getpixel((30, 30)), (255, 128, 25), 4)


@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "WEBP"])
def test_alpha_of_lossy_formats_is_flattened(image_workers: ImageWorkers, tmp_path: Path, kind: str) -> None:
    pillow_heif.register_heif_opener()
    picture = Image.new("RGBA", (64, 64), (200, 30, 30, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))
    path = saved(tmp_path / "a", pictures.encoded(picture, kind, quality=95))
    found = sent(image_workers, path)
    assert near(found.getpixel((8, 30)), (255, 255, 255), 4)
    assert near(found.getpixel((56, 30)), (200, 30, 30), 10)
