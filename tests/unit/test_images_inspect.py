"""Looking at one file: its facts, or the reason why it cannot be used. In real worker processes."""

import io
import os
import socket
import sys
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from desktop.core.model import Position
from desktop.core.problems import Code, Problem, ProblemError
from desktop.images.inspect import Inspection
from desktop.images.webp import webp_size
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures


def look(workers: ImageWorkers, path: Path, thumbnail_px: int | None = 64) -> Inspection:
    return workers.inspect(path, thumbnail_px=thumbnail_px).result(60)


def refused(workers: ImageWorkers, path: Path) -> Problem:
    error = workers.inspect(path, thumbnail_px=64).exception(60)
    assert isinstance(error, ProblemError)
    return error.problem


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def heif(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, **options)
    return out.getvalue()


SOUND = {
    "png": ("PNG", lambda: pictures.encoded(pictures.photo())),
    "jpeg": ("JPEG", lambda: pictures.encoded(pictures.photo(), "JPEG")),
    "progressive": ("JPEG", lambda: pictures.encoded(pictures.photo(), "JPEG", progressive=True)),
    "cmyk": ("JPEG", lambda: pictures.encoded(pictures.photo(mode="CMYK"), "JPEG")),
    "webp": ("WEBP", lambda: pictures.encoded(pictures.photo(), "WEBP")),
    "gif": ("GIF", lambda: pictures.encoded(pictures.photo(), "GIF")),
    "bmp": ("BMP", lambda: pictures.encoded(pictures.photo(), "BMP")),
    "tiff": ("TIFF", lambda: pictures.encoded(pictures.photo(), "TIFF", compression="tiff_lzw")),
    "grey-16": ("PNG", lambda: pictures.encoded(Image.new("I;16", (320, 240), 30_000))),
    "tiff-16": ("TIFF", lambda: pictures.encoded(Image.new("I;16", (320, 240), 30_000), "TIFF")),
    "tiff-float": ("TIFF", lambda: pictures.encoded(Image.new("F", (320, 240), 0.5), "TIFF")),
    "bilevel": ("PNG", lambda: pictures.encoded(pictures.photo(mode="1"))),
    "palette": ("PNG", lambda: pictures.encoded(pictures.photo().quantize(20))),
    "grey-alpha": ("PNG", lambda: pictures.encoded(pictures.photo(mode="LA"))),
    "avif": ("AVIF", lambda: pictures.encoded(pictures.photo(), "AVIF")),
    "heic": ("HEIF", lambda: heif(pictures.photo())),
}


@pytest.mark.parametrize("kind", SOUND)
def test_every_promised_format_is_taken_by_its_content(
    image_workers: ImageWorkers, tmp_path: Path, kind: str
) -> None:
    name, make = SOUND[kind]
    path = saved(tmp_path / "named-wrongly.txt", make())
    found = look(image_workers, path)
    assert (found.facts.format, found.facts.width_px, found.facts.height_px) == (name, 320, 240)
    assert found.facts.file_bytes == path.stat().st_size
    assert found.facts.modified_ns == path.stat().st_mtime_ns
    assert found.thumbnail is not None
    assert (found.thumbnail.width_px, found.thumbnail.height_px) == (64, 48)
    assert pictures.decoded(found.thumbnail.jpeg).size == (64, 48)


def test_no_thumbnail_is_made_when_none_is_asked_for(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo()))
    assert look(image_workers, path, None).thumbnail is None


@pytest.mark.parametrize("size", [(1, 1), (60_000, 1), (1, 60_000)])
def test_extreme_shapes_have_a_thumbnail_of_at_least_a_pixel(
    image_workers: ImageWorkers, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = saved(tmp_path / "thin.png", pictures.encoded(Image.new("RGB", size, "red")))
    found = look(image_workers, path)
    assert (found.facts.width_px, found.facts.height_px) == size
    assert found.thumbnail is not None
    assert max(found.thumbnail.width_px, found.thumbnail.height_px) == min(64, max(size))
    assert min(found.thumbnail.width_px, found.thumbnail.height_px) == 1


def test_camera_time_and_position_are_read(image_workers: ImageWorkers, tmp_path: Path) -> None:
    data = pictures.encoded(
        pictures.photo(),
        "JPEG",
        exif=pictures.exif_with_position(),
        xmp=pictures.xmp(),
        icc_profile=pictures.srgb_profile(),
        comment=b"private",
    )
    facts = look(image_workers, saved(tmp_path / "a.jpg", data)).facts
    assert facts.camera == "Fujifilm X-T5"
    assert facts.taken_at == "2026:10:03 09:41:00"
    assert facts.position == Position(latitude=48.8584, longitude=2.2945)
    assert set(facts.metadata) == {"exif", "gps", "xmp", "icc", "comment"}


def test_a_plain_picture_has_no_metadata(image_workers: ImageWorkers, tmp_path: Path) -> None:
    for kind in ("PNG", "JPEG", "TIFF", "GIF"):
        path = saved(tmp_path / kind, pictures.encoded(pictures.photo(), kind))
        assert look(image_workers, path).facts.metadata == ()


def test_comments_of_a_png_are_noticed(image_workers: ImageWorkers, tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody")
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo(), pnginfo=notes))
    assert look(image_workers, path).facts.metadata == ("comment", "author")


def test_broken_metadata_is_no_reason_to_refuse_the_picture(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 300
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG", exif=exif))
    facts = look(image_workers, path).facts
    assert (facts.camera, facts.position) == (None, None)


def test_positions_that_cannot_be_on_earth_are_ignored(image_workers: ImageWorkers, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (200.0, 0.0, 0.0), 3: "E", 4: (2.0, 0.0, 0.0)})
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG", exif=exif.tobytes()))
    assert look(image_workers, path).facts.position is None


def test_an_animation_tells_its_frames_and_shows_the_first(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    data = pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found = look(image_workers, saved(tmp_path / "a.gif", data))
    assert found.facts.frames == 3
    assert found.thumbnail is not None
    assert pictures.nearly(pictures.decoded(found.thumbnail.jpeg).getpixel((9, 9)), (255, 0, 0))


def test_names_that_are_not_utf8_work(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    saved(path, pictures.encoded(pictures.photo()))
    facts = look(image_workers, path).facts
    assert facts.name == "caf\\xe9.png"
    assert os.fsencode(facts.path).endswith(b"/caf\xe9.png")


def bombs() -> dict[str, bytes]:
    return {
        "claim": pictures.png_header(30_000, 30_000),
        "real": pictures.png_bomb(30_000, 30_000),
        "just over": pictures.png_header(8_001, 8_000),
    }


@pytest.mark.parametrize("kind", ["claim", "real", "just over"])
def test_a_decompression_bomb_is_refused_by_its_header(
    image_workers: ImageWorkers, tmp_path: Path, kind: str
) -> None:
    data = bombs()[kind]
    assert len(data) < 500_000
    found = refused(image_workers, saved(tmp_path / "bomb.png", data))
    assert found.code is Code.IMAGE_TOO_MANY_PIXELS
    assert found.parameters["limit_megapixels"] == 64
    assert int(found.parameters["width"]) * int(found.parameters["height"]) > 64_000_000


@pytest.mark.parametrize(
    "header",
    [
        b"VP8X\x0a\0\0\0\0\0\0\0" + (9_999).to_bytes(3, "little") * 2,
        b"VP8L\xff\0\0\0\x2f" + (9_999 | 9_999 << 14).to_bytes(4, "little"),
        b"VP8 \xff\0\0\0\0\0\0\x9d\x01\x2a" + (10_000).to_bytes(2, "little") * 2,
    ],
    ids=["extended", "lossless", "lossy"],
)
def test_a_webp_bomb_is_refused_before_its_decoder_takes_the_memory(
    image_workers: ImageWorkers, tmp_path: Path, header: bytes
) -> None:
    data = b"RIFF\xff\0\0\0WEBP" + header + bytes(100)
    found = refused(image_workers, saved(tmp_path / "bomb.webp", data))
    assert found.code is Code.IMAGE_TOO_MANY_PIXELS
    assert (found.parameters["width"], found.parameters["height"]) == (10_000, 10_000)


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": pictures.exif_with_position()}])
def test_the_header_of_a_webp_is_read_rightly(options: dict[str, object]) -> None:
    assert webp_size(pictures.encoded(pictures.photo(321, 123), "WEBP", **options)) == (321, 123)


@pytest.mark.parametrize("kind", ["png", "jpeg", "progressive", "gif", "bmp", "tiff", "webp", "avif", "heic"])
@pytest.mark.parametrize("thumbnail_px", [64, None])
def test_a_file_that_breaks_off_is_damaged(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, thumbnail_px: int | None
) -> None:
    data = SOUND[kind][1]()
    path = saved(tmp_path / "half", data[: len(data) * 3 // 4])
    error = image_workers.inspect(path, thumbnail_px=thumbnail_px).exception(60)
    assert isinstance(error, ProblemError)
    assert error.problem.code is Code.IMAGE_DAMAGED
    assert error.problem.parameters["name"] == "half"


def test_a_large_jpeg_that_breaks_off_is_noticed_although_it_is_decoded_small(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    data = pictures.encoded(pictures.photo(400, 300).resize((4000, 3000)), "JPEG")
    found = refused(image_workers, saved(tmp_path / "a.jpg", data[:-2000]))
    assert found.code is Code.IMAGE_DAMAGED


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<svg><image href='file:///etc/passwd'/></svg>", "SVG"),
        (b"8BPS\0\1" + bytes(100), "Photoshop"),
        (b"\0\0\0 ftypisom" + bytes(100), "video"),
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(100), "raw photo"),
    ],
)
def test_other_formats_are_named(image_workers: ImageWorkers, tmp_path: Path, data: bytes, name: str) -> None:
    found = refused(image_workers, saved(tmp_path / "a.png", data))
    assert (found.code, found.parameters["format"]) == (Code.IMAGE_UNSUPPORTED, name)


def test_a_raw_photo_is_not_taken_for_its_preview(image_workers: ImageWorkers, tmp_path: Path) -> None:
    tags = {50706: b"\x01\x04\0\0"}
    path = saved(tmp_path / "a.dng", pictures.encoded(pictures.photo(), "TIFF", tiffinfo=tags))
    assert refused(image_workers, path).code is Code.IMAGE_UNSUPPORTED


@pytest.mark.parametrize("data", [b"hello", b"\0" * 1000, b"\x7fELF" + bytes(500), os.urandom(64)])
def test_anything_else_is_not_an_image(image_workers: ImageWorkers, tmp_path: Path, data: bytes) -> None:
    assert refused(image_workers, saved(tmp_path / "a.png", data)).code is Code.IMAGE_NOT_AN_IMAGE


def test_missing_empty_and_odd_files_are_told_apart(image_workers: ImageWorkers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        found = {
            path.name: refused(image_workers, path).code
            for path in (
                tmp_path / "gone.png",
                tmp_path / "a" / "b.png",
                saved(tmp_path / "empty.png", b""),
                tmp_path / "pipe.png",
                tmp_path / "s",
                Path("/dev/zero"),
                tmp_path,
                tmp_path / ("x" * 300),
                tmp_path / "nul\0.png",
            )
        }
    assert found == {
        "gone.png": Code.IMAGE_MISSING,
        "b.png": Code.IMAGE_MISSING,
        "empty.png": Code.IMAGE_EMPTY,
        "pipe.png": Code.IMAGE_NOT_A_FILE,
        "s": Code.IMAGE_NOT_A_FILE,
        "zero": Code.IMAGE_NOT_A_FILE,
        tmp_path.name: Code.IMAGE_NOT_A_FILE,
        "x" * 300: Code.IMAGE_UNREADABLE,
        "nul\0.png": Code.IMAGE_UNREADABLE,
    }


def test_a_huge_file_is_refused_before_it_is_read(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    found = refused(image_workers, path)
    assert found.code is Code.IMAGE_TOO_MANY_BYTES
    assert (found.parameters["size_bytes"], found.parameters["limit_bytes"]) == (100_000_001, 100_000_000)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a worker")
@pytest.mark.parametrize("mode", ["RGBA", "L"])
def test_64_megapixels_fit_into_the_memory_of_a_worker(
    image_workers: ImageWorkers, tmp_path: Path, mode: str
) -> None:
    picture = Image.new(mode, (8000, 8000), 99 if mode == "L" else (10, 200, 30, 128))
    path = saved(tmp_path / "large.png", pictures.encoded(picture, compress_level=1))
    found = look(image_workers, path)
    assert found.facts.width_px == 8000
    sent = image_workers.encode(
        path, expected_sha256=found.facts.sha256, width_px=4000, height_px=4000
    ).result(60)
    assert (sent.sent.width_px, sent.sent.height_px) == (4000, 4000)
