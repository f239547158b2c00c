"""The window over its real parts: what the user does, and what is in the history then."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from desktop.core.model import ON_DEVICE, AnswerState, Detail
from desktop.core.problem_text import Remedy
from desktop.core.problems import Code
from desktop.ui.settings.key_dialog import KeyDialog
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> None:
    """Drop files on the gallery and wait until they are selected and known."""
    opened.gallery.paths_dropped.emit(list(paths))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == len(paths), timeout=WAIT_MS)


def ask(qtbot: QtBot, opened: Opened, text: str) -> None:
    """Type a question, ask, and wait for the end of the answer."""
    opened.composer.set_text(text)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def notices(opened: Opened) -> list[str]:
    return [notice.text for notice in opened.window.findChildren(Notice)]


def test_without_a_key_the_reader_answers_and_a_banner_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with open_window(qtbot, tmp_path) as opened:
        assert opened.choice.model.id == ON_DEVICE
        assert opened.window._parts.banner.isVisible()


def test_with_a_key_the_default_model_answers_and_no_banner_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    with open_window(qtbot, tmp_path, key="sk-test-0123456789") as opened:
        assert opened.choice.model.default
        assert not opened.window._parts.banner.isVisible()


def test_what_is_added_is_selected_and_asking_clears_the_selection(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    pictures = [make_image(tmp_path / f"{name}.png") for name in "ab"]
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, *pictures)
        assert opened.gallery.view.selection_order() == list(opened.images.entries)
        ask(qtbot, opened, "What is this?")
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
        assert opened.images.selection == []
        assert opened.composer.text() == ""
    assert len(loopback.requests[0].images) == 1, "the two pictures are the same bytes: sent once"


def test_the_conversation_and_its_draft_are_there_after_a_restart(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    picture, next_picture = make_image(tmp_path / "a.png"), make_image(tmp_path / "b.png", color="olive")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        ask(qtbot, opened, "What is this?")
        add(qtbot, opened, next_picture)
        opened.composer.set_text("And this, half wri")
        opened.choice.use_detail(Detail.LOW)
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        assert [m.text for m in opened.conversation.current.messages] == ["What is this?", loopback.text]
        assert opened.composer.text() == "And this, half wri"
        assert opened.choice.detail is Detail.LOW
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
        assert opened.images.usable_selection()[0].path == next_picture


def test_a_question_that_could_not_be_sent_comes_back_into_the_composer(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        make_image(picture, color="olive")
        ask(qtbot, opened, "What is this?")
        answer = opened.conversation.current.messages[-1]
        assert answer.problem is not None
        assert answer.problem.code is Code.IMAGE_CHANGED
        assert opened.composer.text() == "What is this?"
        qtbot.waitUntil(
            lambda: len(opened.images.usable_selection()) == 1 and not opened.images._inspecting._waiting,
            timeout=WAIT_MS,
        )
        with qtbot.waitSignal(opened.images.updated, timeout=WAIT_MS):
            opened.images.inspect_again(opened.images.selection)
        ask(qtbot, opened, "What is this?")
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert len(loopback.requests) == 1


def test_a_broken_image_is_shown_with_its_reason_and_the_others_go_on(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    good, broken = make_image(tmp_path / "a.png"), tmp_path / "broken.png"
    broken.write_bytes(good.read_bytes()[:200])
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        opened.gallery.paths_dropped.emit([broken, good])
        qtbot.waitUntil(
            lambda: (
                [e.path for e in opened.images.usable_selection()] == [good]
                and not opened.images.is_selection_loading()
            ),
            timeout=WAIT_MS,
        )
        tile = next(
            t for t in map(opened.gallery.model.tile, opened.images.entries) if t and t.path == broken
        )
        assert tile.state == "unusable"
        assert "broken.png" in tile.reason
        ask(qtbot, opened, "What is this?")
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE


def test_asking_without_an_image_explains_instead_of_asking(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        opened.composer.set_text("What is this?")
        opened.window._composer_controller.ask()
        assert notices(opened) == ["Select at least one image to ask about."]
        assert opened.composer.text() == "What is this?"
    assert loopback.requests == []


def test_an_image_too_large_for_the_model_is_explained_and_high_mends_it(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "wide.png", 7952, 5304)
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-5.6-terra") as opened:
        add(qtbot, opened, picture)
        opened.composer.set_text("What is this?")
        opened.window._composer_controller.ask()
        assert "patches" in notices(opened)[0]
        opened.window._composer_controller.use_high_for_rejected()
        ask(qtbot, opened, "What is this?")
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert loopback.requests[0].body["messages"][0]["content"][0]["image_url"]["detail"] == "high"


def test_trying_again_keeps_the_draft_and_carries_the_images(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    """Try again overwrote what was being written by then."""
    loopback.script.extend(["unauthorized", "ok"])
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        ask(qtbot, opened, "What is this?")
        opened.composer.set_text("The next thought")
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            opened.transcript.remedy_requested.emit(Remedy.RETRY.value)
        assert opened.conversation.current.messages[-1].state is AnswerState.COMPLETE
        assert opened.composer.text() == "The next thought"
    assert loopback.requests[1].images == loopback.requests[0].images


def test_images_may_be_dropped_anywhere_on_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "a.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    with open_window(qtbot, tmp_path / "data") as opened:
        drop = QDropEvent(
            QPointF(900, 300),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        opened.window.dropEvent(drop)
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)


def test_an_answer_goes_on_while_another_conversation_is_open(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    loopback.scenario = "slow"
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        opened.composer.set_text("First")
        with qtbot.waitSignal(opened.conversation.grew, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        first = opened.conversation.current.id
        with qtbot.waitSignal(opened.backend.history.loaded, timeout=WAIT_MS):
            opened.history.new_requested.emit()
        assert opened.conversation.current.messages == ()
        with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
            pass
        with qtbot.waitSignal(opened.backend.history.loaded, timeout=WAIT_MS):
            opened.history.opened.emit(first)
        assert opened.conversation.current.messages[-1].text == loopback.text


def test_what_is_written_while_an_answer_streams_was_lost_on_switching(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    loopback.scenario = "stalled"
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        opened.composer.set_text("First")
        with qtbot.waitSignal(opened.conversation.grew, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        first = opened.conversation.current.id
        opened.composer.set_text("half wri")
        with qtbot.waitSignal(opened.backend.history.loaded, timeout=WAIT_MS):
            opened.history.new_requested.emit()
        assert opened.composer.text() == ""
        with qtbot.waitSignal(opened.backend.history.loaded, timeout=WAIT_MS):
            opened.history.opened.emit(first)
        assert opened.composer.text() == "half wri"
        assert opened.conversation.is_answering


def test_deleting_a_conversation_that_is_answered_was_told_as_a_problem(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    loopback.scenario = "stalled"
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        opened.composer.set_text("First")
        with qtbot.waitSignal(opened.conversation.grew, timeout=WAIT_MS):
            opened.window._composer_controller.ask()
        with qtbot.waitSignals(
            [opened.backend.history.deleted, opened.conversation.finished], timeout=WAIT_MS
        ):
            opened.history.delete_requested.emit([opened.conversation.current.id])
        qtbot.waitUntil(lambda: opened.conversation.current.messages == (), timeout=WAIT_MS)
        assert notices(opened) == ["“First” was deleted."]


def test_a_model_chosen_without_a_key_left_the_banner_untrue(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Cancel in the key dialog a model was chosen; the banner said that nothing leaves."""
    monkeypatch.setattr(KeyDialog, "exec", lambda _self: KeyDialog.DialogCode.Rejected)
    with open_window(qtbot, tmp_path) as opened:
        opened.window._settings_controller.choose_model("gpt-6.2-astra")
        assert opened.choice.on_device
        assert opened.window._parts.banner.isVisible()


def test_a_key_lets_the_model_answer_that_was_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(dialog: KeyDialog) -> KeyDialog.DialogCode:
        dialog.save_requested.emit("sk-test-0123456789")
        return KeyDialog.DialogCode.Accepted

    monkeypatch.setattr(KeyDialog, "exec", enter)
    with open_window(qtbot, tmp_path) as opened:
        with qtbot.waitSignal(opened.backend.keys.changed, timeout=WAIT_MS):
            opened.window._settings_controller.choose_model("gpt-5.4")
        assert opened.choice.model.id == "gpt-5.4"
        assert not opened.window._parts.banner.isVisible()


def test_left_out_can_be_undone(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        add(qtbot, opened, picture)
        ask(qtbot, opened, "What is this?")
        attachment = opened.conversation.current.attachments()[0]
        with qtbot.waitSignal(opened.backend.history.carried_changed, timeout=WAIT_MS):
            opened.composer.chip_left_out.emit(attachment.id)
        assert opened.conversation.current.carried() == ()
        notice = opened.window.findChildren(Notice)[-1]
        with qtbot.waitSignal(opened.backend.history.carried_changed, timeout=WAIT_MS):
            notice._on_action()
        assert len(opened.conversation.current.carried()) == 1
