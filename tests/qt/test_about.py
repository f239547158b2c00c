"""The About box: what Sightline is made of, found by name and licence, and versions to copy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core.licences import Component
from desktop.tasks.about import About
from desktop.ui.about.dialog import AboutDialog
from tests.helpers.window import open_window

PARTS = (
    Component(name="alpha", version="1.0", licence="MIT", text="Text of alpha"),
    Component(
        name="beta", version="", licence="LGPL-3.0-only", of="alpha", note="A note.", text="Text of beta"
    ),
    Component(name="gamma", version="3", licence="MIT", text="<b>bold</b>"),
)


@pytest.fixture
def dialog(present: Callable[[QWidget], None]) -> AboutDialog:
    made = AboutDialog()
    present(made)
    made.show_about(About(PARTS, ("Sightline 0.1.0", "Qt 6")))
    return made


def text(dialog: QDialog) -> str:
    return dialog.findChild(QPlainTextEdit).toPlainText()


def test_the_keyboard_alone_finds_a_licence(dialog: AboutDialog) -> None:
    field = dialog.findChild(QLineEdit)
    assert field.hasFocus()
    assert text(dialog) == "Text of alpha"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert text(dialog) == "Text of beta"
    QTest.keyClicks(field, "lgpl")
    assert dialog.findChild(QListWidget).count() == 1
    assert text(dialog) == "Text of beta"
    QTest.keyClicks(field, " nothing")
    assert text(dialog) == ""
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Up)
    for _ in range(5):
        QTest.keyClick(field, Qt.Key.Key_Down)
    # As it is, whoever wrote it.
    assert text(dialog) == "<b>bold</b>"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_versions_can_be_copied(dialog: AboutDialog) -> None:
    (copy,) = [b for b in dialog.findChildren(QAbstractButton) if b.text() == "Copy versions"]
    copy.click()
    assert QGuiApplication.clipboard().text() == "Sightline 0.1.0\nQt 6"


def test_the_settings_lead_to_it_with_everything_that_is_bundled(qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[str] = []

    def look(deadline: int = 400) -> None:
        about = next((w for w in QApplication.topLevelWidgets() if isinstance(w, AboutDialog)), None)
        rows = about.findChild(QListWidget) if about is not None else None
        if (rows is None or not rows.count()) and deadline:
            QTimer.singleShot(25, lambda: look(deadline - 1))
            return
        if about is not None and rows is not None:
            seen.extend(rows.item(at).text() for at in range(rows.count()))
            about.reject()
        for settings in [
            w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
        ]:
            settings.reject()

    def press_about() -> None:
        settings = QApplication.activeModalWidget()
        assert settings is not None
        (button,) = [b for b in settings.findChildren(QAbstractButton) if b.text() == "About Sightline"]
        QTimer.singleShot(0, look)
        button.click()

    with open_window(qtbot, tmp_path) as opened:
        QTimer.singleShot(50, press_about)
        opened.window._settings_controller.open_settings()
    for name in (
        "Qt",
        "Python",
        "OpenSSL",
        "SQLite",
        "Inter",
        "Lucide",
        "PaddleOCR models",
        "openai",
        "pi_heif",
    ):
        assert name in seen
