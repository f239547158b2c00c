"""Every control of every page can be named by a screen reader and reached by the keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Callout, Edits
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.compare.state import SideState
from desktop.ui.settings.settings_dialog import SettingsDialog
from desktop.ui.viewer.page import ViewerPage
from tests.helpers.asking import make_image
from tests.helpers.conversations import attachment, billed, question
from tests.helpers.window import WAIT_MS, Opened, open_window

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as window:
        window.gallery.paths_dropped.emit([make_image(tmp_path / "a.png", 1600, 1200)])
        qtbot.waitUntil(lambda: len(window.images.usable_selection()) == 1, timeout=WAIT_MS)
        yield window


def controls(root: QWidget) -> list[QWidget]:
    """What is seen and can be operated; parts of another control count with that."""
    found = [w for w in root.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisibleTo(root)]
    # Words that are only read are no controls.
    found = [w for w in found if not (isinstance(w, QTextEdit) and w.isReadOnly())]
    return [w for w in found if not any(other is not w and other.isAncestorOf(w) for other in found)]


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(w).__name__} {w.objectName()} in {type(w.parent()).__name__}"
        for w in controls(root)
        if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]


def out_of_reach(root: QWidget) -> list[str]:
    """No focus by Tab; of a group only one has it, the others are reached by arrow keys."""
    return [
        f"{type(w).__name__} “{w.accessibleName()}” in {type(w.parent()).__name__}"
        for w in controls(root)
        if w.isEnabled()
        and not w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not any(
            sibling.focusPolicy() & Qt.FocusPolicy.TabFocus
            for sibling in (w.parentWidget() or root).findChildren(type(w))
        )
    ]


def test_every_control_of_the_work_page_has_a_name_and_the_keyboard(opened: Opened) -> None:
    page = opened.window._parts.work
    assert controls(page)
    assert nameless(page) == []
    assert out_of_reach(page) == []


def test_every_control_of_the_viewer_has_a_name_and_the_keyboard(qtbot: QtBot, opened: Opened) -> None:
    (key,) = opened.images.selection
    opened.gallery.view.opened.emit(key)
    page = opened.window.findChild(ViewerPage)
    assert page is not None
    edits = Edits(region=Area(100, 100, 500, 400), marks=(Callout(at=(200.0, 200.0), text="<b>& x"),))
    page.canvas.edited.emit(edits)
    qtbot.waitUntil(page.canvas.has_picture, timeout=WAIT_MS)
    page.canvas.set_tool("crop")
    assert nameless(page) == []
    assert out_of_reach(page) == []


def test_every_control_of_the_spending_page_has_a_name_and_the_keyboard(opened: Opened) -> None:
    opened.window._spending_controller.open()
    page = opened.window._spending_controller.page
    assert page is not None
    assert controls(page)
    assert nameless(page) == []
    assert out_of_reach(page) == []


def test_every_control_of_comparing_has_a_name_and_the_keyboard(opened: Opened) -> None:
    opened.composer.set_text("What is it?")
    opened.composer.compare_requested.emit()
    dialog = opened.window.findChild(CompareDialog)
    assert dialog is not None
    dialog.add.click()
    assert (len(controls(dialog)) > 0, nameless(dialog), out_of_reach(dialog)) == (True, [], [])
    dialog.reject()
    page = opened.window._parts.compare
    asked = question("What?", attachment(1))
    sides = [SideState(name="gpt-4.1", detail="High", answer=billed(id=2), stored=True)] * 3
    page.show_sides(asked, sides)
    opened.window._parts.pages.setCurrentWidget(page)
    for differences in (False, True):
        page.bar.differences.setChecked(differences)
        assert len(controls(page)) > 3
        assert (nameless(page), out_of_reach(page)) == ([], [])


def test_every_control_of_the_settings_has_a_name_and_the_keyboard(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, list[str], list[str]]] = []

    def look(dialog: SettingsDialog) -> int:
        dialog.show()
        seen.append((len(controls(dialog)), nameless(dialog), out_of_reach(dialog)))
        dialog.close()
        return 0

    monkeypatch.setattr(SettingsDialog, "exec", look)
    opened.window._settings_controller.open_settings()
    opened.window._settings_controller.open_prices()
    assert [(count > 0, names, reach) for count, names, reach in seen] == [(True, [], [])] * 2
