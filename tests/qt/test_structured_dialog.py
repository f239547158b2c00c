"""Choosing and writing a schema: what is wrong is said while it is written."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schemas import MOST_SCHEMAS, AnswerSchema, check, strict_flaws
from desktop.ui.structured import schema_dialog
from desktop.ui.structured.schema_dialog import SchemaDialog

LOOSE = AnswerSchema("Plates", '{"type": "object", "properties": {"plate": {"type": "string"}}}')
Present = Callable[[QWidget], None]


class Desk:
    def __init__(self, qtbot: QtBot, *own: AnswerSchema, current: AnswerSchema | None = None) -> None:
        self.qtbot = qtbot
        self.dialog = SchemaDialog(own, current=current)
        # It deletes itself when it closes; the test looks at it after that.
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.chosen: list[AnswerSchema | None] = []
        self.kept: list[tuple[AnswerSchema, ...]] = []
        self.dialog.chosen.connect(self.chosen.append)
        self.dialog.schemas_changed.connect(self.kept.append)

    def button(self, text: str) -> QPushButton:
        (found,) = (b for b in self.dialog.findChildren(QPushButton) if b.text() == text)
        return found

    def write(self, text: str) -> None:
        self.dialog.editor.setPlainText(text)
        self.qtbot.waitUntil(lambda: not self.dialog._soon.isActive())


def test_a_ready_made_schema_is_used_as_it_is(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.dialog.list.choose("preset:boxes")
    assert desk.dialog.preview() == "Columns: label · box"
    desk.button("Use this schema").click()
    assert desk.chosen == [next(p for p in SCHEMA_PRESETS if p.id == "boxes").schema()]
    assert desk.kept == [], "nothing of one's own has changed"


def test_what_is_wrong_is_said_with_its_line_and_cannot_be_used(qtbot: QtBot) -> None:
    desk = Desk(qtbot, LOOSE, current=LOOSE)
    desk.write('{\n "type": "object",\n "properties": {"a": {"type": "strng"}}\n}')
    assert desk.dialog.remark().startswith("Line 3, column 23 · properties.a.type “strng” is no type.")
    assert desk.dialog.editor.wrong_line == 3
    assert not desk.button("Use this schema").isEnabled()
    assert desk.dialog.preview() == ""
    desk.write(LOOSE.text)
    assert desk.dialog.editor.wrong_line == 0
    assert desk.button("Use this schema").isEnabled()


def test_one_click_makes_it_strict_and_ctrl_z_takes_it_back(qtbot: QtBot) -> None:
    desk = Desk(qtbot, LOOSE, current=LOOSE)
    assert "the shape is not guaranteed" in desk.dialog.remark()
    desk.button("Make strict").click()
    text = desk.dialog.editor.toPlainText()
    assert check(text) is None
    assert strict_flaws(text) == ()
    assert "guarantee" in desk.dialog.remark()
    assert desk.button("Make strict").isHidden()
    desk.dialog.editor.undo()
    assert desk.dialog.editor.toPlainText() == LOOSE.text


def test_writing_in_a_ready_made_one_makes_it_ones_own(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    assert desk.dialog.list.key == "preset:receipt"
    desk.write(LOOSE.text)
    assert desk.dialog.list.key == "own:0"
    assert desk.dialog.own() == (AnswerSchema("Receipt 2", LOOSE.text),)
    desk.dialog.list.choose("preset:receipt")
    assert desk.dialog.editor.toPlainText() == SCHEMA_PRESETS[0].text
    desk.dialog.reject()
    assert desk.kept == [(AnswerSchema("Receipt 2", LOOSE.text),)], "closing loses nothing"
    assert desk.chosen == []


def test_a_new_one_is_named_and_kept(qtbot: QtBot) -> None:
    desk = Desk(qtbot, LOOSE)
    desk.button("New schema").click()
    assert desk.dialog.remark().startswith("Ready")
    desk.dialog.name.selectAll()
    qtbot.keyClicks(desk.dialog.name, "Shelf")
    desk.button("Use this schema").click()
    assert [schema.name for schema in desk.kept[0]] == ["Plates", "Shelf"]
    assert desk.chosen[0] is not None
    assert desk.chosen[0].name == "Shelf"


def test_one_is_deleted_after_a_question(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(qtbot, LOOSE, current=LOOSE)
    answers = iter([False, True])
    monkeypatch.setattr(schema_dialog, "confirm", lambda *_a, **_k: next(answers))
    desk.dialog._delete.click()
    assert desk.dialog.own() == (LOOSE,)
    desk.dialog._delete.click()
    assert desk.dialog.own() == ()
    assert desk.dialog.list.key == "preset:receipt"


def test_answers_may_be_words_again(qtbot: QtBot) -> None:
    desk = Desk(qtbot, LOOSE, current=LOOSE)
    desk.button("Answer in words").click()
    assert desk.chosen == [None]
    assert Desk(qtbot, LOOSE).button("Answer in words").isHidden()


def test_a_schema_in_force_that_nobody_keeps_is_shown_as_ones_own(qtbot: QtBot) -> None:
    assert Desk(qtbot, current=LOOSE).dialog.own() == (LOOSE,)


def test_there_is_an_end_to_what_is_kept(qtbot: QtBot) -> None:
    full = tuple(AnswerSchema(f"n{number}", LOOSE.text) for number in range(MOST_SCHEMAS))
    desk = Desk(qtbot, *full)
    desk.button("New schema").click()
    assert len(desk.dialog.own()) == MOST_SCHEMAS
    desk.write(LOOSE.text)
    assert "no room" in desk.dialog.remark()
    assert desk.dialog.own() == full


def test_enter_keeps_the_indent_and_tab_leaves_the_editor(qtbot: QtBot, present: Present) -> None:
    desk = Desk(qtbot, LOOSE, current=LOOSE)
    present(desk.dialog)
    editor = desk.dialog.editor
    editor.setPlainText('  {"a": {')
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText().splitlines()[1] == "    "
    assert editor.tabChangesFocus()


def test_every_control_has_a_name(qtbot: QtBot) -> None:
    dialog = Desk(qtbot, LOOSE, current=LOOSE).dialog
    for control in (
        dialog.list,
        dialog.name,
        dialog.editor,
        dialog._delete,
        *dialog.findChildren(QPushButton),
    ):
        assert control.accessibleName()


def test_it_paints_in_the_dark_with_a_marked_line(qtbot: QtBot, dark: None) -> None:
    desk = Desk(qtbot, AnswerSchema("a", "{"), current=AnswerSchema("a", "{"))
    assert desk.dialog.editor.wrong_line == 1
    assert not desk.dialog.grab().isNull()
