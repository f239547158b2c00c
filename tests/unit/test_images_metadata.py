"""Metadata: all of it is named, none of it is sent. Read back with another library and byte by byte."""

from pathlib import Path

import piexif
import pytest
from PIL import Image, PngImagePlugin

from desktop.core.edits import Area, Edits
from desktop.core.model import Position
from desktop.images.inspect import EncodedImage
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures, telling

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF")
IN_JPEG = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xD9}
"""JFIF's own marker, tables, frame, scan, end: no APP1, APP2, APP13, no comment."""
IN_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def sent(
    workers: ImageWorkers, path: Path, edits: Edits | None = None, **options: bytes | bool | None
) -> EncodedImage:
    facts = workers.inspect(path, thumbnail_px=None).result(60).facts
    edits = edits or Edits()
    width, height = edits.size(facts.width_px, facts.height_px)
    return workers.encode(
        path,
        expected_sha256=facts.sha256,
        width_px=width,
        height_px=height,
        edits=edits,
        **options,  # type: ignore[arg-type]
    ).result(60)


def assert_silent(found: EncodedImage) -> None:
    for trace in telling.TRACES:
        assert trace not in found.data, trace
    if found.sent.media_type == "image/jpeg":
        known = piexif.load(found.data)
        assert not any(known[part] for part in ("0th", "Exif", "GPS", "Interop", "1st", "thumbnail"))
        assert set(telling.jpeg_markers(found.data)) <= IN_JPEG
    else:
        assert set(telling.png_chunks(found.data)) <= IN_PNG


@pytest.mark.parametrize("lossless", [False, True], ids=["sent", "read here"])
@pytest.mark.parametrize("picture", [pictures.photo(), pictures.four_corners()], ids=["photo", "drawing"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_pixels_is_sent(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, picture: Image.Image, lossless: bool
) -> None:
    data = telling.telling(picture, kind)
    assert any(trace in data for trace in telling.TRACES)
    path = saved(tmp_path / "a", data)
    assert_silent(sent(image_workers, path, lossless=lossless))
    assert_silent(sent(image_workers, path, Edits(crop=Area(0, 0, 50, 40), quarter_turns=1)))


def test_an_overlay_brings_no_metadata_either(image_workers: ImageWorkers, tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", telling.AUTHOR)
    for picture in (pictures.photo(80, 60), pictures.four_corners()):
        overlay = pictures.encoded(Image.new("RGBA", (80, 60)), pnginfo=notes, exif=telling.exif())
        path = saved(tmp_path / "a", pictures.encoded(picture))
        assert_silent(sent(image_workers, path, overlay=overlay))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("JPEG", {"exif", "gps", "xmp", "icc", "iptc", "comment", "serial", "author", "thumbnail"}),
        ("PNG", {"exif", "gps", "xmp", "icc", "comment", "serial", "author", "thumbnail"}),
        ("WEBP", {"exif", "gps", "xmp", "icc", "serial", "author", "thumbnail"}),
        ("TIFF", {"exif", "gps", "xmp", "icc", "iptc", "serial", "author"}),
        ("HEIF", {"exif", "gps", "xmp", "icc", "serial", "author", "thumbnail"}),
        ("AVIF", {"exif", "gps", "xmp", "icc", "serial", "author", "thumbnail"}),
        ("GIF", {"comment"}),
    ],
)
def test_every_kind_that_is_removed_is_named(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, expected: set[str]
) -> None:
    path = saved(tmp_path / "a", telling.telling(pictures.photo(), kind))
    facts = image_workers.inspect(path, thumbnail_px=None).result(60).facts
    assert set(facts.metadata) == expected
    if kind != "GIF":
        assert facts.position == Position(latitude=48.8584, longitude=2.2945)
        assert (facts.camera, facts.lens) == ("Fujifilm X-T5", telling.LENS)


def test_what_only_xmp_tells_is_named_too(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a", pictures.encoded(pictures.photo(), "JPEG", xmp=telling.XMP))
    facts = image_workers.inspect(path, thumbnail_px=None).result(60).facts
    assert set(facts.metadata) == {"gps", "xmp", "serial", "author"}
