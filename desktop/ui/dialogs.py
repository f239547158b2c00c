"""Questions that need a decision. Plain text only, whoever wrote it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.text import _
from desktop.ui.widgets.buttons import restyle


def confirm(
    parent: QWidget | None,
    *,
    title: str,
    text: str,
    action: str,
    icon: QMessageBox.Icon = QMessageBox.Icon.NoIcon,
    danger: bool = False,
) -> bool:
    """Ask whether to do ``action``; Cancel is the default and what Esc means.

    Args:
        parent: the window above which to ask.
        title: of the dialog.
        text: plain text, whoever wrote it.
        action: text of the button that does it.
        icon: a sign beside the text.
        danger: what is done cannot be undone; the button says so by its colour.
    """
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    doing = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    if danger:
        doing.setProperty("kind", "danger")
        restyle(doing)
    cancel = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked is doing
