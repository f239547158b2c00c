"""Comparing in the window over its real parts: what streams at once, and what the history has then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.budget import BudgetState
from desktop.core.comparing import sides_of
from desktop.core.model import AnswerState, Detail, Message
from desktop.core.own_prices import OwnPrice
from desktop.core.pairs import Pair
from desktop.core.problems import Code
from desktop.core.settings import Settings
from desktop.ui import budget_guard
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.compare.column import SideColumn
from desktop.ui.compare.page import ComparePage
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

MODEL = "gpt-4.1"
PRICES = {model: OwnPrice(Decimal(2), None, Decimal(8)) for model in (MODEL, "gpt-4o")}
FIRST, SECOND = Pair(MODEL, Detail.HIGH), Pair("gpt-4o", Detail.LOW)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@contextmanager
def window(qtbot: QtBot, folder: Path, base_url: str, **settings: object) -> Iterator[Opened]:
    """A window with one picture selected."""
    picture = folder / "a.png"
    if not picture.exists():
        make_image(picture, 1600, 1200)
    with open_window(
        qtbot,
        folder / "data",
        base_url=base_url,
        model=MODEL,
        settings=Settings(**settings),  # type: ignore[arg-type]
    ) as opened:
        yield opened


def page(opened: Opened) -> ComparePage:
    return opened.window._parts.compare


def columns(opened: Opened) -> list[SideColumn]:
    return page(opened).columns


def select(qtbot: QtBot, opened: Opened, folder: Path) -> None:
    opened.gallery.paths_dropped.emit([folder / "a.png"])
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)


def chooser(opened: Opened) -> CompareDialog:
    dialog = opened.window.findChild(CompareDialog)
    assert dialog is not None
    return dialog


def compare(qtbot: QtBot, opened: Opened, folder: Path, *pairs: Pair, text: str = "What is it?") -> None:
    """Select a picture, type a question, choose whom to ask, and ask."""
    select(qtbot, opened, folder)
    settings = opened.backend.settings
    settings.change(replace(settings.current, compared=pairs))
    opened.composer.set_text(text)
    opened.composer.compare_requested.emit()
    dialog = chooser(opened)
    assert dialog.pairs == pairs
    dialog.compare.click()


def is_shown(opened: Opened) -> bool:
    return opened.window._parts.pages.currentWidget() is page(opened)


def wait_for_texts(qtbot: QtBot, opened: Opened) -> None:
    qtbot.waitUntil(lambda: bool(columns(opened)) and all(c.text for c in columns(opened)), timeout=WAIT_MS)


def wait_for_ends(qtbot: QtBot, opened: Opened) -> None:
    live = opened.window.conversation_room.comparing._live
    assert live is not None
    qtbot.waitUntil(lambda: all(side.has_ended for side in live.sides), timeout=WAIT_MS)


def answers(opened: Opened) -> list[Message]:
    """What the history has of the comparison at hand."""
    store = opened.parts.services.store
    stored = store.conversation(opened.conversation.current.id).result(10)
    return [side.answer for side in stored.comparisons[0]]


def press_escape(qtbot: QtBot, opened: Opened) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    qtbot.keyClick(opened.window, Qt.Key.Key_Escape)


def test_two_models_stream_at_once_and_stopping_one_leaves_the_other(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    # One comes piece by piece, the other stalls after a few words.
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        compare(
            qtbot,
            opened,
            tmp_path,
            Pair("loopback-slow", Detail.HIGH),
            Pair("loopback-stalled", Detail.LOW),
        )
        assert opened.composer.text() == ""
        assert is_shown(opened)
        wait_for_texts(qtbot, opened)
        comparing, current = opened.window.conversation_room.comparing, opened.conversation.current
        # Said of what is running, although this branch was read when it had no others.
        assert comparing.others(current, current.messages[0]) == 1
        slow, stalled = columns(opened)
        assert slow.is_running
        assert stalled.is_running
        stalled._stop.click()
        assert not stalled.is_running
        came = stalled.text
        wait_for_ends(qtbot, opened)
        assert (slow.text, stalled.text) == (loopback.text, came)
        one, two = answers(opened)
        assert (one.state, one.text) == (AnswerState.COMPLETE, loopback.text)
        assert (two.state, two.text) == (AnswerState.STOPPED, came)
        # The first one's branch is at hand, and the transcript has it too.
        assert opened.conversation.current.messages[-1].id == one.id
        assert [column.side.at_hand for column in columns(opened)] == [True, False]
        stored = opened.parts.services.store.conversation(opened.conversation.current.id).result(10)
        assert comparing.others(stored, stored.messages[0]) == 1
        assert comparing.others(stored, stored.messages[1]) == 0
    assert sorted(len(request.images) for request in loopback.requests) == [1, 1]


def test_one_that_breaks_off_is_told_at_its_column_alone(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        compare(qtbot, opened, tmp_path, FIRST, Pair("loopback-cut", Detail.LOW), SECOND)
        wait_for_ends(qtbot, opened)
        states = [column.side.answer.state for column in columns(opened)]
        assert states == [AnswerState.COMPLETE, AnswerState.INCOMPLETE, AnswerState.COMPLETE]
        assert [column._problem.isVisible() for column in columns(opened)] == [False, True, False]
        assert [column.text for column in columns(opened)][::2] == [loopback.text] * 2
        assert opened.window.findChildren(Notice) == []


def test_another_conversation_can_be_opened_and_back_without_loss(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        slow = Pair("loopback-slow", Detail.HIGH)
        compare(qtbot, opened, tmp_path, slow, slow)
        wait_for_texts(qtbot, opened)
        compared_in = opened.conversation.current.id
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            opened.window._new_conversation()
        assert not is_shown(opened)
        assert opened.conversation.current.messages == ()
        before = [side.text for side in opened.window.conversation_room.comparing._live.sides]
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            opened.history.opened.emit(compared_in)
        assert is_shown(opened)
        for column, text in zip(columns(opened), before, strict=True):
            assert column.text.startswith(text)
        wait_for_ends(qtbot, opened)
        assert [column.text for column in columns(opened)] == [loopback.text] * 2
        assert [answer.text for answer in answers(opened)] == [loopback.text] * 2


def test_it_may_end_while_another_conversation_is_open(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        slow = Pair("loopback-slow", Detail.HIGH)
        compare(qtbot, opened, tmp_path, slow, slow)
        wait_for_texts(qtbot, opened)
        compared_in = opened.conversation.current.id
        opened.window._new_conversation()
        qtbot.waitUntil(lambda: opened.conversation.current.id == 0, timeout=WAIT_MS)
        wait_for_ends(qtbot, opened)
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            opened.history.opened.emit(compared_in)
        assert not is_shown(opened)
        assert [answer.text for answer in answers(opened)] == [loopback.text] * 2
        assert opened.conversation.current.messages[-1].text == loopback.text


def test_closing_the_window_keeps_what_had_come_of_each(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.url_as("stalled")) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_texts(qtbot, opened)
        came = [column.text for column in columns(opened)]
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        current = opened.conversation.current
        number = current.comparisons[0][0].question.comparison
        assert number is not None
        opened.window.conversation_room.comparing.open(current, number)
        assert is_shown(opened)
        # More may have come after it was looked at, and none of it is lost.
        kept = sorted(column.text for column in columns(opened))
        assert all(text.startswith(seen) for text, seen in zip(kept, sorted(came), strict=True))
        assert [column.side.title for column in columns(opened)] == ["gpt-4.1 · High", "gpt-4o · Low"]
        assert all(c.side.answer.state is AnswerState.STOPPED for c in columns(opened))


def test_going_on_with_the_second_one_makes_it_the_conversation(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_ends(qtbot, opened)
        second = columns(opened)[1].side.answer
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            columns(opened)[1]._go_on.click()
        assert not is_shown(opened)
        assert opened.conversation.current.messages[-1].id == second.id
        opened.composer.set_text("And its colour?")
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        stored = opened.parts.services.store.conversation(opened.conversation.current.id).result(10)
        assert [message.id for message in stored.messages][:2] == [second.id - 1, second.id]
        assert [a.detail for a in stored.attachments()] == [Detail.LOW]


def test_a_running_side_goes_on_in_the_conversation(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        slow = Pair("loopback-slow", Detail.HIGH)
        compare(qtbot, opened, tmp_path, FIRST, slow)
        wait_for_texts(qtbot, opened)
        live = opened.window.conversation_room.comparing._live
        assert live is not None
        assert columns(opened)[1].is_running
        page(opened).continue_requested.emit(1)
        qtbot.waitUntil(lambda: opened.conversation.is_answering, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not opened.conversation.is_answering, timeout=WAIT_MS)
        last = opened.conversation.current.messages[-1]
        assert (last.model, last.text) == ("loopback-slow", loopback.text)


def test_a_follow_up_brings_the_conversation_back(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_ends(qtbot, opened)
        assert is_shown(opened)
        opened.composer.set_text("And?")
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        assert not is_shown(opened)
        # The comparison is still there, above the follow-up.
        current = opened.parts.services.store.conversation(opened.conversation.current.id).result(10)
        opened.window.conversation_room.comparing.open(current, current.messages[0].comparison or 0)
        assert is_shown(opened)
        assert len(columns(opened)) == 2


def test_escape_stops_all_and_then_leads_back(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    with window(qtbot, tmp_path, loopback.url_as("stalled")) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_texts(qtbot, opened)
        press_escape(qtbot, opened)
        assert not any(column.is_running for column in columns(opened))
        assert not opened.conversation.is_answering
        assert is_shown(opened)
        wait_for_ends(qtbot, opened)
        press_escape(qtbot, opened)
        assert opened.transcript.isVisible()
        assert [answer.state for answer in answers(opened)] == [AnswerState.STOPPED] * 2


def test_stopped_before_the_first_is_stored_the_others_are_never_asked(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        press_escape(qtbot, opened)
        wait_for_ends(qtbot, opened)
        assert [column.side.answer.state for column in columns(opened)] == [AnswerState.STOPPED] * 2
    assert len(loopback.requests) <= 1


def test_where_the_first_cannot_be_asked_the_next_takes_its_place(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        share = opened.window._composer_controller.share()
        first, second, third = sides_of(share.question, (FIRST, SECOND, SECOND))
        gone = replace(first.images[0].image, path=tmp_path / "gone.png")
        share.clear()
        opened.window.conversation_room.comparing._ask(
            (replace(first, images=(replace(first.images[0], image=gone),)), second, third)
        )
        wait_for_ends(qtbot, opened)
        found = [column.side.answer for column in columns(opened)]
        assert [answer.state for answer in found] == [
            AnswerState.FAILED,
            AnswerState.COMPLETE,
            AnswerState.COMPLETE,
        ]
        assert found[0].problem is not None
        assert found[0].problem.code is Code.IMAGE_MISSING
        assert [column._go_on.isEnabled() for column in columns(opened)] == [False, True, True]
        # It was asked: nothing is put back, and the conversation is that of the second.
        assert opened.composer.text() == ""
        assert opened.conversation.current.messages[-1].id == found[1].id
        assert len(answers(opened)) == 2


def test_where_none_can_be_asked_the_question_is_back_in_the_composer(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        (tmp_path / "a.png").unlink()
        settings = opened.backend.settings
        settings.change(replace(settings.current, compared=(FIRST, SECOND)))
        opened.composer.compare_requested.emit()
        chooser(opened).compare.click()
        wait_for_ends(qtbot, opened)
        qtbot.waitUntil(lambda: opened.composer.text() == "What is it?", timeout=WAIT_MS)
        assert opened.parts.services.store.summaries().result(10) == ()
    assert loopback.requests == []


@pytest.mark.parametrize("insists", [False, True])
def test_together_they_must_fit_into_what_the_month_has_left(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, insists: bool
) -> None:
    asked: list[str] = []

    def confirm(_parent: object, **words: str) -> bool:
        asked.append(words["text"])
        return insists

    monkeypatch.setattr(budget_guard, "confirm", confirm)
    with window(
        qtbot, tmp_path, loopback.base_url, budget_usd=Decimal("0.0005"), own_prices=PRICES
    ) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        assert len(asked) == 1
        assert "$0.0005" in asked[0]
        if insists:
            wait_for_ends(qtbot, opened)
            assert [answer.state for answer in answers(opened)] == [AnswerState.COMPLETE] * 2
        else:
            assert opened.composer.text() == "What is it?"
            assert not is_shown(opened)
    assert len(loopback.requests) == (2 if insists else 0)


def test_a_budget_that_was_used_up_meanwhile_is_asked_about_once_for_all(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each side would have been asked about by itself, and only the last one asked again."""
    asked: list[str] = []

    def confirm(_parent: object, **words: str) -> bool:
        asked.append(words["text"])
        return True

    monkeypatch.setattr(budget_guard, "confirm", confirm)
    with window(qtbot, tmp_path, loopback.base_url, budget_usd=Decimal(1), own_prices=PRICES) as opened:
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        share = opened.window._composer_controller.share()
        monkeypatch.setattr("desktop.asking.spent.Budget.state", property(lambda _budget: BudgetState.STOP))
        share.clear()
        opened.window.conversation_room.comparing._ask(sides_of(share.question, (FIRST, SECOND)))
        qtbot.waitUntil(lambda: bool(asked), timeout=WAIT_MS)
        wait_for_ends(qtbot, opened)
        assert len(asked) == 1
        assert [answer.state for answer in answers(opened)] == [AnswerState.COMPLETE] * 2
        assert opened.composer.text() == ""


def test_deleting_the_conversation_stops_all_of_it(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    with window(qtbot, tmp_path, loopback.url_as("stalled")) as opened:
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_texts(qtbot, opened)
        conversation_id = opened.conversation.current.id
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            opened.conversation.abandon(conversation_id)
            opened.backend.history.delete(conversation_id)
        wait_for_ends(qtbot, opened)
        assert not is_shown(opened)
        assert opened.window.findChildren(Notice) == []


def test_the_keys_open_the_chooser_and_say_why_where_nothing_can_be_asked(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        with qtbot.waitActive(opened.window):
            opened.window.activateWindow()
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(opened.composer._prompt, Qt.Key.Key_Return, keys)
        assert opened.window.findChild(CompareDialog) is None
        assert len(opened.window.findChildren(Notice)) == 1
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        qtbot.keyClick(opened.composer._prompt, Qt.Key.Key_Return, keys)
        dialog = chooser(opened)
        assert dialog.pairs[0] == Pair(MODEL, Detail.AUTO)
        dialog.reject()
        assert opened.composer.text() == "What is it?"
        QApplication.processEvents()


def test_a_stored_question_is_compared_with_its_own_images(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        # Also when the file is gone: the bytes that were sent are large enough for a lower detail.
        (tmp_path / "a.png").unlink()
        question = opened.conversation.current.messages[0]
        settings = opened.backend.settings
        settings.change(replace(settings.current, compared=(replace(FIRST, detail=Detail.LOW), SECOND)))
        opened.window.conversation_room.comparing.choose_again(question.id)
        chooser(opened).compare.click()
        wait_for_ends(qtbot, opened)
        assert [answer.state for answer in answers(opened)] == [AnswerState.COMPLETE] * 2
        page(opened).bar.back_requested.emit()
        # The conversation that comes back knows all sides, though only the first one was at hand.
        qtbot.waitUntil(lambda: len(opened.conversation.current.comparisons) == 1, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: len(opened.conversation.current.comparisons[0]) == 2, timeout=WAIT_MS)
        assert len(opened.conversation.current.versions[0]) == 3
    assert [len(request.images) for request in loopback.requests] == [1, 1, 1]


def test_a_question_that_is_being_edited_is_compared_as_another_version(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        select(qtbot, opened, tmp_path)
        opened.composer.set_text("What is it?")
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        editing = opened.window._composer_controller.editing
        editing.begin(opened.conversation.current.messages[0])
        opened.composer.set_text("What was it?")
        settings = opened.backend.settings
        settings.change(replace(settings.current, compared=(FIRST, SECOND)))
        opened.composer.compare_requested.emit()
        chooser(opened).compare.click()
        assert editing.current is None
        wait_for_ends(qtbot, opened)
        store = opened.parts.services.store
        stored = store.conversation(opened.conversation.current.id).result(10)
        assert [side.question.text for side in stored.comparisons[0]] == ["What was it?"] * 2
        assert len(stored.versions[0]) == 3
    assert [len(request.images) for request in loopback.requests] == [1, 1, 1]


def test_a_private_conversation_is_compared_in_and_leaves_nothing(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with window(qtbot, tmp_path, loopback.base_url) as opened:
        opened.window.conversation_room.begin_private()
        compare(qtbot, opened, tmp_path, FIRST, SECOND)
        wait_for_ends(qtbot, opened)
        assert [column.text for column in columns(opened)] == [loopback.text] * 2
        with qtbot.waitSignal(opened.conversation.shown, timeout=WAIT_MS):
            columns(opened)[1]._go_on.click()
        assert opened.conversation.current.private
        assert opened.conversation.current.messages[-1].model == SECOND.model
        assert opened.parts.services.store.summaries().result(10) == ()
