"""Asks for another name of a file, and stays until the file has it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.core.problem_text import explain
from desktop.core.problems import Problem
from desktop.core.text import _, join_sentences, printable
from desktop.ui.settings.rows import show_remark
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.last_row import last_row

_WIDTH_PX = 420
_REMARK_PX = 34

Attempt = Callable[[str, Callable[[], None], Callable[[Problem], None]], None]
"""Tries a name; calls the second when it worked, or the third with why not; neither before it returns."""


class RenameDialog(QDialog):
    """A field with the name; the ending is there and not selected, so that typing leaves it."""

    def __init__(self, path: Path, attempt: Attempt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(_("Rename"))
        self.setFixedWidth(_WIDTH_PX)
        self._attempt = attempt
        self._before = _editable(path.name)
        self._field = QLineEdit(self._before)
        self._field.setAccessibleName(_("New name"))
        self._remark = label("", "small")
        self._remark.setWordWrap(True)
        # The remark comes and goes; its room stays, so that nothing jumps while typing.
        self._remark.setFixedHeight(_REMARK_PX)
        self._remark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rename = button(_("Rename"), kind="primary")
        self._rename.setDefault(True)
        self._fill(path)
        self._field.textChanged.connect(self._check)
        self._rename.clicked.connect(self._on_rename)
        self._select_stem()
        self._check()

    def _fill(self, path: Path) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(0)
        layout.addWidget(label(_("Rename the file"), "drop_title"))
        layout.addSpacing(8)
        layout.addWidget(ElidedLabel(printable(str(path.parent)), "muted", mode=Qt.TextElideMode.ElideMiddle))
        layout.addSpacing(14)
        layout.addWidget(self._field)
        layout.addSpacing(6)
        layout.addWidget(self._remark)
        layout.addSpacing(8)
        layout.addLayout(last_row(self, self._rename))

    def _check(self) -> None:
        name = self._field.text()
        wrong = ""
        if "/" in name:
            wrong = _("A name has no “/”: the file stays in its folder.")
        elif Path(name).suffix.lower() != Path(self._before).suffix.lower():
            wrong = _("Other programs know by the ending what the file is.")
        show_remark(self._remark, wrong, "danger" if "/" in name else "small")
        self._remark.setVisible(True)
        self._rename.setEnabled(bool(name.strip()) and name != self._before and "/" not in name)

    def _on_rename(self) -> None:
        self._field.setEnabled(False)
        self._rename.setEnabled(False)
        self._attempt(self._field.text(), self.accept, self._on_failed)

    def _on_failed(self, trouble: Problem) -> None:
        self._field.setEnabled(True)
        said = explain(trouble)
        show_remark(self._remark, join_sentences(said.what, said.remedy), "danger")
        # The same again would end the same way; typing allows it again.
        self._rename.setEnabled(False)
        self._select_stem()

    def _select_stem(self) -> None:
        self._field.setFocus()
        self._field.setSelection(0, len(Path(self._field.text()).stem))


def _editable(name: str) -> str:
    """Bytes that are no text cannot be typed, and are shown as what is usual for them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
