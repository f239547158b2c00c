"""Searching in the history's panel: what is typed, what is found, how it is opened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import ON_DEVICE, Role
from desktop.core.search import FoundConversation, Hit, Marked, Where
from desktop.ui import theme
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.history.search_bar import Asked, periods
from desktop.ui.history_finding import search_of
from tests.qt.test_history_panel import NOW, summary


def hit(number: int, text: str = "the total is 37", **fields: Any) -> Hit:
    at = text.find("total")
    values = {
        "role": Role.ASSISTANT,
        "model": "gpt-5-mini",
        "created_at": NOW - timedelta(days=3),
        "where": Where.TEXT,
        "snippet": Marked(text, ((at, at + 5),) if at >= 0 else ()),
    } | fields
    return Hit(message_id=number, **values)


def found(number: int, *hits: Hit, **fields: Any) -> FoundConversation:
    made = summary(number, **fields)
    return FoundConversation(summary=made, title=Marked(made.title), hits=hits)


FOUND = (found(9, hit(91), hit(90)), found(8, hit(81)), found(7, hit(71, "")))


class Bench:
    def __init__(self, qtbot: QtBot, panel: HistoryPanel) -> None:
        self.qtbot, self.panel = qtbot, panel
        self.field, self.results = panel.search.field, panel.results.view
        self.asked: list[Asked] = []
        self.opened: list[tuple[int, int]] = []
        panel.search.changed.connect(self.asked.append)
        panel.found_opened.connect(lambda *found: self.opened.append(found))

    def show(self, *told: FoundConversation, **fields: Any) -> None:
        values = {"more": False, "image": False, "unindexed": 0} | fields
        self.panel.results.show_found(told, NOW, **values)
        self.panel.show_results(True)

    def spoken(self, row: int) -> str:
        return str(self.results.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    panel = HistoryPanel()
    panel.resize(236, 700)
    panel.show_summaries((summary(9), summary(8)), 8, NOW)
    present(panel)
    return Bench(qtbot, panel)


def test_typing_asks_once_it_pauses_and_escape_asks_for_nothing_again(bench: Bench) -> None:
    bench.panel.search.begin()
    bench.qtbot.keyClicks(bench.field, "total")
    bench.qtbot.waitUntil(lambda: bool(bench.asked))
    assert bench.asked == [Asked("total")]

    bench.qtbot.keyClick(bench.field, Qt.Key.Key_Escape)
    assert bench.field.text() == ""
    assert bench.asked[-1].is_empty
    with bench.qtbot.waitSignal(bench.panel.search.left):
        bench.qtbot.keyClick(bench.field, Qt.Key.Key_Escape)


def test_results_take_the_place_of_the_list_and_are_chosen_from_the_field(bench: Bench) -> None:
    bench.panel.search.begin()
    bench.show(*FOUND)
    assert bench.panel.body.currentWidget() is bench.panel.results
    assert bench.panel.results.said == "3 conversations"

    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_PageDown, Qt.Key.Key_Up):
        bench.qtbot.keyClick(bench.field, key)
    bench.qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.opened == [(9, 91), (9, 90), (8, 81)]

    bench.panel.show_results(False)
    assert bench.panel.body.currentWidget() is bench.panel.view


def test_a_click_opens_a_result(bench: Bench) -> None:
    bench.show(*FOUND)
    place = bench.results.visualRect(bench.results.model().index(2, 0)).center()
    bench.qtbot.mouseClick(bench.results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bench.opened == [(8, 81)]


def test_each_result_says_where_when_and_by_whom(bench: Bench) -> None:
    bench.show(
        found(5, hit(1), title="Bakery"),
        found(4, hit(2, where=Where.READ, model=ON_DEVICE), archived=True, title="Old"),
        found(3, hit(3, "receipt.png", where=Where.NEAR, created_at=NOW - timedelta(days=400)), title="Near"),
    )
    assert bench.spoken(0) == "Bakery, the total is 37, 7 November · gpt-5-mini"
    assert bench.spoken(1).endswith("text on the image · 7 November · on this computer · archived")
    assert bench.spoken(2).endswith("receipt.png, looks the same · 6 October 2025 · gpt-5-mini")


def test_more_results_leave_what_is_chosen_and_where_it_stands(bench: Bench) -> None:
    many = tuple(found(number, hit(number)) for number in range(60, 30, -1))
    bench.show(*many, more=True)
    bench.results.choose(12)
    assert bench.panel.results.said == "30+ conversations"
    with bench.qtbot.waitSignal(bench.panel.results.more_wanted):
        bench.results.verticalScrollBar().setValue(bench.results.verticalScrollBar().maximum())
    at = bench.results.verticalScrollBar().value()

    bench.show(*many, *(found(number, hit(number)) for number in range(30, 0, -1)))

    assert bench.results.currentIndex().row() == 12
    assert bench.results.verticalScrollBar().value() == at


def test_nothing_and_an_index_that_is_not_ready_are_told(bench: Bench) -> None:
    bench.show(unindexed=5000)
    assert bench.panel.results.said == "Nothing found.\n5,000 messages are still to be indexed."
    bench.show(image=True)
    assert bench.panel.results.said == "No conversation has this image."


def test_filters_are_asked_for_with_what_is_typed(bench: Bench) -> None:
    bar = bench.panel.search
    bar.set_text("total")
    bar.set_models(["gpt-5-mini", "<b>x</b>&y"])
    bar._fill_models()
    actions = bar._choices.actions()
    assert [action.text() for action in actions] == ["Any model", "gpt-5-mini", "<b>x</b>&&y"]
    actions[1].trigger()
    bar._fill_periods()
    bar._periods.actions()[2].trigger()

    first = periods(datetime.now().astimezone().date())[2][0]
    assert bench.asked[-1] == Asked("total", first, None, "gpt-5-mini")
    shown = {button.text() for button in bar.findChildren(QAbstractButton) if button.isVisibleTo(bar)}
    assert {"Last 7 days", "gpt-5-mini"} <= shown
    bar.clear()
    assert bench.asked[-1].is_empty


def test_an_own_span_is_chosen_between_two_days(bench: Bench, qtbot: QtBot) -> None:
    from desktop.ui.history.span_dialog import SpanDialog

    dialog = SpanDialog(date(2026, 3, 9), date(2026, 3, 1))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()
    assert chosen.args == [date(2026, 3, 1), date(2026, 3, 9)]


def test_days_are_those_of_the_person_who_searches() -> None:
    wanted = search_of(Asked("x", date(2026, 3, 1), date(2026, 3, 1), "m"))
    assert wanted.since is not None
    assert wanted.until is not None
    assert wanted.since.astimezone().date() == date(2026, 3, 1)
    assert wanted.until - wanted.since >= timedelta(hours=23)
    assert search_of(Asked("x")).until is None


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_matches_are_emphasised_in_both_looks(bench: Bench, mode: str) -> None:
    theme.current().apply(mode)
    bench.show(found(9, hit(91, "total " * 60)), found(8, hit(81, "plain " * 60)))

    image = bench.results.grab().toImage()
    strong = theme.current().color("accent_soft_text").name()
    theme.current().apply("light")

    def has_strong(row: int) -> bool:
        rect = bench.results.visualRect(bench.results.model().index(row, 0))
        return any(
            image.pixelColor(x, y).name() == strong
            for y in range(rect.top(), rect.bottom())
            for x in range(rect.left() + 40, rect.right())
        )

    assert has_strong(0)
    assert not has_strong(1)


def test_pictures_are_asked_for_where_they_are_seen(bench: Bench) -> None:
    from tests.helpers.history import sent_image

    sent = sent_image(b"1")
    with bench.qtbot.waitSignal(bench.panel.results.thumbnails_wanted) as wanted:
        bench.show(found(9, hit(91), thumbnail=sent))
    assert wanted.args == [[sent]]
    picture = QPixmap(64, 64)
    picture.fill("red")
    bench.panel.results.set_thumbnail(sent.sha256, picture)
    image = bench.results.grab().toImage()
    assert image.pixelColor(24, 24).name() == "#ff0000"


def test_an_image_that_is_dropped_is_searched(bench: Bench) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/photos/cat.png")])
    event = QDropEvent(
        QPointF(50, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with bench.qtbot.waitSignal(bench.panel.image_dropped) as dropped:
        bench.panel.dropEvent(event)
    assert str(dropped.args[0]) == "/photos/cat.png"
    assert bench.panel.body.currentWidget() is bench.panel.view


def test_hostile_titles_and_snippets_are_shown_as_text(bench: Bench) -> None:
    bench.show(found(1, hit(1, "<img src=x> \u202egnp.exe total"), title="<b>bold</b>"))
    assert bench.spoken(0).startswith("<b>bold</b>, <img src=x>")
    bench.results.grab()
