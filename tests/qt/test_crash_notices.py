"""How the last run ended is told in the window, and what goes wrong in this one; the window goes on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.crashes import End, LastRun
from desktop.system.safety import watched
from desktop.ui.crash_dialog import CrashDialog
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.window import Opened, open_window

AT = datetime(2026, 11, 28, 16, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@contextmanager
def after(qtbot: QtBot, folder: Path, **last: object) -> Iterator[Opened]:
    """The window after a run that ended so."""
    with watched(folder / "crashes", alone=True) as safety:
        if last:
            values = {"began_at": None, "ended_at": AT, "version": "0.1.0", **last}
            safety.watch.last = LastRun(**values)  # type: ignore[arg-type]
        with open_window(qtbot, folder, safety=safety) as opened:
            yield opened


def notices(opened: Opened) -> list[Notice]:
    return [notice for notice in opened.window.findChildren(Notice) if notice.isVisible()]


def press(parent: QWidget, name: str) -> None:
    (found,) = [
        b for b in parent.findChildren(QAbstractButton) if b.accessibleName() == name or b.text() == name
    ]
    found.click()


def wait_for_dialog(qtbot: QtBot, opened: Opened) -> CrashDialog:
    qtbot.waitUntil(lambda: opened.window.findChild(CrashDialog) is not None)
    return opened.window.findChild(CrashDialog)


def test_a_crash_is_told_with_its_report_beside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    trace = ("Fatal Python error: Segmentation fault", "  desktop/app.py:1 in run")
    with after(qtbot, tmp_path, end=End.SIGNAL, trace=trace, log=("INFO desktop.x: said",)) as opened:
        qtbot.waitUntil(lambda: bool(notices(opened)))
        (notice,) = notices(opened)
        assert notice.text.startswith("Sightline crashed the last time it was open (2026-11-28 ")
        press(notice, "Show report…")
        dialog = wait_for_dialog(qtbot, opened)
        assert not dialog.isModal()
        text = dialog.findChild(QPlainTextEdit).toPlainText()
        assert "Segmentation fault" in text
        assert "said" in text
        press(dialog, "Copy")
        assert QGuiApplication.clipboard().text() == text
        (kept,) = (tmp_path / "crashes").glob("report-*.txt")
        assert kept.read_text() == text
        press(dialog, "Close")
        assert not dialog.isVisible()
        assert not notices(opened)


@pytest.mark.parametrize(
    ("end", "words", "button"),
    [
        (End.KILLED, "ended from outside", "Show report…"),
        (End.COMPUTER_OFF, "The computer went off", None),
        (End.DISPLAY_LOST, "connection to the screen was lost", None),
        (End.EXCEPTION, "crashed", "Show report…"),
    ],
)
def test_other_ends_are_told_in_other_words(
    qtbot: QtBot, tmp_path: Path, end: End, words: str, button: str | None
) -> None:
    with after(qtbot, tmp_path, end=end) as opened:
        qtbot.waitUntil(lambda: bool(notices(opened)))
        (notice,) = notices(opened)
        assert words in notice.text
        names = {b.text() for b in notice.findChildren(QAbstractButton) if b.text()}
        assert names == ({button} if button else set())


def test_a_run_that_ended_by_itself_is_not_told_of(qtbot: QtBot, tmp_path: Path) -> None:
    with after(qtbot, tmp_path) as opened:
        assert notices(opened) == []


class Slots(QObject):
    """Fails where Qt calls it."""

    fired = Signal()

    @Slot()
    def fail(self) -> None:
        raise LookupError("canary: what somebody wrote")


def test_an_exception_in_a_slot_is_told_once_and_the_window_goes_on(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with after(qtbot, tmp_path) as opened:
        slots = Slots()
        slots.fired.connect(slots.fail)
        hook = sys.excepthook
        with qtbot.captureExceptions():
            # pytest-qt has its own hook in the place of ours.
            sys.excepthook = hook
            timer = QTimer(interval=1)
            timer.timeout.connect(slots.fail)
            timer.start()
            for _ in range(20):
                slots.fired.emit()
            qtbot.waitUntil(lambda: bool(notices(opened)))
            timer.stop()
        assert [notice.text for notice in notices(opened)] == [
            "Something went wrong inside Sightline. If it happens again, please report it."
        ]
        press(notices(opened)[0], "Show report…")
        text = wait_for_dialog(qtbot, opened).findChild(QPlainTextEdit).toPlainText()
        assert "LookupError: [left out]" in text
        assert "canary" not in text
        press(opened.window.findChild(CrashDialog), "Close")
        assert len(list((tmp_path / "crashes").glob("report-*.txt"))) == 1
        opened.composer.set_text("goes on")
        assert opened.composer.text() == "goes on"
    caplog.clear()


def test_a_careful_start_brings_nothing_back_until_it_is_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "a.png")
    with after(qtbot, tmp_path / "data") as opened:
        opened.window.gallery_room.incoming.add([picture])
        qtbot.waitUntil(lambda: any(e.facts for e in opened.images.entries.values()))
        opened.images.select(list(opened.images.entries))
        opened.composer.set_text("half a question")
    with after(qtbot, tmp_path / "data", end=End.SIGNAL, early=2) as careful:
        qtbot.waitUntil(lambda: len(notices(careful)) == 2)
        assert careful.images.entries == {}
        assert careful.composer.text() == "half a question"
        told = next(n for n in notices(careful) if "crashed 2 times right after its start" in n.text)
        press(told, "Bring them back")
        qtbot.waitUntil(lambda: [e.path for e in careful.images.entries.values()] == [picture])
        qtbot.waitUntil(lambda: len(careful.images.selection) == 1)
    with after(qtbot, tmp_path / "data") as again:
        qtbot.waitUntil(lambda: [e.path for e in again.images.entries.values()] == [picture])
        assert again.composer.text() == "half a question"


def test_what_is_added_in_a_careful_start_does_not_take_the_place_of_the_rest(
    qtbot: QtBot, tmp_path: Path
) -> None:
    old, new = make_image(tmp_path / "old.png"), make_image(tmp_path / "new.png", color="olive")
    with after(qtbot, tmp_path / "data") as opened:
        opened.window.gallery_room.incoming.add([old])
        qtbot.waitUntil(lambda: any(e.facts for e in opened.images.entries.values()))
    with after(qtbot, tmp_path / "data", end=End.SIGNAL, early=2) as careful:
        careful.window.gallery_room.incoming.add([new])
        qtbot.waitUntil(lambda: [e.path for e in careful.images.entries.values()] == [new])
    with after(qtbot, tmp_path / "data") as again:
        qtbot.waitUntil(lambda: [e.path for e in again.images.entries.values()] == [old])
