"""A report: what happened, what was kept, and a text that may be passed on. Nothing is sent anywhere."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.crashes import Report
from desktop.core.problem_text import explain
from desktop.core.problems import Problem
from desktop.core.text import _, join_sentences
from desktop.ui import theme
from desktop.ui.settings.rows import plain_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

_SIZE_PX = (700, 580)
_MARGIN_PX = 10
_COPIED_MS = 1_600


class CrashDialog(QDialog):
    """Shows one report, beside the window.

    Signals:
        folder_wanted(): show where the report is.
    """

    folder_wanted = Signal()

    def __init__(self, report: Report, told: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        said = explain(told)
        self.setWindowTitle(_("Report"))
        self.resize(*_SIZE_PX)
        self._text = _text_view(report.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(_head(said.what))
        layout.addWidget(_wrapped(join_sentences(said.meaning, said.remedy), "muted"))
        layout.addWidget(self._text, 1)
        layout.addWidget(
            _wrapped(
                _(
                    "The report holds no key, no image, no name of a file, and nothing that was asked or "
                    "answered. It is sent nowhere: pass it on yourself if you want to."
                ),
                "small",
            )
        )
        layout.addLayout(self._bottom())
        self._close.setFocus()

    def _bottom(self) -> QHBoxLayout:
        self._copy = plain_button(_("Copy"))
        self._copy.set_icon("copy")
        self._copy.clicked.connect(self._on_copy)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(self._show_copy)
        folder = plain_button(_("Open folder"))
        folder.set_icon("folder")
        folder.setEnabled(self._report.path is not None)
        folder.clicked.connect(self.folder_wanted)
        self._close = plain_button(_("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addWidget(folder)
        row.addStretch(1)
        row.addWidget(self._close)
        return row

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.text)
        self._copy.setText(_("Copied"))
        self._copy.set_icon("check")
        self._copied.start()

    def _show_copy(self) -> None:
        self._copy.setText(_("Copy"))
        self._copy.set_icon("copy")


def _head(text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(IconLabel("circle-alert", role="danger"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(_wrapped(text, "title"), 1)
    return row


def _wrapped(text: str, kind: str) -> QLabel:
    made = label(text, kind)
    made.setWordWrap(True)
    return made


def _text_view(text: str) -> QPlainTextEdit:
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setProperty("kind", "code")
    view.setAccessibleName(_("Report"))
    view.setTabChangesFocus(True)
    view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    view.setFont(theme.current().font("mono"))
    view.document().setDocumentMargin(_MARGIN_PX)
    view.setPlainText(text)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return view
