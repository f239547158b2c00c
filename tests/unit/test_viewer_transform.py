"""Where the picture lies in the canvas, and the way between page and widget."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Edits, placement
from desktop.ui.viewer.view_transform import MAX_ZOOM, View

sides = st.integers(1, 20_000)
rooms = st.floats(60, 4000)
zooms = st.floats(0.001, 100)
ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0])


@st.composite
def views(draw: st.DrawFn) -> View:
    view = View(
        picture_px=(draw(sides), draw(sides)), room=(draw(rooms), draw(rooms)), ratio=draw(ratios)
    ).fitted()
    if draw(st.booleans()):
        view = view.zoomed(draw(zooms), (draw(rooms), draw(rooms)))
    return view.panned(draw(st.floats(-5000, 5000)), draw(st.floats(-5000, 5000)))


@st.composite
def edited_pages(draw: st.DrawFn) -> tuple[Edits, tuple[int, int]]:
    width, height = draw(st.integers(2, 20_000)), draw(st.integers(2, 20_000))
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    crop = Area(left, top, draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height)))
    edits = Edits(crop=draw(st.sampled_from([None, crop])), quarter_turns=draw(st.integers(0, 3)))
    return edits, (width, height)


@given(views(), st.floats(-100, 20_100), st.floats(-100, 20_100))
def test_a_point_of_the_picture_is_found_again(view: View, x: float, y: float) -> None:
    back = view.to_picture(view.to_widget((x, y)))

    assert back == pytest.approx((x, y), abs=1e-3)


@given(edited_pages(), views(), st.floats(0, 1), st.floats(0, 1))
def test_a_point_of_the_page_is_found_again_under_every_crop_and_turn(
    page: tuple[Edits, tuple[int, int]], view: View, across: float, down: float
) -> None:
    """`placement` and `View` together: a press on what is seen is a press on that pixel of the page."""
    edits, page_px = page
    view = view.of_picture(edits.size(*page_px))
    point = across * page_px[0], down * page_px[1]
    a, b, c, d, e, f = placement(edits, page_px, view.picture_px)
    on_picture = a * point[0] + b * point[1] + c, d * point[0] + e * point[1] + f

    seen = view.to_picture(view.to_widget(on_picture))

    # The inverse of a turn is its transpose, and pixels of the page are those of the picture.
    back = a * (seen[0] - c) + d * (seen[1] - f), b * (seen[0] - c) + e * (seen[1] - f)
    assert back == pytest.approx(point, abs=1e-2)


@given(views())
def test_the_picture_is_never_lost(view: View) -> None:
    left, top, right, bottom = view.visible()

    assert right - left > 0
    assert bottom - top > 0
    for px, side, low, high in zip(view.picture_px, view.room, (left, top), (right, bottom), strict=True):
        whole = px * view.scale <= side
        assert isclose(high - low, px, rel_tol=1e-3, abs_tol=2 / view.scale) or not whole


@given(views(), zooms, st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_zooming_keeps_what_lies_under_the_pointer(
    view: View, zoom: float, across: float, down: float
) -> None:
    at = view.room[0] * across, view.room[1] * down
    before = view.to_picture(at)

    after = view.magnified(zoom, at).to_picture(at)

    # The corner of the picture lies on a whole pixel of the screen, before and after.
    pixel = 1 / view.zoom + 1 / zoom
    assert after == pytest.approx(before, abs=1.01 * pixel + 1e-6)


@given(views(), zooms)
def test_zoom_has_limits(view: View, zoom: float) -> None:
    zoomed = view.zoomed(zoom)

    assert zoomed.zoom <= MAX_ZOOM
    wanted = min(zoom, MAX_ZOOM) * max(view.picture_px)
    assert zoomed.zoom * max(view.picture_px) >= min(48, wanted) - 1e-6


@given(views())
def test_the_picture_begins_on_a_whole_pixel_of_the_screen(view: View) -> None:
    for at in view.origin:
        assert abs(at * view.ratio - round(at * view.ratio)) < 1e-6


def test_fit_leaves_the_margin_of_the_mock_and_never_enlarges() -> None:
    # Given the canvas of the mock, 1060 by 778 px, and the picture that is sent there
    view = View(picture_px=(1138, 768), room=(1060, 778)).fitted()
    # Then it is 960 px wide, 50 px from both edges
    assert view.origin[0] == 50
    assert view.zoom == pytest.approx(0.8436, abs=1e-4)
    assert view.is_fitted
    assert View(picture_px=(64, 64), room=(1060, 778)).fitted().zoom == 1.0


def test_a_fitted_picture_stays_fitted_when_the_widget_changes_and_a_zoomed_one_does_not() -> None:
    view = View(picture_px=(4000, 3000), room=(1000, 800)).fitted()

    assert view.in_room((500, 400), 1.0).is_fitted
    assert view.zoomed(1.0).in_room((500, 400), 1.0).zoom == 1.0


def test_another_size_of_the_same_thing_stays_where_it_was() -> None:
    """The sent picture takes the place of the page."""
    view = View(picture_px=(4000, 3000), room=(1000, 800)).fitted().zoomed(1.0).panned(-300, 200)
    page = view.to_widget((1000, 1500))

    sent = view.of_picture((1000, 750))

    assert sent.zoom == pytest.approx(4.0)
    assert sent.to_widget((250, 375)) == pytest.approx(page, abs=1.0)
