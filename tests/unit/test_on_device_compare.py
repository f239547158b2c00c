"""What differs between two images, as text and as pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop.engines.on_device.compare import compare_images, compare_text
from tests.helpers import pictures


def test_lines_that_were_added_removed_and_changed_are_told() -> None:
    before = ("Bread  3.00", "", "Tea 2.00", "Total 5.00")
    after = ("Bread 3.00", "Cake 4.00", "Total 7.00")
    found = compare_text(before, after)
    assert found.removed == ("Tea 2.00", "Total 5.00")
    assert found.added == ("Cake 4.00", "Total 7.00")


@given(st.lists(st.text(max_size=20), max_size=20))
def test_a_text_does_not_differ_from_itself(lines: list[str]) -> None:
    found = compare_text(lines, lines)
    assert (found.removed, found.added) == ((), ())


def test_a_changed_part_is_found_where_it_is() -> None:
    before = pictures.photo(400, 200)
    after = before.copy()
    after.paste("red", (300, 20, 380, 60))
    found = compare_images(pictures.encoded(before), pictures.encoded(after))
    (region,) = found.regions
    assert (region.left, region.right) == pytest.approx((0.75, 0.95), abs=0.03)
    assert (region.top, region.bottom) == pytest.approx((0.1, 0.3), abs=0.03)
    assert found.share == pytest.approx(80 * 40 / (400 * 200), abs=0.01)


def test_two_changes_apart_are_two_regions_the_larger_first() -> None:
    before = Image.new("RGB", (400, 400), "white")
    after = before.copy()
    after.paste("black", (10, 10, 40, 40))
    after.paste("black", (200, 200, 390, 390))
    found = compare_images(pictures.encoded(before), pictures.encoded(after))
    assert [round(region.left, 1) for region in found.regions] == [0.5, 0.0]


def test_the_noise_of_jpeg_is_no_difference() -> None:
    picture = pictures.photo(100, 75).resize((400, 300))
    found = compare_images(pictures.encoded(picture), pictures.encoded(picture, "JPEG", quality=75))
    assert found.regions == ()


def test_another_colour_of_the_same_brightness_is_a_difference() -> None:
    before = Image.new("RGB", (400, 400), (0, 130, 0))
    after = before.copy()
    after.paste((200, 30, 0), (100, 100, 200, 200))
    assert len(compare_images(pictures.encoded(before), pictures.encoded(after)).regions) == 1


def test_another_size_is_told_and_compared_all_the_same() -> None:
    picture = pictures.four_corners(400, 300)
    found = compare_images(pictures.encoded(picture), pictures.encoded(picture.resize((200, 150))))
    assert (found.first_size, found.second_size) == ((400, 300), (200, 150))
    assert found.share < 0.02


def test_many_changes_are_counted_and_not_all_listed() -> None:
    before = Image.new("RGB", (960, 960), "white")
    after = before.copy()
    for x in range(5):
        for y in range(4):
            after.paste("black", (x * 200, y * 200, x * 200 + 30, y * 200 + 30))
    found = compare_images(pictures.encoded(before), pictures.encoded(after))
    assert (len(found.regions), found.more_regions) == (8, 12)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3, 2)])
def test_tiny_images_can_be_compared(size: tuple[int, int]) -> None:
    white, black = Image.new("RGB", size, "white"), Image.new("RGB", size, "black")
    found = compare_images(pictures.encoded(white), pictures.encoded(black))
    assert found.share == 1
    assert len(found.regions) == 1
