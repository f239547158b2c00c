"""The gallery's panel: empty state, drops, scanning, the menu."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.gallery.drop_zone import DropZone
from desktop.ui.gallery.header import GalleryHeader
from desktop.ui.gallery.panel import GalleryPanel
from tests.helpers.tiles import Tiles

Signals = dict[str, list[Any]]
NAMES = (
    "paths_dropped",
    "image_dropped",
    "links_dropped",
    "files_requested",
    "folder_requested",
    "paste_requested",
    "link_requested",
    "samples_requested",
    "capture_requested",
)


@pytest.fixture
def panel(present: Callable[[QWidget], None]) -> GalleryPanel:
    made = GalleryPanel(Tiles(range(1200)).source())
    made.resize(452, 700)
    present(made)
    return made


@pytest.fixture
def heard(panel: GalleryPanel) -> Signals:
    told: Signals = {}
    for name in NAMES:
        signal = getattr(panel, name, None) or getattr(panel.header, name)
        signal.connect(lambda *values, name=name: told.setdefault(name, []).append(values))
    return told


def urls(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(name) for name in names])
    return mime


def drag(panel: GalleryPanel, mime: QMimeData) -> bool:
    event = QDragEnterEvent(
        panel.rect().center(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    panel.dragEnterEvent(event)
    return event.isAccepted()


def drop(panel: GalleryPanel, mime: QMimeData) -> None:
    event = QDropEvent(
        QPointF(panel.rect().center()),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dropEvent(event)


def visible(panel: GalleryPanel, name: str) -> QAbstractButton:
    return next(
        b for b in panel.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()
    )


def texts(panel: GalleryPanel) -> list[str]:
    return [w.text() for w in panel.findChildren(QLabel) if w.isVisible() and w.text()]


def test_an_empty_gallery_invites_and_offers_three_ways(
    qtbot: QtBot, panel: GalleryPanel, heard: Signals
) -> None:
    shown = texts(panel)
    for name in ("Choose files", "Try the sample images"):
        qtbot.mouseClick(visible(panel, name), Qt.MouseButton.LeftButton)

    assert "Drop images or a folder here" in shown
    assert "Ctrl V" in shown
    assert list(heard) == ["files_requested", "samples_requested"]


def test_tiles_replace_the_invitation_and_it_comes_back(panel: GalleryPanel) -> None:
    panel.model.show(range(1200))
    panel.show_total(1200)
    panel.footer.set_text("1 of 1,200 selected · 297 tokens")
    with_tiles = texts(panel)
    panel.model.show([])
    panel.show_total(0)

    assert "1,200" in with_tiles
    assert "1 of 1,200 selected · 297 tokens" in with_tiles
    assert "Drop images or a folder here" not in with_tiles
    assert "Drop images or a folder here" in texts(panel)


def test_files_and_folders_are_dropped_as_paths(panel: GalleryPanel, heard: Signals, tmp_path: Path) -> None:
    mime = urls((tmp_path / "a b.png").as_uri(), tmp_path.as_uri())

    accepted = drag(panel, mime)
    drop(panel, mime)

    assert accepted
    assert heard == {"paths_dropped": [([tmp_path / "a b.png", tmp_path],)]}


def test_a_picture_from_a_browser_is_dropped_as_pixels(panel: GalleryPanel, heard: Signals) -> None:
    mime = urls("https://example.org/cat.png")
    mime.setImageData(QImage(5, 5, QImage.Format.Format_RGB32))

    accepted = drag(panel, mime)
    drop(panel, mime)

    assert accepted
    assert heard["image_dropped"][0][0].width() == 5


def test_a_link_to_an_image_is_dropped_as_an_address(panel: GalleryPanel, heard: Signals) -> None:
    mime = urls("https://example.org/cat.png")

    assert drag(panel, mime)
    drop(panel, mime)
    assert heard == {"links_dropped": [(["https://example.org/cat.png"],)]}


def test_plain_words_are_refused_while_they_are_dragged(panel: GalleryPanel, heard: Signals) -> None:
    mime = QMimeData()
    mime.setText("a few words")

    assert not drag(panel, mime)


def test_the_place_to_drop_is_shown_while_dragging_and_gone_after(panel: GalleryPanel) -> None:
    mime = urls("file:///a.png")
    zone = panel.findChild(DropZone)
    before = zone.grab().toImage()

    drag(panel, mime)
    during = zone.grab().toImage()
    drop(panel, mime)

    assert during != before
    assert zone.grab().toImage() == before


def test_scanning_shows_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, panel: GalleryPanel) -> None:
    panel.scan_strip.say("Looking through folders… 1,204 found")
    shown = texts(panel)
    with qtbot.waitSignal(panel.scan_strip.cancelled):
        qtbot.mouseClick(visible(panel, "Cancel"), Qt.MouseButton.LeftButton)
    panel.scan_strip.say(None)

    assert "Looking through folders… 1,204 found" in shown
    assert "Looking through folders… 1,204 found" not in texts(panel)


def test_a_filter_that_shows_nothing_says_so_and_keeps_the_header(panel: GalleryPanel) -> None:
    panel.model.show([3])
    panel.show_total(1200)
    panel.say_nothing_found("No image matches this filter.")
    some = texts(panel)
    panel.model.show([])
    panel.show_total(1200)

    assert "1 of 1,200" in some
    assert "No image matches this filter." in texts(panel)
    assert "0 of 1,200" in texts(panel)


def test_the_slider_and_the_tiles_are_of_one_size(qtbot: QtBot, panel: GalleryPanel) -> None:
    panel.model.show(range(5))
    panel.show_total(5)
    before = panel.view.tile_width
    qtbot.mouseClick(visible(panel, "Larger tiles"), Qt.MouseButton.LeftButton)
    assert panel.view.tile_width > before
    for _ in range(9):
        qtbot.mouseClick(visible(panel, "Smaller tiles"), Qt.MouseButton.LeftButton)
    assert panel.view.tile_width == theme.current().metric("tile_width_least")


def test_the_menu_has_every_way_in(panel: GalleryPanel, heard: Signals) -> None:
    menu = panel.header.add_menu

    menu.aboutToShow.emit()
    shortcuts = [action.text().partition("\t")[2] for action in menu.actions()]
    assert shortcuts == ["Ctrl+O", "", "Ctrl+V", "", "", ""]
    assert not any(action.icon().isNull() for action in menu.actions())
    for action in menu.actions():
        action.trigger()
    capturing = menu.actions()[-1].menu()
    assert isinstance(capturing, QMenu)
    capturing.aboutToShow.emit()
    assert not any(action.icon().isNull() for action in capturing.actions())
    for action in capturing.actions():
        action.trigger()

    assert list(heard) == [
        "files_requested",
        "folder_requested",
        "paste_requested",
        "link_requested",
        "samples_requested",
        "capture_requested",
    ]
    wanted = [request for (request,) in heard["capture_requested"]]
    assert [(request.kind.value, request.delay_s) for request in wanted] == [
        ("region", 0),
        ("window", 0),
        ("screen", 0),
        ("region", 5),
    ]


def test_every_control_has_a_name(panel: GalleryPanel) -> None:
    panel.model.show([1])
    panel.show_total(1)

    assert all(b.accessibleName() for b in panel.findChildren(QAbstractButton))
    assert panel.view.accessibleName()


@pytest.mark.parametrize("width_px", [560, 420, 390, 340])
def test_no_word_of_the_header_is_cut(
    qtbot: QtBot, present: Callable[[QWidget], None], width_px: int
) -> None:
    header = GalleryHeader()
    header.show_count(999, 999)
    header.setFixedWidth(width_px)
    present(header)
    made = header.findChildren(QPushButton)
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in made))
    assert all(one.accessibleName() for one in made)
    folded = [not one.text() for one in (header._sort, header._capture, header._add)]
    assert folded == sorted(folded, reverse=True)
    assert any(folded) == (width_px != 560)
