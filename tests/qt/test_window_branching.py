"""Versions of questions and answers in the real window."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.core.options import Options
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.ui.branching import Branching
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.composer.state import Carry
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.stand_in_dialog import StandInDialog
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

TERRA = "gpt-5.6-terra"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=TERRA) as opened:
        opened.gallery.paths_dropped.emit([make_image(tmp_path / "a.png", 600, 400)])
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
        ask(qtbot, opened, "What is this?")
        yield opened


def ask(qtbot: QtBot, opened: Opened, text: str) -> None:
    opened.composer.set_text(text)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def branching(opened: Opened) -> Branching:
    return opened.window.conversation_room.branching


def texts(opened: Opened) -> list[str]:
    return [message.text for message in opened.conversation.current.messages]


def test_asking_again_makes_a_version_that_can_be_flipped_back(qtbot: QtBot, window: Opened) -> None:
    first = window.conversation.current.messages[-1]
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        branching(window).ask_again(first.id)
    second = window.conversation.current.messages[-1]
    assert window.conversation.current.versions == ((first.id, second.id),)
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        branching(window).show_version(first.id)
    assert window.conversation.current.messages[-1].id == first.id


def test_a_question_is_changed_with_its_image_and_the_draft_comes_back(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    window.composer.set_text("my draft")
    branching(window).edit(window.conversation.current.messages[0].id)
    assert window.composer.text() == "What is this?"
    qtbot.waitUntil(lambda: bool(window.composer._state.editing), timeout=WAIT_MS)
    assert [chip.name for chip in window.composer._state.carried] == ["a.png"]
    ask(qtbot, window, "What colour is it?")
    assert texts(window)[0] == "What colour is it?"
    assert window.composer.text() == "my draft"
    one, two = loopback.requests
    assert one.images == two.images


def test_leaving_a_changed_question_brings_the_draft_back(qtbot: QtBot, window: Opened) -> None:
    window.composer.set_text("my draft")
    branching(window).edit(window.conversation.current.messages[0].id)
    window.composer.editing_ended.emit()
    assert window.composer.text() == "my draft"
    assert texts(window)[0] == "What is this?"


def test_an_image_of_a_changed_question_can_be_dropped(
    qtbot: QtBot, window: Opened, loopback: Loopback, tmp_path: Path
) -> None:
    window.gallery.paths_dropped.emit([make_image(tmp_path / "b.png", 300, 200, color="gold")])
    qtbot.waitUntil(lambda: len(window.images.usable_selection()) == 1, timeout=WAIT_MS)
    ask(qtbot, window, "And this?")
    question = window.conversation.current.messages[2]
    branching(window).edit(question.id)
    window.composer.chip_left_out.emit(question.attachments[0].id)
    ask(qtbot, window, "And without?")
    assert [len(request.images) for request in loopback.requests] == [1, 2, 1]
    # The first version still has it.
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        branching(window).show_version(question.id)
    assert len(window.conversation.current.carried()) == 2


def test_looking_closer_makes_another_version_of_the_question(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        branching(window).ask_closer(window.conversation.current.messages[-1].id, Detail.LOW)
    assert [image.detail for image in window.conversation.current.attachments()] == [Detail.LOW]
    assert len(window.conversation.current.versions[0]) == 2


def test_a_cut_answer_goes_on(qtbot: QtBot, window: Opened) -> None:
    answer = window.conversation.current.messages[-1]
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        branching(window).go_on(answer.id)
    assert texts(window) == ["What is this?", answer.text * 2]


def test_how_a_carried_image_goes_along_is_kept(qtbot: QtBot, window: Opened, loopback: Loopback) -> None:
    (image,) = window.conversation.current.attachments()
    with qtbot.waitSignal(window.backend.branches.changed, timeout=WAIT_MS):
        window.composer.chip_carry_chosen.emit(image.id, Carry.ONCE.value)
    qtbot.waitUntil(lambda: window.composer._state.carried[0].carry is Carry.ONCE, timeout=WAIT_MS)
    ask(qtbot, window, "Once more")
    ask(qtbot, window, "And now?")
    assert [len(request.images) for request in loopback.requests] == [1, 1, 0]
    qtbot.waitUntil(lambda: len(window.composer._state.left_out) == 1, timeout=WAIT_MS)
    with qtbot.waitSignal(window.backend.branches.changed, timeout=WAIT_MS):
        window.composer.chip_carry_chosen.emit(image.id, Carry.KEEP.value)
    qtbot.waitUntil(lambda: len(window.conversation.current.carried()) == 1, timeout=WAIT_MS)


def test_the_text_of_an_image_that_should_go_once_went_once_only(
    qtbot: QtBot, window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    (image,) = window.conversation.current.attachments()
    with qtbot.waitSignal(window.backend.branches.changed, timeout=WAIT_MS):
        window.composer.chip_carry_chosen.emit(image.id, Carry.ONCE.value)
    monkeypatch.setattr(StandInDialog, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(StandInDialog, "text", lambda _dialog: "A receipt of 37.34.")
    window.composer.chip_carry_chosen.emit(image.id, Carry.TEXT.value)
    qtbot.waitUntil(
        lambda: (
            [(a.once, a.stand_in) for a in window.conversation.current.attachments()]
            == [(False, "A receipt of 37.34.")]
        ),
        timeout=WAIT_MS,
    )
    ask(qtbot, window, "Once more")
    assert not window.conversation.current.attachments()[0].left_out


def test_new_images_go_once_where_the_settings_say_so(
    qtbot: QtBot, window: Opened, loopback: Loopback, tmp_path: Path
) -> None:
    settings = window.backend.settings
    settings.change(replace(settings.current, carry="once"))
    window.gallery.paths_dropped.emit([make_image(tmp_path / "b.png", 300, 200, color="gold")])
    qtbot.waitUntil(lambda: len(window.images.usable_selection()) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: [c.carry for c in window.composer._state.new] == [Carry.ONCE], timeout=WAIT_MS)
    ask(qtbot, window, "And this?")
    ask(qtbot, window, "And now?")
    assert [len(request.images) for request in loopback.requests] == [1, 2, 1]


def answer_block(opened: Opened) -> AnswerBlock:
    blocks = [item for item in opened.transcript.items() if isinstance(item, AnswerBlock)]
    return blocks[-1]


def test_the_buttons_of_answer_and_question_are_there_and_do_what_they_say(
    qtbot: QtBot, window: Opened
) -> None:
    tools = answer_block(window)._footer.tools
    first = window.conversation.current.messages[-1]
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        tools._again.click()
    flipper = answer_block(window)._footer.versions
    assert flipper.isVisible()
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        flipper.version_chosen.emit(first.id)
    assert window.conversation.current.messages[-1].id == first.id
    bubble = next(item for item in window.transcript.items() if isinstance(item, QuestionBubble))
    bubble._edit.click()
    assert window.composer.text() == "What is this?"


def test_the_menu_of_an_answer_offers_others_and_other_details(qtbot: QtBot, window: Opened) -> None:
    menu = branching(window)._more_menu(window.conversation.current.messages[-1].id)
    models, details, _line, compare = menu.actions()
    assert len(models.menu().actions()) == len(window.backend.catalog.offered(date(2026, 11, 28)))
    assert "Low" in [action.text() for action in details.menu().actions()]
    compare.trigger()
    chooser = QApplication.activeModalWidget() or window.window.findChild(CompareDialog)
    assert isinstance(chooser, CompareDialog)
    chooser.close()


def test_an_answer_of_data_is_a_table_and_leads_to_what_it_points_at(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    loopback.text = '[{"label": "lid", "box_2d": [100, 200, 300, 400]}]'
    ask(qtbot, window, "Where is the lid?")
    qtbot.waitUntil(lambda: answer_block(window)._extras is not None, timeout=WAIT_MS)
    block = answer_block(window)
    assert block._extras is not None
    assert block._extras.table is not None
    assert not block._body.isVisible()
    with qtbot.waitSignal(window.transcript.places_requested, timeout=WAIT_MS) as places:
        block._extras.chip._button.click()
    assert places.args[0] == window.conversation.current.attachments()[0].id
    assert window.window._parts.stack.currentWidget() is window.window._parts.viewer


def test_what_was_found_is_scrolled_to(qtbot: QtBot, window: Opened, loopback: Loopback) -> None:
    loopback.text = "\n\n".join(f"Paragraph {number}" for number in range(80))
    for _round in range(3):
        ask(qtbot, window, "And more?")
    asked = window.conversation.current.messages[0].id
    window.history.found_opened.emit(window.conversation.current.id, asked)
    qtbot.waitUntil(lambda: window.transcript.verticalScrollBar().value() < 200, timeout=WAIT_MS)


def test_flipping_ended_the_program_or_moved_focus_and_flipper_away(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    loopback.text = "A long answer.\n\n" * 40
    ask(qtbot, window, "And this?")
    early = window.conversation.current.messages[-1]
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        branching(window).ask_again(early.id)
    loopback.text = "Short."
    ask(qtbot, window, "One more?")
    ask(qtbot, window, "The last?")
    late = window.conversation.current.messages[3]
    window.transcript.scroll_to_message(window.conversation.current.messages[4].id)
    block = next(item for item in window.transcript.items() if item.text_view.row == 3)
    assert isinstance(block, AnswerBlock)
    place = block.geometry().bottom()
    block._footer.versions._back.setFocus()
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        block._footer.versions._back.click()
    flipped = next(item for item in window.transcript.items() if item.text_view.row == 3)
    assert isinstance(flipped, AnswerBlock)
    assert window.conversation.current.messages[3].id == early.id != late.id
    assert flipped._footer.versions._on.hasFocus()
    last = window.transcript.verticalScrollBar()
    # The early answer ends the conversation: its lower edge is as near to the old place as it can be.
    below = flipped.geometry().bottom()
    assert below == place or last.value() == last.maximum()
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        flipped._footer.versions._on.click()
    again = next(item for item in window.transcript.items() if item.text_view.row == 3)
    assert isinstance(again, AnswerBlock)
    assert abs(again.geometry().bottom() - below) <= 2
    assert again._footer.versions._back.hasFocus()


def test_words_where_a_shape_was_asked_for_were_shown_without_a_remark(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    window.window.conversation_room.options.use(Options(schema=SCHEMA_PRESETS[0].schema()))
    loopback.text = "I cannot read this receipt."
    ask(qtbot, window, "As a table, please")
    qtbot.waitUntil(lambda: answer_block(window)._extras is not None, timeout=WAIT_MS)
    block = answer_block(window)
    assert block._extras is not None
    assert block._extras._misses.isVisible()
    assert block._body.isVisible()
