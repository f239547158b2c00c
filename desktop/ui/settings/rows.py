"""Rows of a form: what it is on the left, the control and a remark on the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.ui.widgets.buttons import TintedButton, button, restyle
from desktop.ui.widgets.labels import label

_NAME_WIDTH_PX = 104
_CONTROL_HEIGHT_PX = 33


class Form(QWidget):
    """Sections with rows. Names of controls are also their names for screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH_PX)
        self._grid.setColumnStretch(1, 1)

    def add_line(self) -> None:
        """A hairline between sections."""
        line = QFrame()
        line.setProperty("kind", "line")
        self._grid.addWidget(line, self._grid.rowCount(), 0, 1, 2)

    def add_row(self, name: str, *controls: QWidget, remark: QLabel | None = None) -> QLabel:
        """A row; ``controls`` stand side by side, ``remark`` below them. Returns the label with its name."""
        at = self._grid.rowCount()
        title = label(name, "muted")
        title.setFixedHeight(_CONTROL_HEIGHT_PX)
        self._grid.addWidget(title, at, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(_line_of(controls))
        if remark is not None:
            remark.setWordWrap(True)
            column.addWidget(remark)
        self._grid.addLayout(column, at, 1)
        for control in controls:
            if not control.accessibleName():
                control.setAccessibleName(name)
        return title


def show_remark(remark: QLabel, text: str, kind: str = "small") -> None:
    """Put ``text`` into ``remark`` in the colour of ``kind``; nothing is shown without text."""
    remark.setText(text)
    remark.setVisible(bool(text))
    if remark.property("kind") != kind:
        remark.setProperty("kind", kind)
        restyle(remark)


def fit_height(dialog: QDialog) -> None:
    """Make ``dialog`` as high as its wrapped texts need at its width; Qt leaves that to whoever wraps."""
    layout = dialog.layout()
    if layout is None:
        return
    for child in reversed(dialog.findChildren(QWidget)):
        # From the inside out: each layout learns only by an event that one inside it has changed.
        if (inner := child.layout()) is not None:
            inner.activate()
    layout.activate()
    height = layout.totalHeightForWidth(dialog.width())
    dialog.setMinimumHeight(height)
    dialog.resize(dialog.width(), height)


def plain_button(text: str, *, kind: str | None = None) -> TintedButton:
    """A button that Enter in a field does not press."""
    made = button(text, kind=kind)
    made.setAutoDefault(False)
    return made


def _line_of(controls: tuple[QWidget, ...]) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for control in controls:
        expanding = bool(control.sizePolicy().expandingDirections() & Qt.Orientation.Horizontal)
        line.addWidget(control, 1 if expanding else 0)
    if not any(line.stretch(at) for at in range(line.count())):
        line.addStretch(1)
    return line
