"""Prompts over real parts: from the library into the box, filled into what is sent and stored."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageText
from desktop.core.model import ON_DEVICE
from desktop.core.prompt_table import SHARED_KEY
from desktop.core.prompts import Library, own_prompt, with_own, with_shortcut
from desktop.tasks.reading import ReadingTasks
from desktop.ui import prompts_controller
from desktop.ui.composer.strips import Strip
from desktop.ui.prompts.dialog import PromptsDialog
from desktop.ui.prompts.save_dialog import SavePromptDialog
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

TERRA = "gpt-5.6-terra"
CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
REPORT = own_prompt("own-1", "Report", "{name} is {width} x {height} and reads: {text}")
LIBRARY = with_shortcut(Library(own=(REPORT,)), "own-1", "Ctrl+Alt+1")


class Reader:
    """Reads the same two lines on every page.

    Attributes:
        begun: names in the order in which they were read.
        held: nothing is read for as long as it is set.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.held = False

    async def read(
        self, data: bytes, *, page_px: tuple[int, int], name: str, after: asyncio.Event | None = None
    ) -> PageText:
        self.begun.append(name)
        while self.held:  # noqa: ASYNC110 - let go by another thread
            await asyncio.sleep(0.005)
        if name == "empty.png":
            return PageText(page_px=page_px)
        public = FoundLine("public {name}", ((0, 0), (90, 0), (90, 20), (0, 20)))
        secret = FoundLine("secret", ((0, 200), (90, 200), (90, 220), (0, 220)))
        return PageText(lines=(public, secret), text="public {name}\nsecret", page_px=page_px)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    make = ReadingTasks.__init__

    def with_reader(self: ReadingTasks, services: object, _read: object, **others: object) -> None:
        make(self, services, made.read, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(ReadingTasks, "__init__", with_reader)
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, loopback: Loopback, reader: Reader) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=TERRA) as opened:
        qtbot.waitUntil(lambda: opened.backend.prompts.is_loaded, timeout=WAIT_MS)
        opened.backend.prompts.change(lambda _library: LIBRARY)
        yield opened
        reader.held = False


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> None:
    opened.gallery.paths_dropped.emit(list(paths))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == len(paths), timeout=WAIT_MS)


def ask(qtbot: QtBot, opened: Opened) -> None:
    qtbot.waitUntil(opened.composer._tools.ask.isEnabled, timeout=WAIT_MS)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def sent_text(loopback: Loopback) -> str:
    (text,) = [
        part["text"] for part in loopback.requests[-1].body["messages"][-1]["content"] if "text" in part
    ]
    return str(text)


def stored(opened: Opened) -> list[str]:
    return [message.text for message in opened.conversation.current.messages[::2]]


def notices(opened: Opened) -> list[str]:
    return [notice.text for notice in opened.window.findChildren(Notice)]


def strips(opened: Opened) -> list[str]:
    return [strip.accessibleName() for strip in opened.composer.findChildren(Strip) if strip.isVisible()]


def press(opened: Opened, text: str) -> None:
    buttons = opened.window.findChildren(QAbstractButton)
    next(b for b in buttons if b.isVisible() and b.text() == text).click()


def choose(opened: Opened, prompt_id: str) -> None:
    opened.composer.preset_chosen.emit(prompt_id)


def test_variables_are_filled_into_what_is_sent_and_stored(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    add(qtbot, window, make_image(tmp_path / "till.png"))
    choose(window, "own-1")
    assert window.composer.text() == REPORT.text
    ask(qtbot, window)
    filled = "till.png is 640 x 480 and reads: public {name}\nsecret"
    assert sent_text(loopback) == filled
    assert stored(window) == [filled]
    assert str(tmp_path) not in loopback.requests[-1].raw.decode()
    # Asked again, nothing of it is filled a second time.
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        window.window._composer_controller.ask_again(filled)
    assert stored(window)[-1] == filled


def test_the_estimate_counts_the_filled_text_and_ask_waits_for_it(
    qtbot: QtBot, tmp_path: Path, window: Opened, reader: Reader
) -> None:
    reader.held = True
    add(qtbot, window, make_image(tmp_path / "till.png"))
    choose(window, "own-1")
    qtbot.waitUntil(lambda: reader.begun == ["till.png"], timeout=WAIT_MS)
    controller = window.window._composer_controller
    qtbot.waitUntil(
        lambda: strips(window) == ["Reading the text of 1 image on this computer: 0 done…"], timeout=WAIT_MS
    )
    assert not window.composer._tools.ask.isEnabled()
    controller.ask()
    assert "The text of the images is still being read on this computer." in notices(window)
    before = controller._shown.figures.text_tokens
    reader.held = False
    qtbot.waitUntil(window.composer._tools.ask.isEnabled, timeout=WAIT_MS)
    assert controller._shown.figures.text_tokens > before
    assert strips(window) == []


def test_nobody_has_to_wait_for_texts(
    qtbot: QtBot, tmp_path: Path, window: Opened, reader: Reader, loopback: Loopback
) -> None:
    reader.held = True
    add(qtbot, window, make_image(tmp_path / "till.png"))
    choose(window, "own-1")
    qtbot.waitUntil(lambda: bool(strips(window)), timeout=WAIT_MS)
    press(window, "Leave it empty")
    qtbot.waitUntil(lambda: strips(window) == ["Not read: till.png. {text} is empty there."], timeout=WAIT_MS)
    ask(qtbot, window)
    assert sent_text(loopback) == "till.png is 640 x 480 and reads:"


def test_where_nothing_is_found_it_is_said_and_left_empty(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    add(
        qtbot,
        window,
        make_image(tmp_path / "empty.png"),
        make_image(tmp_path / "till.png", 320, 480, color="navy"),
    )
    choose(window, "own-1")
    qtbot.waitUntil(
        lambda: strips(window) == ["No text was found in empty.png. {text} is empty there."], timeout=WAIT_MS
    )
    ask(qtbot, window)
    assert sent_text(loopback) == (
        "empty.png, till.png is 640, 320 x 480 and reads: till.png:\npublic {name}\nsecret"
    )


def test_what_is_blacked_out_does_not_leave_by_its_text(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    add(qtbot, window, make_image(tmp_path / "till.png"))
    choose(window, "own-1")
    qtbot.waitUntil(window.composer._tools.ask.isEnabled, timeout=WAIT_MS)
    controller = window.window._composer_controller
    assert "secret" in controller._next().question.text
    window.images.set_edits(window.images.selection[0], Edits(blackouts=(Area(0, 150, 640, 480),)))
    # At once, and not only when the page has been read again for what is left of it.
    assert "secret" not in controller._next().question.text
    qtbot.waitUntil(lambda: "public" in controller._next().question.text, timeout=WAIT_MS)
    ask(qtbot, window)
    assert sent_text(loopback) == "till.png is 640 x 480 and reads: public {name}"
    assert b"secret" not in loopback.requests[-1].raw


def test_a_follow_up_speaks_of_the_images_that_are_carried(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    add(qtbot, window, make_image(tmp_path / "till.png"))
    window.composer.set_text("What is this?")
    ask(qtbot, window)
    window.composer.set_text("{count}: {name}, {{name}}")
    ask(qtbot, window)
    assert stored(window)[-1] == "1: till.png, {name}"


def test_a_question_that_was_never_stored_comes_back_as_it_was_written(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    add(qtbot, window, make_image(tmp_path / "till.png"))
    window.composer.set_text("About {name}")
    controller = window.window._composer_controller
    qtbot.waitUntil(window.composer._tools.ask.isEnabled, timeout=WAIT_MS)
    question = controller._next().question
    assert question.text == "About till.png"
    ask(qtbot, window)
    controller.take_back(question)
    assert window.composer.text() == "About {name}"
    window.composer.set_text("")
    controller.take_back(replace(question, text="Is {name} a variable?"))
    assert window.composer.text() == "Is {{name}} a variable?"


def test_a_question_that_is_written_anew_fills_only_what_is_added(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    add(qtbot, window, make_image(tmp_path / "till.png"))
    window.composer.set_text("Is {{name}} the word on {name}?")
    ask(qtbot, window)
    first = window.conversation.current.messages[0]
    assert first.text == "Is {name} the word on till.png?"
    window.window._composer_controller.editing.begin(first)
    assert window.composer.text() == "Is {{name}} the word on till.png?"
    window.composer.set_text(f"{window.composer.text()} {{count}}: {{name}}")
    ask(qtbot, window)
    assert stored(window) == ["Is {name} the word on till.png? 1: till.png"]


def test_a_shortcut_puts_its_prompt_into_the_box_and_undo_brings_back_what_was_there(
    qtbot: QtBot, window: Opened
) -> None:
    window.window.activateWindow()
    window.composer.set_text("A long question of my own")
    qtbot.keyClick(window.composer._prompt, Qt.Key.Key_1, CONTROL_ALT)
    assert window.composer.text() == REPORT.text
    assert notices(window) == ["“Report” took the place of what you had written."]
    press(window, "Undo")
    assert window.composer.text() == "A long question of my own"

    window.backend.prompts.change(lambda library: with_shortcut(library, "own-1", "Ctrl+Alt+2"))
    qtbot.keyClick(window.composer._prompt, Qt.Key.Key_1, CONTROL_ALT)
    assert window.composer.text() == "A long question of my own"
    qtbot.keyClick(window.composer._prompt, Qt.Key.Key_2, CONTROL_ALT)
    assert window.composer.text() == REPORT.text


def test_keys_that_do_something_else_are_not_taken_from_it(qtbot: QtBot, window: Opened) -> None:
    window.backend.prompts.change(lambda library: with_shortcut(library, "own-1", "Ctrl+B"))
    visible = window.history.isVisible()
    qtbot.keyClick(window.composer._prompt, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.history.isVisible() is not visible
    assert window.composer.text() == ""


def test_a_prompt_that_needs_a_model_says_so_to_the_reader(qtbot: QtBot, window: Opened) -> None:
    window.choice.use_model(ON_DEVICE)
    choose(window, "receipt")
    assert window.composer.text() == ""
    assert notices(window) == ["“Check a receipt” needs a model. Choose one above."]


def test_what_is_in_the_box_is_saved_and_there_after_a_restart(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    window.composer.set_text("Which coin is the oldest?")
    window.composer.save_prompt_requested.emit()
    dialog = window.window.findChild(SavePromptDialog)
    dialog._star.click()
    dialog._save.click()
    saved = window.backend.prompts.library.own[-1]
    assert (saved.title, saved.text) == ("Which coin is the oldest", "Which coin is the oldest?")
    qtbot.waitUntil(lambda: window.composer._state.presets[0].title == saved.title, timeout=WAIT_MS)
    file = tmp_path / "data" / "prompts.json"
    qtbot.waitUntil(lambda: file.exists() and saved.id in file.read_text(), timeout=WAIT_MS)
    assert saved.id in json.loads(file.read_text())["favourites"]
    press(window, "Undo")
    assert window.backend.prompts.library == LIBRARY


def open_library(window: Opened) -> PromptsDialog:
    window.composer.manage_prompts_requested.emit()
    return window.window.findChildren(PromptsDialog)[-1]


def test_the_library_is_filled_with_the_first_selected_image_and_changes_the_menu(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    dialog = open_library(window)
    assert "photo.jpg" in dialog._editor._preview_title.text()
    dialog.accept()
    add(qtbot, window, make_image(tmp_path / "till.png"))
    dialog = open_library(window)
    dialog._list.choose("own-1")
    preview = dialog._editor._preview.toPlainText
    assert preview() == "till.png is 640 x 480 and reads: (the text read on this computer)"
    dialog._editor._text.setPlainText("Just {name}")
    dialog.accept()
    qtbot.waitUntil(
        lambda: "Just {name}" in [i.prompt for i in window.composer._state.presets], timeout=WAIT_MS
    )


def test_prompts_are_exported_and_imported(
    qtbot: QtBot, tmp_path: Path, window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    monkeypatch.setattr(prompts_controller, "choose_new_file", lambda *_a, **_k: path)
    monkeypatch.setattr(prompts_controller, "choose_files", lambda *_a, **_k: [path])
    dialog = open_library(window)
    said = lambda: [notice.text for notice in dialog.findChildren(Notice)]  # noqa: E731
    dialog.export_menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: said() == ["1 prompt was written to out.json."], timeout=WAIT_MS)
    assert [one["id"] for one in json.loads(path.read_text())["prompts"]] == ["own-1"]

    dialog._import.click()
    qtbot.waitUntil(lambda: len(said()) == 2, timeout=WAIT_MS)
    assert said()[1] == "0 prompts were added. Of the file: 1 was there already."

    other = {"id": "own-1", "title": "Report", "text": "Other words.", "shortcut": "Ctrl+L"}
    path.write_text(json.dumps({SHARED_KEY: 1, "prompts": [other, 3]}), encoding="utf-8")
    dialog._import.click()
    qtbot.waitUntil(lambda: len(said()) == 3, timeout=WAIT_MS)
    assert said()[2].startswith("1 prompt was added. Of the file: 1 beside one that differs")
    library = window.backend.prompts.library
    assert library.own[0] == REPORT
    assert library.own[1].text == "Other words."
    assert dialog._editor._text.toPlainText() == "Other words."
    next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "Undo" and b.isVisible()).click()
    assert window.backend.prompts.library == LIBRARY

    path.write_bytes(b"\x89PNG")
    dialog._import.click()
    qtbot.waitUntil(lambda: "“out.json” is no file of prompts." in " ".join(said()), timeout=WAIT_MS)
    dialog.accept()


def test_a_card_brings_the_words_that_the_user_gave_it(qtbot: QtBot, window: Opened) -> None:
    mine = own_prompt("copy-text", "Copy", "Copy it all, {name}.")
    window.backend.prompts.change(lambda library: with_own(library, mine))
    window.window._parts.empty.preset_chosen.emit("copy-text")
    assert window.composer.text() == "Copy it all, {name}."


def test_a_damaged_library_is_said_and_the_window_works(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "prompts.json").write_bytes(b"{nonsense")
    with open_window(qtbot, folder, base_url=loopback.base_url, model=TERRA) as opened:
        qtbot.waitUntil(lambda: bool(notices(opened)), timeout=WAIT_MS)
        assert notices(opened)[0].startswith("A part of your prompts could not be read.")
        choose(opened, "copy-text")
        assert opened.composer.text().startswith("Copy all text")
    (kept,) = folder.glob("prompts.json.damaged-*")
    assert kept.read_bytes() == b"{nonsense"
