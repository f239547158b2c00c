"""The comparison page as widgets: columns, tabs, scrolling together, and two answers as one text."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Retrying
from desktop.core.model import AnswerState, Message
from desktop.core.problems import Code, problem
from desktop.core.word_diff import Change, word_difference
from desktop.ui import theme
from desktop.ui.compare.differences import Differences, change_format
from desktop.ui.compare.page import TABS_BELOW_PX, ComparePage
from desktop.ui.compare.state import SideState
from tests.helpers.conversations import attachment, billed, question, running
from tests.helpers.history import sent_image

LONG = "\n\n".join(f"Paragraph {number}." for number in range(80))

Show = Callable[[QWidget], None]


def side(answer: Message | None = None, name: str = "gpt-4.1", **fields: object) -> SideState:
    known = {"detail": "High", "stored": True, **fields}
    return SideState(name=name, answer=answer or billed(id=2), **known)  # type: ignore[arg-type]


def shown(show: Show, *sides: SideState, width: int = 1000) -> ComparePage:
    page = ComparePage()
    page.resize(width, 600)
    page.show_sides(question("What is it?", attachment(1), attachment(2)), sides)
    show(page)
    return page


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shows(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()

    return shows


def test_each_side_has_its_column_with_what_it_did_cost(show: Show) -> None:
    page = shown(show, side(cheapest=True, at_hand=True), side(name="gpt-4o", fastest=True))
    one, two = page.columns
    assert (one._name.text(), one._detail.text()) == ("gpt-4.1", "High")
    assert one._usage.text() == "683 in · 161 out · $0.0015 · 2.4 s"
    pills = [(c._cheapest.isVisible(), c._fastest.isVisible(), c._at_hand.isVisible()) for c in (one, two)]
    assert pills == [(True, False, True), (False, True, False)]
    assert one._usage.mapTo(page, one._usage.pos()).y() == two._usage.mapTo(page, two._usage.pos()).y()


def test_a_column_streams_and_keeps_what_came_when_it_ends(show: Show) -> None:
    page = shown(show, side(running()), side(running(), name="gpt-4o"))
    one, two = page.columns
    one.append("Half an ")
    one.append("answer")
    assert (one.text, two.text) == ("Half an answer", "")
    assert one._stop.isVisible()
    page.show_side(0, side(billed("Half an answer.", id=2)))
    assert (one.text, one.is_running, two.is_running) == ("Half an answer.", False, True)
    assert not one._stop.isVisible()
    # What comes late changes nothing.
    one.append("more")
    assert one.text == "Half an answer."


def test_what_a_running_side_does_is_said(show: Show) -> None:
    page = shown(show, side(running()), side(running()))
    one, two = page.columns
    one.preparing(1, 3)
    two.retrying(Retrying(problem(Code.SERVER_OVERLOADED), 5.0, 1))
    assert one._status.text() == "Preparing image 2 of 3…"
    assert "trying again in 5 s" in two._status.text()
    two.append("There")
    two._show_progress()
    assert two._status.text().startswith("answering…")


def test_stop_is_there_for_one_and_for_all(show: Show) -> None:
    page = shown(show, side(running()), side(running()))
    one, every = QSignalSpy(page.stop_requested), QSignalSpy(page.bar.stop_all_requested)
    page.columns[1]._stop.click()
    page.bar._stop.click()
    assert [one.at(0)[0], one.count(), every.count()] == [1, 1, 1]
    for place in (0, 1):
        page.show_side(place, side(billed(id=2, state=AnswerState.STOPPED)))
    assert not page.bar._stop.isVisible()
    assert page.columns[0]._marks[AnswerState.STOPPED].isVisible()


def test_one_can_go_on_only_from_what_is_stored(show: Show) -> None:
    failed = billed("", id=0, state=AnswerState.FAILED, problem=problem(Code.IMAGE_MISSING, name="a.png"))
    page = shown(show, side(), side(failed, stored=False))
    asked = QSignalSpy(page.continue_requested)
    page.columns[1]._go_on.click()
    page.columns[0]._go_on.click()
    assert [asked.at(at)[0] for at in range(asked.count())] == [0]
    assert page.columns[1]._problem.isVisible()


def test_copy_gives_the_answer_as_it_came(show: Show) -> None:
    page = shown(show, side(billed("**bold** & <b>raw</b>", id=2)), side())
    page.columns[0]._copy.click()
    assert QGuiApplication.clipboard().text() == "**bold** & <b>raw</b>"


def test_side_by_side_where_two_have_room_and_else_one_at_a_time(qtbot: QtBot, show: Show) -> None:
    page = shown(show, side(), side(name="gpt-4o"), side(name="gpt-4.1-mini"), width=TABS_BELOW_PX)
    assert [column.isVisible() for column in page.columns] == [True] * 3
    assert not page._tabs.isVisible()
    # The third is reached by scrolling sideways.
    assert page._area.horizontalScrollBar().maximum() > 0
    page.resize(TABS_BELOW_PX - 1, 600)
    assert [column.isVisible() for column in page.columns] == [True, False, False]
    assert page._tabs.isVisible()
    qtbot.waitUntil(lambda: page._area.horizontalScrollBar().maximum() == 0)
    page._tabs.setFocus()
    qtbot.keyClick(next(iter(page._tabs._buttons.values())), Qt.Key.Key_Right)
    assert [column.isVisible() for column in page.columns] == [False, True, False]


def test_tabs_have_names_where_there_is_room_and_else_numbers(show: Show) -> None:
    page = shown(show, *[side(name=f"a-model-with-a-long-name-{n}") for n in range(4)], width=440)
    assert [tab.text() for tab in page._tabs._buttons.values()] == ["1", "2", "3", "4"]
    page.show_sides(question("Another?"), [side(name="a"), side(name="b")])
    assert [tab.text() for tab in page._tabs._buttons.values()] == ["1  a · High", "2  b · High"]


def test_the_page_can_be_made_narrow_again(show: Show) -> None:
    """Pictures and tabs that had room once kept the window from becoming smaller."""
    page = ComparePage()
    page.resize(1000, 600)
    wide = sent_image(b"x"), attachment(1)
    images = [replace(wide[1], id=n, sent=replace(wide[0], width_px=2000)) for n in range(1, 9)]
    page.show_sides(question("What?", *images), [side(name="n" * 40)] * 4)
    show(page)
    page.resize(400, 600)
    assert page.minimumSizeHint().width() <= 400
    assert sum(thumb.isVisible() for thumb in page.question.thumbs) < len(page.question.thumbs)


def test_answers_scroll_together_as_long_as_that_is_wanted(show: Show) -> None:
    page = shown(show, side(billed(LONG, id=2)), side(billed(LONG, id=4)))
    one, two = (column.area.verticalScrollBar() for column in page.columns)
    assert (one.value(), two.value()) == (0, 0)
    one.setValue(200)
    assert two.value() == 200
    page.bar.together.click()
    two.setValue(90)
    assert (one.value(), two.value()) == (200, 90)


def test_what_grows_is_followed_only_while_the_reader_is_at_its_end(qtbot: QtBot, show: Show) -> None:
    page = shown(show, side(running()), side(running()))
    column = page.columns[0]
    bar = column.area.verticalScrollBar()
    column.append(LONG)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert bar.value() == 0
    for place, follows in ((bar.maximum(), True), (30, False)):
        bar.setValue(place)
        before = bar.maximum()
        column.append("\n\n" + LONG)
        qtbot.waitUntil(lambda before=before: bar.maximum() > before)
        assert bar.value() == (bar.maximum() if follows else 30)


def test_another_comparison_leaves_nothing_of_the_one_before(show: Show) -> None:
    page = shown(show, side(billed("old", id=2)), side(billed("older", id=4)))
    page.bar.differences.click()
    page.differences.show_difference(word_difference("old", "older"))
    page.show_sides(question("Another?"), [side(running()) for _ in range(4)])
    assert len(page.columns) == 4
    assert [column.text for column in page.columns] == [""] * 4
    assert page.differences.text == ""
    assert not page.bar.differences.isChecked()
    assert not page.bar.differences.isEnabled()
    assert page.question._text.toPlainText() == "Another?"
    assert page.question.thumbs == []


def test_a_long_question_takes_only_a_few_lines(show: Show) -> None:
    page = ComparePage()
    page.resize(800, 600)
    page.show_sides(question("word " * 3000), [side(), side()])
    show(page)
    assert page.question.height() < 120
    assert page.columns[0].isVisible()


def format_at(view: Differences, text: str) -> QTextCharFormat:
    document = view._text.document()
    found: QTextCursor = document.find(text)
    assert not found.isNull(), text
    return found.charFormat()


def test_what_differs_is_coloured_and_also_struck_out_or_underlined(qtbot: QtBot, show: Show) -> None:
    page = shown(show, side(billed("The sum is 23.45.", id=2)), side(billed("The total is 23.45.", id=4)))
    wanted = QSignalSpy(page.difference_wanted)
    page.bar.differences.click()
    assert wanted.at(0) == [0, 1]
    view = page.differences
    view.show_difference(word_difference("The sum is 23.45.", "The total is 23.45."))
    qtbot.waitUntil(lambda: view.text == "The sumtotal is 23.45.")
    removed, added, same = (format_at(view, text) for text in ("sum", "total", "23.45"))
    assert (removed.fontStrikeOut(), removed.fontUnderline()) == (True, False)
    assert (added.fontStrikeOut(), added.fontUnderline()) == (False, True)
    assert (same.fontStrikeOut(), same.fontUnderline()) == (False, False)
    colours = {made.foreground().color().name() for made in (removed, added, same)}
    assert len(colours) == 3
    assert view._said.text() == (
        "Struck out: only in the first (1 word). Underlined: only in the second (1 word)."
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("change", [Change.REMOVED, Change.ADDED])
def test_changes_can_be_read_in_both_themes(mode: str, change: Change) -> None:
    theme.current().apply(mode)
    try:
        made = change_format(change)
        grounds = sorted((_luminance(made.foreground()), _luminance(made.background())))
        assert (grounds[1] + 0.05) / (grounds[0] + 0.05) >= 4.5
    finally:
        theme.current().apply("light")


def _luminance(brush: QBrush) -> float:
    """Relative luminance of WCAG 2."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in brush.color().getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_markup_in_an_answer_stays_text_in_the_difference(qtbot: QtBot, show: Show) -> None:
    hostile = '<img src="/dev/zero"><b>x</b>'
    view = Differences()
    show(view)
    view.show_difference(word_difference(hostile, hostile + " ![x](/dev/zero)"))
    qtbot.waitUntil(lambda: view.text == hostile + " ![x](/dev/zero)")


def test_an_unbroken_run_gets_breaks_for_display_only(qtbot: QtBot, show: Show) -> None:
    view = Differences()
    show(view)
    text = "a" * 5_000
    view.show_difference(word_difference(text, text))
    qtbot.waitUntil(lambda: view.text == text)
    assert len(view._text.toPlainText()) > len(text)
    view._text.selectAll()
    view._text.copy()
    assert QGuiApplication.clipboard().text() == text


def test_a_line_without_end_is_shown_as_several_and_copied_as_one(qtbot: QtBot, show: Show) -> None:
    """One line of 200,000 characters took two minutes to show, and held the window for half a second."""
    view = Differences()
    show(view)
    text = " ".join(f"word{number % 977}" for number in range(24_000))
    view.show_difference(word_difference(text, text.replace("word976", "other")))
    qtbot.waitUntil(lambda: not view._filling.is_running)
    block = view._text.document().firstBlock()
    lengths = []
    while block.isValid():
        lengths.append(block.length())
        block = block.next()
    assert max(lengths) < 4_000
    shown = "".join(run.text for run in word_difference(text, text.replace("word976", "other")).runs)
    assert view.text == shown
    view._text.selectAll()
    view._text.copy()
    assert QGuiApplication.clipboard().text() == shown


def test_the_two_can_be_chosen_and_swapped(show: Show) -> None:
    page = shown(show, side(), side(name="gpt-4o"), side(name="gpt-4.1-mini"))
    page.bar.differences.click()
    wanted = QSignalSpy(page.difference_wanted)
    view = page.differences
    view._second.setCurrentIndex(2)
    view._second.activated.emit(2)
    view._swap.click()
    assert [wanted.at(at) for at in range(wanted.count())] == [[0, 2], [2, 0]]


def test_equal_answers_are_said_to_be_equal(show: Show) -> None:
    view = Differences()
    show(view)
    view.show_difference(word_difference("the same", "the same"))
    assert "the same, word for word" in view._said.text()
