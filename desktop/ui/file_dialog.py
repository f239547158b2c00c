"""Choosing files and folders, with the system's own dialog where there is one, else with Qt's in our look."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

from desktop.ui import theme

_ICONS = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "arrow-up",
    "newFolderButton": "folder",
    "listModeButton": "layout-grid",
    "detailModeButton": "table",
}
"""Qt's own buttons by name; its icons are black in the dark too."""


def choose_files(parent: QWidget | None, *, title: str, folder: str, filters: list[str]) -> list[Path]:
    """Let the user pick files; nothing if it was cancelled. ``filters`` as ``Images (*.png *.jpg)``."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(filters)
    return _run(dialog)


def choose_folder(parent: QWidget | None, *, title: str, folder: str) -> list[Path]:
    """Let the user pick a folder; nothing if it was cancelled."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _run(dialog)


def choose_new_file(parent: QWidget | None, *, title: str, path: Path, filters: list[str]) -> Path | None:
    """Let the user say where a file is to be written, ``path`` offered; None if it was cancelled.

    The system asks before an existing file is replaced. A name without an ending gets that of ``path``.
    """
    dialog = QFileDialog(parent, title, str(path.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(path.suffix.removeprefix("."))
    dialog.selectFile(path.name)
    return next(iter(_run(dialog)), None)


def dress(dialog: QFileDialog) -> None:
    """Give the buttons of Qt's dialog icons of the theme; the system's own dialog has none of them."""
    for name, icon in _ICONS.items():
        found = dialog.findChild(QToolButton, name)
        if isinstance(found, QToolButton):
            found.setIcon(theme.current().icon(icon))


def _run(dialog: QFileDialog) -> list[Path]:
    dress(dialog)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return [Path(name) for name in chosen]
