"""What of the window is seen at which width, and where notices float."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.settings import Settings
from desktop.ui.composer.composer import Composer
from desktop.ui.widgets.notices import Notice
from tests.helpers.window import Opened, open_window


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path) as window:
        yield window


def seen(opened: Opened) -> set[str]:
    """Which of the three are visible."""
    parts = {"history": opened.history, "gallery": opened.gallery, "composer": opened.composer}
    return {name for name, part in parts.items() if part.isVisible()}


def press(panel: QWidget, name: str) -> None:
    buttons = [b for b in panel.findChildren(QAbstractButton) if b.accessibleName() == name]
    assert [b.isVisible() for b in buttons] == [True]
    buttons[0].click()


def box(opened: Opened, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(opened.window, QPoint(0, 0)), widget.size())


def shown_notices(opened: Opened) -> list[Notice]:
    return [notice for notice in opened.window.findChildren(Notice) if notice.isVisible()]


@pytest.mark.parametrize("size", [(1360, 860), (900, 700), (430, 700)])
def test_notices_lay_over_ask_and_the_detail_selector(opened: Opened, size: tuple[int, int]) -> None:
    opened.window.resize(*size)
    for text in ("A first notice.", "A second one, which is long enough to need two lines. " * 3):
        opened.window._messages.say(text)
    composer = box(opened, opened.window.findChild(Composer))

    for notice in shown_notices(opened):
        assert not box(opened, notice).intersects(composer)
    lowest = max(box(opened, notice).bottom() for notice in shown_notices(opened))
    assert composer.top() - lowest - 1 == 12


def test_a_notice_is_seen_although_the_conversation_is_not(opened: Opened) -> None:
    opened.window.resize(430, 700)
    press(opened.window, "Show gallery (Ctrl+G)")

    opened.window._messages.say("Something happened.")

    assert [notice.isVisible() for notice in shown_notices(opened)] == [True]
    assert opened.window.rect().contains(box(opened, shown_notices(opened)[0]))


def test_esc_closes_the_newest_notice_when_nothing_is_answered(opened: Opened) -> None:
    opened.window._messages.say("One.")
    opened.window._messages.say("Two.")

    QTest.keyClick(opened.window, Qt.Key.Key_Escape)

    assert [notice.text for notice in shown_notices(opened)] == ["One."]


def test_unfolding_a_panel_in_a_narrow_window_squeezed_the_composer(opened: Opened) -> None:
    opened.window.resize(430, 700)
    assert seen(opened) == {"composer"}

    press(opened.window, "Show history (Ctrl+B)")
    assert seen(opened) == {"history"}
    assert opened.history.width() >= 428

    QTest.keyClick(opened.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert seen(opened) == {"gallery"}
    assert opened.gallery.width() >= 428

    press(opened.gallery, "Hide gallery (Ctrl+G)")
    assert seen(opened) == {"composer"}


def test_opening_a_conversation_in_a_narrow_window_shows_it(opened: Opened) -> None:
    opened.window.resize(430, 700)
    press(opened.window, "Show history (Ctrl+B)")
    opened.history.opened.emit(0)
    assert seen(opened) == {"composer"}

    press(opened.window, "Show history (Ctrl+B)")
    opened.history.new_requested.emit()
    assert seen(opened) == {"composer"}


def test_the_history_pushes_the_gallery_away_and_gives_its_place_back(opened: Opened) -> None:
    opened.window.resize(900, 700)
    assert seen(opened) == {"gallery", "composer"}

    press(opened.window, "Show history (Ctrl+B)")
    assert seen(opened) == {"history", "composer"}

    press(opened.history, "Hide history (Ctrl+B)")
    assert seen(opened) == {"gallery", "composer"}


@pytest.mark.parametrize("path", [(900, 1360), (430, 1360), (1360, 900, 430, 900, 1360), (430, 900, 1360)])
def test_a_wide_window_has_all_panels_again(opened: Opened, path: tuple[int, ...]) -> None:
    for width in path:
        opened.window.resize(width, 700)
        QTest.keyClick(opened.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        if not opened.history.isVisible():
            QTest.keyClick(opened.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        assert opened.composer.isVisible() or width == 430
        assert not opened.composer.isVisible() or opened.composer.width() >= 420
    assert seen(opened) == {"history", "gallery", "composer"}


def test_panels_that_were_unfolded_had_no_button_to_fold_them(opened: Opened) -> None:
    press(opened.history, "Hide history (Ctrl+B)")
    press(opened.gallery, "Hide gallery (Ctrl+G)")
    assert seen(opened) == {"composer"}

    press(opened.window, "Show history (Ctrl+B)")
    press(opened.window, "Show gallery (Ctrl+G)")
    assert seen(opened) == {"history", "gallery", "composer"}


def test_widths_that_were_dragged_stay_through_folding_and_a_restart(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path) as opened:
        splitter = opened.window._parts.splitter
        splitter.moveSplitter(300, 1)
        splitter.moveSplitter(650, 2)
        dragged = splitter.sizes()[:2]
        opened.window.resize(430, 700)
        press(opened.window, "Show history (Ctrl+B)")
        opened.window.resize(900, 700)
        opened.window.resize(1360, 860)
        assert splitter.sizes()[:2] == dragged
        opened.window.resize(430, 700)
        opened.window.close()
        kept: Settings = opened.backend.settings.current
    assert kept.splitter[:2] == tuple(dragged)
    with open_window(qtbot, tmp_path / "again", settings=Settings(splitter=kept.splitter)) as opened:
        assert opened.window._parts.splitter.sizes()[:2] == dragged


def test_after_leaving_the_search_of_a_narrow_window_words_went_to_a_prompt_that_was_not_seen(
    opened: Opened,
) -> None:
    opened.window.resize(430, 700)
    opened.window.history_room.finding.begin()
    assert not opened.composer.isVisible()
    opened.history.search.left.emit()
    assert opened.composer.isVisible()
