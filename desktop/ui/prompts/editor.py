"""Writes one prompt: its title, its text with variables, its keys; shows it as it would be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.prompt_filling import VARIABLE_HINTS, Pictured, Variable, fill
from desktop.core.prompts import NUMBERED_KEYS, TEXT_CHARS, TITLE_CHARS, Prompt
from desktop.core.text import _, format_count
from desktop.ui.composer.variable_marks import VariableMarks
from desktop.ui.settings.rows import Form, plain_button, show_remark
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.segments import Segments
from desktop.ui.widgets.shortcut_field import ShortcutField

_TEXT_PX = 128
_PREVIEW_PX = 92
_LOW_TEXT_PX = 84
_LOW_PREVIEW_PX = 62
_PREVIEW_MARGIN_PX = 8
_ANY, _MODEL = "any", "model"


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the fields."""

    title: str
    text: str
    needs_model: bool


class PromptEditor(QWidget):
    """Shows a `Prompt`, or empty fields for a new one.

    Signals:
        written(Written): title and text are there, and something was changed by the user.
        star_toggled(): it becomes a favourite, or is one no longer.
        keys_chosen(str): the user wants these keys for it; empty for none.
        duplicate_requested(), remove_requested(): what the buttons say.
    """

    written = Signal(object)
    star_toggled = Signal()
    keys_chosen = Signal(str)
    duplicate_requested = Signal()
    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._images: tuple[Pictured, ...] = ()
        self._example = False
        self._seen = Written("", "", needs_model=False)
        self._make_fields()
        self._make_buttons()
        self._lay_out()
        self.set_low(low=False)
        self._text.textChanged.connect(self._on_written)

    def _make_fields(self) -> None:
        self._title = QLineEdit()
        self._title.setMaxLength(TITLE_CHARS)
        self._title.setPlaceholderText(_("What it is called"))
        self._title.setAccessibleName(_("Title"))
        self._title.textEdited.connect(self._on_written)
        self._star = icon_button("star", _("Favourite (Ctrl+D)"))
        self._star.clicked.connect(self.star_toggled)
        self._origin = label("", "small")
        self._origin.setWordWrap(True)
        self._text = QPlainTextEdit()
        self._text.setProperty("kind", "field")
        self._text.setAccessibleName(_("Prompt"))
        self._text.setPlaceholderText(_("What is asked about the images"))
        self._text.setTabChangesFocus(True)
        self._marks = VariableMarks(self._text.document())
        self._remark = label("", "danger")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._preview_title = label("", "small")
        self._preview = QPlainTextEdit()
        self._preview.setProperty("kind", "found")
        self._preview.setReadOnly(True)
        self._preview.setTabChangesFocus(True)
        self._preview.document().setDocumentMargin(_PREVIEW_MARGIN_PX)
        self._keys = ShortcutField(NUMBERED_KEYS, recorder_name=_("Press the keys for this prompt, or Esc"))
        self._keys.chosen.connect(self.keys_chosen)
        self._keys_remark = label("", "small")
        self._keys_remark.hide()
        self._answers = Segments(
            [(_ANY, _("Models and reader"), ""), (_MODEL, _("Models only"), "")], name=_("Answered by")
        )
        self._answers.chosen.connect(self._on_written)

    def _make_buttons(self) -> None:
        self._variables = QWidget()
        flow = FlowLayout(self._variables, gap_px=6)
        for variable in Variable:
            word = f"{{{variable.value}}}"
            insert = button(word, kind="tiny", tooltip=_(VARIABLE_HINTS[variable]))
            insert.setAutoDefault(False)
            name = _("Insert {variable}: {meaning}")
            insert.setAccessibleName(name.format(variable=word, meaning=_(VARIABLE_HINTS[variable])))
            insert.clicked.connect(lambda _checked=False, word=word: self._insert(word))
            flow.addWidget(insert)
        self._duplicate = plain_button(_("Duplicate"))
        self._duplicate.clicked.connect(self.duplicate_requested)
        self._remove = plain_button(_("Delete"), kind="danger")
        self._remove.clicked.connect(self.remove_requested)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title, 1)
        head.addWidget(self._star)
        column.addLayout(head)
        column.addWidget(self._origin)
        column.addWidget(self._text, 1)
        column.addWidget(self._remark)
        column.addWidget(self._variables)
        column.addSpacing(4)
        column.addWidget(self._preview_title)
        column.addWidget(self._preview)
        column.addSpacing(4)
        form = Form()
        form.add_row(_("Shortcut"), self._keys, remark=self._keys_remark)
        form.add_row(_("Answered by"), self._answers)
        column.addWidget(form)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self._duplicate)
        last.addWidget(self._remove)
        last.addStretch(1)
        column.addLayout(last)

    def set_low(self, *, low: bool) -> None:
        """Take less height, below the list."""
        self._text.setMinimumHeight(_LOW_TEXT_PX if low else _TEXT_PX)
        self._preview.setFixedHeight(_LOW_PREVIEW_PX if low else _PREVIEW_PX)

    def show_prompt(self, prompt: Prompt | None, holders: Mapping[str, str]) -> None:
        """Show a prompt, or fields for a new one; ``holders`` are titles of prompts by their keys."""
        needs_model = prompt is not None and not prompt.on_device
        self._title.setText(prompt.title if prompt else "")
        self._title.setCursorPosition(0)
        self._answers.set_value(_MODEL if needs_model else _ANY)
        self._text.blockSignals(True)
        self._text.setPlainText(prompt.text if prompt else "")
        self._text.blockSignals(False)
        self._seen = self._now()
        show_remark(self._remark, "")
        self.say_of_keys("")
        self.show_standing(prompt, holders)
        self._show_preview()

    def show_standing(self, prompt: Prompt | None, holders: Mapping[str, str]) -> None:
        """Show all but what is being written: star, keys, where it comes from, what can be done."""
        favourite = prompt is not None and prompt.favourite
        self._star.set_icon(
            "star-filled" if favourite else "star", role="accent_soft_text" if favourite else "text_muted"
        )
        self._star.set_name(_("No favourite any more (Ctrl+D)") if favourite else _("Favourite (Ctrl+D)"))
        self._keys.show_keys(prompt.shortcut if prompt else "", holders)
        self._origin.setText(_origin(prompt))
        for part in (self._star, self._keys, self._duplicate):
            part.setEnabled(prompt is not None)
        self._remove.setVisible(prompt is not None and prompt.own)
        restores = prompt is not None and prompt.built_in
        self._remove.setText(_("Restore the original") if restores else _("Delete"))
        self._remove.setAccessibleName(self._remove.text())

    def show_images(self, images: Sequence[Pictured], *, example: bool) -> None:
        """Fill the preview with these; ``example``: with none of the user's."""
        self._images, self._example = tuple(images), example
        self._show_preview()

    def say_of_keys(self, text: str, kind: str = "small") -> None:
        """Say something about the keys that were chosen."""
        show_remark(self._keys_remark, text, kind)

    def focus_title(self) -> None:
        """Begin with the title."""
        self._title.setFocus()
        self._title.selectAll()

    def _insert(self, word: str) -> None:
        self._text.insertPlainText(word)
        self._text.setFocus()

    def _on_written(self, *_what: object) -> None:
        written = self._now()
        if written == self._seen:
            # Marking variables counts as a change of the document, too.
            return
        self._seen = written
        text, title = written.text, written.title
        wrong = ""
        if len(text) > TEXT_CHARS:
            wrong = _("A prompt has at most {count} characters.").format(count=format_count(TEXT_CHARS))
        elif not title.strip() or not text.strip():
            wrong = _("It is kept as soon as it has a title and a text.")
        show_remark(self._remark, wrong, "danger")
        self._show_preview()
        if not wrong:
            self.written.emit(written)

    def _now(self) -> Written:
        return Written(self._title.text(), self._text.toPlainText(), self._answers.value == _MODEL)

    def _show_preview(self) -> None:
        names = ", ".join(image.name for image in self._images)
        said = _("For example with {name}") if self._example else _("Asked about {name}")
        self._preview_title.setText(said.format(name=names))
        self._preview.setAccessibleName(self._preview_title.text())
        filled = fill(self._text.toPlainText(), self._images, today=datetime.now().astimezone().date())
        if filled != self._preview.toPlainText():
            self._preview.setPlainText(filled)


def _origin(prompt: Prompt | None) -> str:
    if prompt is None:
        return _("A new prompt of your own.")
    if not prompt.own:
        return _("Came with Sightline. What you change stays yours; the original can be brought back.")
    return _("Came with Sightline, changed by you.") if prompt.built_in else _("Your own prompt.")
