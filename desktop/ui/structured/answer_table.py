"""An answer that is data: its fields, its rows, whether it fits its schema, and the text as it came."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.answer_fit import Fit
from desktop.core.compat import override
from desktop.core.schema_sentences import fit_sentence
from desktop.core.tables import AnswerTable, Cell, Shape, to_csv, to_json
from desktop.core.text import _, format_count, join_sentences, ngettext, printable
from desktop.ui import theme
from desktop.ui.settings.rows import show_remark
from desktop.ui.structured.cells import shown
from desktop.ui.structured.table_view import AnswerGrid
from desktop.ui.widgets.buttons import TintedButton, button, icon_button
from desktop.ui.widgets.labels import label, plain_tooltip

_MOST_FIELDS = 16
_FIELD_CHARS = 400
_MOST_TEXT = 100_000
_MOST_TEXT_PX = 380
_TEXT_PADDING_PX = 9
_COPIED_MS = 2000
_GAP_PX = 10


class AnswerTableView(QWidget):
    """Shows one `AnswerTable`; as high as it needs to be, up to a limit.

    Attributes:
        grid: the rows.

    Signals:
        copied(str): ``csv`` or ``json`` is on the clipboard now.
        raw_shown(bool): the text is shown in place of the table.
    """

    copied = Signal(str)
    raw_shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: AnswerTable | None = None
        self._count = label("", "muted")
        self._fields = QWidget()
        self._fields_grid = QGridLayout(self._fields)
        self._fields_grid.setContentsMargins(0, 0, 0, 0)
        self._fields_grid.setHorizontalSpacing(16)
        self._fields_grid.setVerticalSpacing(5)
        self._fields_grid.setColumnStretch(1, 1)
        self.grid = AnswerGrid()
        self.grid.csv_wanted.connect(self.copy_csv)
        self.grid.json_wanted.connect(self.copy_json)
        self._raw = _raw_text()
        self._fit = label("", "success")
        self._fit.setWordWrap(True)
        self._csv = button(_("Copy as CSV"), icon="copy", kind="small")
        self._csv.clicked.connect(self.copy_csv)
        self._json = button(_("Copy as JSON"), icon="braces", kind="small")
        self._json.clicked.connect(self.copy_json)
        self._toggle = icon_button("file-text", _("Show the text of the answer"), size_px=27)
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._on_toggled)
        self._seen = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._seen.timeout.connect(self._on_seen)
        self._lay_out()

    def show_answer(self, table: AnswerTable, fit: Fit | None = None) -> None:
        """Show an answer; ``fit`` says whether it has the shape that was asked for."""
        self._table = table
        self._count.setText(_counted(table))
        self._show_fields(table.fields)
        self.grid.show_table(table)
        self._show_fit(fit)
        self._raw.setPlainText("")
        self._show_side()
        self._measure()

    def shows_raw(self) -> bool:
        """Whether the text is shown in place of the table."""
        return self._toggle.isChecked()

    def show_raw(self, *, on: bool) -> None:
        """Show the text, or the table."""
        self._toggle.setChecked(on)

    def copy_csv(self) -> None:
        """Put the table on the clipboard as CSV."""
        self._copy(self._csv, "csv")

    def copy_json(self) -> None:
        """Put the whole answer on the clipboard as JSON."""
        self._copy(self._json, "json")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(6)
        for widget in (self._csv, self._json, self._toggle):
            bar.addWidget(widget)
        bar.addSpacing(4)
        bar.addWidget(self._count)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP_PX)
        column.addWidget(self._fields)
        column.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._raw)
        column.addWidget(self._fit)
        column.addLayout(bar)

    def _show_fields(self, fields: Sequence[tuple[str, Cell]]) -> None:
        while (item := self._fields_grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for row, (name, value) in enumerate(fields[:_MOST_FIELDS]):
            title, text = printable(name, limit=60), shown(value)
            held = label(text[:_FIELD_CHARS], selectable=True)
            held.setWordWrap(True)
            held.setAccessibleName(f"{title}: {text[:_FIELD_CHARS]}")
            if len(text) > _FIELD_CHARS:
                held.setText(f"{text[:_FIELD_CHARS]}…")
                plain_tooltip(held, text)
            self._fields_grid.addWidget(label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._fields_grid.addWidget(held, row, 1)
        more = len(fields) - _MOST_FIELDS
        if more > 0:
            words = ngettext("{count} more in the text", "{count} more in the text", more)
            self._fields_grid.addWidget(
                label(words.format(count=format_count(more)), "muted"), _MOST_FIELDS, 0, 1, 2
            )

    def _show_fit(self, fit: Fit | None) -> None:
        if fit is None:
            show_remark(self._fit, "")
            return
        kind = "usage_bad" if fit.misfits else "success" if fit.whole else "small"
        show_remark(self._fit, fit_sentence(fit), kind)

    def _show_side(self) -> None:
        raw, table = self.shows_raw(), self._table
        if table is None:
            return
        if raw and not self._raw.toPlainText():
            text = to_json(table) if len(table.source) <= _MOST_TEXT else table.source[:_MOST_TEXT] + "…"
            self._raw.setPlainText(text)
        self._raw.setVisible(raw)
        self.grid.setVisible(not raw and bool(table.columns))
        self._fields.setVisible(not raw and bool(table.fields))
        name = _("Show the answer as a table") if raw else _("Show the text of the answer")
        self._toggle.set_name(name)
        self._toggle.set_icon("layout-grid" if raw else "file-text")

    def _measure(self) -> None:
        self.grid.fit(self.width())
        lines = min(self._raw.blockCount(), 1000)
        wanted = lines * self._raw.fontMetrics().lineSpacing() + 2 * _TEXT_PADDING_PX + 2
        self._raw.setFixedHeight(min(wanted, _MOST_TEXT_PX))
        self.updateGeometry()

    def _copy(self, pressed: TintedButton, form: str) -> None:
        if self._table is None:
            return
        text = to_csv(self._table) if form == "csv" else to_json(self._table)
        QGuiApplication.clipboard().setText(text)
        self._on_seen()
        # The buttons beside it stay where they are.
        pressed.setMinimumWidth(pressed.width())
        pressed.setText(_("Copied"))
        self._seen.start()
        self.copied.emit(form)

    def _on_seen(self) -> None:
        self._seen.stop()
        self._csv.setText(_("Copy as CSV"))
        self._json.setText(_("Copy as JSON"))
        for made in (self._csv, self._json):
            made.setMinimumWidth(0)

    def _on_toggled(self, checked: bool) -> None:
        self._show_side()
        self._measure()
        self.raw_shown.emit(checked)


def _raw_text() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setProperty("kind", "found")
    made.setAccessibleName(_("Text of the answer"))
    made.document().setDocumentMargin(_TEXT_PADDING_PX)
    made.setFont(theme.current().font("mono"))
    made.setTabChangesFocus(True)
    made.hide()
    return made


def _counted(table: AnswerTable) -> str:
    if table.shape is Shape.FIELDS:
        return ""
    rows = len(table.rows)
    said = ngettext("{count} row", "{count} rows", rows).format(count=format_count(rows))
    if not table.left_out:
        return said
    left = ngettext("{count} more is not shown.", "{count} more are not shown.", table.left_out)
    return join_sentences(f"{said}.", left.format(count=format_count(table.left_out)))
