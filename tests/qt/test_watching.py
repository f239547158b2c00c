"""Watched folders, from the disk to the gallery."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code, Problem
from desktop.images.arrivals import Look
from desktop.store.store import Store
from desktop.tasks import watching as watching_tasks
from desktop.tasks.delivery import Delivery
from desktop.tasks.watching import WatchingTasks
from desktop.ui.file_dialog import QFileDialog
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.window import WAIT_MS, Opened, open_window

ONE_PIXEL = 12, 12


@contextmanager
def watching(folder: Path) -> Iterator[WatchingTasks]:
    store, delivery = Store(folder), Delivery()
    store.open().result()
    tasks = WatchingTasks(store, delivery)
    try:
        yield tasks
    finally:
        tasks.close()
        delivery.close()
        store.close()


class Told:
    """What was told of watched folders."""

    def __init__(self, tasks: WatchingTasks) -> None:
        self.files: list[Path] = []
        self.lost: list[Problem] = []
        self.found_again: list[Path] = []
        tasks.arrived.connect(lambda _folder, files: self.files.extend(files))
        tasks.lost.connect(lambda _folder, trouble: self.lost.append(trouble))
        tasks.found_again.connect(self.found_again.append)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = tmp_path / "shots"
    folder.mkdir()
    make_image(folder / "old.png", *ONE_PIXEL)
    return folder


def is_watched(qtbot: QtBot, tasks: WatchingTasks, folder: Path) -> None:
    """Wait until what comes from now on is new."""
    assert tasks._watcher is not None
    known = tasks._watcher._folders
    qtbot.waitUntil(lambda: folder in known and bool(known[folder]._known), timeout=WAIT_MS)


def test_new_images_are_told_and_old_ones_are_not(qtbot: QtBot, tmp_path: Path, shots: Path) -> None:
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        is_watched(qtbot, tasks, shots)

        make_image(shots / "new.png", *ONE_PIXEL)
        shutil.move(make_image(tmp_path / "moved in.png", *ONE_PIXEL), shots)

        qtbot.waitUntil(lambda: len(told.files) == 2, timeout=WAIT_MS)
        assert {path.name for path in told.files} == {"new.png", "moved in.png"}


def test_a_file_is_told_once_its_writer_has_closed_it(qtbot: QtBot, tmp_path: Path, shots: Path) -> None:
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        is_watched(qtbot, tasks, shots)
        data = make_image(tmp_path / "whole.png", *ONE_PIXEL).read_bytes()

        with (shots / "new.png").open("wb") as file:
            file.write(data[:50])
            file.flush()
            make_image(shots / "other.png", *ONE_PIXEL)
            qtbot.waitUntil(lambda: len(told.files) == 1, timeout=WAIT_MS)
            assert told.files == [shots / "other.png"]
            file.write(data[50:])

        qtbot.waitUntil(lambda: len(told.files) == 2, timeout=WAIT_MS)
        assert told.files[1].read_bytes() == data


def test_a_folder_that_is_not_watched_any_more_tells_nothing(
    qtbot: QtBot, tmp_path: Path, shots: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        tasks.watch(other)
        is_watched(qtbot, tasks, other)
        tasks.stop(shots)
        assert tasks.folders == (other,)

        make_image(shots / "new.png", *ONE_PIXEL)
        make_image(other / "new.png", *ONE_PIXEL)

        qtbot.waitUntil(lambda: told.files == [other / "new.png"], timeout=WAIT_MS)


def test_what_is_watched_is_remembered(qtbot: QtBot, tmp_path: Path, shots: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd \xff"))
    odd.mkdir()
    with watching(tmp_path / "data") as tasks:
        tasks.watch(shots)
        tasks.watch(odd)
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        with qtbot.waitSignal(tasks.changed, timeout=WAIT_MS):
            tasks.load()
        assert set(tasks.folders) == {shots, odd}
        is_watched(qtbot, tasks, odd)
        tasks.stop(shots)
    with watching(tmp_path / "data") as tasks:
        with qtbot.waitSignal(tasks.changed, timeout=WAIT_MS):
            tasks.load()
        assert tasks.folders == (odd,)
        assert told.lost == []


def test_where_the_system_has_no_room_left_the_folder_is_looked_at_by_the_clock(
    qtbot: QtBot, tmp_path: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileSystemWatcher, "addPath", lambda *_: False)
    monkeypatch.setattr(watching_tasks, "GLANCE_MS", 100)
    odd = Path(os.fsdecode(os.fsencode(shots) + b"/odd \xff.png"))
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        is_watched(qtbot, tasks, shots)

        odd.write_bytes(b"x")

        qtbot.waitUntil(lambda: told.files == [odd], timeout=WAIT_MS)


def test_a_folder_with_a_name_that_is_not_text_is_watched_too(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_tasks, "GLANCE_MS", 100)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd \xff"))
    odd.mkdir()
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(odd)
        is_watched(qtbot, tasks, odd)

        make_image(odd / "new.png", *ONE_PIXEL)

        qtbot.waitUntil(lambda: told.files == [odd / "new.png"], timeout=WAIT_MS)


def test_a_folder_that_goes_and_comes_back_is_watched_again(
    qtbot: QtBot, tmp_path: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_tasks, "GLANCE_MS", 100)
    monkeypatch.setattr(watching_tasks, "WHOLE_MS", 1_000_000)
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        is_watched(qtbot, tasks, shots)

        shots.rename(tmp_path / "away")
        qtbot.waitUntil(lambda: len(told.lost) == 1, timeout=WAIT_MS)
        assert told.lost[0].code is Code.WATCHED_FOLDER_MISSING
        (tmp_path / "away").rename(shots)
        qtbot.waitUntil(lambda: told.found_again == [shots], timeout=WAIT_MS)
        make_image(shots / "new.png", *ONE_PIXEL)

        qtbot.waitUntil(lambda: told.files == [shots / "new.png"], timeout=WAIT_MS)
        assert len(told.lost) == 1


def test_a_folder_that_is_made_anew_at_once_is_still_watched(
    qtbot: QtBot, tmp_path: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_tasks, "GLANCE_MS", 100)
    monkeypatch.setattr(watching_tasks, "WHOLE_MS", 1_000_000)
    with watching(tmp_path / "data") as tasks:
        told = Told(tasks)
        tasks.watch(shots)
        is_watched(qtbot, tasks, shots)
        shots.rename(tmp_path / "before")
        shots.mkdir()
        make_image(shots / "first.png", *ONE_PIXEL)
        qtbot.waitUntil(lambda: told.files == [shots / "first.png"], timeout=WAIT_MS)

        make_image(shots / "second.png", *ONE_PIXEL)

        qtbot.waitUntil(lambda: told.files[1:] == [shots / "second.png"], timeout=WAIT_MS)


def test_a_disk_that_does_not_answer_holds_nobody_up(
    qtbot: QtBot, tmp_path: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_tasks, "CLOSE_WAIT_MS", 50)
    stuck, go_on = threading.Event(), threading.Event()

    def hang(*_: object) -> Look:
        stuck.set()
        go_on.wait(20)
        return Look()

    monkeypatch.setattr(watching_tasks.Arrivals, "look", hang)
    with watching(tmp_path / "data") as tasks:
        tasks.watch(shots)
        assert stuck.wait(10)
        thread = tasks._thread
    assert thread is not None
    assert thread.isRunning()
    go_on.set()
    qtbot.waitUntil(thread.isFinished, timeout=WAIT_MS)


# In the window


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", key="sk-test") as window:
        yield window


def said(opened: Opened) -> list[str]:
    return [notice.text for notice in opened.window.findChildren(Notice)]


def test_new_images_come_into_the_gallery_and_only_the_user_selects_them(
    qtbot: QtBot, opened: Opened, shots: Path
) -> None:
    opened.window.gallery_room.outside.watching.watch(shots)
    is_watched(qtbot, opened.backend.watching, shots)

    for name, color in (("one.png", "olive"), ("two.png", "orchid")):
        make_image(shots / name, *ONE_PIXEL, color=color)
    text = "2 new images in “shots”"
    qtbot.waitUntil(lambda: text in said(opened), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(opened.images.entries) == 2, timeout=WAIT_MS)
    assert opened.images.selection == []

    notice = next(n for n in opened.window.findChildren(Notice) if n.text == text)
    notice._on_action()
    chosen = {opened.images.entries[key].path for key in opened.images.selection}
    assert chosen == {shots / "one.png", shots / "two.png"}


def test_what_is_in_the_gallery_already_is_not_told_as_new(qtbot: QtBot, opened: Opened, shots: Path) -> None:
    opened.window.gallery_room.outside.watching.watch(shots)
    is_watched(qtbot, opened.backend.watching, shots)
    key = 1
    opened.images.add([shots / "old.png"])
    qtbot.waitUntil(lambda: bool(opened.images.entries), timeout=WAIT_MS)

    # As renaming in the gallery does.
    (shots / "old.png").rename(shots / "renamed.png")
    opened.images.move([key], shots / "renamed.png")
    make_image(shots / "new.png", *ONE_PIXEL, color="olive")

    qtbot.waitUntil(lambda: "1 new image in “shots”" in said(opened), timeout=WAIT_MS)
    assert len(opened.images.entries) == 2


def test_the_menu_watches_and_stops(
    qtbot: QtBot, opened: Opened, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda _self: True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _self: [str(shots)])
    menu = opened.gallery.header.add_menu
    menu.aboutToShow.emit()
    stop = next(action.menu() for action in menu.actions() if action.text() == "Stop watching")
    assert isinstance(stop, QMenu)
    assert not stop.menuAction().isVisible()

    next(action for action in menu.actions() if action.text() == "Watch a folder…").trigger()
    assert opened.backend.watching.folders == (shots,)
    menu.aboutToShow.emit()
    assert stop.menuAction().isVisible()
    (action,) = stop.actions()
    assert action.text().endswith("shots")
    assert not action.icon().isNull()
    action.trigger()

    assert opened.backend.watching.folders == ()
    notice = next(n for n in opened.window.findChildren(Notice) if "not watched any more" in n.text)
    notice._on_action()
    assert opened.backend.watching.folders == (shots,)
