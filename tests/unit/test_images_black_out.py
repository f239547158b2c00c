"""What is blacked out leaves no trace: whatever was there, the very same bytes are sent. In real workers."""

import hashlib
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from desktop.core.edits import Area, Edits
from desktop.images import finish, pages, pixels
from desktop.images.inspect import EncodedImage, Finish
from desktop.images.workers import ImageWorkers
from tests.helpers import pdfs, pictures

SIZE = (480, 360)
SECRET = Area(160, 128, 288, 192)
"""Whole 16-pixel blocks, so that a JPEG's own blocks hold nothing of it outside."""
HIDDEN = Area(155, 123, 293, 197)
"""What is blacked out, beyond what a JPEG's colours reach; on no boundary of anything."""
CHANCE = random.Random(11)


def with_secret(secret: str, *, mode: str = "RGB") -> Image.Image:
    """The same picture each time but for the letters in `SECRET`, of a random colour, on a random ground."""
    chance = random.Random(secret)
    picture = pictures.photo(*SIZE)
    colours = [tuple(chance.randbytes(3)) for _ in range(2)]
    label = Image.new("RGB", (SECRET.width_px, SECRET.height_px), colours[0])
    ImageDraw.Draw(label).multiline_text((4, 4), secret, font=pictures.font(30), fill=colours[1])
    picture.paste(label, (SECRET.left, SECRET.top))
    return picture.convert(mode)


def as_jpeg(**options: object) -> Callable[[str], bytes]:
    return lambda secret: pictures.encoded(with_secret(secret), "JPEG", quality=90, **options)


def as_gif(secret: str) -> bytes:
    palette = pictures.photo(*SIZE).quantize(64)
    picture = palette.copy()
    label = with_secret(secret).quantize(palette=palette, dither=Image.Dither.NONE)
    box = (SECRET.left, SECRET.top, SECRET.right, SECRET.bottom)
    picture.paste(label.crop(box), box)
    return pictures.encoded(picture, "GIF")


def as_float(secret: str) -> bytes:
    """Its extremes, between which the others are stretched, lie in the secret."""
    picture = with_secret("", mode="L").convert("F")
    low, high = CHANCE.uniform(-9000, -1), CHANCE.uniform(300, 9000)
    picture.paste(low, (SECRET.left, SECRET.top, SECRET.left + 9, SECRET.bottom))
    picture.paste(high, (SECRET.left + 9, SECRET.top, SECRET.right, SECRET.bottom))
    return pictures.encoded(picture, "TIFF")


def as_drawing_on_nothing(secret: str) -> bytes:
    """Whether what is visible is white decides about the ground."""
    picture = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    picture.paste((255, 255, 255, 255), (20, 20, 200, 200))
    chance = random.Random(secret)
    label = Image.frombytes("RGBA", (80, 40), chance.randbytes(80 * 40 * 4))
    picture.paste(label, (SECRET.left, SECRET.top))
    return pictures.encoded(picture)


def as_palette(secret: str) -> bytes:
    """The first colour of the palette, which is not black, would be what zero means."""
    picture = Image.new("P", SIZE, 2)
    picture.putpalette([250, 240, 230, 200, 0, 0, 0, 90, 200])
    ImageDraw.Draw(picture).text((SECRET.left, SECRET.top), secret, fill=1, font=pictures.font(30))
    return pictures.encoded(picture)


KINDS: dict[str, Callable[[str], bytes]] = {
    "PNG": lambda secret: pictures.encoded(with_secret(secret)),
    "grey PNG": lambda secret: pictures.encoded(with_secret(secret, mode="L")),
    "palette": as_palette,
    "drawing on nothing": as_drawing_on_nothing,
    "BMP": lambda secret: pictures.encoded(with_secret(secret), "BMP"),
    "WebP": lambda secret: pictures.encoded(with_secret(secret), "WEBP", lossless=True, exact=True),
    "GIF": as_gif,
    "TIFF of floats": as_float,
    "TIFF CMYK": lambda secret: pictures.encoded(with_secret(secret, mode="CMYK"), "TIFF"),
    "JPEG 4:2:0": as_jpeg(subsampling="4:2:0"),
    "JPEG 4:4:4": as_jpeg(subsampling="4:4:4"),
    "JPEG progressive": as_jpeg(progressive=True, subsampling="4:2:0"),
    "JPEG grey": lambda secret: pictures.encoded(with_secret(secret, mode="L"), "JPEG"),
    "turned JPEG": as_jpeg(exif=pictures.exif_orientation(6)),
    "mirrored JPEG": as_jpeg(exif=pictures.exif_orientation(7)),
    "PDF": lambda secret: pdfs.pdf(
        pdfs.box((0.9, 0.9, 1.0), 0, 0, 172.8, 129.6)
        + pdfs.page_of_text(secret, size_points=9, left=61, top=75),
        size_points=(172.8, 129.6),
    ),
}


def upright(kind: str, area: Area) -> Area:
    """Where an area of the stored picture lies in the upright one (EXIF 2.32, tag 0x0112)."""
    width, height = SIZE
    match kind:
        case "turned JPEG":
            return Area(height - area.bottom, area.left, height - area.top, area.right)
        case "mirrored JPEG":
            return Area(height - area.bottom, width - area.right, height - area.top, width - area.left)
        case _:
            return area


def sent(
    workers: ImageWorkers, path: Path, edits: Edits, size: tuple[int, int], *, lossless: bool = False
) -> EncodedImage:
    return workers.encode(
        path,
        expected_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        width_px=size[0],
        height_px=size[1],
        edits=edits,
        lossless=lossless,
    ).result(60)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_two_secrets_give_the_very_same_bytes(image_workers: ImageWorkers, tmp_path: Path, kind: str) -> None:
    files = [saved(tmp_path / str(n), KINDS[kind](secret)) for n, secret in enumerate(("4111 1111", "x"))]
    assert files[0].read_bytes() != files[1].read_bytes()
    area = upright(kind, HIDDEN)
    turned = kind in {"turned JPEG", "mirrored JPEG"}
    crop = Area(area.left - 40, area.top - 30, area.right + 21, area.bottom + 50)
    for scale in (1.0, 0.43, 0.02):
        width, height = (max(1, round(side * scale)) for side in SIZE)
        size = (height, width) if turned else (width, height)
        cropped = max(1, round(crop.height_px * scale)), max(1, round(crop.width_px * scale))
        from_below = Area(area.right, area.bottom, area.left, area.top)
        for edits, pixels_sent in (
            (Edits(blackouts=(area,)), size),
            (Edits(blackouts=(from_below,), crop=crop, quarter_turns=1), cropped),
        ):
            for lossless in (False, True):
                first, second = (
                    sent(image_workers, path, edits, pixels_sent, lossless=lossless) for path in files
                )
                assert first == second, (scale, lossless)


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_black_the_secrets_would_show(
    image_workers: ImageWorkers, tmp_path: Path, kind: str
) -> None:
    files = [saved(tmp_path / str(n), KINDS[kind](secret)) for n, secret in enumerate(("4111 1111", "x"))]
    size = SIZE[::-1] if kind in {"turned JPEG", "mirrored JPEG"} else SIZE
    first, second = (sent(image_workers, path, Edits(), size) for path in files)
    assert first != second


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [1.0, 0.61])
def test_the_area_is_black_and_what_surrounds_it_is_not(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, scale: float
) -> None:
    path = saved(tmp_path / "a", KINDS[kind]("secret"))
    area = upright(kind, HIDDEN)
    size = SIZE[::-1] if kind in {"turned JPEG", "mirrored JPEG"} else SIZE
    size = round(size[0] * scale), round(size[1] * scale)
    plain = sent(image_workers, path, Edits(), size, lossless=True)
    found = sent(image_workers, path, Edits(blackouts=(area,)), size, lossless=True)
    picture = Image.open(io.BytesIO(found.data)).convert("RGB")
    inner = [int(edge * scale) for edge in (area.left, area.top)]
    outer = [-int(-edge * scale // 1) for edge in (area.right, area.bottom)]
    # A JPEG for the reader rings a little at the edges.
    is_exact = found.sent.media_type == "image/png"
    margin = 0 if is_exact else 9
    black = picture.crop((inner[0] + margin, inner[1] + margin, outer[0] - margin, outer[1] - margin))
    assert max(high for _low, high in black.getextrema()) <= (0 if is_exact else 4)
    if kind != "TIFF of floats":  # stretched otherwise without its extremes
        before = Image.open(io.BytesIO(plain.data)).convert("RGB")
        above = (0, 0, size[0], inner[1] - 24)
        change = ImageChops.difference(picture.crop(above), before.crop(above))
        assert max(high for _low, high in change.getextrema()) <= (0 if is_exact else 4)


def test_a_jpeg_that_only_fits_in_memory_reduced_loses_whole_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pixels, "_MAX_DECODED_PIXELS", 100_000)
    # Not on a block's boundary: what is beside it in its block goes too.
    hidden = Area(SECRET.left + 3, SECRET.top + 5, SECRET.right - 2, SECRET.bottom - 1)
    for options in ({"subsampling": "4:2:0"}, {"progressive": True}, {"subsampling": "4:4:4"}):
        results = []
        for secret in ("4111 1111", "x"):
            opened = pages.open_page(as_jpeg(**options)(secret), name="a.jpg")
            wanted = Finish(width_px=300, height_px=225, edits=Edits(blackouts=(hidden,)))
            results.append(finish.finished(opened, wanted).tobytes())
            assert opened.size[0] < SIZE[0]
        assert results[0] == results[1]


def test_every_black_area_counts_however_it_was_drawn(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(Image.new("RGB", (100, 80), "white")))
    areas = (
        Area(40, 30, 20, 10),  # from the lower right corner
        Area(-50, -50, 5, 5),
        Area(95, 70, 500, 500),
        Area(200, 200, 300, 300),
        Area(50, 50, 50, 60),  # of no width
    )
    found = sent(image_workers, path, Edits(blackouts=areas), (100, 80))
    picture = Image.open(io.BytesIO(found.data)).convert("L")
    black = [x for x in range(100 * 80) if picture.getpixel((x % 100, x // 100)) == 0]
    assert len(black) == 20 * 20 + 5 * 5 + 5 * 10


def test_a_profile_does_not_make_the_black_a_grey(image_workers: ImageWorkers, tmp_path: Path) -> None:
    profile = pictures.wide_profile()
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo(), icc_profile=profile))
    found = sent(image_workers, path, Edits(blackouts=(Area(10, 10, 60, 60),)), (320, 240), lossless=True)
    picture = Image.open(io.BytesIO(found.data)).convert("RGB")
    assert picture.crop((10, 10, 60, 60)).getextrema() == ((0, 0), (0, 0), (0, 0))
