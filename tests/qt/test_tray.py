"""The tray's menu, as its owner fills it and a person uses it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.ui.tray import RecentCapture, Tray

# The offscreen platform has no tray, and Qt looks for one nevertheless.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


@pytest.fixture
def tray(qtbot: QtBot) -> Iterator[Tray]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Tray(window)
    yield made
    made.close()


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


def recent(tray: Tray) -> list[QAction]:
    menu = entries(tray._menu)["Recent captures"].menu()
    assert isinstance(menu, QMenu)
    return menu.actions()


def test_each_entry_asks_for_what_it_says(qtbot: QtBot, tray: Tray) -> None:
    wanted: list[CaptureRequest] = []
    tray.capture_wanted.connect(wanted.append)

    for text in ("Capture region", "Capture window", "Capture screen", "Capture in 5 seconds"):
        entries(tray._menu)[text].trigger()

    assert wanted == [
        CaptureRequest(),
        CaptureRequest(kind=CaptureKind.WINDOW),
        CaptureRequest(kind=CaptureKind.SCREEN),
        CaptureRequest(delay_s=5),
    ]
    with qtbot.waitSignal(tray.window_wanted):
        entries(tray._menu)["Open Sightline"].trigger()
    with qtbot.waitSignal(tray.quit_wanted):
        entries(tray._menu)["Quit Sightline"].trigger()
    with qtbot.waitSignal(tray.window_wanted):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.window_wanted):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_the_keys_stand_beside_the_entry_that_does_the_same(tray: Tray) -> None:
    tray.show_keys("Ctrl+Alt+F9")
    assert entries(tray._menu)["Capture region"].shortcut().toString() == "Ctrl+Alt+F9"

    tray.show_keys(None)
    assert entries(tray._menu)["Capture region"].shortcut().isEmpty()


def test_recent_captures_have_title_time_and_picture_and_open_by_their_key(qtbot: QtBot, tray: Tray) -> None:
    assert [(a.text(), a.isEnabled()) for a in recent(tray)] == [("Nothing captured yet", False)]
    now = datetime.now(UTC).astimezone().replace(hour=14, minute=5)
    picture = QPixmap(300, 80)
    picture.fill("tomato")
    titles = ["Mail & Co\n<b>", "", "w" * 200, *map(str, range(9))]

    tray.show_recent(
        [
            RecentCapture(key=("key", n), title=title, at=now - timedelta(days=n), pixmap=picture)
            for n, title in enumerate(titles)
        ]
    )

    rows = recent(tray)
    assert len(rows) == 8
    assert rows[0].text() == "Mail && Co <b> · 14:05"
    assert rows[1].text().startswith("Capture · ")
    assert rows[1].text().endswith(" 14:05")
    assert len(rows[2].text()) < 80
    shown = rows[0].icon().pixmap(36, 36).toImage()
    assert shown.pixelColor(18, 18).name() == "#ff6347"
    assert shown.pixelColor(0, 0).alpha() == 0
    with qtbot.waitSignal(tray.recent_wanted) as told:
        rows[2].trigger()
    assert told.args == [("key", 2)]
