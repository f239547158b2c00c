"""What a model sees of a file: upright, opaque, sRGB, eight bits, of the planned size. In real workers."""

import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms
from PIL.Image import Transpose

from desktop.images.workers import ImageWorkers
from tests.helpers import pictures

Pixel = tuple[int, int, int]


def sent(workers: ImageWorkers, path: Path, size: tuple[int, int] | None = None) -> Image.Image:
    """The pixels that go out, losslessly."""
    facts = workers.inspect(path, thumbnail_px=None).result(60).facts
    width, height = size or (facts.width_px, facts.height_px)
    encoded = workers.encode(
        path, expected_sha256=facts.sha256, width_px=width, height_px=height, lossless=True
    ).result(60)
    return Image.open(io.BytesIO(encoded.data)).convert("RGB")


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def at(picture: Image.Image, x: int, y: int) -> Pixel:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def near(found: Pixel, expected: Pixel, tolerance: int = 6) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, expected, strict=True))


STORED_AS = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}
"""How a camera stores an upright scene under each EXIF orientation (EXIF 2.32, tag 0x0112)."""


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_every_orientation_comes_out_upright(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, orientation: int
) -> None:
    scene = pictures.four_corners(80, 60)
    turn = STORED_AS[orientation]
    stored = scene.transpose(turn) if turn is not None else scene
    exif = pictures.exif_orientation(orientation)
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    options = {"quality": 95} if kind in {"JPEG", "WEBP", "AVIF", "HEIF"} else {}
    path = saved(tmp_path / "photo", pictures.encoded(stored, kind, exif=exif, **options))

    facts = image_workers.inspect(path, thumbnail_px=40).result(60)
    assert (facts.facts.width_px, facts.facts.height_px) == (80, 60)
    assert facts.thumbnail is not None
    assert (facts.thumbnail.width_px, facts.thumbnail.height_px) == (40, 30)

    found = sent(image_workers, path)
    assert found.size == (80, 60)
    corners = [at(found, x, y) for y in (15, 45) for x in (20, 60)]
    expected = [Image.new("RGB", (1, 1), color).getpixel((0, 0)) for color in pictures.CORNERS]
    assert all(near(a, b, 40) for a, b in zip(corners, expected, strict=True)), corners


@pytest.mark.parametrize("size", [(80, 60), (33, 25), (1, 1), (80, 1)])
def test_the_planned_size_is_exact(
    image_workers: ImageWorkers, tmp_path: Path, size: tuple[int, int]
) -> None:
    for kind in ("JPEG", "PNG"):
        path = saved(tmp_path / kind, pictures.encoded(pictures.photo(80, 60), kind))
        assert sent(image_workers, path, size).size == size


def test_a_turned_photo_is_scaled_to_the_upright_size(image_workers: ImageWorkers, tmp_path: Path) -> None:
    stored = pictures.four_corners(4000, 2000).transpose(Transpose.ROTATE_90)
    exif = pictures.exif_orientation(6)
    path = saved(tmp_path / "a.jpg", pictures.encoded(stored, "JPEG", quality=95, exif=exif))
    found = sent(image_workers, path, (400, 200))
    assert found.size == (400, 200)
    assert near(at(found, 100, 50), (255, 0, 0), 12)
    assert near(at(found, 300, 150), (255, 255, 0), 12)


def test_transparency_is_flattened_on_white(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (10, 10, 30, 30))
    picture.paste((0, 0, 0, 128), (0, 30, 40, 40))
    found = sent(image_workers, saved(tmp_path / "a.png", pictures.encoded(picture)))
    assert at(found, 2, 2) == (255, 255, 255)
    assert at(found, 20, 20) == (200, 0, 0)
    assert near(at(found, 20, 35), (127, 127, 127), 2)


def test_a_white_drawing_on_nothing_is_flattened_on_grey(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    picture.paste((250, 250, 250, 255), (10, 10, 30, 30))
    for mode in ("RGBA", "LA"):
        path = saved(tmp_path / mode, pictures.encoded(picture.convert(mode)))
        found = sent(image_workers, path)
        assert at(found, 2, 2) == (128, 128, 128)
        assert near(at(found, 20, 20), (250, 250, 250))


def test_a_white_page_with_round_corners_stays_on_white(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = Image.new("RGBA", (200, 200), (255, 255, 255, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 6, 6))
    found = sent(image_workers, saved(tmp_path / "a.png", pictures.encoded(picture)))
    assert at(found, 2, 2) == (255, 255, 255)


def test_nothing_visible_is_white(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))
    assert at(sent(image_workers, path), 4, 4) == (255, 255, 255)


def test_palette_grey_and_keyed_transparency_are_flattened(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.paste(1, (0, 0, 10, 20))
    grey = Image.new("L", (20, 20), 7)
    grey.paste(90, (0, 0, 10, 20))
    colors = Image.new("RGB", (20, 20), (1, 2, 3))
    colors.paste((90, 90, 90), (0, 0, 10, 20))
    cases = {
        "palette": (pictures.encoded(palette, transparency=0), (200, 100, 50)),
        "gif": (pictures.encoded(palette, "GIF", transparency=0), (200, 100, 50)),
        "grey": (pictures.encoded(grey, transparency=7), (90, 90, 90)),
        "rgb": (pictures.encoded(colors, transparency=(1, 2, 3)), (90, 90, 90)),
    }
    for name, (data, expected) in cases.items():
        path = saved(tmp_path / name, data)
        assert image_workers.inspect(path, thumbnail_px=None).result(60).facts.has_alpha
        found = sent(image_workers, path)
        assert at(found, 15, 10) == (255, 255, 255), name
        assert at(found, 5, 10) == expected, name


def test_sixteen_bits_keep_black_middle_and_white(image_workers: ImageWorkers, tmp_path: Path) -> None:
    row = b"".join(value.to_bytes(2, "little") * 10 for value in (0, 32768, 65535))
    picture = Image.frombytes("I;16", (30, 10), row * 10)
    for kind in ("PNG", "TIFF"):
        found = sent(image_workers, saved(tmp_path / kind, pictures.encoded(picture, kind)))
        assert [at(found, x, 5)[0] for x in (5, 15, 25)] == pytest.approx([0, 127, 255], abs=1)


def test_float_pixels_are_stretched_between_their_extremes(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    picture = Image.new("F", (30, 10), -2.0)
    picture.paste(0.0, (10, 0, 20, 10))
    picture.paste(2.0, (20, 0, 30, 10))
    found = sent(image_workers, saved(tmp_path / "a.tif", pictures.encoded(picture, "TIFF")))
    assert [at(found, x, 5)[0] for x in (5, 15, 25)] == pytest.approx([0, 127, 255], abs=1)


def test_a_cmyk_jpeg_has_its_colours_and_is_not_inverted(image_workers: ImageWorkers, tmp_path: Path) -> None:
    picture = Image.new("CMYK", (40, 20), (0, 0, 0, 0))
    picture.paste((0, 255, 255, 0), (20, 0, 40, 20))
    path = saved(tmp_path / "a.jpg", pictures.encoded(picture, "JPEG", quality=95))
    found = sent(image_workers, path)
    assert near(at(found, 8, 10), (255, 255, 255), 10)
    assert near(at(found, 32, 10), (255, 0, 0), 25)


def swapped_profile() -> bytes:
    """A profile in which red and green have changed places, so that applying it cannot be missed."""
    data = bytearray(pictures.srgb_profile())
    count = int.from_bytes(data[128:132], "big")
    entries = {bytes(data[i : i + 4]): i for i in range(132, 132 + 12 * count, 12)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_the_embedded_profile_is_applied(image_workers: ImageWorkers, tmp_path: Path) -> None:
    assert ImageCms.ImageCmsProfile(io.BytesIO(swapped_profile()))
    picture = Image.new("RGB", (20, 20), (255, 0, 0))
    path = saved(tmp_path / "a.png", pictures.encoded(picture, icc_profile=swapped_profile()))
    assert near(at(sent(image_workers, path), 10, 10), (0, 255, 0), 4)


@pytest.mark.parametrize("profile", [b"", b"no profile", bytes(200), "truncated", "of other channels"])
def test_a_bad_profile_is_ignored(image_workers: ImageWorkers, tmp_path: Path, profile: bytes | str) -> None:
    if profile == "truncated":
        profile = pictures.srgb_profile()[:150]
    mode = "L" if profile == "of other channels" else "RGB"
    if isinstance(profile, str):
        profile = pictures.srgb_profile()
    picture = Image.new(mode, (20, 20), 90 if mode == "L" else (200, 30, 30))
    path = saved(tmp_path / "a.png", pictures.encoded(picture, icc_profile=profile))
    expected = (90, 90, 90) if mode == "L" else (200, 30, 30)
    assert at(sent(image_workers, path), 10, 10) == expected


def test_the_same_colours_come_out_with_an_srgb_profile(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo(), icc_profile=pictures.srgb_profile()))
    found = sent(image_workers, path)
    differences = [abs(a - b) for a, b in zip(found.tobytes(), pictures.photo().tobytes(), strict=True)]
    assert max(differences) <= 2
