"""The settings: every change holds at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import ON_DEVICE
from desktop.core.ports import KeyStatus
from desktop.core.problems import Code, problem
from desktop.core.settings import Settings
from desktop.ui.settings.settings_dialog import SettingsDialog
from desktop.ui.widgets.segments import Segments
from desktop.ui.widgets.select import Select

KEPT = KeyStatus(hint="sk-…4f2a", origin="keyring", backend="Secret Service")


class Bench:
    def __init__(self, qtbot: QtBot, dialog: SettingsDialog) -> None:
        self.qtbot, self.dialog = qtbot, dialog
        self.changes: list[Settings] = []
        self.asked: list[str] = []
        dialog.changed.connect(self.changes.append)
        dialog.key_change_requested.connect(lambda: self.asked.append("change"))
        dialog.key_remove_requested.connect(lambda: self.asked.append("remove"))
        dialog.folder_open_requested.connect(lambda: self.asked.append("folder"))

    def button(self, text: str) -> QAbstractButton:
        return next(b for b in self.dialog.findChildren(QAbstractButton) if b.text() == text)

    def press(self, text: str, *, within: str | None = None) -> None:
        home: QWidget = self.dialog
        if within is not None:
            home = next(s for s in self.dialog.findChildren(Segments) if s.accessibleName() == within)
        button = next(b for b in home.findChildren(QAbstractButton) if b.text() == text)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.dialog.findChildren(QLineEdit) if f.accessibleName() == name)

    def enter(self, name: str, text: str) -> None:
        field = self.field(name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def texts(self) -> str:
        return " ".join(w.text() for w in self.dialog.findChildren(QLabel) if w.isVisible())


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    dialog = SettingsDialog(
        settings=Settings(), key=KEPT, models=("gpt-5", "gpt-6.1-terra"), data_folder=Path("/data/sightline")
    )
    present(dialog)
    return Bench(qtbot, dialog)


def test_each_choice_is_told_at_once_with_all_the_others(bench: Bench) -> None:
    bench.press("Dark", within="Theme")
    bench.press("简体中文", within="Language")
    bench.press("Enter", within="Ask with")

    assert bench.changes == [
        Settings(theme="dark"),
        Settings(theme="dark", language="zh_CN"),
        Settings(theme="dark", language="zh_CN", send_key="enter"),
    ]
    assert "Shift+Enter begins a new line." in bench.texts()


def test_what_is_chosen_again_is_not_told_again(bench: Bench) -> None:
    bench.press("System", within="Theme")
    bench.enter("Server", "https://api.openai.com/v1")

    assert bench.changes == []


def test_a_server_is_taken_when_it_is_right_and_shown_in_its_plain_form(bench: Bench) -> None:
    bench.enter("Server", "HTTP://LocalHost:11434/v1/")

    assert bench.changes == [Settings(base_url="http://localhost:11434/v1")]
    assert bench.field("Server").text() == "http://localhost:11434/v1"
    assert bench.dialog.isVisible()


def test_a_wrong_server_is_said_below_the_field_and_not_taken(bench: Bench) -> None:
    height = bench.dialog.height()

    bench.enter("Server", "htp:/x")

    assert bench.changes == []
    assert "htp:/x" in bench.texts()
    assert bench.dialog.height() > height
    bench.enter("Server", "https://example.org/v1")
    assert "htp:/x" not in bench.texts()


def test_a_server_that_everybody_can_listen_to_is_taken_with_a_warning(bench: Bench) -> None:
    bench.enter("Server", "http://example.org/v1")

    assert bench.changes == [Settings(base_url="http://example.org/v1")]
    assert "not encrypted" in bench.texts()


def test_an_emptied_server_is_the_usual_one(bench: Bench) -> None:
    bench.enter("Server", "https://example.org/v1")
    field = bench.field("Server")
    field.clear()
    bench.qtbot.keyClick(field, Qt.Key.Key_Return)

    assert bench.changes[-1] == Settings()


def test_a_model_is_chosen_typed_or_left_to_the_default(bench: Bench) -> None:
    select = bench.dialog.findChild(Select)
    select.setCurrentIndex(2)
    select.activated.emit(2)
    bench.enter("Model", "my-org/own-model")
    bench.enter("Model", "Default")

    assert [settings.model for settings in bench.changes] == ["gpt-5", "my-org/own-model", None]


def test_the_reader_has_a_name_instead_of_an_id(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    dialog = SettingsDialog(
        settings=replace(Settings(), model=ON_DEVICE), key=KeyStatus(), models=(), data_folder=Path("/d")
    )
    present(dialog)

    assert dialog.findChild(Select).currentText() == "On-device reader"


@pytest.mark.parametrize(
    ("status", "said", "offered"),
    [
        (KEPT, "Kept in Secret Service", ["Change…", "Remove"]),
        (KeyStatus(hint="sk-…4f2a", origin="session"), "Kept until you quit.", ["Change…", "Remove"]),
        (KeyStatus(hint="sk-…4f2a", origin="environment"), "OPENAI_API_KEY", ["Change…"]),
        (KeyStatus(), "No key yet", ["Add…"]),
        (KeyStatus(problem=problem(Code.KEYRING_ABSENT)), "keyring", ["Add…"]),
    ],
)
def test_the_key_is_shown_masked_with_who_holds_it(
    bench: Bench, status: KeyStatus, said: str, offered: list[str]
) -> None:
    bench.dialog.set_key(status)

    buttons = [b.text() for b in bench.dialog.findChildren(QAbstractButton) if b.isVisible()]
    assert said in bench.texts()
    assert [text for text in ("Add…", "Change…", "Remove") if text in buttons] == offered


def test_key_and_folder_are_asked_for(bench: Bench) -> None:
    for text in ("Change…", "Remove", "Open folder"):
        bench.press(text)

    assert bench.asked == ["change", "remove", "folder"]


def test_the_data_folder_can_be_selected_and_not_changed(bench: Bench) -> None:
    field = bench.field("Data folder")
    image = field.grab().toImage()
    assert image.pixelColor(0, image.height() // 2) == image.pixelColor(image.width() - 3, 3), "no frame"

    assert field.text() == "/data/sightline"
    assert field.isReadOnly()


def test_a_folder_whose_name_is_not_utf8_can_be_shown(
    qtbot: QtBot, present: Callable[[QWidget], None]
) -> None:
    folder = Path("/data/caf\udce9")
    dialog = SettingsDialog(settings=Settings(), key=KeyStatus(), models=(), data_folder=folder)
    present(dialog)

    assert Bench(qtbot, dialog).field("Data folder").text() == "/data/caf\\xe9"


def test_every_control_can_be_reached_and_has_a_name(bench: Bench) -> None:
    names = {b.accessibleName() for b in bench.dialog.findChildren(QAbstractButton) if b.text()}

    assert "" not in names
    for name in ("Server", "Model", "Data folder"):
        assert bench.field(name).focusPolicy() & Qt.FocusPolicy.TabFocus


def test_close_closes(bench: Bench) -> None:
    bench.press("Close")

    assert not bench.dialog.isVisible()


def test_hints_that_were_closed_can_be_shown_again(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    settings = Settings(dismissed=frozenset({"rotated", "panorama"}))
    dialog = SettingsDialog(settings=settings, key=KEPT, models=(), data_folder=Path("/d"))
    present(dialog)
    bench = Bench(qtbot, dialog)
    assert "2 closed for good" in bench.texts()

    bench.press("Show them again")

    assert bench.changes == [Settings()]
    assert "All are shown again" in bench.texts()
