"""Pixels in shared memory: they arrive whole, and nothing but that memory is ever written to."""

import os
from pathlib import Path

from desktop.images.inspect import Picture
from desktop.images.shared import Place, SharedPixels, put

MANY = Picture(width_px=600, height_px=500, rgba=os.urandom(600 * 500 * 4))
FEW = Picture(width_px=2, height_px=1, rgba=b"12345678")


def test_many_pixels_arrive_whole_and_stay_after_closing() -> None:
    shared = SharedPixels()
    left = put(MANY, shared.place)
    assert left.rgba == b""
    found = shared.fetch(left).result(0)
    shared.close()
    shared.close()
    assert bytes(found.rgba) == MANY.rgba


def test_few_pixels_stay_in_the_picture() -> None:
    shared = SharedPixels()
    assert put(FEW, shared.place) == FEW
    assert shared.fetch(FEW).result(0) == FEW
    shared.close()


def test_without_a_place_the_pixels_stay_in_the_picture() -> None:
    assert put(MANY, None) == MANY


def test_a_descriptor_that_is_another_file_by_now_is_left_alone(tmp_path: Path) -> None:
    """The picture was cancelled, and its number was given to a file of the window, the history perhaps."""
    shared = SharedPixels()
    assert shared.place is not None
    shared.close()
    path = tmp_path / "history.sqlite3"
    path.write_bytes(b"everything that was ever asked")
    with path.open("r+b") as file:
        reused = Place(f"/proc/{os.getpid()}/fd/{file.fileno()}", shared.place.name)
        assert put(MANY, reused) == MANY
    assert path.read_bytes() == b"everything that was ever asked"


def test_a_place_that_is_gone_leaves_the_pixels_in_the_picture() -> None:
    shared = SharedPixels()
    shared.close()
    assert put(MANY, shared.place) == MANY


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        shared = SharedPixels()
        shared.fetch(put(MANY, shared.place)).result(0)
        shared.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
