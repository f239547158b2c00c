"""Widgets are tested without a display, in the application's own look."""

import gc
import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QTimer
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


@pytest.fixture(autouse=True)
def no_leaked_widgets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Windows that a test opened are closed after it."""
    before = set(visible_windows())
    yield
    # Widgets of pytest-qt are closed in its own teardown, which comes after this one.
    for widget, _name in request.node.__dict__.get("qt_widgets", ()):
        if (alive := widget()) is not None and shiboken6.isValid(alive):
            alive.close()
    left = [widget for widget in visible_windows() if widget not in before]
    assert not left, f"{request.node.name} left windows open: {left}"


@pytest.fixture(autouse=True, scope="module")
def no_leaked_timers() -> Iterator[None]:
    """Timers that belong to nothing on the screen do not go on after the tests of a file."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = [timer for timer in gc.get_objects() if type(timer) is QTimer and is_running(timer)]
    assert not left, f"timers go on: {[(timer.interval(), timer.parent()) for timer in left]}"


def visible_windows() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def is_running(timer: QTimer) -> bool:
    return shiboken6.isValid(timer) and timer.isActive()


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
