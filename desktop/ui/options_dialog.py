"""How a conversation is answered: instructions, reasoning, temperature, length."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.core.estimate import estimate_text_tokens
from desktop.core.options import MOST_INSTRUCTIONS, MOST_TEMPERATURE, Effort, Options
from desktop.core.schemas import AnswerSchema
from desktop.core.text import _, format_tokens, marked, printable
from desktop.ui.settings.rows import Form, plain_button, show_remark
from desktop.ui.structured.schema_dialog import SchemaDialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.last_row import last_row
from desktop.ui.widgets.select import Select

_WIDTH_PX = 560
_TEXT_PX = 150
_USUAL_TEMPERATURE = 0.7
_MOST_TOKENS = 1_000_000

_EFFORTS = {
    Effort.NONE: marked("None"),
    Effort.MINIMAL: marked("Minimal"),
    Effort.LOW: marked("Low"),
    Effort.MEDIUM: marked("Medium"),
    Effort.HIGH: marked("High"),
    Effort.XHIGH: marked("Very high"),
    Effort.MAX: marked("Highest"),
}
_LENGTHS = (0, 300, 1000, 4000)


class OptionsDialog(QDialog):
    """The options of one conversation; `options` are as they stand in it.

    Signals:
        schemas_changed(tuple): the user's own schemas are these now.
    """

    schemas_changed = Signal(object)

    def __init__(
        self, options: Options, *, schemas: Sequence[AnswerSchema] = (), parent: QWidget | None = None
    ) -> None:
        """Show these.

        Args:
            options: in force.
            schemas: the user's own.
            parent: the window.
        """
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(_("Instructions and answer"))
        self.setMinimumWidth(_WIDTH_PX)
        self._before = options
        self._schemas = tuple(schemas)
        self._schema = options.schema
        self._shape = plain_button("")
        self._shape.set_icon("table")
        self._shape.clicked.connect(self._choose_shape)
        self._text = QPlainTextEdit(options.instructions)
        self._text.setAccessibleName(_("Instructions"))
        self._text.setPlaceholderText(_("For example: Answer in English, in at most three sentences."))
        self._text.setMinimumHeight(_TEXT_PX)
        self._text.setTabChangesFocus(True)
        self._text.setProperty("kind", "field")
        self._text_remark = label("", "small")
        self._make_effort()
        self._make_temperature()
        self._make_length()
        self._fill()
        self._show_shape()
        self._text.textChanged.connect(self._show_tokens)
        self._effort.currentIndexChanged.connect(self._show_temperature)
        self._warm.currentIndexChanged.connect(self._show_temperature)
        self._length.currentIndexChanged.connect(self._show_length)
        self._show_tokens()
        self._show_temperature()
        self._show_length()

    def options(self) -> Options:
        """What was chosen."""
        effort = self._effort.currentData()
        return Options(
            instructions=self._text.toPlainText().strip()[:MOST_INSTRUCTIONS],
            temperature=round(self._degrees.value(), 2) if self._warm_is_own() else None,
            effort=Effort(effort) if effort else None,
            max_tokens=self._most_tokens(),
            schema=self._schema,
        )

    def _make_effort(self) -> None:
        self._effort = Select(name=_("Reasoning"))
        self._effort.addItem(_("The model’s own"), "")
        for effort, words in _EFFORTS.items():
            self._effort.addItem(_(words), effort.value)
        self._effort.setCurrentIndex(
            max(self._effort.findData(self._before.effort.value if self._before.effort else ""), 0)
        )

    def _make_temperature(self) -> None:
        self._warm = Select(name=_("Temperature"))
        self._warm.addItem(_("The model’s own"), False)
        self._warm.addItem(_("Set to"), True)
        self._warm.setCurrentIndex(0 if self._before.temperature is None else 1)
        self._degrees = QDoubleSpinBox()
        self._degrees.setProperty("kind", "field")
        self._degrees.setAccessibleName(_("Temperature"))
        self._degrees.setRange(0, MOST_TEMPERATURE)
        self._degrees.setSingleStep(0.1)
        self._degrees.setDecimals(2)
        temperature = self._before.temperature
        self._degrees.setValue(_USUAL_TEMPERATURE if temperature is None else temperature)
        self._warm_remark = label("", "small")

    def _make_length(self) -> None:
        self._length = Select(name=_("Length"))
        for tokens in _LENGTHS:
            words = _("At most {tokens}").format(tokens=format_tokens(tokens))
            self._length.addItem(words if tokens else _("The server’s own limit"), tokens)
        self._length.addItem(_("Another limit"), -1)
        most = self._before.max_tokens or 0
        self._length.setCurrentIndex(self._length.findData(most if most in _LENGTHS else -1))
        self._tokens = QSpinBox()
        self._tokens.setProperty("kind", "field")
        self._tokens.setAccessibleName(_("Most tokens of the answer"))
        self._tokens.setRange(1, _MOST_TOKENS)
        self._tokens.setSingleStep(100)
        self._tokens.setGroupSeparatorShown(True)
        self._tokens.setValue(most or _LENGTHS[2])
        self._length_remark = label("", "small")

    def _fill(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(_("How this conversation is answered"), "drop_title"))
        form = Form()
        form.add_row(_("Instructions"), self._text, remark=self._text_remark)
        form.add_row(_("Answer as"), self._shape)
        form.add_row(_("Reasoning"), self._effort)
        form.add_row(_("Temperature"), self._warm, self._degrees, remark=self._warm_remark)
        form.add_row(_("Length"), self._length, self._tokens, remark=self._length_remark)
        layout.addWidget(form)
        save = button(_("Save"), kind="primary")
        save.setDefault(True)
        save.clicked.connect(self.accept)
        layout.addLayout(last_row(self, save))

    def _choose_shape(self) -> None:
        dialog = SchemaDialog(self._schemas, current=self._schema, parent=self)
        dialog.chosen.connect(self._on_shape)
        dialog.schemas_changed.connect(self._on_schemas)
        dialog.exec()

    def _on_shape(self, schema: AnswerSchema | None) -> None:
        self._schema = schema
        self._show_shape()

    def _on_schemas(self, schemas: tuple[AnswerSchema, ...]) -> None:
        self._schemas = schemas
        self.schemas_changed.emit(schemas)

    def _show_shape(self) -> None:
        words = printable(self._schema.name, limit=60) if self._schema else _("Words")
        self._shape.setText(f"{words}…".replace("&", "&&"))
        self._shape.setAccessibleName(_("Answer as: {shape}").format(shape=words))

    def _warm_is_own(self) -> bool:
        return bool(self._warm.currentData()) and self._warm.isEnabled()

    def _most_tokens(self) -> int | None:
        chosen = int(self._length.currentData())
        return self._tokens.value() if chosen < 0 else chosen or None

    def _show_tokens(self) -> None:
        text = self._text.toPlainText().strip()
        words = _("Goes with every question: about {tokens}.")
        said = words.format(tokens=format_tokens(estimate_text_tokens(text)))
        show_remark(self._text_remark, said if text else _("Said to the model before every question."))

    def _show_temperature(self) -> None:
        """Models that reason refuse a temperature."""
        reasons = self._effort.currentData() not in ("", Effort.NONE.value)
        self._warm.setEnabled(not reasons)
        self._degrees.setVisible(bool(self._warm.currentData()))
        self._degrees.setEnabled(not reasons)
        said = ""
        if reasons:
            said = _("A model that reasons takes no temperature.")
        elif self._warm.currentData():
            said = _("Low: the same each time. High: more varied. Models that reason refuse it.")
        show_remark(self._warm_remark, said)

    def _show_length(self) -> None:
        own = int(self._length.currentData()) < 0
        self._tokens.setVisible(own)
        limited = self._most_tokens() is not None
        said = _("A longer answer is cut there. Reasoning counts, too.") if limited else ""
        show_remark(self._length_remark, said)
