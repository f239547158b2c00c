"""Questions that need a decision, and choosing files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.dialogs import confirm
from desktop.ui.file_dialog import choose_files, dress


def answer(then: Callable[[QMessageBox], None]) -> None:
    """Do something with the next dialog once it is shown."""

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            then(box)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def button(box: QMessageBox, text: str) -> QPushButton:
    return next(b for b in box.findChildren(QPushButton) if b.text() == text)


def test_deleting_was_asked_with_a_stock_icon_and_a_button_like_any_other(qtbot: QtBot) -> None:
    seen: list[tuple[object, object, str]] = []

    def look(box: QMessageBox) -> None:
        delete = button(box, "Delete")
        colour = delete.palette().color(delete.foregroundRole()).name()
        seen.append((box.icon(), box.defaultButton().text(), colour))
        delete.click()

    answer(look)
    sure = confirm(None, title="Delete", text="Delete “<b>x</b>”?", action="Delete", danger=True)

    assert sure
    assert seen == [(QMessageBox.Icon.NoIcon, "Cancel", theme.current().color("danger").name())]


def test_cancel_does_nothing(qtbot: QtBot) -> None:
    answer(lambda box: button(box, "Cancel").click())
    assert not confirm(None, title="Delete", text="Delete?", action="Delete")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_headings_of_the_file_dialog_were_black_on_black(qtbot: QtBot, tmp_path: Path, mode: str) -> None:
    theme.current().apply(mode)
    dialog = QFileDialog(None, "Choose images", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dress(dialog)
    dialog.show()
    header = dialog.findChild(QHeaderView)

    image = header.grab().toImage()
    up = dialog.findChild(QToolButton, "toParentButton").icon().pixmap(16).toImage()
    theme.current().apply("light")

    assert image.pixelColor(5, 5).name() == theme_color(mode, "panel")
    opaque = [(x, y) for x in range(16) for y in range(16) if up.pixelColor(x, y).alpha() == 255]
    assert {up.pixelColor(*at).name() for at in opaque} == {theme_color(mode, "text_muted")}


def theme_color(mode: str, role: str) -> str:
    before = theme.current().mode
    theme.current().apply(mode)
    name = theme.current().color(role).name()
    theme.current().apply(before)
    return name


def test_chosen_files_are_told_and_cancelling_tells_none(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"")

    def choose(dialog: QFileDialog) -> int:
        assert dialog.directory().absolutePath() == str(tmp_path)
        assert dialog.nameFilters() == ["Images (*.png)", "All files (*)"]
        dialog.selectFile(str(tmp_path / "a.png"))
        return 1

    filters = ["Images (*.png)", "All files (*)"]
    monkeypatch.setattr(QFileDialog, "exec", choose)
    assert choose_files(None, title="Choose", folder=str(tmp_path), filters=filters) == [tmp_path / "a.png"]
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 0)
    assert choose_files(None, title="Choose", folder=str(tmp_path), filters=filters) == []
