"""Widgets are tested without a display, in the application's own look."""

import os
import tomllib
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop.ui import theme

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(autouse=True, scope="session")
def _look(qapp_args: list[str]) -> None:
    """The bundled fonts and the real ``theme.toml``; light unless a test says otherwise."""
    application = QApplication.instance() or QApplication(qapp_args)
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text())
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text()
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=application))
    theme.current().apply("light")
