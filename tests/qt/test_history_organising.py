"""Several conversations at once, titles in their place, pins, tags, the archive, pages of the list."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import ConversationSummary
from desktop.core.summaries import Listed
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.history.tag_editor import TagEditor
from desktop.ui.history.title_field import TitleField
from tests.qt.test_history_panel import NOW, summary

ROWS = (
    summary(9, pinned=True),
    summary(8, tags=("shop", "2026")),
    summary(7),
    summary(6, days=1),
    summary(5, days=1, on_device=True),
)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Bench:
    def __init__(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        self.qtbot, self.panel, self.view = qtbot, panel, panel.view
        self.told: list[tuple[Any, ...]] = []
        panel.opened.connect(lambda *args: self.told.append(("opened", *args)))
        panel.delete_requested.connect(lambda *args: self.told.append(("delete", *args)))
        panel.renamed.connect(lambda *args: self.told.append(("renamed", *args)))
        panel.acted.connect(lambda *args: self.told.append(args))
        panel.listed_chosen.connect(lambda *args: self.told.append(("listed", *args)))

    def at(self, number: int) -> QPoint:
        return self.view.visualRect(self.view._rows.index_of(number)).center()

    def click(self, number: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, keys, self.at(number))

    def chosen(self) -> list[int]:
        return [one.id for one in self.view.chosen()]

    def menu(self, *chosen: ConversationSummary) -> dict[str, Any]:
        self.view.menu_requested.emit(list(chosen), QPoint(0, 0))
        menu = self.view.findChildren(QMenu)[-1]
        menu.close()
        return {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    panel = HistoryPanel()
    panel.resize(236, 700)
    panel.show_summaries(ROWS, 7, NOW)
    present(panel)
    return Bench(qtbot, panel)


def test_pinned_ones_have_their_own_heading_first(bench: Bench) -> None:
    model = bench.view.model()
    texts = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert texts[:3] == ["Pinned", "Conversation 9", "Today"]


def test_control_and_shift_choose_several_which_delete_takes(bench: Bench) -> None:
    bench.view.setFocus()
    bench.click(9, CONTROL)
    assert bench.chosen() == [9, 7]
    bench.click(5, CONTROL)
    assert bench.told == []
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_Delete)
    assert bench.told == [("delete", [9, 7, 5])]

    bench.click(8)
    bench.click(6, SHIFT)
    assert bench.chosen() == [8, 7, 6]


def test_choosing_several_survives_news_of_the_list(bench: Bench) -> None:
    bench.view.setFocus()
    bench.click(8)
    bench.click(6, CONTROL)
    bench.panel.show_summaries((summary(10), *ROWS), 7, NOW)
    assert bench.chosen() == [8, 6]


def test_shift_and_arrows_choose_over_headings(bench: Bench) -> None:
    bench.view.setFocus()
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_Down, SHIFT)
    assert bench.chosen() == [7, 6]
    for key, number in ((Qt.Key.Key_Home, 9), (Qt.Key.Key_End, 5)):
        bench.qtbot.keyClick(bench.view, key)
        assert bench.chosen() == [number]


def test_f2_writes_a_title_in_its_place_and_escape_leaves_it(bench: Bench) -> None:
    bench.view.setFocus()
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_F2)
    field = bench.view.findChild(TitleField)
    assert field.text() == "Conversation 7"
    field.setText("  Bakery \t receipts ")
    bench.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert bench.told == [("renamed", 7, "Bakery receipts")]
    assert bench.view.hasFocus()

    bench.view.rename(8)
    field = bench.view.findChildren(TitleField)[-1]
    field.setText("no")
    bench.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert len(bench.told) == 1


def test_the_menu_of_one_and_of_several(bench: Bench) -> None:
    one = bench.menu(ROWS[1])
    assert list(one) == ["Open", "Rename", "Suggest a title", "Tags…", "Pin", "Archive", "Export…", "Delete"]
    for name in ("Suggest a title", "Tags…", "Pin", "Archive"):
        one[name].trigger()
    assert bench.told == [("suggest", (8,)), ("tags", (8,)), ("pin", (8,)), ("archive", (8,))]
    # What was never sent anywhere is not sent for a title.
    assert "Suggest a title" not in bench.menu(ROWS[4])

    several = bench.menu(ROWS[0], ROWS[1])
    assert list(several) == ["Pin", "Archive", "Export…", "Delete 2 conversations"]
    assert list(bench.menu(ROWS[0])) == [
        "Open",
        "Rename",
        "Suggest a title",
        "Tags…",
        "Unpin",
        "Archive",
        "Export…",
        "Delete",
    ]
    assert "Take out of the archive" in bench.menu(summary(1, archived=True))


def test_a_click_on_a_tag_lists_what_has_it(bench: Bench) -> None:
    delegate = bench.view._delegate
    rect = bench.view.visualRect(bench.view._rows.index_of(8))
    chips = dict(delegate._chips(rect, ROWS[1]))
    bench.qtbot.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, pos=chips["2026"].center())
    assert bench.told == [("listed", Listed(tag="2026"))]
    assert "shop" in bench.view._rows.index_of(8).data(Qt.ItemDataRole.AccessibleTextRole)


def test_what_is_listed_is_named_with_a_way_back(bench: Bench) -> None:
    scope = bench.panel._scope
    assert not scope.isVisible()
    bench.panel.show_summaries((), 7, NOW, listed=Listed(archived=True))
    assert scope.isVisible()
    bench.qtbot.mouseClick(scope.findChild(QAbstractButton), Qt.MouseButton.LeftButton)
    assert bench.told == [("listed", Listed())]


def test_the_archive_and_private_conversations_are_offered_when_there_are_any(bench: Bench) -> None:
    assert not bench.panel._archive.isVisible()
    assert not bench.panel._kinds.isVisible()
    bench.panel.show_archived(True)
    bench.panel.offer_private(True)
    bench.qtbot.mouseClick(bench.panel._archive, Qt.MouseButton.LeftButton)
    assert bench.told == [("listed", Listed(archived=True))]
    with bench.qtbot.waitSignal(bench.panel.private_requested):
        menu = bench.panel._kinds.findChild(QMenu)
        menu.actions()[1].trigger()


def test_the_end_of_the_list_asks_for_more(bench: Bench) -> None:
    many = tuple(summary(number) for number in range(200, 0, -1))
    bench.panel.show_summaries(many, 200, NOW)
    with bench.qtbot.waitSignal(bench.panel.rows_wanted):
        bench.view.verticalScrollBar().setValue(bench.view.verticalScrollBar().maximum())
    at = bench.view.verticalScrollBar().value()
    bench.panel.show_summaries((*many, *(summary(-number) for number in range(1, 50))), 200, NOW)
    assert bench.view.verticalScrollBar().value() == at


def test_tags_are_edited_with_completion(qtbot: QtBot) -> None:
    editor = TagEditor(8, ("shop",), ("shop", "Receipts"))
    qtbot.addWidget(editor)
    told: list[tuple[int, tuple[str, ...]]] = []
    editor.changed.connect(lambda *args: told.append(args))
    editor.show()
    field = editor._field
    field.setText('  new "tag" ')
    qtbot.keyClick(field, Qt.Key.Key_Return)
    # One that is there already keeps its own writing.
    field.setText("receipts")
    qtbot.keyClick(field, Qt.Key.Key_Comma)
    field.setText("SHOP")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [(8, ("new tag", "shop")), (8, ("Receipts", "new tag", "shop"))]
    assert editor._offers.stringList() == []
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert editor.tags == ["Receipts", "new tag"]
    chips = [b for b in editor.findChildren(QAbstractButton) if b.accessibleName() == "Remove tag Receipts"]
    qtbot.mouseClick(chips[-1], Qt.MouseButton.LeftButton)
    assert told[-1] == (8, ("new tag",))
