"""The lower part of the viewer's panel: text and codes found on this computer, and what to black out."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.found_text import PageCode
from desktop.core.sensitive import Suggestion, kind_text
from desktop.core.text import _, join_sentences, printable
from desktop.ui import theme
from desktop.ui.viewer.found_state import FoundState
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel, label

_BOX_PADDING_PX = 9
_MOST_LINES = 9
_MOST_TEXT = 100_000
_MOST_ROWS = 30
_COPIED_MS = 2000


class FoundSection(QWidget):
    """Shows a `FoundState`.

    Signals:
        boxes_wanted(bool): outline what was found on the picture, or do not.
        blackout_confirmed(list): indexes of suggestions that are to be blacked out.
    """

    boxes_wanted = Signal(bool)
    blackout_confirmed = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self._state = FoundState()
        self._title = label(_("Text found on this computer"), "title")
        self._boxes = icon_button("eye", _("Show boxes on the picture"), size_px=26)
        self._boxes.clicked.connect(self._on_boxes)
        self._note = label("", "muted")
        self._note.setWordWrap(True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setProperty("kind", "found")
        self._text.setAccessibleName(_("Text found on this computer"))
        self._text.document().setDocumentMargin(_BOX_PADDING_PX)
        self._text.setFont(theme.current().font("mono"))
        self._text.setTabChangesFocus(True)
        self._copy = button(_("Copy text"), icon="copy")
        self._copy.clicked.connect(self._on_copy)
        self._copied_seen = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied_seen.timeout.connect(self._on_copied_seen)
        self._codes, self._suggestions = _Rows(), _Rows()
        self._lay_out()
        self.show_state(self._state)

    def text(self) -> str:
        """The text that is shown."""
        return self._text.toPlainText()

    def summary(self) -> str:
        """What might be blacked out, in words."""
        return self._state.summary

    def note(self) -> str:
        """What is said in place of text; empty if there is text."""
        return "" if self._note.isHidden() else self._note.text()

    def show_state(self, state: FoundState) -> None:
        """Show what was found, or how far finding it is."""
        before, self._state = self._state, state
        self.setVisible(state.offered)
        self._note.setText(_note(state))
        self._note.setVisible(bool(_note(state)))
        text = state.text[:_MOST_TEXT]
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
            self._on_copied_seen()
            self._text.setFixedHeight(self._height_for(text))
        for widget in (self._text, self._copy):
            widget.setVisible(bool(text))
        self._boxes.setVisible(bool(text or state.codes))
        words = _("Hide boxes on the picture") if state.boxes else _("Show boxes on the picture")
        self._boxes.set_name(words)
        self._boxes.set_icon("eye-off" if state.boxes else "eye")
        if state.codes != before.codes:
            self._codes.fill([self._code_row(code) for code in state.codes[:_MOST_ROWS]])
        if state.suggestions != before.suggestions:
            self._suggestions.fill(self._suggestion_rows(state))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._boxes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        # Above the text, which is long: what might be private must not be overlooked.
        column.addWidget(self._suggestions)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addWidget(self._text)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._codes)

    def _height_for(self, text: str) -> int:
        lines = min(text.count("\n") + 1, _MOST_LINES)
        return lines * self._text.fontMetrics().lineSpacing() + 2 * _BOX_PADDING_PX + 2

    def _code_row(self, code: PageCode) -> QWidget:
        copy = icon_button("copy", _("Copy {what}").format(what=printable(code.text, limit=60)), size_px=26)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(code.text))
        text = ElidedLabel(printable(code.text, limit=500), mode=Qt.TextElideMode.ElideMiddle)
        return _line(IconLabel("qr-code"), label(printable(code.kind, limit=40), "small"), text, copy)

    def _suggestion_rows(self, state: FoundState) -> list[QWidget]:
        if not state.suggestions:
            return []
        summary = label(state.summary, "muted")
        summary.setWordWrap(True)
        everything = button(_("Black out all"), icon="eraser", kind="small")
        everything.clicked.connect(
            lambda: self.blackout_confirmed.emit(list(range(len(self._state.suggestions))))
        )
        rows = [self._suggestion_row(at, row) for at, row in enumerate(state.suggestions[:_MOST_ROWS])]
        return [label(_("Might be private"), "title"), summary, *rows, _line(everything)]

    def _suggestion_row(self, at: int, suggestion: Suggestion) -> QWidget:
        made = button(_("Black out"), kind="tiny")
        text = printable(suggestion.text, limit=200)
        made.setAccessibleName(_("Black out {what}").format(what=text))
        made.clicked.connect(lambda: self.blackout_confirmed.emit([at]))
        shown = ElidedLabel(text, mode=Qt.TextElideMode.ElideMiddle)
        shown.setAccessibleDescription(kind_text(suggestion.kind))
        return _line(shown, made, stretch=0)

    def _on_boxes(self) -> None:
        self.boxes_wanted.emit(not self._state.boxes)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._state.text)
        self._copy.setText(_("Copied"))
        self._copied_seen.start()

    def _on_copied_seen(self) -> None:
        self._copied_seen.stop()
        self._copy.setText(_("Copy text"))


class _Rows(QWidget):
    """Widgets below each other; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def fill(self, rows: list[QWidget]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for row in rows:
            self._column.addWidget(row)
        self.setVisible(bool(rows))


def _line(*widgets: QWidget, stretch: int | None = None) -> QWidget:
    """Widgets side by side; the one at ``stretch`` takes the room, else the last but one."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    wide = len(widgets) - 2 if stretch is None else stretch
    for at, widget in enumerate(widgets):
        row.addWidget(widget, 1 if at == wide else 0)
    if wide < 0:
        row.addStretch(1)
    return made


def _note(state: FoundState) -> str:
    if state.busy:
        return _("Reading…")
    if state.failed:
        return join_sentences(state.failed, _("So nothing is suggested for blacking out either."))
    return "" if state.text or state.codes else _("No text found.")
