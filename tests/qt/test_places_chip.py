"""The chip below an answer: what it says, and which image it leads to."""

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.core.pointed_at import PointedAnswer, Target
from desktop.core.pointing import Place, Pointing, Scale
from desktop.ui.structured.places_chip import PlacesChip

PLACE = Place(left=1, top=2, right=3, bottom=4)


def target(number: int, count: int) -> Target:
    pointing = Pointing(places=(PLACE,) * count, scale=Scale.PIXELS)
    return Target(attachment_id=number, name=f"{number} & more.png", pointing=pointing)


def chip(qtbot: QtBot, *targets: Target, named: bool = True) -> tuple[PlacesChip, list[tuple[int, Pointing]]]:
    made = PlacesChip()
    qtbot.addWidget(made)
    asked: list[tuple[int, Pointing]] = []
    made.show_requested.connect(lambda number, pointing: asked.append((number, pointing)))
    made.show_answer(PointedAnswer(message_id=1, targets=targets, named=named))
    return made, asked


def test_one_image_is_shown_by_a_click(qtbot: QtBot) -> None:
    made, asked = chip(qtbot, target(5, 1))
    assert made.text() == "1 place · show on the image"
    made._button.click()
    assert [number for number, _pointing in asked] == [5]


def test_several_images_are_offered_by_name(qtbot: QtBot) -> None:
    made, asked = chip(qtbot, target(5, 1), target(6, 3))
    assert made.text() == "4 places · show on an image…"
    made._button.click()
    menu = made.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    assert [action.text() for action in menu.actions()] == ["1. 5 && more.png (1)", "2. 6 && more.png (3)"]
    menu.actions()[1].trigger()
    assert asked == [(6, target(6, 3).pointing)]
    menu.close()


def test_places_that_may_be_on_any_image_are_counted_once(qtbot: QtBot) -> None:
    made, _asked = chip(qtbot, target(5, 2), target(6, 2), named=False)
    assert made.text() == "2 places · show on an image…"


def test_without_places_there_is_no_chip(qtbot: QtBot) -> None:
    made, _asked = chip(qtbot, target(5, 2))
    assert not made.isHidden()
    made.show_answer(None)
    assert made.isHidden()
