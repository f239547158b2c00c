"""Entering a key."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.settings import key_dialog
from desktop.ui.settings.key_dialog import KeyDialog

KEY = "sk-test-0123456789abcdef"
KEEPER = "It is kept in Secret Service, and in no file."


class Bench:
    def __init__(self, qtbot: QtBot, dialog: KeyDialog) -> None:
        self.qtbot, self.dialog = qtbot, dialog
        self.field = dialog.findChild(QLineEdit)
        self.tested: list[str] = []
        self.saved: list[str] = []
        dialog.test_requested.connect(self.tested.append)
        dialog.save_requested.connect(self.saved.append)

    def button(self, *names: str) -> QAbstractButton:
        buttons = self.dialog.findChildren(QAbstractButton)
        return next(b for b in buttons if b.text() in names or b.accessibleName() in names)

    def texts(self) -> list[str]:
        return [w.text() for w in self.dialog.findChildren(QLabel) if w.isVisible() and w.text()]

    def type(self, text: str) -> None:
        self.field.clear()
        self.qtbot.keyClicks(self.field, text)

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    dialog = KeyDialog(base_url="https://api.openai.com/v1", keeper=KEEPER)
    present(dialog)
    return Bench(qtbot, dialog)


def test_it_says_for_whom_where_from_and_where_it_is_kept(bench: Bench) -> None:
    said = " ".join(bench.texts())

    assert "https://api.openai.com/v1" in said
    assert KEEPER in said


def test_where_to_get_a_key_was_text_that_led_nowhere(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(key_dialog, "open_link", lambda _parent, url: opened.append(url))

    bench.press("Get one at platform.openai.com/api-keys")

    assert opened == ["https://platform.openai.com/api-keys"]


def test_another_server_is_not_said_to_hand_out_keys_of_openai(
    qtbot: QtBot, present: Callable[[QWidget], None]
) -> None:
    dialog = KeyDialog(base_url="https://example.org/v1", keeper=KEEPER)
    present(dialog)

    assert not [b for b in dialog.findChildren(QAbstractButton) if "openai" in b.text()]


def test_a_right_key_is_saved_and_the_field_is_wiped(bench: Bench) -> None:
    bench.type(f"  {KEY} ")

    bench.press("Save")

    assert bench.saved == [KEY]
    assert not bench.dialog.isVisible()
    assert bench.field.text() == ""


def test_enter_saves_a_right_key_and_nothing_else(bench: Bench) -> None:
    bench.type("sk-")
    bench.qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    after_wrong = list(bench.saved)
    bench.type(KEY)
    bench.qtbot.keyClick(bench.field, Qt.Key.Key_Return)

    assert after_wrong == []
    assert bench.saved == [KEY]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sk-abc\nsk-def12345", "more than one line"),
        ("sk-ключ-0123456789", "no key has"),
        ("https://api.openai.com", "address"),
        ("sk-abc def 123456", "spaces"),
        ("sk-…4f2a", "shortened"),
        ("sk-12", "too short"),
    ],
)
def test_a_wrong_key_is_said_at_the_field_before_any_request(bench: Bench, text: str, said: str) -> None:
    QApplication.clipboard().setText(text)
    bench.field.paste()

    assert said in " ".join(bench.texts())
    assert not bench.button("Save").isEnabled()
    assert not bench.button("Test").isEnabled()


def test_spaces_alone_greyed_the_buttons_and_said_nothing(bench: Bench) -> None:
    bench.type("   ")
    assert "The key is empty. Paste your key." in bench.texts()
    assert not bench.button("Save").isEnabled()


@pytest.mark.parametrize("leaving", ["tab", "enter", "Save", "Test"])
def test_too_short_looked_like_a_hint_for_ever(bench: Bench, leaving: str) -> None:
    def looks() -> str:
        said = next(w for w in bench.dialog.findChildren(QLabel) if "too short" in w.text())
        return str(said.property("kind"))

    bench.type("sk-12")
    assert looks() == "small", "while typing"
    if leaving in ("tab", "enter"):
        bench.qtbot.keyClick(bench.field, Qt.Key.Key_Tab if leaving == "tab" else Qt.Key.Key_Return)
    else:
        bench.press(leaving)
    assert looks() == "danger"
    bench.field.setFocus()
    bench.qtbot.keyClicks(bench.field, "3")
    assert looks() == "small", "typing again"


def test_an_empty_field_is_no_mistake_but_cannot_be_saved(bench: Bench) -> None:
    before = bench.texts()
    bench.type(KEY)
    bench.field.clear()

    assert bench.texts() == before
    assert not bench.button("Save").isEnabled()


def test_testing_is_shown_until_its_result_comes(bench: Bench) -> None:
    bench.type(KEY)
    bench.press("Test")
    busy = bench.button("Testing…").isEnabled()
    can_save = bench.button("Save").isEnabled()

    bench.dialog.show_test("Works: 43 models.", ok=True)

    assert bench.tested == [KEY]
    assert (busy, can_save) == (False, True)
    assert "Works: 43 models." in bench.texts()
    assert bench.button("Test").isEnabled()
    assert bench.dialog.isVisible()


def test_a_result_for_a_key_that_was_changed_since_is_not_shown(bench: Bench) -> None:
    bench.type(KEY)
    bench.press("Test")
    bench.type(KEY + "x")

    bench.dialog.show_test("Works: 43 models.", ok=True)

    assert "Works: 43 models." not in bench.texts()
    assert bench.button("Test").isEnabled()


def test_what_a_server_said_about_the_key_is_plain_text(bench: Bench) -> None:
    bench.type(KEY)
    bench.press("Test")

    bench.dialog.show_test("<img src=x>\nIncorrect key", ok=False)

    shown = next(w for w in bench.dialog.findChildren(QLabel) if "Incorrect" in w.text())
    assert shown.textFormat() is Qt.TextFormat.PlainText
    assert shown.text() == "<img src=x> Incorrect key"


def test_the_key_is_hidden_until_the_eye_is_pressed(bench: Bench) -> None:
    hidden = bench.field.echoMode()

    bench.press("Show the key")

    assert hidden is QLineEdit.EchoMode.Password
    assert bench.field.echoMode() is QLineEdit.EchoMode.Normal
    assert bench.button("Hide the key").toolTip()


def test_cancel_saves_nothing_and_wipes_the_field(bench: Bench) -> None:
    bench.type(KEY)

    bench.press("Cancel")

    assert bench.saved == []
    assert bench.field.text() == ""
