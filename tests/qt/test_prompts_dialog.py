"""The library's window: every change holds at once, nothing is lost by a slip."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.prompt_filling import Pictured
from desktop.core.prompts import (
    TEXT_CHARS,
    Library,
    Prompt,
    find,
    own_prompt,
    starred,
    with_own,
    with_shortcut,
)
from desktop.ui.prompts.dialog import PromptsDialog
from desktop.ui.prompts.keys import is_usable, taken_keys
from desktop.ui.prompts.save_dialog import SavePromptDialog
from desktop.ui.widgets.notices import Notice

OWN = Library(
    own=(own_prompt("own-1", "Report", "Report on {name}."), own_prompt("own-2", "Note", "A note."))
)
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
TILL = Pictured(name="till.png", width_px=700, height_px=1100, text="TOTAL 37.34")


class Bench:
    def __init__(self, qtbot: QtBot, dialog: PromptsDialog) -> None:
        self.qtbot, self.dialog = qtbot, dialog
        self.editor, self.list = dialog._editor, dialog._list
        self.changes: list[Library] = []
        dialog.changed.connect(self.changes.append)

    @property
    def library(self) -> Library:
        return self.changes[-1]

    def prompt(self, prompt_id: str) -> Prompt:
        found = find(self.library, prompt_id)
        assert found is not None
        return found

    def press(self, text: str) -> None:
        buttons = self.dialog.findChildren(QAbstractButton)
        wanted = (b for b in buttons if text in (b.text(), b.accessibleName()) and b.isVisible())
        self.qtbot.mouseClick(next(wanted), Qt.MouseButton.LeftButton)

    def write(self, title: str, text: str) -> None:
        field = self.editor._title
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, title)
        self.editor._text.setPlainText(text)

    def rows(self) -> list[str]:
        rows = self.list._rows
        return [rows.item(row).text() for row in range(rows.count())]

    def said(self) -> list[str]:
        return [notice.text for notice in self.dialog.findChildren(Notice)]

    def preview(self) -> str:
        return self.editor._preview.toPlainText()


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    dialog = PromptsDialog(library=OWN, taken=frozenset({"Ctrl+L"}))
    dialog.show_images((TILL,), example=False)
    present(dialog)
    made = Bench(qtbot, dialog)
    made.list.choose("own-1")
    return made


def test_what_is_written_holds_at_once_and_the_row_follows(bench: Bench) -> None:
    bench.write("Better report", "Report on {name}, {date}.")
    assert (bench.prompt("own-1").title, bench.prompt("own-1").text) == (
        "Better report",
        "Report on {name}, {date}.",
    )
    assert "Better report" in bench.rows()
    assert bench.library.own[1] == OWN.own[1]


def test_showing_a_prompt_changes_nothing(bench: Bench, qtbot: QtBot) -> None:
    for prompt_id in ("receipt", "own-2", "file-facts", "own-1"):
        bench.list.choose(prompt_id)
        qtbot.wait(1)
    assert bench.changes == []


def test_the_preview_shows_what_would_be_asked(bench: Bench) -> None:
    assert bench.preview() == "Report on till.png."
    bench.editor._text.setPlainText("{name} {width}x{height} [{text}] {count} {{name}} {x}")
    assert bench.preview() == "till.png 700x1100 [TOTAL 37.34] 1 {name} {x}"
    assert bench.editor._preview_title.text() == "Asked about till.png"


def test_variables_are_put_where_the_cursor_is(bench: Bench) -> None:
    bench.editor._text.moveCursor(bench.editor._text.textCursor().MoveOperation.Start)
    bench.press("{width}")
    assert bench.prompt("own-1").text == "{width}Report on {name}."


def test_without_title_or_text_it_stays_as_it_was_and_says_why(bench: Bench) -> None:
    bench.editor._text.setPlainText(" ")
    assert bench.changes == []
    assert "title and a text" in bench.editor._remark.text()
    bench.editor._text.setPlainText("x" * (TEXT_CHARS + 1))
    assert bench.changes == []
    assert "20,000" in bench.editor._remark.text()
    bench.editor._text.setPlainText("Again.")
    assert bench.prompt("own-1").text == "Again."
    assert not bench.editor._remark.isVisible()


def test_a_new_prompt_is_kept_once_it_is_whole(bench: Bench) -> None:
    bench.qtbot.keyClick(bench.dialog, Qt.Key.Key_N, CONTROL)
    assert bench.editor._title.hasFocus()
    bench.qtbot.keyClicks(bench.editor._title, "Alt")
    assert bench.changes == []
    bench.editor._text.setPlainText("Write alt text.")
    assert [own.title for own in bench.library.own] == ["Report", "Note", "Alt"]
    bench.qtbot.keyClicks(bench.editor._title, " text")
    assert [own.title for own in bench.library.own] == ["Report", "Note", "Alt text"]
    assert bench.editor._title.text() == "Alt text"


def test_a_changed_built_in_prompt_can_be_brought_back(bench: Bench) -> None:
    bench.list.choose("receipt")
    original = bench.editor._text.toPlainText()
    assert not bench.editor._remove.isVisible()
    bench.editor._text.setPlainText("Just the total.")
    assert bench.prompt("receipt").own
    bench.press("Restore the original")
    assert bench.library == OWN
    assert bench.editor._text.toPlainText() == original
    assert bench.said() == ["“Check a receipt” is the original again."]
    bench.press("Undo")
    assert bench.prompt("receipt").text == "Just the total."
    assert bench.editor._text.toPlainText() == "Just the total."


def test_deleting_can_be_undone(bench: Bench) -> None:
    bench.qtbot.keyClick(bench.list._rows, Qt.Key.Key_Delete)
    assert [own.id for own in bench.library.own] == ["own-2"]
    assert bench.editor._title.text() == "Note"
    assert bench.said() == ["“Report” was deleted."]
    bench.press("Undo")
    assert bench.library == OWN
    assert bench.editor._title.text() == "Report"


def test_several_are_deleted_together_and_built_in_ones_stay(bench: Bench) -> None:
    bench.list.choose("own-1", "own-2", "receipt")
    bench.qtbot.keyClick(bench.list._rows, Qt.Key.Key_Delete)
    assert bench.library == Library()
    assert bench.said() == ["2 prompts were deleted."]
    bench.press("Undo")
    assert bench.library == OWN
    bench.list.choose("receipt")
    bench.qtbot.keyClick(bench.list._rows, Qt.Key.Key_Delete)
    assert bench.library == OWN
    assert bench.said()[-1] == "Prompts that came with Sightline cannot be deleted."


def test_a_duplicate_is_an_own_one(bench: Bench) -> None:
    bench.list.choose("receipt")
    bench.press("Duplicate")
    made = bench.library.own[-1]
    assert (made.title, made.icon, made.needs_model) == ("Check a receipt (copy)", "receipt-text", True)
    assert bench.editor._title.selectedText() == made.title


def test_stars_by_key_by_button_and_by_click_in_the_list(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dialog, Qt.Key.Key_D, CONTROL)
    assert bench.library.favourites == {"own-1"}
    assert bench.rows()[:2] == ["Favourites", "Report"]
    qtbot.mouseClick(bench.editor._star, Qt.MouseButton.LeftButton)
    assert bench.library.favourites == frozenset()
    rows = bench.list._rows
    place = rows.visualItemRect(rows.item(rows.row_of("own-2")))
    at = place.center()
    at.setX(rows.viewport().width() - 12)
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert bench.library.favourites == {"own-2"}
    assert bench.editor._title.text() == "Report"


def test_order_is_changed_by_keys(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dialog, Qt.Key.Key_Down, ALT)
    assert bench.rows()[:3] == ["Your prompts", "Note", "Report"]
    qtbot.keyClick(bench.dialog, Qt.Key.Key_Up, ALT)
    assert bench.rows()[:3] == ["Your prompts", "Report", "Note"]
    assert bench.list.selected() == ["own-1"]


def choose_keys(bench: Bench, text: str) -> None:
    select = bench.editor._keys._select
    place = next(at for at in range(select.count()) if select.itemText(at).startswith(text))
    select.setCurrentIndex(place)
    select.activated.emit(place)


def record(bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    bench.press("Other keys…")
    bench.qtbot.keyClick(bench.editor._keys._recorder, key, modifiers)


def test_keys_are_chosen_recorded_and_taken_away(bench: Bench) -> None:
    choose_keys(bench, "Ctrl+Alt+3")
    assert bench.library.shortcuts == {"own-1": "Ctrl+Alt+3"}
    record(bench, Qt.Key.Key_R, CONTROL | ALT)
    assert bench.library.shortcuts == {"own-1": "Ctrl+Alt+R"}
    choose_keys(bench, "None")
    assert bench.library.shortcuts == {}


@pytest.mark.parametrize(
    ("key", "modifiers", "why"),
    [
        (Qt.Key.Key_L, CONTROL, "does something else"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, "Ctrl or Alt"),
    ],
)
def test_keys_that_cannot_be_had_are_said_at_once(
    bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier, why: str
) -> None:
    record(bench, key, modifiers)
    assert bench.changes == []
    assert why in bench.editor._keys_remark.text()
    assert bench.editor._keys_remark.isVisible()


def test_keys_of_the_dialog_itself_are_recorded_and_not_obeyed(bench: Bench) -> None:
    bench.press("Other keys…")
    bench.qtbot.keyClick(bench.editor._keys._recorder, Qt.Key.Key_Escape)
    assert bench.dialog.isVisible()
    assert bench.editor._keys._select.isVisible()
    record(bench, Qt.Key.Key_Down, ALT)
    assert bench.library.shortcuts == {"own-1": "Alt+Down"}
    assert bench.rows()[:3] == ["Your prompts", "Report", "Note"]


def test_keys_of_another_prompt_are_said_before_and_after(bench: Bench) -> None:
    bench.dialog.show_library(with_shortcut(OWN, "own-2", "Ctrl+Alt+1"), ("own-1",))
    bench.list.choose("own-2")
    bench.list.choose("own-1")
    select = bench.editor._keys._select
    assert "Ctrl+Alt+1 · Note" in [select.itemText(at) for at in range(select.count())]
    choose_keys(bench, "Ctrl+Alt+1")
    assert bench.library.shortcuts == {"own-1": "Ctrl+Alt+1"}
    assert bench.editor._keys_remark.text() == "Ctrl+Alt+1 belonged to “Note” until now."


def test_who_answers_is_chosen(bench: Bench) -> None:
    bench.press("Models only")
    assert bench.library.own[0].needs_model
    bench.press("Models and reader")
    assert not bench.library.own[0].needs_model


def test_searching_and_choosing_by_keys_alone(bench: Bench, qtbot: QtBot) -> None:
    search = bench.list._search
    qtbot.keyClick(bench.dialog, Qt.Key.Key_F, CONTROL)
    assert search.hasFocus()
    qtbot.keyClicks(search, "chart")
    assert "Read a chart" in bench.rows()
    assert "Note" not in bench.rows()
    assert bench.editor._title.text() == "Read a chart"
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert bench.list._rows.hasFocus()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert bench.dialog.isVisible()


def test_everything_is_reached_by_tab_and_has_a_name(bench: Bench, qtbot: QtBot) -> None:
    reached: set[QWidget] = set()
    bench.list.focus_search()
    widget = bench.dialog.focusWidget()
    while widget not in reached:
        reached.add(widget)
        assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        widget = bench.dialog.focusWidget()
    buttons = [b for b in bench.dialog.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
    unreached = [b.accessibleName() or b.text() for b in buttons if b not in reached and not b.isCheckable()]
    # The field's own cross is for the mouse; Esc does the same.
    assert [name for name in unreached if name not in ("", "Clear")] == []
    assert {bench.editor._text, bench.editor._preview, bench.list._rows} <= reached


def test_chosen_own_or_all_are_exported(bench: Bench) -> None:
    bench.dialog.show_library(with_own(OWN, own_prompt("receipt", "Mine", "Add.")), ("own-1", "chart"))
    exported: list[tuple[Prompt, ...]] = []
    bench.dialog.export_requested.connect(exported.append)
    menu = bench.dialog.export_menu()
    actions = menu.actions()
    assert [action.text() for action in actions[:2]] == ["Selected (2)…", "Your own (3)…"]
    for action in actions:
        action.trigger()
    assert [prompt.id for prompt in exported[0]] == ["own-1", "chart"]
    assert {prompt.id for prompt in exported[1]} == {"own-1", "own-2", "receipt"}
    assert len(exported[2]) > 20
    menu.close()


def test_it_fits_into_the_narrowest_window(bench: Bench) -> None:
    bench.dialog.resize(380, 720)
    assert bench.dialog.width() == 380
    bench.qtbot.waitUntil(lambda: bench.list.width() > 300)
    assert bench.editor.width() > 300
    below = bench.editor.mapTo(bench.dialog, bench.editor.rect().topLeft()).y()
    assert bench.list.mapTo(bench.dialog, bench.list.rect().bottomLeft()).y() < below


def test_in_a_low_window_nothing_is_squeezed_and_all_can_be_scrolled_to(bench: Bench, qtbot: QtBot) -> None:
    bench.dialog.resize(380, 480)
    qtbot.waitUntil(lambda: bench.dialog.height() == 480)
    assert bench.editor.height() >= bench.editor.minimumSizeHint().height()
    remove = bench.editor._remove
    bench.editor._duplicate.setFocus()
    qtbot.keyClick(bench.editor._duplicate, Qt.Key.Key_Tab)
    assert remove.hasFocus()
    area = bench.editor.parentWidget()
    assert area.rect().contains(remove.mapTo(area, remove.rect().center()))


def test_hostile_words_are_shown_as_they_are(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    evil = '<img src="file:///etc/passwd"><h1>{name}'
    dialog = PromptsDialog(library=Library(own=(own_prompt("own-1", evil, evil),)))
    present(dialog)
    dialog._list.choose("own-1")
    assert dialog._editor._title.text() == evil
    assert dialog._editor._text.toPlainText() == evil
    assert all(
        found.textFormat() is Qt.TextFormat.PlainText for found in dialog.findChildren(QLabel) if found.text()
    )


def test_keys_of_the_window_and_of_text_fields_are_taken(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    mine, other = QShortcut("Ctrl+Alt+1", window), QShortcut("Ctrl+L", window)
    assert {"Ctrl+Alt+1", "Ctrl+L", "Ctrl+C", "Ctrl+Z"} <= taken_keys(window)
    assert "Ctrl+Alt+1" not in taken_keys(window, apart_from=frozenset({mine}))
    assert other.key().toString() == "Ctrl+L"
    assert [
        keys for keys in ("Ctrl+1", "Alt+X", "F9", "Meta+1", "R", "Shift+R", "Fn") if is_usable(keys)
    ] == [*("Ctrl+1", "Alt+X", "F9", "Meta+1")]


def test_saving_asks_for_a_title(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    dialog = SavePromptDialog("List every coin with its year, please.")
    present(dialog)
    saved: list[tuple[str, bool]] = []
    dialog.saved.connect(lambda title, favourite: saved.append((title, favourite)))
    assert dialog._field.selectedText() == "List every coin with its year, please"
    assert "List every coin" in dialog.findChild(QPlainTextEdit).toPlainText()
    dialog._field.clear()
    assert not dialog._save.isEnabled()
    qtbot.keyClicks(dialog._field, "Coins")
    dialog._star.click()
    qtbot.keyClick(dialog._field, Qt.Key.Key_Return)
    assert saved == [("Coins", True)]
    assert not dialog.isVisible()


def test_a_text_that_is_too_long_is_not_saved(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    dialog = SavePromptDialog("x" * (TEXT_CHARS + 1))
    present(dialog)
    assert not dialog._save.isEnabled()
    assert dialog._remark.isVisible()


def test_favourites_of_a_library_are_shown_with_stars(bench: Bench) -> None:
    bench.dialog.show_library(starred(OWN, "own-2", favourite=True), ("own-2",))
    assert bench.rows()[:2] == ["Favourites", "Note"]
    assert bench.editor._star.accessibleName() == "No favourite any more (Ctrl+D)"
