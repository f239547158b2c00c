"""Crop, turn and overlay: the finished picture is what a person did to the upright page. In real workers."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.Image import Transpose

from desktop.core.edits import Area, Edits
from desktop.core.problems import Code, ProblemError
from desktop.images import finish, pages
from desktop.images.inspect import Finish
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures

TURNS = {1: Transpose.ROTATE_270, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_90}
SCENE = pictures.photo(64, 48)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def finished(data: bytes, edits: Edits, size: tuple[int, int]) -> Image.Image:
    page = pages.open_page(data, name="a")
    return finish.finished(page, Finish(width_px=size[0], height_px=size[1], edits=edits))


def as_a_person_would(picture: Image.Image, edits: Edits) -> Image.Image:
    """The same with Pillow's own words, on the upright picture."""
    seen = edits.visible(*picture.size)
    picture = picture.crop((seen.left, seen.top, seen.right, seen.bottom))
    turn = TURNS.get(edits.quarter_turns)
    return picture if turn is None else picture.transpose(turn)


@given(
    orientation=st.integers(1, 8),
    turns=st.integers(0, 3),
    edges=st.tuples(*[st.integers(-5, 70)] * 4),
)
def test_every_crop_and_turn_of_every_orientation_is_exact(
    orientation: int, turns: int, edges: tuple[int, int, int, int]
) -> None:
    data = pictures.encoded(SCENE, exif=pictures.exif_orientation(orientation))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    edits = Edits(crop=Area(*edges), quarter_turns=turns)
    expected = as_a_person_would(upright, edits)
    found = finished(data, edits, edits.size(*upright.size))
    assert (found.size, found.tobytes()) == (expected.size, expected.tobytes())


@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_a_scaled_crop_holds_nothing_of_what_was_cut_off(orientation: int) -> None:
    picture = Image.new("RGB", (300, 200), "red")
    picture.paste("blue", (100, 50, 200, 150))
    data = pictures.encoded(picture, exif=pictures.exif_orientation(orientation))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    box = upright.getchannel("B").getbbox()
    assert box is not None
    found = finished(data, Edits(crop=Area(*box)), (33, 33))
    assert found.getcolors() == [(33 * 33, (0, 0, 255))]


def test_a_crop_of_a_jpeg_keeps_all_its_pixels_though_the_whole_is_much_larger() -> None:
    data = pictures.encoded(pictures.photo(1600, 1200), "JPEG", quality=95)
    box = Area(403, 301, 603, 451)
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    expected = whole.crop((box.left, box.top, box.right, box.bottom))
    assert finished(data, Edits(crop=box), (200, 150)).tobytes() == expected.tobytes()


def test_a_jpeg_is_decoded_no_larger_than_needed() -> None:
    data = pictures.encoded(pictures.photo(1600, 1200), "JPEG")
    for edits, size, decoded in (
        (Edits(), (100, 75), (200, 150)),
        (Edits(), (500, 375), (800, 600)),
        (Edits(), (800, 600), (1600, 1200)),
        (Edits(crop=Area(0, 0, 400, 300)), (100, 75), (800, 600)),
        (Edits(crop=Area(0, 0, 400, 300), quarter_turns=1), (75, 100), (800, 600)),
        (Edits(blackouts=(Area(0, 0, 5, 5),)), (100, 75), (1600, 1200)),
    ):
        page = pages.open_page(data, name="a")
        finish.finished(page, Finish(width_px=size[0], height_px=size[1], edits=edits))
        assert page.size == decoded, edits


def test_an_overlay_lies_over_the_finished_picture(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(Image.new("RGB", (80, 40), "white")))
    facts = image_workers.inspect(path, thumbnail_px=None).result(60).facts
    overlay = Image.new("RGBA", (40, 80), (0, 0, 0, 0))
    overlay.paste((255, 0, 0, 255), (0, 0, 10, 10))
    overlay.paste((0, 0, 255, 128), (30, 70, 40, 80))
    encoded = image_workers.encode(
        path,
        expected_sha256=facts.sha256,
        width_px=40,
        height_px=80,
        edits=Edits(quarter_turns=1, blackouts=(Area(0, 0, 80, 20),)),
        overlay=pictures.encoded(overlay),
    ).result(60)
    found = Image.open(io.BytesIO(encoded.data)).convert("RGB")
    assert found.getpixel((5, 5)) == (255, 0, 0)
    assert found.getpixel((5, 40)) == (255, 255, 255)
    # Turned by a quarter, the upper half is on the right; half of a blue over black.
    assert found.getpixel((35, 40)) == (0, 0, 0)
    assert found.getpixel((35, 75)) == (0, 0, 128)


@pytest.mark.parametrize(
    "overlay", [Image.new("RGBA", (79, 40)), Image.new("RGB", (80, 40))], ids=["size", "mode"]
)
def test_an_overlay_that_does_not_fit_is_our_own_mistake(
    image_workers: ImageWorkers, tmp_path: Path, overlay: Image.Image
) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(Image.new("RGB", (80, 40), "white")))
    facts = image_workers.inspect(path, thumbnail_px=None).result(60).facts
    error = image_workers.encode(
        path, expected_sha256=facts.sha256, width_px=80, height_px=40, overlay=pictures.encoded(overlay)
    ).exception(60)
    assert isinstance(error, ProblemError)
    assert error.problem.code is Code.UNEXPECTED


def test_the_same_edits_give_the_same_bytes(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(400, 300), "JPEG"))
    facts = image_workers.inspect(path, thumbnail_px=None).result(60).facts
    edits = Edits(crop=Area(10, 10, 310, 210), quarter_turns=3, blackouts=(Area(50, 50, 90, 90),))
    first, second = (
        image_workers.encode(
            path, expected_sha256=facts.sha256, width_px=100, height_px=150, edits=edits
        ).result(60)
        for _ in range(2)
    )
    assert first == second
