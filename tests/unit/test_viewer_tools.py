"""Each tool's gesture gives exactly the expected edits, and nothing leaves the page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label, Mark, Point
from desktop.ui.viewer.items import (
    CORNERS,
    Item,
    all_items,
    cropped,
    handles,
    moved,
    removed,
    resized,
    turned,
)
from desktop.ui.viewer.tools import TOOL_KEYS, Gesture, Ground, begin, take

PAGE = (400, 300)
WHOLE = Area(0, 0, *PAGE)
MARKED = Edits(
    marks=(
        Frame(Area(20, 20, 120, 100)),
        Arrow((200, 200), (300, 250)),
        Label((150.0, 40.0), "bolt"),
        Callout((350.0, 50.0)),
    ),
    blackouts=(Area(10, 200, 60, 260),),
    region=Area(180, 100, 280, 180),
)
BOXES = {2: (150.0, 40.0, 200.0, 60.0), 3: (340.0, 40.0, 360.0, 60.0)}

points = st.tuples(st.floats(-200, 700), st.floats(-200, 700))
items = st.sampled_from(all_items(MARKED))


def ground(edits: Edits = MARKED, selected: Item | None = None, bounds: Area = WHOLE) -> Ground:
    return Ground(edits, bounds, BOXES if edits is MARKED else {}, 4.0, selected)


def gesture(tool: str | None, at: Point, edits: Edits = MARKED, selected: Item | None = None) -> Gesture:
    made = begin(tool, ground(edits, selected), at)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("region", Edits(region=Area(30, 40, 130, 90))),
        ("blackout", Edits(blackouts=(Area(30, 40, 130, 90),))),
        ("box", Edits(marks=(Frame(Area(30, 40, 130, 90)),))),
        ("arrow", Edits(marks=(Arrow((30, 40), (130, 90)),))),
        ("text", Edits(marks=(Label((130, 90), ""),))),
        ("callout", Edits(marks=(Callout((130, 90)),))),
        ("crop", Edits(crop=Area(30, 40, 130, 90))),
    ],
)
def test_a_tool_draws_from_where_the_pointer_went_down_to_where_it_is(tool: str, expected: Edits) -> None:
    assert gesture(tool, (30, 40), Edits()).change((130, 90), False) == expected


def test_there_is_a_key_for_every_tool() -> None:
    assert set(TOOL_KEYS.values()) == {"region", "crop", "arrow", "box", "text", "callout", "blackout"}


@pytest.mark.parametrize("tool", ["region", "blackout", "box"])
def test_drawn_backwards_it_is_the_same(tool: str) -> None:
    forwards = gesture(tool, (30, 40), Edits()).change((130, 90), False)

    assert gesture(tool, (130, 90), Edits()).change((30, 40), False) == forwards


def test_with_shift_areas_are_square_and_arrows_go_at_steps_of_45_degrees() -> None:
    assert gesture("box", (30, 40), Edits()).change((130, 90), True).marks == (Frame(Area(30, 40, 130, 140)),)
    assert gesture("crop", (390, 40), Edits()).change((500, 90), True).crop == Area(390, 40, 400, 50)
    assert gesture("arrow", (100, 100), Edits()).change((200, 110), True).marks == (
        Arrow((100, 100), (200.5, 100)),
    )


def test_new_marks_lie_above_the_old_ones() -> None:
    edits = gesture("box", (5, 5)).change((15, 15), False)

    assert edits.marks == (*MARKED.marks, Frame(Area(5, 5, 15, 15)))
    assert all_items(edits)[1] == Item("mark", 4)


@given(st.sampled_from(sorted(TOOL_KEYS.values())), points, points, st.booleans())
def test_nothing_that_is_drawn_leaves_the_part_that_is_left_or_is_empty(
    tool: str, start: Point, end: Point, even: bool
) -> None:
    bounds = Area(50, 60, 350, 200)
    made = begin(tool, ground(Edits(), bounds=bounds), start)
    assert made is not None

    within(made.change(end, even), bounds)


@given(items, st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_nothing_that_is_moved_leaves_the_page_or_changes_its_size(
    item: Item, across: float, down: float
) -> None:
    edits = moved(MARKED, item, across, down, WHOLE)

    within(edits, WHOLE)
    assert sizes(edits) == pytest.approx(sizes(MARKED), abs=0.2)


@given(items, st.sampled_from([*CORNERS, "start", "end"]), points, st.booleans())
def test_nothing_that_is_resized_leaves_the_page_or_is_empty(
    item: Item, handle: str, to: Point, even: bool
) -> None:
    if handle in handles(MARKED, item):
        within(resized(MARKED, item, handle, to, WHOLE, square=even), WHOLE)


def test_a_handle_moves_its_corner_and_an_edge_only_its_side() -> None:
    frame = Item("mark", 0)

    corner = resized(MARKED, frame, "upper_left", (30, 50), WHOLE, square=False)
    edge = resized(MARKED, frame, "right", (90, 999), WHOLE, square=False)
    across = resized(MARKED, frame, "left", (200, 0), WHOLE, square=False)

    assert corner.marks[0] == Frame(Area(30, 50, 120, 100))
    assert edge.marks[0] == Frame(Area(20, 20, 90, 100))
    assert across.marks[0] == Frame(Area(120, 20, 200, 100))


def test_the_hand_takes_lines_black_outs_and_what_text_covers() -> None:
    taken = {
        (20, 60): Item("mark", 0),
        (250, 226): Item("mark", 1),
        (170, 50): Item("mark", 2),
        (350, 50): Item("mark", 3),
        (30, 230): Item("blackout", 0),
        (180, 140): Item("region"),
    }
    for at, item in taken.items():
        found = take(ground(), at)
        assert found is not None, at
        assert found.item == item


def test_the_inside_of_a_frame_is_taken_once_it_is_selected() -> None:
    """A frame around everything must not keep the picture from being panned."""
    assert take(ground(), (70, 60)) is None
    held = take(ground(selected=Item("mark", 0)), (70, 60))
    assert held is not None
    assert held.change((75, 60), False).marks[0] == Frame(Area(25, 20, 125, 100))


def test_a_press_on_a_handle_of_what_is_selected_resizes_it() -> None:
    held = take(ground(selected=Item("mark", 0)), (118, 101))
    assert held is not None
    # The pointer is 2 px beside the corner, and stays so.
    assert held.change((138, 111), False).marks[0] == Frame(Area(20, 20, 140, 110))


def test_a_drawing_tool_draws_over_what_is_there() -> None:
    over = gesture("box", (30, 230)).change((50, 250), False)

    assert over.blackouts == MARKED.blackouts
    assert over.marks[-1] == Frame(Area(30, 230, 50, 250))


def test_the_text_tool_takes_text_that_is_there() -> None:
    assert gesture("text", (170, 50)).item == Item("mark", 2)
    assert gesture("callout", (350, 50)).item == Item("mark", 3)


def test_the_crop_moves_by_its_inside_and_is_drawn_anew_beside_it() -> None:
    edits = Edits(crop=Area(100, 100, 200, 200))

    inside = gesture("crop", (150, 150), edits).change((170, 400), False)
    beside = gesture("crop", (250, 10), edits).change((300, 60), False)
    whole = gesture("crop", (150, 150), Edits(crop=WHOLE)).change((200, 180), False)

    assert inside.crop == Area(120, 200, 220, 300)
    assert beside.crop == Area(250, 10, 300, 60)
    assert whole.crop == Area(150, 150, 200, 180)


@given(items)
def test_what_is_removed_is_gone_and_all_else_stays(item: Item) -> None:
    left = removed(MARKED, item)

    assert len(all_items(left)) == len(all_items(MARKED)) - 1
    assert set(left.marks) <= set(MARKED.marks)


def test_a_crop_cuts_the_part_that_is_asked_about_and_all_of_the_page_is_no_crop() -> None:
    assert cropped(MARKED, Area(200, 0, 400, 300), PAGE).region == Area(200, 100, 280, 180)
    assert cropped(MARKED, Area(0, 0, 100, 100), PAGE).region is None
    assert cropped(replace(MARKED, crop=Area(0, 0, 9, 9)), WHOLE, PAGE).crop is None


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_turns_add_up(first: int, second: int) -> None:
    assert turned(turned(Edits(), first), second) == turned(Edits(), first + second)


def within(edits: Edits, bounds: Area) -> None:
    areas = [*edits.blackouts, edits.region, edits.crop]
    areas += [mark.area for mark in edits.marks if isinstance(mark, Frame)]
    for area in areas:
        if area is not None:
            assert bounds.left <= area.left < area.right <= bounds.right
            assert bounds.top <= area.top < area.bottom <= bounds.bottom
    for mark in edits.marks:
        for x, y in ends(mark):
            assert bounds.left <= x <= bounds.right
            assert bounds.top <= y <= bounds.bottom


def ends(mark: Mark) -> list[Point]:
    match mark:
        case Arrow(start, end):
            return [start, end]
        case Label(at) | Callout(at):
            return [at]
        case Frame():
            return []


def sizes(edits: Edits) -> list[float]:
    areas = [*edits.blackouts, *(mark.area for mark in edits.marks if isinstance(mark, Frame))]
    arrow = edits.marks[1]
    assert isinstance(arrow, Arrow)
    return [
        *(side for area in areas for side in (area.width_px, area.height_px)),
        arrow.end[0] - arrow.start[0],
        arrow.end[1] - arrow.start[1],
    ]
