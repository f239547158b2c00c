"""Where the window was and which panels it showed comes back, also if it never closed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from desktop.core.settings import Settings
from desktop.ui.window_place import fitting
from tests.helpers.window import Opened, open_window


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def kept(qtbot: QtBot, folder: Path, change: Callable[[Opened], object]) -> Settings:
    """What is kept a moment after a change, while the window goes on."""
    with open_window(qtbot, folder) as opened:
        settings = opened.backend.settings
        before = settings.current
        with qtbot.waitSignal(settings.changed, timeout=10_000):
            change(opened)
        assert settings.current != before
        return settings.current


def test_place_and_size_are_kept_without_closing(qtbot: QtBot, tmp_path: Path) -> None:
    def move(opened: Opened) -> None:
        opened.window.resize(700, 600)
        opened.window.move(60, 40)

    settings = kept(qtbot, tmp_path / "a", move)
    with open_window(qtbot, tmp_path / "b", settings=settings) as again:
        assert (again.window.width(), again.window.height()) == (700, 600)
        assert (again.window.x(), again.window.y()) == (60, 40)


def test_folded_panels_stay_folded(qtbot: QtBot, tmp_path: Path) -> None:
    settings = kept(qtbot, tmp_path / "a", lambda opened: opened.window._panels.toggle_history())
    assert (settings.history_visible, settings.gallery_visible) == (False, True)
    with open_window(qtbot, tmp_path / "b", settings=settings) as again:
        assert not again.history.isVisible()
        assert again.gallery.isVisible()


def test_what_a_narrow_window_folds_by_itself_is_not_kept(qtbot: QtBot, tmp_path: Path) -> None:
    settings = kept(qtbot, tmp_path / "a", lambda opened: opened.window.resize(430, 700))
    assert (settings.history_visible, settings.gallery_visible) == (True, True)
    with open_window(qtbot, tmp_path / "b", settings=settings) as again:
        again.window.resize(1360, 860)
        assert again.history.isVisible()
        assert again.gallery.isVisible()


@pytest.mark.parametrize(
    ("available", "expected"),
    [((1920, 1080), (1360, 860)), ((1366, 768), (1358, 730)), ((1024, 700), (1016, 662))],
)
def test_a_window_fits_on_its_screen(available: tuple[int, int], expected: tuple[int, int]) -> None:
    assert fitting(QSize(1360, 860), QSize(*available)) == QSize(*expected)
