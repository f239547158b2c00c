"""Chooses the shape of answers: a ready-made schema, or one that is checked while the user writes it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.schema_faults import Flaw
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schema_repair import can_be_strict, make_strict
from desktop.core.schema_sentences import flaw_place, flaw_sentence
from desktop.core.schemas import (
    MOST_KEPT_CHARS,
    MOST_NAME_CHARS,
    MOST_SCHEMAS,
    AnswerSchema,
    check,
    strict_flaws,
)
from desktop.core.tables import Outline, outline_of
from desktop.core.text import _, format_count, join_list, join_sentences, ngettext, printable
from desktop.ui.dialogs import confirm
from desktop.ui.settings.rows import plain_button, show_remark
from desktop.ui.structured.json_editor import JsonEditor
from desktop.ui.structured.schema_list import SchemaList
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import label

_SIZE_PX = (880, 620)
_LIST_PX = 200
_REMARK_PX = 52
_CHECK_MS = 120
"""After the last keystroke; a check takes a few milliseconds."""
_TEMPLATE = """{
  "type": "object",
  "properties": {
    "items": {
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "name": { "type": "string" }
        },
        "required": ["name"],
        "additionalProperties": false
      }
    }
  },
  "required": ["items"],
  "additionalProperties": false
}"""


class SchemaDialog(QDialog):
    """Schemas at the left, the chosen one at the right; one that is written in becomes the user's own.

    Signals:
        chosen(object): answers are to have this `AnswerSchema`; None: they are words again.
        schemas_changed(tuple): the user's own schemas are these now; told when the dialog closes.
    """

    chosen = Signal(object)
    schemas_changed = Signal(object)

    def __init__(
        self,
        own: Sequence[AnswerSchema],
        *,
        current: AnswerSchema | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Offer the ready-made schemas and ``own``; ``current`` is in force and chosen first."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(_("Shape of answers"))
        self.resize(*_SIZE_PX)
        self._before = tuple(own)
        self._own = list(own)
        self._filling = False
        self.list = SchemaList()
        self.list.setFixedWidth(_LIST_PX)
        self.name = QLineEdit()
        self.name.setMaxLength(MOST_NAME_CHARS)
        self.name.setAccessibleName(_("Name of the schema"))
        self.editor = JsonEditor()
        self.editor.setAccessibleName(_("JSON schema"))
        self._where, self._remark = label("", "small"), label("", "small")
        self._preview = label("", "small")
        self._strict = plain_button(_("Make strict"), kind="small")
        self._add = plain_button(_("New schema"), kind="small")
        self._add.set_icon("plus")
        self._delete = icon_button("trash-2", _("Delete this schema"), size_px=27)
        self._none = plain_button(_("Answer in words"))
        self._none.setVisible(current is not None)
        self._use = button(_("Use this schema"), kind="primary")
        self._soon = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._lay_out()
        self._connect()
        self.list.show_schemas(self._own, self._key_of(current))
        self._show_chosen()

    def own(self) -> tuple[AnswerSchema, ...]:
        """The user's own schemas as they are written now."""
        return tuple(self._own)

    def remark(self) -> str:
        """What is said about the schema."""
        return join_sentences(self._where.text(), self._remark.text())

    def preview(self) -> str:
        """What the table of an answer will show."""
        return self._preview.text()

    @override
    def done(self, result: int) -> None:
        self._soon.stop()
        if self.own() != self._before:
            self.schemas_changed.emit(self.own())
        super().done(result)

    def _connect(self) -> None:
        self.list.picked.connect(lambda _key: self._show_chosen())
        self.editor.textChanged.connect(self._on_typed)
        self.name.textEdited.connect(lambda _text: self._on_typed())
        self._soon.timeout.connect(self._check)
        self._strict.clicked.connect(self._on_strict)
        self._add.clicked.connect(self._on_add)
        self._delete.clicked.connect(self._on_delete)
        self._none.clicked.connect(self._on_none)
        self._use.clicked.connect(self._on_use)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list, 1)
        left.addWidget(self._add)
        named = QHBoxLayout()
        named.setSpacing(8)
        named.addWidget(self.name, 1)
        named.addWidget(self._delete)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(named)
        right.addWidget(self.editor, 1)
        right.addLayout(self._remarks())
        right.addWidget(self._preview)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left)
        both.addLayout(right, 1)
        close = plain_button(_("Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._none)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(0)
        column.addWidget(label(_("Shape of answers"), "drop_title"))
        column.addSpacing(4)
        said = label(
            _("With a schema the model answers in fields and rows, which are shown as a table."), "muted"
        )
        said.setWordWrap(True)
        column.addWidget(said)
        column.addSpacing(14)
        column.addLayout(both, 1)
        column.addSpacing(16)
        column.addLayout(buttons)

    def _remarks(self) -> QHBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._where)
        texts.addWidget(self._remark)
        texts.addStretch(1)
        self._remark.setWordWrap(True)
        self._preview.setWordWrap(True)
        holder = QWidget()
        # Remarks come and go; their room stays, so that nothing jumps while typing.
        holder.setFixedHeight(_REMARK_PX)
        texts.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(texts)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(holder, 1)
        row.addWidget(self._strict, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _key_of(self, current: AnswerSchema | None) -> str:
        if current in self._own:
            return f"own:{self._own.index(current)}"
        for preset in SCHEMA_PRESETS:
            if current is not None and current.text == preset.text:
                return f"preset:{preset.id}"
        if current is not None and self._has_room(current):
            # It is in force, although nobody keeps it: a conversation from elsewhere.
            self._own.append(current)
            return f"own:{len(self._own) - 1}"
        return f"preset:{SCHEMA_PRESETS[0].id}"

    def _at(self) -> int | None:
        """The place of the chosen one among one's own; None for a ready-made one."""
        kind, _colon, place = self.list.key.partition(":")
        return int(place) if kind == "own" else None

    def _stored(self) -> AnswerSchema:
        at = self._at()
        if at is not None:
            return self._own[at]
        found = next((p for p in SCHEMA_PRESETS if self.list.key == f"preset:{p.id}"), SCHEMA_PRESETS[0])
        return found.schema()

    def _show_chosen(self) -> None:
        schema = self._stored()
        self._filling = True
        self.name.setText(schema.name)
        self.editor.setPlainText(schema.text)
        self._filling = False
        self._delete.setVisible(self._at() is not None)
        self._check()

    def _written(self) -> AnswerSchema:
        name = printable(self.name.text(), limit=MOST_NAME_CHARS).strip()
        return AnswerSchema(name or _("Schema"), self.editor.toPlainText())

    def _on_typed(self) -> None:
        if self._filling:
            return
        self._soon.start()
        written, at = self._written(), self._at()
        if at is None and self._has_room(written):
            self._own.append(replace(written, name=self._free_name(written.name)))
            at = len(self._own) - 1
            self.list.show_schemas(self._own, f"own:{at}")
            self._filling = True
            if not self.name.hasFocus():
                self.name.setText(self._own[at].name)
            self._filling = False
            self._delete.setVisible(True)
        elif at is not None and self._has_room(written, instead_of=at):
            self._own[at] = written
            self.list.rename(f"own:{at}", written.name)

    def _has_room(self, schema: AnswerSchema, instead_of: int | None = None) -> bool:
        others = [one for at, one in enumerate(self._own) if at != instead_of]
        chars = sum(len(one.text) for one in others) + len(schema.text)
        return len(others) < MOST_SCHEMAS and chars <= MOST_KEPT_CHARS

    def _free_name(self, name: str) -> str:
        taken = {schema.name for schema in self._own} | {_(preset.title) for preset in SCHEMA_PRESETS}
        if name not in taken:
            return name
        numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
        return next(one for one in numbered if one not in taken)

    def _check(self) -> None:
        self._soon.stop()
        written = self._written()
        flaw = check(written.text)
        left = () if flaw else strict_flaws(written.text)
        self.editor.mark_line(flaw.place.line if flaw else 0)
        self._use.setEnabled(flaw is None)
        self._strict.setVisible(can_be_strict(written.text))
        self._say(flaw, left, written)
        self._preview.setText(_preview(outline_of(written)) if flaw is None else "")

    def _say(self, flaw: Flaw | None, left: Sequence[Flaw], written: AnswerSchema) -> None:
        first = flaw or next(iter(left), None)
        kind = "danger" if flaw else "usage_bad" if left else "success"
        at = self._at()
        if first is None:
            self._where.setText("")
            text = _("Ready: servers with strict mode guarantee this shape.")
        else:
            self._where.setText(flaw_place(first))
            text = flaw_sentence(first)
            if len(left) > 1:
                more = ngettext("{count} more like this.", "{count} more like this.", len(left) - 1)
                text = join_sentences(text, more.format(count=format_count(len(left) - 1)))
            if flaw is None:
                text = join_sentences(text, _("It can be used, but the shape is not guaranteed."))
        if not self._has_room(written, instead_of=at):
            kind = "danger"
            text = join_sentences(_("There is no room to keep this; delete other schemas."), text)
        self._where.setVisible(bool(self._where.text()))
        show_remark(self._remark, text, kind)

    def _on_strict(self) -> None:
        text = make_strict(self.editor.toPlainText())
        # As an edit, which Ctrl+Z takes back.
        cursor = self.editor.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self._check()
        self.editor.setFocus()

    def _on_add(self) -> None:
        made = AnswerSchema(self._free_name(_("My schema")), _TEMPLATE)
        if self._has_room(made):
            self._own.append(made)
            self.list.show_schemas(self._own, f"own:{len(self._own) - 1}")
            self._show_chosen()
            self.name.setFocus()
            self.name.selectAll()

    def _on_delete(self) -> None:
        at = self._at()
        if at is None:
            return
        text = _("Delete the schema “{name}”?").format(name=self._own[at].name)
        if confirm(self, title=_("Delete this schema"), text=text, action=_("Delete"), danger=True):
            del self._own[at]
            chosen = f"own:{min(at, len(self._own) - 1)}" if self._own else f"preset:{SCHEMA_PRESETS[0].id}"
            self.list.show_schemas(self._own, chosen)
            self._show_chosen()

    def _on_none(self) -> None:
        self.chosen.emit(None)
        self.accept()

    def _on_use(self) -> None:
        self._check()
        if self._use.isEnabled():
            self.chosen.emit(self._written())
            self.accept()


def _preview(outline: Outline) -> str:
    names = [printable(name, limit=40) for name in outline.columns]
    fields = [printable(name, limit=40) for name in outline.fields]
    if not names:
        return (
            _("Fields: {names}").format(names=join_list(fields)) if fields else _("A table as in the image")
        )
    columns = _("Columns: {names}").format(names=" · ".join(names))
    if not fields:
        return columns
    return f"{_('Fields: {names}').format(names=join_list(fields))}\n{columns}"
