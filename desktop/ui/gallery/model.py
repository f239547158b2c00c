"""Tiles and their thumbnails, found by key."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from desktop.core.compat import override
from desktop.ui.gallery.items import Tile, hint, spoken
from desktop.ui.widgets.labels import escaped_tooltip

TILE_ROLE = Qt.ItemDataRole.UserRole + 1
NUMBER_ROLE = Qt.ItemDataRole.UserRole + 2
_THUMBNAILS_BYTES = 160_000_000
_RUNS_REMOVED_SINGLY = 20
_Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """The tiles in order. Rows change when tiles go; keys never do, so everybody outside speaks of keys.

    Thumbnails that were not painted for long are forgotten beyond 160 MB.

    Signals:
        pictured(int): key of a tile whose thumbnail has come.
    """

    pictured = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[Tile] = []
        self._rows: dict[int, int] = {}
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()
        self._thumbnail_bytes = 0
        self._numbers: dict[int, int] = {}

    def set_tiles(self, tiles: Iterable[Tile]) -> None:
        """Show these instead; thumbnails of keys that stay are kept."""
        self.beginResetModel()
        self._tiles = list(tiles)
        self._count_rows()
        for key in [key for key in self._thumbnails if key not in self._rows]:
            self._forget_thumbnail(key)
        self.endResetModel()

    def add_tiles(self, tiles: Iterable[Tile]) -> None:
        """Append tiles; those whose key is there already are updated."""
        given = {tile.key: tile for tile in tiles}
        fresh = {key: tile for key, tile in given.items() if key not in self._rows}
        self.update_tiles([tile for key, tile in given.items() if key not in fresh])
        if not fresh:
            return
        first = len(self._tiles)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._tiles.extend(fresh.values())
        self._rows.update({key: first + offset for offset, key in enumerate(fresh)})
        self.endInsertRows()

    def insert_tiles(self, after: int, tiles: Sequence[Tile]) -> None:
        """Put new tiles behind the one of key ``after``; at the end if that is gone."""
        row = self._rows.get(after)
        first = len(self._tiles) if row is None else row + 1
        self.beginInsertRows(QModelIndex(), first, first + len(tiles) - 1)
        self._tiles[first:first] = tiles
        self._count_rows()
        self.endInsertRows()

    def update_tile(self, tile: Tile) -> None:
        """Show what is known of ``tile.key`` now; nothing happens if it is gone."""
        row = self._rows.get(tile.key)
        if row is not None and self._tiles[row] != tile:
            self._tiles[row] = tile
            self._changed(row)

    def update_tiles(self, tiles: Iterable[Tile]) -> None:
        """Show what is known of many tiles now, for one repaint; those that are gone are ignored."""
        known = {self._rows[tile.key]: tile for tile in tiles if tile.key in self._rows}
        if not known:
            return
        for row, tile in known.items():
            self._tiles[row] = tile
        self.dataChanged.emit(self.index(min(known)), self.index(max(known)))

    def set_thumbnail(self, key: int, pixmap: QPixmap) -> None:
        """Show ``pixmap`` as the picture of ``key``; nothing happens if it is gone."""
        row = self._rows.get(key)
        if row is None:
            return
        self._forget_thumbnail(key)
        self._thumbnails[key] = pixmap
        self._thumbnail_bytes += _size_bytes(pixmap)
        while self._thumbnail_bytes > _THUMBNAILS_BYTES and len(self._thumbnails) > 1:
            self._forget_thumbnail(next(iter(self._thumbnails)))
        self._changed(row)
        self.pictured.emit(key)

    def thumbnail(self, key: int) -> QPixmap | None:
        """The picture of ``key``; None if it has not come yet, or was forgotten."""
        if key in self._thumbnails:
            self._thumbnails.move_to_end(key)
        return self._thumbnails.get(key)

    def remove(self, keys: Iterable[int]) -> None:
        """Take tiles out; unknown keys are ignored."""
        rows = sorted((self._rows[key] for key in set(keys) if key in self._rows), reverse=True)
        runs = _runs(rows)
        if len(runs) > _RUNS_REMOVED_SINGLY:
            gone = set(rows)
            self.set_tiles([tile for row, tile in enumerate(self._tiles) if row not in gone])
            return
        for first, last in runs:
            self.beginRemoveRows(QModelIndex(), first, last)
            for tile in self._tiles[first : last + 1]:
                self._forget_thumbnail(tile.key)
            del self._tiles[first : last + 1]
            self._count_rows()
            self.endRemoveRows()

    def set_numbers(self, order: Sequence[int]) -> None:
        """Number these keys from 1; the view asks for a repaint."""
        self._numbers = {key: number for number, key in enumerate(order, start=1)}

    def number(self, key: int) -> int:
        """The place of ``key`` in the next question, from 1; 0 if it is not in it."""
        return self._numbers.get(key, 0)

    def tile(self, key: int) -> Tile | None:
        """The tile of ``key``."""
        row = self._rows.get(key)
        return None if row is None else self._tiles[row]

    def tile_at(self, row: int) -> Tile:
        """The tile in ``row``."""
        return self._tiles[row]

    def row(self, key: int) -> int | None:
        """The row of ``key`` now."""
        return self._rows.get(key)

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._tiles)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._tiles):
            return None
        tile = self._tiles[index.row()]
        answer = _ANSWERS.get(role)
        return None if answer is None else answer(tile, self.number(tile.key))

    def _changed(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def _count_rows(self) -> None:
        self._rows = {tile.key: row for row, tile in enumerate(self._tiles)}

    def _forget_thumbnail(self, key: int) -> None:
        pixmap = self._thumbnails.pop(key, None)
        if pixmap is not None:
            self._thumbnail_bytes -= _size_bytes(pixmap)


_ANSWERS: dict[int, Callable[[Tile, int], object]] = {
    Qt.ItemDataRole.DisplayRole: lambda tile, _number: tile.name,
    Qt.ItemDataRole.ToolTipRole: lambda tile, _number: escaped_tooltip(hint(tile)),
    Qt.ItemDataRole.AccessibleTextRole: lambda tile, number: spoken(tile, number=number),
    Qt.ItemDataRole.AccessibleDescriptionRole: lambda tile, _number: tile.reason,
    TILE_ROLE: lambda tile, _number: tile,
    NUMBER_ROLE: lambda _tile, number: number,
}


def _size_bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Falling rows as (first, last) of each run without holes, the highest run first."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][0] == row + 1:
            runs[-1] = (row, runs[-1][1])
        else:
            runs.append((row, row))
    return runs
