"""Images are found by key, whatever happens to rows; what tiles say is asked for when it is needed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.ui.gallery import model as model_module
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.layout import Section
from desktop.ui.gallery.model import GalleryModel
from tests.helpers.tiles import Tiles, tile


@pytest.fixture
def tiles() -> Tiles:
    return Tiles(range(30))


@pytest.fixture
def model(qtbot: QtBot, tiles: Tiles) -> GalleryModel:
    made = GalleryModel(tiles.source())
    # Qt's own judge of models: it aborts at a signal out of order or a wrong row.
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


def names(model: GalleryModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def spoken(model: GalleryModel, key: int) -> str:
    row = model.row(key)
    assert row is not None
    return str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole))


def test_images_keep_their_keys_in_another_order(model: GalleryModel) -> None:
    model.show([1, 2, 5])
    model.show([5, 9, 1], [Section("a", 1), Section("b", 2)])

    assert names(model) == ["5.png", "9.png", "1.png"]
    assert [model.row(key) for key in (5, 9, 1, 2)] == [0, 1, 2, None]
    assert [section.count for section in model.sections] == [1, 2]


def test_what_comes_after_all_others_moves_nothing(model: GalleryModel) -> None:
    model.append([3, 4])
    model.append([4, 5])

    assert list(model.keys) == [3, 4, 5]
    assert model.sections == (Section("", 3),)


def test_a_tile_is_asked_for_once_and_again_when_it_has_changed(model: GalleryModel, tiles: Tiles) -> None:
    model.show([1, 2])
    assert names(model) == ["1.png", "2.png"]
    tiles.asked.clear()
    assert names(model) == ["1.png", "2.png"]
    assert tiles.asked == []

    tiles[2] = tile(2, name="two.png")
    model.refresh([2])
    assert names(model) == ["1.png", "two.png"]
    assert tiles.asked == [2]


def test_ten_thousand_images_cost_nothing_before_they_are_seen(model: GalleryModel, tiles: Tiles) -> None:
    model.tester = None  # type: ignore[attr-defined]
    tiles.asked.clear()
    model.append(range(1000, 11_000))
    model.refresh()
    assert tiles.asked == []


def test_thumbnails_are_bounded_and_the_last_used_stay(
    model: GalleryModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "_THUMBNAILS_BYTES", 3 * 10 * 10 * 4)
    model.show(range(5))
    for key in range(3):
        model.set_thumbnail(key, QPixmap(10, 10))

    model.thumbnail(0)
    model.set_thumbnail(3, QPixmap(10, 10))

    assert [model.has_thumbnail(key) for key in range(4)] == [True, False, True, True]


def test_what_is_gone_is_forgotten(model: GalleryModel) -> None:
    model.show([1, 2])
    model.set_thumbnail(1, QPixmap(8, 8))
    model.show([2])
    model.forget([1])
    assert model.thumbnail(1) is None


def test_a_screen_reader_hears_all_that_is_painted(model: GalleryModel, tiles: Tiles) -> None:
    said: dict[int, dict[str, Any]] = {
        1: {
            "pixels": "560×820",
            "cost": "562 tok",
            "badge": "→ JPEG",
            "in_conversation": True,
            "asked": "$0.0034",
        },
        2: {"state": "unusable", "reason": "The file is damaged."},
        3: {"state": "loading"},
    }
    for key, values in said.items():
        tiles[key] = tile(key, **values)
    model.show([1, 2, 3])
    model.set_numbers([1])

    assert spoken(model, 1) == (
        "1.png, 560×820, 562 tok, → JPEG, in this conversation, asked about: $0.0034,"
        " image 1 of the next question"
    )
    assert spoken(model, 2) == "2.png, not usable: The file is damaged."
    assert spoken(model, 3) == "3.png, loading"


def test_the_tip_tells_the_folder_and_shows_markup_as_it_is(model: GalleryModel, tiles: Tiles) -> None:
    tiles[1] = Tile(key=1, name="<b>.png", path=Path("/pictures/<b>.png"), told=("Same file as <i>.png",))
    model.show([1])
    tip = str(model.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;b&gt;.png" in tip
    assert "/pictures" in tip
    assert "&lt;i&gt;" in tip
