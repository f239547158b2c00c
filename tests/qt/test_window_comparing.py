"""Comparing in the window over its real parts: several models stream at once, and what the history has then."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.core.pairs import Pair
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.compare.page import ComparePage
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

MODEL = "gpt-4.1"
OTHER = "gpt-5.4-mini"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def page(opened: Opened) -> ComparePage:
    return opened.window._parts.compare


def add(qtbot: QtBot, opened: Opened, *pictures: Path) -> None:
    opened.gallery.paths_dropped.emit(list(pictures))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == len(pictures), timeout=WAIT_MS)


def compare(qtbot: QtBot, opened: Opened, text: str, *pairs: Pair) -> None:
    """Type a question, choose whom to ask, and ask."""
    opened.composer.set_text(text)
    settings = opened.backend.settings
    from dataclasses import replace

    settings.change(replace(settings.current, compared=pairs))
    opened.composer.compare_requested.emit()
    dialog = opened.window.findChild(CompareDialog)
    assert dialog is not None
    assert dialog.pairs == pairs
    dialog.compare.click()


def press_escape(qtbot: QtBot, opened: Opened) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    qtbot.keyClick(opened.window, Qt.Key.Key_Escape)


def ended(opened: Opened, count: int) -> bool:
    columns = page(opened).columns
    return len(columns) == count and not any(column.is_running for column in columns)


def test_two_models_stream_at_once_and_both_are_in_the_history(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png", 1600, 1200)
    loopback.script.extend(["stalled", "ok"])
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=MODEL) as opened:
        add(qtbot, opened, picture)
        compare(qtbot, opened, "What is it?", Pair(MODEL, Detail.HIGH), Pair(OTHER, Detail.LOW))
        assert opened.composer.text() == ""
        qtbot.waitUntil(lambda: len(page(opened).columns[1].text) == len(loopback.text), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not page(opened).columns[1].is_running, timeout=WAIT_MS)
        assert page(opened).columns[0].is_running
        qtbot.waitUntil(lambda: bool(page(opened).columns[0].text), timeout=WAIT_MS)
        press_escape(qtbot, opened)
        qtbot.waitUntil(lambda: ended(opened, 2), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not opened.conversation.is_answering, timeout=WAIT_MS)
