"""Widgets are tested without a display, in the application's own look."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.tasks.imports import restore_import
from desktop.ui import theme

restore_import()

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(autouse=True, scope="session")
def _look(qapp: QApplication) -> None:
    """The bundled fonts and the real ``theme.toml``; light unless a test says otherwise."""
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=qapp))
    theme.current().apply("light")


@pytest.fixture
def dark() -> Iterator[None]:
    """The dark look, for one test."""
    theme.current().apply("dark")
    yield
    theme.current().apply("light")


@pytest.fixture
def present(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a widget as the active window, so that focus and keys work as for a user."""

    def show(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()

    return show
