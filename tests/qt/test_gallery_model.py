"""Tiles are found by key, whatever happens to rows."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.ui.gallery import model as model_module
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.model import GalleryModel


def tile(key: int, **values: Any) -> Tile:
    values = {"name": f"{key}.png", "path": Path(f"/pictures/{key}.png"), "state": "ready"} | values
    return Tile(key=key, **values)


@pytest.fixture
def model(qtbot: QtBot) -> GalleryModel:
    made = GalleryModel()
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


def test_tiles_keep_their_keys_when_others_go(model: GalleryModel) -> None:
    model.set_tiles([tile(key) for key in range(6)])

    model.remove([0, 3, 4, 99])
    model.update_tile(tile(5, name="five.png"))

    assert names(model) == ["1.png", "2.png", "five.png"]
    assert model.tile(5) == tile(5, name="five.png")
    assert model.tile(3) is None


def test_a_late_result_for_a_tile_that_is_gone_changes_nothing(model: GalleryModel) -> None:
    model.set_tiles([tile(1), tile(2)])
    model.remove([1])

    model.update_tile(tile(1, name="late.png"))
    model.update_tiles([tile(1, name="late.png")])
    model.set_thumbnail(1, QPixmap(8, 8))

    assert names(model) == ["2.png"]
    assert model.thumbnail(1) is None


def test_adding_a_known_key_updates_it(model: GalleryModel) -> None:
    model.add_tiles([tile(1), tile(2)])

    model.add_tiles([tile(2, name="two.png"), tile(3), tile(3, name="three.png")])

    assert names(model) == ["1.png", "two.png", "three.png"]


def test_thumbnails_survive_for_tiles_that_stay(model: GalleryModel) -> None:
    model.set_tiles([tile(1), tile(2)])
    model.set_thumbnail(1, QPixmap(8, 8))
    model.set_thumbnail(2, QPixmap(8, 8))

    model.set_tiles([tile(2), tile(3)])

    assert model.thumbnail(2) is not None
    assert model.thumbnail(1) is None


def test_thumbnails_are_bounded_and_the_last_used_stay(
    model: GalleryModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "_THUMBNAILS_BYTES", 3 * 10 * 10 * 4)
    model.set_tiles([tile(key) for key in range(5)])
    for key in range(3):
        model.set_thumbnail(key, QPixmap(10, 10))

    model.thumbnail(0)
    model.set_thumbnail(3, QPixmap(10, 10))

    assert [model.thumbnail(key) is not None for key in range(4)] == [True, False, True, True]


def test_a_screen_reader_hears_all_that_is_painted(model: GalleryModel) -> None:
    model.set_tiles(
        [
            tile(1, pixels="560×820", cost="562 tok", badge="→ JPEG", in_conversation=True),
            tile(2, state="unusable", reason="The file is damaged."),
            tile(3, state="loading"),
        ]
    )
    model.set_numbers([1])

    assert spoken(model, 1) == (
        "1.png, 560×820, 562 tok, → JPEG, in this conversation, image 1 of the next question"
    )
    assert spoken(model, 2) == "2.png, not usable: The file is damaged."
    assert spoken(model, 3) == "3.png, loading"


def test_a_hostile_name_is_escaped_in_the_tooltip(model: GalleryModel) -> None:
    model.set_tiles([tile(1, name="<img src=x>.png", path=Path("/tmp/<b>/x.png"))])

    tooltip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)

    assert "<img" not in tooltip
    assert "<b>" not in tooltip
    assert "&lt;img src=x&gt;.png" in tooltip
