"""Chips: what the next request carries, one by one, in a group, or folded."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.ui import theme
from desktop.ui.composer.chip import Chip
from desktop.ui.composer.chips import Chips, Group
from desktop.ui.composer.state import FOLD_ABOVE, Carry, ChipState, ComposerState


def chip(key: int, **fields: object) -> ChipState:
    known = {"name": f"photo {key}.png", "caption": "297 tok · $0.0003", "details": tuple(Detail)}
    return ChipState(key=key, **{**known, **fields})


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(640, 600)
    return made


@pytest.fixture
def chips(window: QWidget) -> Chips:
    made = Chips()
    made.setParent(window)
    made.resize(600, 50)
    window.show()
    return made


def visible(chips: Chips, kind: type[QWidget] = Chip) -> list[str]:
    return [w.title.text() for w in chips._order if isinstance(w, kind) and w.isVisible()]


def group(chips: Chips) -> Group:
    return next(w for w in chips._order if isinstance(w, Group))


def test_nothing_is_shown_when_nothing_is_carried(chips: Chips) -> None:
    chips.show_state(ComposerState())
    assert not chips.isVisible()
    chips.show_state(ComposerState(new=(chip(1),)))
    assert chips.isVisible()
    assert visible(chips) == ["photo 1.png"]


def test_images_of_earlier_turns_are_one_group_that_opens(chips: Chips, qtbot: QtBot) -> None:
    state = ComposerState(new=(chip(9),), carried=(chip(1), chip(2), chip(3)), carried_caption="1,129 tok")
    chips.show_state(state)
    assert visible(chips, Group) == ["3 from this conversation"]
    assert visible(chips) == ["photo 9.png"]
    qtbot.mouseClick(group(chips), Qt.MouseButton.LeftButton)
    assert visible(chips) == ["photo 1.png", "photo 2.png", "photo 3.png", "photo 9.png"]
    qtbot.mouseClick(group(chips), Qt.MouseButton.LeftButton)
    assert visible(chips) == ["photo 9.png"]


def test_a_cross_on_a_new_chip_takes_it_out_and_on_a_carried_one_leaves_it_out(
    chips: Chips, qtbot: QtBot
) -> None:
    chips.show_state(ComposerState(new=(chip(9),), carried=(chip(1),)))
    group(chips).setChecked(True)
    new, carried = chips._chips[False, 9], chips._chips[True, 1]
    with qtbot.waitSignal(chips.removed) as removed:
        qtbot.mouseClick(new.findChild(QToolButton), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(chips.left_out) as left_out:
        qtbot.mouseClick(carried.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert (removed.args, left_out.args) == ([9], [1])


def test_the_same_number_may_name_a_new_and_a_carried_image(chips: Chips) -> None:
    chips.show_state(ComposerState(new=(chip(1, name="new.png"),), carried=(chip(1, name="old.png"),)))
    group(chips).setChecked(True)
    assert visible(chips) == ["old.png", "new.png"]


def test_delete_takes_out_the_chip_that_has_the_keyboard(chips: Chips, qtbot: QtBot) -> None:
    chips.show_state(ComposerState(new=(chip(9),)))
    with qtbot.waitSignal(chips.removed) as removed:
        qtbot.keyClick(chips._chips[False, 9], Qt.Key.Key_Delete)
    assert removed.args == [9]


def test_more_than_eight_new_images_fold_into_one_with_count_and_price(chips: Chips, qtbot: QtBot) -> None:
    chips.show_state(ComposerState(new=tuple(chip(key) for key in range(FOLD_ABOVE))))
    assert len(visible(chips)) == FOLD_ABOVE
    many = ComposerState(
        new=tuple(chip(key) for key in range(FOLD_ABOVE + 1)), new_caption="2,673 tok · $0.0027"
    )
    chips.show_state(many)
    assert visible(chips) == []
    assert visible(chips, Group) == ["9 new images"]
    assert "$0.0027" in group(chips).accessibleName()
    qtbot.mouseClick(group(chips), Qt.MouseButton.LeftButton)
    assert len(visible(chips)) == FOLD_ABOVE + 1


def test_they_never_take_more_than_a_third_of_the_window(chips: Chips) -> None:
    chips.show_state(ComposerState(new=tuple(chip(key) for key in range(60))))
    group(chips).setChecked(True)
    assert chips.height() <= 600 // 3
    assert chips.verticalScrollBar().maximum() > 0


def test_they_never_take_more_than_three_rows(chips: Chips, window: QWidget) -> None:
    window.resize(640, 1200)
    chips.show_state(ComposerState(carried=tuple(chip(key) for key in range(60))))
    group(chips).setChecked(True)
    assert chips.height() <= 3 * 48 + 2 * 8 + 7
    assert chips.verticalScrollBar().maximum() > 0


def test_the_opened_group_of_carried_images_never_closed(chips: Chips, qtbot: QtBot) -> None:
    def opened(state: ComposerState) -> bool:
        chips.show_state(state)
        return group(chips).isChecked()

    here = ComposerState(carried=(chip(1), chip(2), chip(3)))
    chips.show_state(here)
    group(chips).setChecked(True)
    assert opened(here)
    assert opened(ComposerState(carried=(chip(1), chip(3)))), "one was left out"
    assert opened(here), "and that was undone"
    assert not opened(ComposerState(carried=here.carried, answering=True)), "asked"
    group(chips).setChecked(True)
    assert opened(ComposerState(carried=here.carried, answering=True)), "opened again, meanwhile"
    assert not opened(ComposerState(carried=(chip(7), chip(8)))), "another conversation"
    assert visible(chips) == []
    group(chips).setChecked(True)
    chips.show_state(ComposerState())
    assert not opened(here), "an empty conversation was open between"


@pytest.mark.parametrize("carried", [True, False])
def test_white_pictures_had_no_edge_on_a_chip(chips: Chips, *, carried: bool) -> None:
    white = QPixmap(64, 64)
    white.fill("white")
    state = chip(1, thumbnail=white)
    chips.show_state(ComposerState(carried=(state,)) if carried else ComposerState(new=(state,)))
    shown = group(chips) if carried else chips._chips[False, 1]

    image = shown.stack.grab().toImage()

    middle = image.height() // 2
    assert image.pixelColor(0, middle).name() == theme.current().color("border_strong").name()
    assert image.pixelColor(8, middle).name() == "#ffffff"


def test_chips_that_stay_keep_their_widget_and_the_keyboard(chips: Chips, qtbot: QtBot) -> None:
    chips.show_state(ComposerState(new=(chip(1), chip(2))))
    kept = chips._chips[False, 2]
    kept.setFocus()
    chips.show_state(ComposerState(new=(chip(2, caption="now 87 tok"), chip(3))))
    assert chips._chips[False, 2] is kept
    assert kept.hasFocus()
    assert "now 87 tok" in kept.accessibleName()
    assert visible(chips) == ["photo 2.png", "photo 3.png"]


def test_a_chip_offers_the_levels_of_the_model_and_the_selectors_own(chips: Chips, qtbot: QtBot) -> None:
    chips.show_state(
        ComposerState(
            new=(chip(1, details=(Detail.LOW, Detail.HIGH), detail=Detail.LOW, own_detail=True),),
            detail=Detail.HIGH,
        )
    )
    made = chips._chips[False, 1]
    menu = made.actions_menu()
    assert menu is not None
    offered = [action for action in menu.actions() if action.isCheckable()]
    levels, carries = offered[:3], offered[3:]
    assert [action.text() for action in levels] == ["Low", "High", "Same as the others (High)"]
    assert [action.isChecked() for action in carries] == [True, False]
    assert [action.isChecked() for action in levels] == [True, False, False]
    chosen: list[tuple[int, object]] = []
    chips.detail_chosen.connect(lambda key, detail: chosen.append((key, detail)))
    offered[1].trigger()
    offered[2].trigger()
    assert chosen == [(1, Detail.HIGH), (1, None)]
    assert made.accessibleName().endswith("Low")


def test_a_chip_opens_its_image_and_gives_up_its_part(chips: Chips) -> None:
    chips.show_state(
        ComposerState(new=(chip(1, part=True),), carried=(chip(7, details=()),)),
    )
    told: list[tuple[str, int]] = []
    chips.opened.connect(lambda key: told.append(("opened", key)))
    chips.carried_opened.connect(lambda key: told.append(("carried", key)))
    chips.part_removed.connect(lambda key: told.append(("whole", key)))
    for key in ((False, 1), (True, 7)):
        menu = chips._chips[key].actions_menu()
        assert menu is not None
        for action in menu.actions():
            if not action.isCheckable():
                action.trigger()

    assert told == [("opened", 1), ("whole", 1), ("carried", 7)]
    assert chips._chips[False, 1].accessibleName().count("part") == 1


def test_a_model_without_levels_offers_none(chips: Chips) -> None:
    chips.show_state(ComposerState(new=(chip(1, details=()),)))
    menu = chips._chips[False, 1].actions_menu()
    assert menu is not None
    offered = [action.text() for action in menu.actions() if action.isCheckable()]
    assert offered == ["Stays in the conversation", "Goes with the next question only"]


def test_how_a_carried_image_goes_along_is_chosen_at_its_chip(chips: Chips) -> None:
    chips.show_state(ComposerState(carried=(chip(7, carry=Carry.ONCE),)))
    chips._carried.setChecked(True)
    made = chips._chips[True, 7]
    assert made.caption.text().startswith("once · ")
    told: list[tuple[int, str]] = []
    chips.carry_chosen.connect(lambda key, carry: told.append((key, carry)))
    menu = made.actions_menu()
    assert menu is not None
    for action in [action for action in menu.actions() if action.isCheckable()]:
        action.trigger()
    assert told == [(7, "keep"), (7, "once"), (7, "text"), (7, "left_out")]


def test_what_is_left_out_can_be_taken_back(chips: Chips) -> None:
    chips.show_state(ComposerState(left_out=(chip(7, name="lake.jpg"),)))
    assert chips._left_out.isVisibleTo(chips)
    told: list[tuple[int, str]] = []
    chips.carry_chosen.connect(lambda key, carry: told.append((key, carry)))
    (action,) = chips.left_out_menu().actions()
    assert "lake.jpg" in action.text()
    action.trigger()
    assert told == [(7, "keep")]


def test_an_image_that_cannot_be_sent_says_so(chips: Chips) -> None:
    chips.show_state(ComposerState(new=(chip(1, warning="Too large for this model."),)))
    made = chips._chips[False, 1]
    assert "Too large" in made.accessibleName()
    assert "Too large" in made.toolTip()
    chips.show_state(ComposerState(new=(chip(1),)))
    assert "Too large" not in made.accessibleName() + made.toolTip()


def test_a_hostile_name_is_text_in_label_and_tooltip(chips: Chips) -> None:
    chips.show_state(ComposerState(new=(chip(1, name="<img src=/dev/zero>.png"),)))
    made = chips._chips[False, 1]
    assert made.title.textFormat() is Qt.TextFormat.PlainText
    assert "<img" not in made.toolTip()
    assert "&lt;img" in made.toolTip()


def shown_order(chips: Chips, keys: int) -> ComposerState:
    state = ComposerState(new=tuple(chip(key, place=key, last_place=keys - 1) for key in range(keys)))
    chips.show_state(state)
    return state


def test_a_chip_is_moved_by_keys_and_by_its_menu(qtbot: QtBot, chips: Chips) -> None:
    moves: list[tuple[int, int]] = []
    chips.moved.connect(lambda key, steps: moves.append((key, steps)))
    shown_order(chips, 3)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(chips._chips[False, 1], Qt.Key.Key_Left, both)
    qtbot.keyClick(chips._chips[False, 1], Qt.Key.Key_Right, both)
    menu = chips._chips[False, 0].actions_menu()
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Move earlier"].isEnabled()
    actions["Move later"].trigger()
    menu.close()

    assert moves == [(1, -1), (1, 1), (0, 1)]


def test_a_chip_is_dragged_to_another_place(qtbot: QtBot, chips: Chips) -> None:
    moves: list[tuple[int, int]] = []
    opened: list[object] = []
    chips.moved.connect(lambda key, steps: moves.append((key, steps)))
    shown_order(chips, 3)
    qtbot.waitUntil(lambda: chips._chips[False, 2].geometry().x() > 10)
    first, last = chips._chips[False, 0], chips._chips[False, 2]
    first.clicked.connect(opened.append)
    target = last.geometry().center() + QPoint(10, 0) - first.pos()

    qtbot.mousePress(first, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.mouseMove(first, target)
    assert chips._mark.isVisible()
    qtbot.mouseRelease(first, Qt.MouseButton.LeftButton, pos=target)

    assert moves == [(0, 2)]
    assert opened == []
    assert not chips._mark.isVisible()


def test_chips_of_ten_thousand_images_are_not_made(chips: Chips) -> None:
    chips.show_state(ComposerState(new=tuple(chip(key) for key in range(120)), more=9_880))
    assert not [key for key in chips._chips if not key[0]]
    assert "10,000 new images" in chips._folded.title.text()
    chips._folded.setChecked(True)
    assert len(chips._chips) == 120


def test_the_right_button_opened_no_menu_of_a_chip(chips: Chips, qtbot: QtBot) -> None:
    chips.show_state(ComposerState(carried=(chip(7),)))
    chips._carried.setChecked(True)
    made = chips._chips[True, 7]
    place = made.rect().center()
    QApplication.sendEvent(
        made, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, made.mapToGlobal(place))
    )
    menu = made.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    menu.close()
