"""Editing as a state: steps, selection, typing, cropping, and undo."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Arrow, Callout, Edits, Frame, Label, Point
from desktop.ui.viewer.edit_history import EditHistory
from desktop.ui.viewer.editor import Editor, Reach
from desktop.ui.viewer.items import Item

REACH = Reach(4.0, {})
FRAME = Edits(marks=(Frame(Area(20, 20, 120, 100)),))


def editor(edits: Edits | None = None, tool: str | None = None) -> Editor:
    made = Editor()
    made.take_page((400, 300))
    made.take_edits(edits or Edits())
    made.take_tool(tool)
    return made


def drag(made: Editor, start: Point, end: Point) -> Edits | None:
    made.press(start, REACH)
    made.move(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), even=False)
    made.move(end, even=False)
    return made.release(end, REACH, is_click=False)


def click(made: Editor, at: Point) -> Edits | None:
    made.press(at, REACH)
    return made.release(at, REACH, is_click=True)


def test_a_drag_is_one_step_and_what_was_drawn_is_selected() -> None:
    made = editor(tool="box")

    assert drag(made, (20, 20), (120, 100)) == FRAME
    assert made.edits == FRAME
    assert made.selected == Item("mark", 0)
    assert made.tool == "box"


def test_while_it_is_drawn_it_is_seen_but_not_kept() -> None:
    made = editor(tool="box")
    made.press((20, 20), REACH)
    made.move((120, 100), even=False)

    assert (made.now, made.edits) == (FRAME, Edits())
    assert made.escape()
    assert (made.now, made.tool) == (Edits(), "box")


def test_a_click_with_a_tool_draws_nothing_and_selects_what_is_there() -> None:
    made = editor(FRAME, tool="blackout")

    assert click(made, (20, 50)) is None
    assert made.now == FRAME
    assert made.selected == Item("mark", 0)


def test_escape_leaves_gesture_selection_tool_and_then_nothing() -> None:
    made = editor(FRAME, tool="arrow")
    made.select_next(1)

    assert made.escape()
    assert (made.selected, made.tool) == (None, "arrow")
    assert made.escape()
    assert made.tool is None
    assert not made.escape()


def test_nudges_are_one_step_when_they_end() -> None:
    made = editor(FRAME)
    made.select_next(1)

    assert [made.nudge(1, 0), made.nudge(10, 0), made.nudge(0, -99)] == [True] * 3
    assert made.edits == FRAME

    assert made.finish() == Edits(marks=(Frame(Area(31, 0, 131, 80)),))
    assert made.finish() is None


def test_what_is_selected_can_be_made_larger_by_keys() -> None:
    made = editor(FRAME)
    made.select_next(1)
    made.stretch(10, -500)

    assert made.finish() == Edits(marks=(Frame(Area(20, 20, 130, 21)),))


def test_nothing_selected_is_nothing_to_move_or_delete() -> None:
    made = editor(FRAME)

    assert not made.nudge(1, 1)
    assert not made.stretch(1, 1)
    assert made.delete() is None


def test_a_label_is_typed_where_it_was_put_and_is_one_step() -> None:
    made = editor(tool="text")

    assert click(made, (50, 60)) is None
    assert made.is_writing
    made.write("bo")
    assert made.now.marks == (Label((50, 60), "bo"),)
    assert made.end_writing(" bolt ") == Edits(marks=(Label((50, 60), "bolt"),))
    assert not made.is_writing


def test_a_label_without_words_is_none_and_a_callout_needs_no_legend() -> None:
    text, callout = editor(tool="text"), editor(tool="callout")
    click(text, (50, 60))
    click(callout, (50, 60))

    assert text.end_writing("  ") is None
    assert text.edits == Edits()
    assert callout.end_writing("") == Edits(marks=(Callout((50, 60), ""),))


def test_typing_that_is_left_leaves_what_was_there() -> None:
    labelled = Edits(marks=(Label((50, 60), "bolt"),))
    made = editor(labelled)
    assert made.begin_writing(Item("mark", 0))
    made.write("nut")

    assert made.escape()
    assert made.now == labelled


def test_frames_are_not_typed() -> None:
    assert not editor(FRAME).begin_writing(Item("mark", 0))


def test_cropping_shows_all_of_the_page_and_begins_with_the_crop_there_is() -> None:
    made = editor(Edits(crop=Area(10, 10, 110, 60)), tool="crop")

    assert made.shown.crop is None
    assert made.crop == Area(10, 10, 110, 60)
    assert drag(made, (110, 60), (200, 200)) is None
    assert made.edits.crop == Area(10, 10, 110, 60)
    assert made.confirm() == Edits(crop=Area(10, 10, 200, 200))
    assert made.tool is None


def test_a_crop_that_is_left_by_escape_stays_and_by_another_tool_is_made() -> None:
    left, made = editor(tool="crop"), editor(tool="crop")
    drag(left, (10, 10), (100, 100))
    drag(made, (10, 10), (100, 100))

    assert left.escape()
    assert (left.edits, left.now, left.tool) == (Edits(), Edits(), None)
    assert made.take_tool("box") == Edits(crop=Area(10, 10, 100, 100))


def test_the_crop_can_be_all_of_the_page_again() -> None:
    made = editor(Edits(crop=Area(10, 10, 110, 60)), tool="crop")
    made.reset_crop()

    assert made.confirm() == Edits()


def test_turning_while_cropping_keeps_the_crop_that_is_being_chosen() -> None:
    made = editor(tool="crop")
    drag(made, (10, 10), (100, 100))

    assert made.turn(-1) == Edits(quarter_turns=3)
    assert made.crop == Area(10, 10, 100, 100)
    assert made.confirm() == Edits(crop=Area(10, 10, 100, 100), quarter_turns=3)


def test_the_keyboard_places_what_the_tool_makes_in_the_middle() -> None:
    visible = Area(0, 0, 300, 300)

    assert editor(tool="region").place(visible) == Edits(region=Area(100, 100, 200, 200))
    assert editor(tool="arrow").place(visible) == Edits(marks=(Arrow((100, 100), (150, 150)),))
    writing = editor(tool="callout")
    assert writing.place(visible) is None
    assert writing.end_writing("hinge") == Edits(marks=(Callout((150, 150), "hinge"),))
    assert editor().place(visible) is None


def test_undo_from_outside_deselects_what_is_gone() -> None:
    made = editor(tool="box")
    drag(made, (20, 20), (120, 100))

    made.take_edits(Edits())

    assert (made.selected, made.now) == (None, Edits())


def test_what_is_there_is_selected_one_after_the_other() -> None:
    made = editor(Edits(marks=FRAME.marks, region=Area(1, 1, 9, 9)))

    seen = [made.select_next(step) and made.selected for step in (1, 1, 1, -1, -1)]

    first, second = Item("region"), Item("mark", 0)
    assert seen[:3] in ([first, second, first], [second, first, second])
    assert seen[3:] == [seen[1], seen[0]]


states = st.integers(0, 3).map(lambda turns: Edits(quarter_turns=turns))
steps = st.lists(st.one_of(states, st.sampled_from(["undo", "redo"])), max_size=30)


@given(steps)
def test_undo_and_redo_go_through_the_states_in_order(actions: list[Edits | str]) -> None:
    """Against a plain list with a finger in it."""
    history, states, at = EditHistory(), [Edits()], 0
    for action in actions:
        if isinstance(action, Edits):
            history = history.pushed(action)
            if action != states[at]:
                states, at = [*states[: at + 1], action], at + 1
        elif action == "undo":
            history, at = history.undone(), max(0, at - 1)
        else:
            history, at = history.redone(), min(len(states) - 1, at + 1)
        assert history.now == states[at]
        assert history.can_undo == (at > 0)
        assert history.can_redo == (at < len(states) - 1)


def test_history_is_bounded() -> None:
    history = EditHistory()
    for number in range(1000):
        history = history.pushed(Edits(longest_px=number + 1))

    assert len(history.states) == 200
    assert history.now == Edits(longest_px=1000)
