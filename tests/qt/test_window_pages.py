"""Pages, frames and edits in the gallery: brought in, selected, removed, and kept in the draft."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import Detail, DraftImage
from desktop.ui.gallery.model import TILE_ROLE
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.window import WAIT_MS, Opened, open_window

HIDDEN = Edits(blackouts=(Area(10, 10, 300, 200),))


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as window:
        yield window


def make_pages(path: Path, count: int, **options: object) -> Path:
    pages = [Image.new("RGB", (40 + page, 60), (page * 3, 90, 120)) for page in range(count)]
    pages[0].save(path, save_all=True, append_images=pages[1:], **options)
    return path


def drop(opened: Opened, *paths: Path) -> None:
    opened.gallery.paths_dropped.emit(list(paths))


def wait_known(qtbot: QtBot, opened: Opened, count: int) -> None:
    """Wait until so many entries are there and have been looked at."""

    def known() -> bool:
        entries = opened.images.entries.values()
        return len(entries) == count and all(entry.facts or entry.problem for entry in entries)

    qtbot.waitUntil(known, timeout=WAIT_MS)


def names(opened: Opened) -> list[str]:
    model = opened.gallery.model
    return [model.tile(model.keys[row]).name for row in range(model.rowCount())]


def wait_shown(qtbot: QtBot, opened: Opened, wanted: list[str]) -> None:
    """Wait until these are shown, in this order."""
    qtbot.waitUntil(lambda: names(opened) == wanted, timeout=WAIT_MS)


def badge(opened: Opened, row: int) -> str:
    return str(opened.gallery.model.index(row).data(TILE_ROLE).badge)


def test_the_pages_of_a_file_stand_after_it_and_are_selected_with_it(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    drop(opened, make_pages(tmp_path / "scan.tiff", 3), make_image(tmp_path / "z.png"))
    wait_known(qtbot, opened, 4)

    wait_shown(qtbot, opened, [*(f"scan.tiff · page {page}" for page in (1, 2, 3)), "z.png"])
    selected = [opened.images.entries[key].name for key in opened.images.selection]
    assert selected == names(opened)
    assert badge(opened, 1) == "page 2 of 3"
    assert badge(opened, 3) == ""


def test_a_page_goes_alone_and_comes_back_when_the_file_is_added_again(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    scan = make_pages(tmp_path / "scan.tiff", 3)
    drop(opened, scan)
    wait_known(qtbot, opened, 3)
    opened.images.remove(list(opened.images.entries)[1:2])
    wait_shown(qtbot, opened, ["scan.tiff · page 1", "scan.tiff · page 3"])

    drop(opened, scan)
    wait_known(qtbot, opened, 3)
    wait_shown(qtbot, opened, [f"scan.tiff · page {page}" for page in (1, 2, 3)])


def test_of_many_pages_some_come_at_once_and_the_others_on_a_click(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    drop(opened, make_pages(tmp_path / "book.tiff", 53))
    wait_known(qtbot, opened, 50)
    notice = opened.window.findChildren(Notice)[-1]
    assert notice.text == "“book.tiff” has more pages."

    next(b for b in notice.findChildren(QAbstractButton) if b.text() == "Add the other 3 pages").click()
    wait_known(qtbot, opened, 53)
    assert names(opened)[-3:] == [f"book.tiff · page {page}" for page in (51, 52, 53)]


def test_an_animation_is_one_image_that_tells_its_frame(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    drop(opened, make_pages(tmp_path / "spin.gif", 5, duration=50))
    wait_known(qtbot, opened, 1)
    assert badge(opened, 0) == "frame 1 of 5"
    (key,) = opened.images.entries
    with qtbot.waitSignal(opened.images.pictured, timeout=WAIT_MS):
        opened.images.set_page(key, 3)

    entry = opened.images.entries[key]
    assert entry.facts is not None
    assert (entry.page, entry.facts.page, entry.name) == (3, 3, "spin.gif")
    assert badge(opened, 0) == "frame 4 of 5"


def test_edits_are_seen_in_the_thumbnail_and_the_badge(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    drop(opened, make_image(tmp_path / "a.png"))
    wait_known(qtbot, opened, 1)
    (key,) = opened.images.entries
    with qtbot.waitSignal(opened.images.pictured, timeout=WAIT_MS):
        opened.images.set_edits(key, HIDDEN)

    pixmap = opened.gallery.model.thumbnail(key)
    assert pixmap is not None
    assert pixmap.toImage().pixelColor(20, 20).getRgb()[:3] == (0, 0, 0)
    assert badge(opened, 0) == "blacked out"
    with qtbot.waitSignal(opened.images.pictured, timeout=WAIT_MS):
        opened.images.set_edits(key, Edits())
    assert badge(opened, 0) == ""


def test_a_draft_brings_back_its_page_with_what_was_done_to_it(qtbot: QtBot, tmp_path: Path) -> None:
    scan = make_pages(tmp_path / "scan.tiff", 3)
    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as opened:
        drop(opened, scan)
        wait_known(qtbot, opened, 3)
        key = list(opened.images.entries)[2]
        opened.images.set_edits(key, HIDDEN)
        opened.images.set_detail(key, Detail.LOW)
        opened.images.select([key])

    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as opened:
        wait_known(qtbot, opened, 3)
        (entry,) = opened.images.usable_selection()
        assert (entry.name, entry.page) == ("scan.tiff · page 3", 2)
        assert (entry.edits, entry.detail) == (HIDDEN, Detail.LOW)


def test_what_was_blacked_out_does_not_come_undone_when_an_older_draft_is_opened(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    picture = make_image(tmp_path / "a.png")
    drop(opened, picture)
    wait_known(qtbot, opened, 1)
    (key,) = opened.images.entries
    facts = opened.images.entries[key].facts
    assert facts is not None
    opened.images.set_edits(key, Edits(blackouts=HIDDEN.blackouts, quarter_turns=1))
    also = Area(400, 10, 420, 30)
    older = DraftImage(path=picture, sha256=facts.sha256, edits=Edits(blackouts=(also,)))
    for image in (DraftImage(path=picture, sha256=facts.sha256), older):
        with qtbot.waitSignal(opened.images.scan_ended, timeout=WAIT_MS):
            opened.images.restore([image])
    expected = Edits(blackouts=(*HIDDEN.blackouts, also), quarter_turns=1)
    assert opened.images.entries[key].edits == expected


@pytest.mark.parametrize("edits", [HIDDEN, Edits()])
def test_an_edited_image_whose_file_changed_is_not_selected_unseen(
    qtbot: QtBot, tmp_path: Path, opened: Opened, edits: Edits
) -> None:
    picture = make_image(tmp_path / "a.png")
    drop(opened, picture)
    wait_known(qtbot, opened, 1)
    (key,) = opened.images.entries
    opened.images.set_edits(key, edits)
    make_image(picture, color="olive")
    with qtbot.waitSignal(opened.images.updated, timeout=WAIT_MS):
        opened.images.inspect_again([key])

    said = [notice.text for notice in opened.window.findChildren(Notice)]
    assert (opened.images.selection == []) is bool(edits)
    assert any("has changed since it was edited" in text for text in said) is bool(edits)


def test_a_draft_whose_edits_cannot_be_read_leaves_the_image_out_and_says_so(
    qtbot: QtBot, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with open_window(qtbot, data, model="gpt-4.1") as opened:
        drop(opened, make_image(tmp_path / "a.png"))
        wait_known(qtbot, opened, 1)
        opened.images.set_edits(opened.images.selection[0], HIDDEN)
    with closing(sqlite3.connect(data / "sightline.db")) as database, database:
        changed = database.execute("UPDATE draft_image SET edits = '{broken'").rowcount
    assert changed == 1

    with open_window(qtbot, data, model="gpt-4.1") as opened:
        qtbot.waitUntil(
            lambda: any("cannot be read" in n.text for n in opened.window.findChildren(Notice)),
            timeout=WAIT_MS,
        )
        # The gallery keeps its own edits, which can be read: the image is there, and not selected.
        entries = opened.images.entries
        qtbot.waitUntil(lambda: [entry.edits for entry in entries.values()] == [HIDDEN], timeout=WAIT_MS)
        assert opened.images.selection == []
