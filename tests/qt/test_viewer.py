"""The viewer over the real parts: what is opened, edited and asked, and what is sent then."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import Detail
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.panel import Panel
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.pictures import text_page
from tests.helpers.window import WAIT_MS, Opened, open_window


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as window:
        yield window


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> list[int]:
    opened.gallery.paths_dropped.emit(list(paths))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == len(paths), timeout=WAIT_MS)
    return list(opened.images.entries)


def page_of(opened: Opened) -> ViewerPage:
    page = opened.window.findChild(ViewerPage)
    assert page is not None
    return page


def view(qtbot: QtBot, opened: Opened, key: int) -> ViewerPage:
    """Open the viewer and wait until it has what would be sent."""
    page = page_of(opened)
    opened.gallery.view.opened.emit(key)
    wait_for_sent(qtbot, page)
    return page


def wait_for_sent(qtbot: QtBot, page: ViewerPage) -> None:
    qtbot.waitUntil(lambda: fact(page.panel, "Sent as").endswith("B"), timeout=WAIT_MS)


def fact(panel: Panel, name: str) -> str:
    return next((f"{row.value} {row.strong}".strip() for row in panel.sent.rows() if row.name == name), "")


def count(page: ViewerPage) -> str:
    return page.toolbar._count.text()


def colours(tmp_path: Path) -> list[Path]:
    return [make_image(tmp_path / f"{color}.png", color=color) for color in ("red", "green", "blue")]


def test_space_opens_the_viewer_and_escape_leads_back_to_the_tile(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    keys = add(qtbot, opened, *colours(tmp_path))
    tiles = opened.gallery.view
    tiles.focus_tile(keys[1])
    QTest.keyClick(tiles, Qt.Key.Key_Space)
    page = page_of(opened)
    assert page.isVisible()
    assert not opened.composer.isVisible()

    QTest.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert tiles.currentIndex().row() == 1
    assert opened.images.selection == keys, "looking at an image does not change what is asked about"


def test_a_double_click_opens_the_tile_under_it(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    add(qtbot, opened, *colours(tmp_path))
    tiles = opened.gallery.view
    at = tiles.visualRect(opened.gallery.model.index(2)).center()
    for click in (QTest.mouseClick, QTest.mouseDClick):
        click(tiles.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert page_of(opened).isVisible()
    assert count(page_of(opened)) == "3 of 3"


def test_keys_and_buttons_lead_through_the_usable_images(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    red, green, blue = colours(tmp_path)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    opened.gallery.paths_dropped.emit([red, broken, green, blue])
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 3, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: any(e.problem for e in opened.images.entries.values()), timeout=WAIT_MS)
    page = page_of(opened)
    first = next(key for key, entry in opened.images.entries.items() if entry.path == red)
    opened.gallery.view.opened.emit(first)
    seen = [count(page)]
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        QTest.keyClick(page.canvas, key)
        seen.append(count(page))
    assert seen == ["1 of 3", "2 of 3", "3 of 3", "3 of 3", "2 of 3"]


def test_the_panel_tells_the_bytes_that_are_really_sent(
    qtbot: QtBot, tmp_path: Path, opened: Opened, loopback: Loopback
) -> None:
    key = add(qtbot, opened, make_image(tmp_path / "a.png", 1600, 1200))[0]
    page = view(qtbot, opened, key)
    told = fact(page.panel, "Sent as")
    page.left.emit()
    opened.composer.set_text("What is this?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()
    sent = opened.conversation.current.attachments()[0].sent
    assert sent is not None
    assert told.startswith(f"{sent.width_px:,} × {sent.height_px:,}")
    assert len(loopback.requests[0].images[0]) == sent.size_bytes


def test_an_edit_changes_what_is_sent_and_undo_takes_it_back(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    key = add(qtbot, opened, make_image(tmp_path / "a.png", 800, 600))[0]
    page = view(qtbot, opened, key)
    before = fact(page.panel, "Sent as")
    page.canvas.edited.emit(Edits(crop=Area(0, 0, 400, 600)))
    qtbot.waitUntil(lambda: fact(page.panel, "Sent as").startswith("400 × 600 · "), timeout=WAIT_MS)
    wait_for_sent(qtbot, page)

    page.undo_requested.emit()
    assert opened.images.entries[key].edits == Edits()
    qtbot.waitUntil(lambda: fact(page.panel, "Sent as") == before, timeout=WAIT_MS)
    page.redo_requested.emit()
    assert opened.images.entries[key].edits == Edits(crop=Area(0, 0, 400, 600))
    page.panel.reset_requested.emit()
    assert opened.images.entries[key].edits == Edits()


def test_undo_is_remembered_for_each_image(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    first, second = add(qtbot, opened, *colours(tmp_path)[:2])
    page = view(qtbot, opened, first)
    page.canvas.edited.emit(Edits(quarter_turns=1))
    page.stepped.emit(1)
    page.undo_requested.emit()
    assert opened.images.entries[first].edits == Edits(quarter_turns=1)
    page.stepped.emit(-1)
    page.undo_requested.emit()
    assert opened.images.entries[first].edits == Edits()
    assert opened.images.entries[second].edits == Edits()


def test_a_card_gives_the_image_its_own_level(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    key = add(qtbot, opened, make_image(tmp_path / "a.png", 1600, 1200))[0]
    page = view(qtbot, opened, key)
    QTest.mouseClick(page.panel.cards.card(Detail.LOW), Qt.MouseButton.LeftButton)
    assert opened.images.entries[key].detail is Detail.LOW
    qtbot.waitUntil(lambda: fact(page.panel, "Tokens") == "85", timeout=WAIT_MS)
    page.panel.detail_chosen.emit(None)
    assert opened.images.entries[key].detail is None


def test_a_part_is_asked_about_with_an_overview(
    qtbot: QtBot, tmp_path: Path, opened: Opened, loopback: Loopback
) -> None:
    _first, second = add(qtbot, opened, *(make_image(tmp_path / f"{n}.png", 1200 + n, 900) for n in (0, 1)))
    page = view(qtbot, opened, second)
    page.canvas.edited.emit(Edits(region=Area(100, 100, 500, 400)))
    qtbot.waitUntil(lambda: fact(page.panel, "Tokens") == "85 + 255 = 340", timeout=WAIT_MS)
    page.toolbar.ask_clicked.emit()
    assert opened.composer.isVisible()
    assert opened.images.selection == [second]

    opened.composer.set_text("What is this?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()
    assert len(loopback.requests[0].images) == 2
    sizes = [(a.sent.width_px, a.sent.height_px) for a in opened.conversation.current.attachments() if a.sent]
    assert sizes == [(512, 384), (400, 300)]


def test_a_confirmed_suggestion_is_blacked_out_and_others_wait(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    picture = tmp_path / "letter.png"
    text_page("Dear customer,", "anna.meyer@example.com", "4111 1111 1111 1111").save(picture)
    key = add(qtbot, opened, picture)[0]
    page = view(qtbot, opened, key)
    found = page.panel.found
    qtbot.waitUntil(lambda: "example" in found.text(), timeout=3 * WAIT_MS)
    assert found.summary() == "1 e-mail address, 1 card number"
    assert opened.images.entries[key].edits == Edits(), "nothing is blacked out by itself"

    found.blackout_confirmed.emit([0])
    (area,) = opened.images.entries[key].edits.blackouts
    assert area.top > 0
    qtbot.waitUntil(lambda: found.summary() == "1 card number", timeout=WAIT_MS)
    removed = {row.name: row.value for row in page.panel.removed.rows()}
    assert removed["Blacked out"] == "1 area"


def test_a_file_that_changes_on_the_disk_is_noticed(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    picture = make_image(tmp_path / "a.png", 800, 600)
    key = add(qtbot, opened, picture)[0]
    page = view(qtbot, opened, key)
    make_image(picture, 320, 200, color="blue")
    page.canvas.edited.emit(Edits(quarter_turns=1))
    qtbot.waitUntil(lambda: fact(page.panel, "File").startswith("320 × 200"), timeout=WAIT_MS)
    assert page.message().startswith("The file has changed")


def test_a_file_that_vanishes_is_said_so(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    picture = make_image(tmp_path / "a.png", 800, 600)
    key = add(qtbot, opened, picture)[0]
    page = view(qtbot, opened, key)
    picture.unlink()
    page.canvas.edited.emit(Edits(quarter_turns=1))
    qtbot.waitUntil(lambda: page.message().startswith("“a.png” is no longer there"), timeout=WAIT_MS)


def test_an_image_that_was_sent_is_shown_read_only(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    add(qtbot, opened, make_image(tmp_path / "a.png", 1600, 1200))
    opened.composer.set_text("What is this?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()
    (tmp_path / "a.png").unlink()
    attachment = opened.conversation.current.attachments()[0]
    opened.window._viewer_controller.open_sent(attachment.id)
    page = page_of(opened)
    assert page.isVisible()
    assert fact(page.panel, "Sent as").startswith("1,024 × 768")
    qtbot.waitUntil(page.canvas.has_picture, timeout=WAIT_MS)
    page.canvas.edited.emit(Edits(quarter_turns=1))
    assert replace(opened.images.entries[1]).edits == Edits()


def test_a_weakness_that_was_dismissed_is_not_told_again(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    key = add(qtbot, opened, make_image(tmp_path / "wide.png", 3000, 300))[0]
    page = view(qtbot, opened, key)
    assert len(page.panel.hints()) == 1
    page.panel.warning_dismissed.emit("panorama")
    qtbot.waitUntil(lambda: page.panel.hints() == [], timeout=WAIT_MS)
    assert opened.backend.settings.current.dismissed == {"panorama"}


def test_a_frame_of_an_animation_is_chosen_and_sent(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    frames = [Image.new("RGB", (200, 100), (10 * number, 0, 0)) for number in range(24)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    key = add(qtbot, opened, tmp_path / "a.gif")[0]
    page = view(qtbot, opened, key)
    assert page.frames.isVisible()
    page.frames.chosen.emit(20)
    qtbot.waitUntil(lambda: opened.images.entries[key].page == 20, timeout=WAIT_MS)
    wait_for_sent(qtbot, page)
    page.left.emit()
    opened.composer.set_text("What is this?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()
    sent = opened.conversation.current.attachments()[0].sent
    assert sent is not None
    with Image.open(opened.parts.services.store.image_path(sent)) as picture:
        red = picture.convert("RGB").getpixel((50, 50))
    assert isinstance(red, tuple)
    assert abs(red[0] - 200) < 8


def test_what_is_dropped_while_an_image_is_seen_leads_back_to_the_gallery(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    red, green, _blue = colours(tmp_path)
    key = add(qtbot, opened, red)[0]
    page = view(qtbot, opened, key)
    opened.gallery.paths_dropped.emit([green])
    assert not page.isVisible()
    assert opened.gallery.isVisible()


def test_a_chip_opens_its_image(qtbot: QtBot, tmp_path: Path, opened: Opened) -> None:
    keys = add(qtbot, opened, *colours(tmp_path))
    opened.composer.chip_opened.emit(keys[1])
    assert page_of(opened).isVisible()
    assert count(page_of(opened)) == "2 of 3"
