"""Choosing a part of a screen, by pointer and by keys: every pixel counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.capturing import CaptureKind
from desktop.core.edits import Area
from desktop.ui.capture.choosing import Choice, spanned

PAGE = (400, 300)
DIALOG, EDITOR = Area(150, 100, 250, 180), Area(50, 40, 350, 260)


def choice(mode: CaptureKind = CaptureKind.REGION) -> Choice:
    made = Choice(PAGE, (DIALOG, EDITOR))
    made.set_mode(mode)
    return made


def drag(made: Choice, start: tuple[float, float], end: tuple[float, float], **how: object) -> Area | None:
    made.press(start, 6)
    made.move(end, **how)  # type: ignore[arg-type]
    made.release(end, is_click=False)
    return made.area


def click(made: Choice, at: tuple[float, float]) -> Area | None:
    made.press(at, 6)
    made.release(at, is_click=True)
    return made.area


def test_a_drag_takes_the_first_and_the_last_pixel() -> None:
    assert drag(choice(), (10.0, 20.0), (29.0, 39.0)) == Area(10, 20, 30, 40)


@pytest.mark.parametrize("end", [(0.0, 0.0), (399.0, 0.0), (399.0, 299.0), (0.0, 299.0)])
def test_a_drag_reaches_every_corner_of_the_screen(end: tuple[float, float]) -> None:
    opposite = (399.0 - end[0], 299.0 - end[1])
    assert drag(choice(), opposite, end) == Area(0, 0, 400, 300)


def test_a_pointer_that_passes_two_pixels_at_once_reaches_the_last() -> None:
    """Of a screen of scale 2 where the pointer has whole logical places only."""
    assert drag(choice(), (0.0, 0.0), (398.0, 298.0), step=2.0) == Area(0, 0, 400, 300)


def test_shift_keeps_the_region_square_within_the_screen() -> None:
    assert drag(choice(), (10.0, 10.0), (30.0, 20.0), square=True) == Area(10, 10, 31, 31)
    assert drag(choice(), (390.0, 10.0), (395.0, 200.0), square=True) == Area(390, 10, 400, 20)


@given(
    st.tuples(st.integers(0, 399), st.integers(0, 299)), st.tuples(st.integers(0, 399), st.integers(0, 299))
)
def test_both_ends_lie_in_what_they_span(start: tuple[int, int], end: tuple[int, int]) -> None:
    for square in (False, True):
        area = spanned(start, end, PAGE, square=square)
        assert 0 <= area.left <= start[0] < area.right <= 400
        assert 0 <= area.top <= start[1] < area.bottom <= 300
        if square:
            assert area.width_px == area.height_px
        else:
            assert area == spanned(end, start, PAGE)


def test_the_inside_moves_the_region_as_far_as_there_is_room() -> None:
    made = choice()
    made.take(Area(100, 100, 200, 150))
    assert drag(made, (150.0, 125.0), (160.0, 120.0)) == Area(110, 95, 210, 145)
    assert drag(made, (150.0, 125.0), (9999.0, 9999.0)) == Area(300, 250, 400, 300)


@pytest.mark.parametrize(
    ("grabbed", "to", "area"),
    [
        ((100.0, 100.0), (90.0, 80.0), Area(90, 80, 200, 150)),
        ((200.0, 150.0), (399.0, 299.0), Area(100, 100, 400, 300)),
        ((202.0, 125.0), (399.0, 125.0), Area(100, 100, 400, 150)),
        ((150.0, 148.0), (150.0, 0.0), Area(100, 0, 200, 100)),
        ((130.0, 101.0), (130.0, 91.0), Area(100, 90, 200, 150)),
    ],
    ids=[
        "corner",
        "to the screen's corner",
        "edge to the screen's edge",
        "beyond the other edge",
        "any edge",
    ],
)
def test_handles_and_edges_change_the_size(
    grabbed: tuple[float, float], to: tuple[float, float], area: Area
) -> None:
    made = choice()
    made.take(Area(100, 100, 200, 150))
    assert drag(made, grabbed, to) == area


def test_a_press_beside_the_region_begins_another_and_a_click_keeps_it() -> None:
    made = choice()
    made.take(Area(100, 100, 200, 150))
    assert click(made, (300.0, 250.0)) == Area(100, 100, 200, 150)
    assert drag(made, (300.0, 250.0), (309.0, 259.0)) == Area(300, 250, 310, 260)


def test_all_of_the_screen_does_not_move_but_is_drawn_anew() -> None:
    made = choice(CaptureKind.SCREEN)
    assert click(made, (200.0, 150.0)) == Area(0, 0, 400, 300)
    assert drag(made, (200.0, 150.0), (209.0, 159.0)) == Area(200, 150, 210, 160)


def test_a_click_takes_the_uppermost_window_under_the_pointer() -> None:
    made = choice(CaptureKind.WINDOW)
    made.hover((160, 120))
    assert made.highlighted == DIALOG
    assert click(made, (160.0, 120.0)) == DIALOG
    assert made.taken == 0
    assert click(made, (60.0, 50.0)) == EDITOR
    assert made.taken == 1
    assert click(made, (5.0, 5.0)) == EDITOR
    assert drag(made, (5.0, 5.0), (9.0, 9.0)) == Area(5, 5, 10, 10)
    assert made.taken is None


def test_keys_walk_through_windows_and_take_one() -> None:
    made = choice(CaptureKind.WINDOW)
    seen = []
    for _ in range(3):
        made.walk(1)
        seen.append(made.highlighted)
    assert seen == [DIALOG, EDITOR, DIALOG]
    made.walk(-1)
    assert made.set_corner((0, 0))
    assert (made.area, made.taken) == (EDITOR, 1)


def test_keys_alone_draw_a_region() -> None:
    made = choice()
    made.step_cursor((100, 100), 10, 0)
    assert not made.set_corner((0, 0))
    assert made.is_drawing
    made.step_cursor((0, 0), 19, 0)
    made.step_cursor((0, 0), 0, -10)
    assert made.set_corner((0, 0))
    assert made.area == Area(110, 90, 130, 101)
    assert not made.in_gesture


def test_keys_move_and_stretch_by_single_pixels() -> None:
    made = choice()
    made.take(Area(100, 100, 200, 150))
    made.nudge(-1, 1)
    made.stretch(1, -10)
    assert made.area == Area(99, 101, 200, 141)
    made.stretch(-9999, 9999)
    assert made.area == Area(99, 101, 100, 300)


def test_what_is_being_drawn_can_be_left() -> None:
    made = choice()
    made.take(Area(100, 100, 200, 150))
    made.press((300.0, 200.0), 6)
    made.move((320.0, 220.0))
    assert made.cancel()
    assert made.area == Area(100, 100, 200, 150)
    assert not made.cancel()
