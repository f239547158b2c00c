"""Cutting a picture of a desktop into its screens: what holds for every layout and scale."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from desktop.capture.cutting import Spot, around, cut, frame_for
from desktop.core.edits import Area

sides = st.integers(200, 4000)
offsets = st.integers(-5000, 5000)
scales = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0])


@st.composite
def layouts(draw: st.DrawFn) -> tuple[Spot, ...]:
    """Rows of screens one above the other, anywhere: none overlaps another, and they may touch."""
    left, top = draw(offsets), draw(offsets)
    found: list[Spot] = []
    for _row in range(draw(st.integers(1, 2))):
        right, lowest = left, top
        for _screen in range(draw(st.integers(1, 3))):
            wide, high = draw(sides), draw(sides)
            place = Area(right, top, right + wide, top + high)
            found.append(Spot(name=str(len(found)), place=place, desktop=place, finest=draw(scales)))
            right, lowest = place.right + draw(st.sampled_from([0, 0, 7])), max(lowest, place.bottom)
        top = lowest
    return tuple(found)


def finest(spots: tuple[Spot, ...]) -> float:
    return max(spot.finest or 1 for spot in spots)


@given(layouts())
def test_every_layout_is_cut_into_its_screens(spots: tuple[Spot, ...]) -> None:
    whole, scale = around([spot.desktop for spot in spots]), finest(spots)
    size = round(whole.width_px * scale), round(whole.height_px * scale)
    parts = cut(*size, spots)
    assert parts is not None
    for spot, part in zip(spots, parts, strict=True):
        source = part.source
        # Within the picture, to the nearest pixel of where it is, and in the screen's own pixels.
        assert 0 <= source.left < source.right <= size[0]
        assert 0 <= source.top < source.bottom <= size[1]
        assert abs(source.left - (spot.desktop.left - whole.left) * scale) <= 1
        assert abs(source.bottom - (spot.desktop.bottom - whole.top) * scale) <= 1
        assert abs(part.width_px - spot.desktop.width_px * (spot.finest or 1)) <= 1
        assert abs(part.height_px - spot.desktop.height_px * (spot.finest or 1)) <= 1
        assert part.width_px <= source.width_px
        assert part.height_px <= source.height_px
    for one, other in itertools.combinations(parts, 2):
        assert one.source.overlap(other.source) is None
    for (one, here), (other, there) in itertools.permutations(zip(spots, parts, strict=True), 2):
        if one.desktop.right == other.desktop.left:
            assert here.source.right == there.source.left


@given(layouts(), st.integers(1, 12_000), st.integers(1, 12_000))
def test_a_picture_of_another_shape_is_refused(
    spots: tuple[Spot, ...], width_px: int, height_px: int
) -> None:
    whole = around([spot.desktop for spot in spots])
    parts = cut(width_px, height_px, spots)
    across, down = width_px / whole.width_px, height_px / whole.height_px
    if parts is None:
        fits = abs(across - down) * min(whole.width_px, whole.height_px) <= 2
        assert not fits or width_px < whole.width_px or height_px < whole.height_px
    else:
        assert abs(width_px - whole.width_px * down) <= 2 * max(1, whole.width_px / whole.height_px)


@given(layouts())
def test_one_screen_is_the_whole_picture(spots: tuple[Spot, ...]) -> None:
    spot = spots[0]
    exact = spot.desktop.width_px * (spot.finest or 1), spot.desktop.height_px * (spot.finest or 1)
    # Compositors round up, down, or to the nearest.
    for width_px, height_px in itertools.product(*[{int(side), -int(-side // 1)} for side in exact]):
        (part,) = cut(width_px, height_px, [spot]) or (None,)
        assert part is not None
        assert part.source == Area(0, 0, width_px, height_px)
        assert (part.width_px, part.height_px) == (width_px, height_px)


@given(layouts(), sides, sides)
def test_a_frame_holds_a_picture_whole_in_the_shape_of_the_screen(
    spots: tuple[Spot, ...], width_px: int, height_px: int
) -> None:
    spot = spots[0]
    wide, high = frame_for(width_px, height_px, spot)
    assert wide >= width_px
    assert high >= height_px
    assert wide >= int(spot.desktop.width_px * (spot.finest or 1))
    assert abs(wide / high - spot.desktop.width_px / spot.desktop.height_px) < 0.02 * wide / high
