"""What the window says and shows about images that are brought in."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.core.arranging import Steps
from desktop.core.model import ON_DEVICE, Detail
from desktop.ui import gallery_controller, gallery_incoming
from desktop.ui.gallery.model import TILE_ROLE
from desktop.ui.gallery_state import Entry
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.window import WAIT_MS, Opened, open_window

MANY = 60


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path / "data") as window:
        yield window


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> None:
    with qtbot.waitSignal(opened.backend.gallery.scanned, timeout=WAIT_MS):
        opened.gallery.paths_dropped.emit(list(paths))


def folder_of(folder: Path, count: int) -> Path:
    folder.mkdir()
    data = make_image(folder / "000.png").read_bytes()
    for number in range(1, count):
        (folder / f"{number:03}.png").write_bytes(data)
    return folder


def notices(opened: Opened) -> list[str]:
    return [notice.text for notice in opened.window.findChildren(Notice) if notice.isVisible()]


def test_adding_a_large_folder_seemed_to_do_nothing(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    view = opened.gallery.view
    add(qtbot, opened, folder_of(tmp_path / "first", MANY))
    add(qtbot, opened, folder_of(tmp_path / "second", MANY))

    assert opened.images.selection == []
    assert notices(opened) == [f"{MANY} images added. They are not selected, because there are so many."]
    first_new = view.visualRect(opened.gallery.model.index(MANY))
    assert view.viewport().rect().contains(first_new)
    assert first_new.y() < first_new.height()

    notice = opened.window.findChildren(Notice)[-1]
    next(b for b in notice.findChildren(QAbstractButton) if b.text() == "Select all of them").click()
    assert opened.images.selection == list(range(MANY + 1, 2 * MANY + 1))


def test_files_that_are_no_images_were_passed_over_in_silence(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    folder = folder_of(tmp_path / "folder", 2)
    (folder / "notes.txt").write_text("no image")
    add(qtbot, opened, folder)
    assert notices(opened) == ["1 thing was not taken."]


def test_a_folder_of_images_alone_needs_no_word(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    add(qtbot, opened, folder_of(tmp_path / "folder", 2))
    assert notices(opened) == []


def test_tiles_spoke_of_what_is_sent_although_nothing_is(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    from PIL import Image

    Image.new("RGB", (20, 20)).save(tmp_path / "a.tif")

    def badge() -> str:
        return str(opened.gallery.model.index(0).data(TILE_ROLE).badge)

    add(qtbot, opened, tmp_path / "a.tif")
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
    assert opened.choice.model.id == ON_DEVICE
    assert badge() == ""
    opened.choice.use_model("gpt-4.1")
    assert badge() == "converted"
    opened.choice.use_model(ON_DEVICE)
    assert badge() == ""


def test_nothing_cleared_the_selection(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    add(qtbot, opened, folder_of(tmp_path / "folder", 2))
    assert len(opened.images.selection) == 2
    QTest.keyClick(
        opened.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert opened.images.selection == []

    opened.gallery.view.selectAll()
    opened.gallery.view.setFocus()
    QTest.keyClick(opened.gallery.view, Qt.Key.Key_Escape)
    assert opened.images.selection == []


def test_choosing_files_begins_in_a_folder_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {
        QStandardPaths.StandardLocation.PicturesLocation: str(tmp_path / "Pictures"),
        QStandardPaths.StandardLocation.HomeLocation: str(tmp_path),
    }
    monkeypatch.setattr(QStandardPaths, "writableLocation", places.__getitem__)
    assert gallery_incoming._pictures_folder() == str(tmp_path)
    (tmp_path / "Pictures").mkdir()
    assert gallery_incoming._pictures_folder() == str(tmp_path / "Pictures")


def test_many_selected_images_that_become_known_are_not_summed_up_one_by_one(
    qtbot: QtBot, tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(qtbot, opened, folder_of(tmp_path / "many", 20))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 20, timeout=WAIT_MS)
    sums = []
    counted = gallery_controller.sum_tokens

    def sum_tokens(entries: list[Entry], **chosen: Any) -> Steps[int | None]:
        sums.append(len(entries))
        return counted(entries, **chosen)

    monkeypatch.setattr(gallery_controller, "sum_tokens", sum_tokens)
    for key in opened.images.selection:
        opened.images.set_detail(key, Detail.LOW)
    qtbot.waitUntil(lambda: bool(sums), timeout=WAIT_MS)
    assert sums == [20]


def test_the_only_image_of_the_last_session_stayed_without_a_picture(qtbot: QtBot, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "one.png")
    with open_window(qtbot, tmp_path / "data", images=(picture,)) as first:
        qtbot.waitUntil(lambda: bool(first.images.usable_selection()), timeout=WAIT_MS)
        first.images.select(())
        first.composer.text_changed.emit("")
    shutil.rmtree(tmp_path / "data" / "cache", ignore_errors=True)

    with open_window(qtbot, tmp_path / "data", wait=False) as second:
        qtbot.waitUntil(lambda: len(second.images.entries) == 1, timeout=WAIT_MS)
        (key,) = second.images.entries
        assert not second.images.selection
        qtbot.waitUntil(lambda: second.gallery.model.thumbnail(key) is not None, timeout=WAIT_MS)
