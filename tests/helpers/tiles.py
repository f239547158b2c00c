"""Tiles for tests of the gallery's widgets, and who knows them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.model import Source


def tile(key: int, **values: Any) -> Tile:
    """The tile of ``KEY.png``, ready unless told otherwise."""
    values = {"name": f"{key}.png", "path": Path(f"/pictures/{key}.png"), "state": "ready"} | values
    return Tile(key=key, **values)


class Tiles(dict[int, Tile]):
    """Tiles by key; ``asked`` tells which were asked for, in order."""

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__({key: tile(key) for key in keys})
        self.asked: list[int] = []

    def source(self) -> Source:
        return Source(
            tile=self._tile,
            name=lambda key: self[key].name,
            is_usable=self._is_usable,
            is_loading=lambda key: self[key].state == "loading",
        )

    def _tile(self, key: int) -> Tile:
        self.asked.append(key)
        return self[key]

    def _is_usable(self, key: int) -> bool:
        return key in self and self[key].is_usable
