"""The last row of a dialog: what leaves it as it was, then what it is for."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton

from desktop.core.text import _
from desktop.ui.widgets.buttons import button


def last_row(dialog: QDialog, action: QPushButton) -> QHBoxLayout:
    """Cancel and ``action`` at the right; ``action`` is connected by the dialog."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    cancel = button(_("Cancel"))
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    row.addWidget(cancel)
    row.addWidget(action)
    return row
