"""The camera's own preview is seen while a large file waits, and only where it shows the same picture."""

import io
import os
import time
from pathlib import Path

import piexif
import pytest
from PIL import Image

from desktop.images import formats
from desktop.images.inspect import CacheFolders
from desktop.images.previews import preview
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures

LARGE = (3200, 2400)
RED, BLUE = (254, 0, 0), (0, 0, 254)


@pytest.fixture(scope="module", autouse=True)
def heif_is_known() -> None:
    formats.prepare_pillow()


def jpeg(size: tuple[int, int] = LARGE, colour: str = "red", **options: object) -> bytes:
    return pictures.encoded(Image.new("RGB", size, colour), "JPEG", **options)


def with_exif_preview(size: tuple[int, int], *, orientation: int = 1, image: bytes | None = None) -> bytes:
    """A red photo whose EXIF preview is blue, so that it shows which of them is seen."""
    exif = piexif.dump(
        {"0th": {piexif.ImageIFD.Orientation: orientation}, "1st": {}, "thumbnail": jpeg(size, "blue")}
    )
    out = io.BytesIO()
    piexif.insert(exif, image or jpeg(), out)
    return out.getvalue()


def with_further_picture(size: tuple[int, int], kind: bytes) -> bytes:
    """A multi-picture file whose second picture is of a kind, as CIPA DC-007 numbers them."""
    out = io.BytesIO()
    main, further = Image.new("RGB", LARGE, "red"), Image.new("RGB", size, "blue")
    main.save(out, "MPO", save_all=True, append_images=[further])
    data = bytearray(out.getvalue())
    # Little-endian: tag B002, undefined, 32 bytes; the second entry follows the first, which has 16.
    tag = data.index(b"\x02\xb0\x07\x00\x20\x00\x00\x00")
    header = data.index(b"MPF\0") + 4
    entries = header + int.from_bytes(data[tag + 8 : tag + 12], "little")
    data[entries + 16 : entries + 20] = kind
    return bytes(data)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def seen(path: Path, longest_px: int = 320) -> Image.Image:
    found = preview(path, longest_px)
    assert found is not None
    return found


def test_the_exif_preview_of_a_large_photo_is_seen(tmp_path: Path) -> None:
    found = seen(saved(tmp_path / "a.jpg", with_exif_preview((160, 120))))
    assert (found.size, found.mode) == ((160, 120), "RGB")
    assert pictures.nearly(found.getpixel((80, 60)), BLUE)


def test_it_is_turned_as_the_photo_is(tmp_path: Path) -> None:
    found = seen(saved(tmp_path / "a.jpg", with_exif_preview((160, 120), orientation=6)))
    assert found.size == (120, 160)


@pytest.mark.parametrize("kind", [b"\x01\x00\x01\x00", b"\x02\x00\x01\x00"])
def test_a_large_preview_behind_the_photo_is_seen(tmp_path: Path, kind: bytes) -> None:
    found = seen(saved(tmp_path / "a.jpg", with_further_picture((640, 480), kind)))
    assert found.size == (320, 240)
    assert pictures.nearly(found.getpixel((80, 60)), BLUE)


def test_a_second_photo_is_no_preview(tmp_path: Path) -> None:
    stereo = with_further_picture((640, 480), b"\x02\x00\x02\x00")
    assert preview(saved(tmp_path / "a.jpg", stereo), 320) is None


NOT_SEEN = {
    "cropped since": with_exif_preview((160, 160)),
    "with bars": with_exif_preview((160, 107)),
    "too small": with_exif_preview((120, 90)),
    "none": jpeg(),
    "decoded as quickly": with_exif_preview((160, 120), image=jpeg((1600, 1200))),
    "no picture": b"\xff\xd8\xff" + with_exif_preview((160, 120))[3:].replace(b"\xff\xd8\xff", b"\0\0\0", 1),
    "cut": with_exif_preview((160, 120))[:300],
    "another format": pictures.encoded(Image.new("RGB", LARGE)),
    "a bomb": with_exif_preview((160, 120), image=jpeg())[:200] + os.urandom(2000),
    "empty": b"",
}


@pytest.mark.parametrize("kind", NOT_SEEN)
def test_what_is_no_fitting_preview_is_not_seen(tmp_path: Path, kind: str) -> None:
    assert preview(saved(tmp_path / "a.jpg", NOT_SEEN[kind]), 320) is None


def test_a_pipe_and_a_missing_file_have_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    began = time.monotonic()
    assert preview(tmp_path / "pipe.jpg", 320) is None
    assert preview(tmp_path / "gone.jpg", 320) is None
    assert time.monotonic() - began < 5


def test_it_is_a_glance_until_the_file_is_known_and_nothing_is_kept_of_it(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.jpg", with_exif_preview((160, 120)))
    glance = image_workers.glance(path, 320).result(60)
    assert glance is not None
    assert pictures.nearly(pictures.decoded(glance.jpeg).getpixel((80, 60)), BLUE)
    looked_at = image_workers.inspect(path, thumbnail_px=320).result(60)
    assert looked_at.thumbnail is not None
    assert pictures.nearly(pictures.decoded(looked_at.thumbnail.jpeg).getpixel((80, 60)), RED)


def test_what_the_file_manager_has_is_better(tmp_path: Path) -> None:
    """And what is known already is best: then there is no glance at all."""
    caches = CacheFolders(own=tmp_path / "own", shared=tmp_path / "shared")
    path = saved(tmp_path / "a.jpg", with_exif_preview((160, 120)))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    time_to_settle = path.stat().st_ctime_ns + 100_000_000
    while time.time_ns() < time_to_settle:
        pass
    workers = ImageWorkers(processes=1, caches=caches)
    try:
        workers.look_at([(path, 0)], thumbnail_px=320).result(60)
        assert workers.glance(path, 320).result(60) is None
        for kept in caches.own.rglob("*"):
            if kept.is_file():
                kept.unlink()
        glance = workers.glance(path, 320).result(60)
    finally:
        workers.close()
    assert glance is not None
    assert (glance.width_px, glance.height_px) == (256, 192)
