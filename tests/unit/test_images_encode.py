"""The bytes that are sent: PNG or JPEG by content, the same each time, without metadata. In real workers."""

import hashlib
import io
from pathlib import Path

import piexif
import pytest
from PIL import Image, ImageDraw

from desktop.core.problems import Code, ProblemError
from desktop.images.inspect import EncodedImage
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures


def encode(workers: ImageWorkers, path: Path, *, scale: float = 1.0, lossless: bool = False) -> EncodedImage:
    facts = workers.inspect(path, thumbnail_px=None).result(60).facts
    return workers.encode(
        path,
        expected_sha256=facts.sha256,
        width_px=max(1, round(facts.width_px * scale)),
        height_px=max(1, round(facts.height_px * scale)),
        lossless=lossless,
    ).result(60)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def screenshot() -> Image.Image:
    """Flat areas, a smooth gradient and small text: more than 256 colours."""
    picture = Image.new("RGB", (640, 400), "#f5f5f7")
    draw = ImageDraw.Draw(picture)
    for x in range(640):
        draw.line((x, 0, x, 40), fill=(x * 255 // 640, 90, 200 - x // 8))
    for line in range(14):
        draw.text(
            (20, 60 + line * 24),
            f"{line:2} def load(path): return 'small text'",
            font=pictures.font(15),
            fill="#202030",
        )
    return picture


@pytest.mark.parametrize(
    ("name", "picture", "expected"),
    [
        ("photo", pictures.photo(), "image/jpeg"),
        ("grey photo", pictures.photo(mode="L"), "image/jpeg"),
        ("screenshot", screenshot(), "image/png"),
        ("scanned text", pictures.text_page("one", "two", "three").convert("1"), "image/png"),
        ("drawing", pictures.four_corners(), "image/png"),
        ("dithered", pictures.photo().quantize(64), "image/png"),
        ("one pixel", Image.new("RGB", (1, 1), "red"), "image/png"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_format_follows_the_content(
    image_workers: ImageWorkers, tmp_path: Path, name: str, picture: Image.Image, expected: str
) -> None:
    found = encode(image_workers, saved(tmp_path / name, pictures.encoded(picture)))
    assert found.sent.media_type == expected
    assert Image.open(io.BytesIO(found.data)).format == expected.removeprefix("image/").upper()


def test_a_drawing_is_sent_exactly_and_small(image_workers: ImageWorkers, tmp_path: Path) -> None:
    for picture in (screenshot(), pictures.four_corners(400, 300), pictures.photo().quantize(200)):
        path = saved(tmp_path / "a.png", pictures.encoded(picture))
        found = encode(image_workers, path)
        assert Image.open(io.BytesIO(found.data)).convert("RGB").tobytes() == picture.convert("RGB").tobytes()
        assert found.sent.size_bytes <= len(pictures.encoded(picture.convert("RGB")))


def test_a_photo_on_a_flat_ground_is_a_jpeg_when_png_costs_more(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    product = Image.new("RGB", (640, 480), "white")
    product.paste(pictures.photo(400, 300), (100, 100))
    found = encode(image_workers, saved(tmp_path / "a.png", pictures.encoded(product)))
    assert found.sent.media_type == "image/jpeg"


def test_what_is_described_is_what_is_there(image_workers: ImageWorkers, tmp_path: Path) -> None:
    found = encode(image_workers, saved(tmp_path / "a.png", pictures.encoded(pictures.photo())), scale=0.5)
    assert found.sent.sha256 == hashlib.sha256(found.data).hexdigest()
    assert found.sent.size_bytes == len(found.data)
    assert (
        (found.sent.width_px, found.sent.height_px) == Image.open(io.BytesIO(found.data)).size == (160, 120)
    )


def test_the_same_image_gives_the_same_bytes(image_workers: ImageWorkers, tmp_path: Path) -> None:
    for picture in (pictures.photo(), screenshot()):
        path = saved(tmp_path / "a.png", pictures.encoded(picture))
        assert encode(image_workers, path, scale=0.7) == encode(image_workers, path, scale=0.7)


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("picture", [pictures.photo(), screenshot()], ids=["photo", "screenshot"])
def test_no_metadata_is_sent(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, lossless: bool, picture: Image.Image
) -> None:
    options: dict[str, object] = {
        "exif": pictures.exif_with_position(),
        "icc_profile": pictures.srgb_profile(),
    }
    if kind != "TIFF":
        options["xmp"] = pictures.xmp()
    if kind == "JPEG":
        options["comment"] = b"secret-comment"
    path = saved(tmp_path / "a", pictures.encoded(picture, kind, dpi=(300, 300), **options))
    assert {"exif", "gps", "icc"} <= set(
        image_workers.inspect(path, thumbnail_px=None).result(60).facts.metadata
    )
    found = encode(image_workers, path, lossless=lossless)
    for trace in (
        b"Exif",
        b"eXIf",
        b"GPS",
        b"secret",
        b"xmp",
        b"rdf",
        b"ICC_PROFILE",
        b"iCCP",
        b"Fujifilm",
        b"2026:10",
        b"tEXt",
        b"pHYs",
    ):
        assert trace not in found.data
    if found.sent.media_type == "image/jpeg":
        known = piexif.load(found.data)
        assert not any(known[group] for group in ("0th", "Exif", "GPS", "1st", "thumbnail"))
        # Only JFIF's own marker, no comment and no other application's.
        assert {found.data[i + 1] for i in segments(found.data)} <= {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}


def segments(data: bytes) -> list[int]:
    """Offsets of a JPEG's markers up to the pixels (ITU T.81, B.1.1.4)."""
    found, offset = [], 2
    while data[offset + 1] != 0xDA:
        found.append(offset)
        offset += 2 + int.from_bytes(data[offset + 2 : offset + 4], "big")
    return [*found, offset]


def test_for_the_reader_nothing_is_lost_but_what_the_source_has_lost(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    exact = saved(tmp_path / "a.png", pictures.encoded(pictures.photo()))
    found = encode(image_workers, exact, lossless=True)
    assert found.sent.media_type == "image/png"
    assert Image.open(io.BytesIO(found.data)).convert("RGB").tobytes() == pictures.photo().tobytes()
    lossy = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG"))
    assert encode(image_workers, lossy, lossless=True).sent.media_type == "image/jpeg"


def test_a_file_that_changed_or_went_is_not_sent(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo()))
    before = image_workers.inspect(path, thumbnail_px=None).result(60).facts.sha256
    path.write_bytes(pictures.encoded(pictures.four_corners()))
    changed = image_workers.encode(path, expected_sha256=before, width_px=10, height_px=10).exception(60)
    path.unlink()
    gone = image_workers.encode(path, expected_sha256=before, width_px=10, height_px=10).exception(60)
    assert isinstance(changed, ProblemError)
    assert isinstance(gone, ProblemError)
    assert (changed.problem.code, gone.problem.code) == (Code.IMAGE_CHANGED, Code.IMAGE_MISSING)


def test_stored_bytes_that_fit_stay_the_very_same(image_workers: ImageWorkers, tmp_path: Path) -> None:
    first = encode(image_workers, saved(tmp_path / "a.png", pictures.encoded(pictures.photo())))
    for width, height in ((320, 240), (1000, 1000)):
        assert image_workers.reencode(first.data, width_px=width, height_px=height).result(60) == first


def test_stored_bytes_that_do_not_fit_are_scaled(image_workers: ImageWorkers, tmp_path: Path) -> None:
    first = encode(image_workers, saved(tmp_path / "a.png", pictures.encoded(pictures.photo())))
    found = image_workers.reencode(first.data, width_px=80, height_px=60).result(60)
    assert (found.sent.width_px, found.sent.height_px) == Image.open(io.BytesIO(found.data)).size == (80, 60)
    assert found.sent.sha256 != first.sent.sha256


def test_stored_bytes_that_are_damaged_are_named(image_workers: ImageWorkers) -> None:
    error = image_workers.reencode(b"\x89PNG", width_px=80, height_px=60, name="a.png").exception(60)
    assert isinstance(error, ProblemError)
    assert (error.problem.code, error.problem.parameters["name"]) == (Code.IMAGE_DAMAGED, "a.png")


def test_a_thumbnail_of_stored_bytes(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.four_corners()))
    found = image_workers.thumbnail(path, 40).result(60)
    assert (found.width_px, found.height_px) == (40, 30)
    assert pictures.nearly(pictures.decoded(found.jpeg).getpixel((1, 1)), (255, 0, 0))
