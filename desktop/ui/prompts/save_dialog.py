"""Asks what the prompt in the box is to be called in the library."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.prompts import TEXT_CHARS, TITLE_CHARS, clean_title, suggested_title
from desktop.core.text import _, format_count
from desktop.ui.composer.variable_marks import VariableMarks
from desktop.ui.settings.rows import show_remark
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.last_row import last_row

_WIDTH_PX = 440
_TEXT_PX = 96


class SavePromptDialog(QDialog):
    """A field with the first words of the text, selected, so that typing replaces them.

    Signals:
        saved(str, bool): the title, and whether it becomes a favourite; the dialog closes.
    """

    saved = Signal(str, bool)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Ask for a title of ``text``, which is shown."""
        super().__init__(parent)
        self.setWindowTitle(_("Save the prompt"))
        self.setFixedWidth(_WIDTH_PX)
        self._field = QLineEdit(suggested_title(text))
        self._field.setMaxLength(TITLE_CHARS)
        self._field.setAccessibleName(_("Title"))
        self._field.setPlaceholderText(_("What it is called"))
        self._field.textChanged.connect(self._check)
        self._star = icon_button("star", _("Favourite"))
        self._star.setCheckable(True)
        self._star.toggled.connect(self._show_star)
        self._shown = QPlainTextEdit(text)
        self._shown.setReadOnly(True)
        self._shown.setTabChangesFocus(True)
        self._shown.setProperty("kind", "found")
        self._shown.setFixedHeight(_TEXT_PX)
        self._shown.document().setDocumentMargin(8)
        self._shown.setAccessibleName(_("Prompt"))
        self._marks = VariableMarks(self._shown.document())
        self._remark = label("", "danger")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._save = button(_("Save"), kind="primary")
        self._save.setDefault(True)
        self._save.clicked.connect(self._on_save)
        self._too_long = len(text) > TEXT_CHARS
        if self._too_long:
            said = _("A prompt has at most {count} characters.").format(count=format_count(TEXT_CHARS))
            show_remark(self._remark, said, "danger")
        self._lay_out()
        self._check()
        self._field.setFocus()
        self._field.selectAll()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(_("Save the prompt"), "drop_title"))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._field, 1)
        head.addWidget(self._star)
        column.addLayout(head)
        column.addWidget(self._shown)
        column.addWidget(self._remark)
        column.addLayout(last_row(self, self._save))

    def _check(self) -> None:
        self._save.setEnabled(bool(clean_title(self._field.text())) and not self._too_long)

    def _show_star(self, favourite: bool) -> None:
        self._star.set_icon(
            "star-filled" if favourite else "star", role="accent_soft_text" if favourite else "text_muted"
        )

    def _on_save(self) -> None:
        self.accept()
        self.saved.emit(self._field.text(), self._star.isChecked())
