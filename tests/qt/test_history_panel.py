"""The history's panel."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.budget import Budget
from desktop.core.model import ConversationSummary
from desktop.ui import theme
from desktop.ui.history.model import HistoryModel
from desktop.ui.history.panel import HistoryPanel

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def summary(number: int, days: int = 0, **values: Any) -> ConversationSummary:
    values = {
        "title": f"Conversation {number}",
        "image_count": 1,
        "cost_usd": Decimal("0.011"),
        "on_device": False,
        "thumbnail": None,
    } | values
    return ConversationSummary(id=number, updated_at=NOW - timedelta(days=days), **values)


def budget(spent: str, limit: str | None = "10") -> Budget:
    limit_usd = None if limit is None else Decimal(limit)
    return Budget(month=date(2026, 11, 1), limit_usd=limit_usd, spent_usd=Decimal(spent))


ROWS = (summary(9), summary(8), summary(7, days=1), summary(6, days=40))


class Bench:
    def __init__(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        self.qtbot, self.panel, self.view = qtbot, panel, panel.view
        self.told: list[tuple[str, Any]] = []
        panel.opened.connect(lambda number: self.told.append(("opened", number)))
        panel.delete_requested.connect(lambda number: self.told.append(("delete", number)))
        panel.new_requested.connect(lambda: self.told.append(("new", None)))
        panel.settings_requested.connect(lambda: self.told.append(("settings", None)))
        panel.spending_requested.connect(lambda: self.told.append(("spending", None)))

    @property
    def model(self) -> HistoryModel:
        model = self.view.model()
        assert isinstance(model, HistoryModel)
        return model

    def at(self, number: int) -> QPoint:
        return self.view.visualRect(self.model.index_of(number)).center()

    def click(self, at: QPoint) -> None:
        self.qtbot.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def texts(self) -> list[str]:
        return [str(self.model.index(row).data()) for row in range(self.model.rowCount())]

    def spoken(self, number: int) -> str:
        return str(self.model.index_of(number).data(Qt.ItemDataRole.AccessibleTextRole))


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    panel = HistoryPanel()
    panel.resize(236, 700)
    panel.show_summaries(ROWS, 8, NOW)
    present(panel)
    return Bench(qtbot, panel)


def test_conversations_stand_under_their_days(bench: Bench) -> None:
    assert bench.texts() == [
        "Today",
        "Conversation 9",
        "Conversation 8",
        "Yesterday",
        "Conversation 7",
        "October 2026",
        "Conversation 6",
    ]


def test_the_one_at_hand_is_marked(bench: Bench) -> None:
    assert bench.view.currentIndex() == bench.model.index_of(8)

    bench.panel.show_summaries(ROWS, None, NOW)

    assert not bench.view.currentIndex().isValid()
    assert not bench.view.selectedIndexes()


def test_a_click_opens_and_a_heading_does_nothing(bench: Bench) -> None:
    bench.click(bench.at(7))
    bench.click(bench.view.visualRect(bench.model.index(0)).center())

    assert bench.told == [("opened", 7)]


def test_arrows_pass_headings_enter_opens_and_delete_asks(bench: Bench) -> None:
    bench.view.setFocus()

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Delete):
        bench.qtbot.keyClick(bench.view, key)

    assert bench.told == [("opened", 7), ("delete", [9])]


def test_leaving_the_list_marks_again_what_is_open(bench: Bench) -> None:
    bench.view.setFocus()
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_Down)

    bench.view.clearFocus()

    assert bench.view.currentIndex() == bench.model.index_of(8)


def test_the_bin_of_a_row_asks_for_deletion_and_does_not_open(bench: Bench) -> None:
    row = bench.view.visualRect(bench.model.index_of(7))
    bench.qtbot.mouseMove(bench.view.viewport(), row.center())

    bench.click(QPoint(row.right() - 18, row.center().y()))

    assert bench.told == [("delete", [7])]


def test_the_menu_opens_and_deletes(bench: Bench) -> None:
    at = bench.at(7)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bench.view.viewport().mapToGlobal(at))
    bench.view.contextMenuEvent(event)
    menu = bench.view.findChild(QMenu)

    for action in menu.actions():
        if action.text().startswith(("Open", "Delete")):
            action.trigger()
    menu.close()

    assert bench.told == [("opened", 7), ("delete", [7])]


def test_the_buttons_ask(bench: Bench) -> None:
    bench.panel.show_budget(budget("1.84"))
    for button in filter(QAbstractButton.isVisible, bench.panel.findChildren(QAbstractButton)):
        bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert sorted(name for name, _ in bench.told) == ["new", "settings", "spending", "spending"]
    assert all(b.accessibleName() for b in bench.panel.findChildren(QAbstractButton))
    assert "Ctrl+N" in bench.panel.findChildren(QAbstractButton)[0].toolTip()


def test_each_row_says_images_and_cost(bench: Bench) -> None:
    rows = (
        summary(5, image_count=6),
        summary(4, image_count=4800, cost_usd=None, on_device=True),
        summary(3, image_count=0, cost_usd=None),
        summary(2, running=True),
        summary(1, title=" \n"),
    )
    bench.panel.show_summaries(rows, None, NOW)

    assert bench.spoken(5) == "Conversation 5, 6 images · $0.011"
    assert bench.spoken(4) == "Conversation 4, 4,800 images · on this computer"
    assert bench.spoken(3) == "Conversation 3, no images · —"
    assert bench.spoken(2) == "Conversation 2, 1 image · answering…"
    assert bench.spoken(1).startswith("Untitled")


def test_an_empty_history_says_what_will_be_here(bench: Bench) -> None:
    bench.panel.show_summaries((), None, NOW)

    shown = [label.text() for label in bench.panel.findChildren(QLabel) if label.isVisible()]
    assert "Conversations appear here and stay on this computer." in shown


def test_new_facts_do_not_scroll_the_list(bench: Bench) -> None:
    many = tuple(summary(number) for number in range(500, 0, -1))
    bench.panel.show_summaries(many, 500, NOW)
    bench.view.verticalScrollBar().setValue(3000)

    changed = (summary(500, running=True), *many[1:])
    bench.panel.show_summaries(changed, 500, NOW)

    assert bench.view.verticalScrollBar().value() == 3000
    assert "answering" in bench.spoken(500)


def test_the_mark_of_a_running_answer_turns_only_while_one_runs(bench: Bench) -> None:
    def turns() -> int:
        return bench.view._delegate.turn

    bench.panel.show_summaries((summary(9, running=True),), None, NOW)
    bench.qtbot.waitUntil(lambda: turns() > 1)
    bench.panel.show_summaries((summary(9),), None, NOW)
    at = turns()
    bench.qtbot.wait(200)

    assert turns() == at


def test_a_cut_title_touched_the_mark_of_a_running_answer(bench: Bench) -> None:
    bench.panel.show_summaries((summary(9, running=True, title="l" * 200),), None, NOW)
    rect = bench.view.visualRect(bench.model.index_of(9))

    image = bench.view.grab().toImage()

    ground = image.pixelColor(rect.x() + 2, rect.y() + 2)
    spinner = rect.right() - 21
    gap = [(x, y) for x in range(spinner - 5, spinner) for y in range(rect.y() + 8, rect.y() + 28)]
    assert all(image.pixelColor(x, y) == ground for x, y in gap)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_rows_paint_in_both_looks(bench: Bench, mode: str) -> None:
    theme.current().apply(mode)
    picture = QPixmap(64, 20)
    picture.fill("red")
    bench.panel.set_thumbnail(8, picture)
    bench.panel.set_thumbnail(404, picture)

    image = bench.view.grab().toImage()
    theme.current().apply("light")

    rect = bench.view.visualRect(bench.model.index_of(8))
    assert image.pixelColor(rect.x() + 24, rect.center().y()).name() == "#ff0000"


def test_a_hostile_title_is_plain_text_everywhere(bench: Bench) -> None:
    bench.panel.show_summaries((summary(1, title="<img src=x> \u202egnp.exe"),), None, NOW)
    index: QModelIndex = bench.model.index_of(1)

    assert index.data() == "<img src=x> gnp.exe"
    assert "&lt;img" in index.data(Qt.ItemDataRole.ToolTipRole)
