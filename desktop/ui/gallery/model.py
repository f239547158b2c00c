"""The tiles in the order in which they are shown, and their thumbnails, found by key."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from desktop.core.compat import override
from desktop.ui.gallery.items import Tile, hint, spoken
from desktop.ui.gallery.layout import Section
from desktop.ui.widgets.labels import escaped_tooltip

TILE_ROLE = Qt.ItemDataRole.UserRole + 1
NUMBER_ROLE = Qt.ItemDataRole.UserRole + 2
_THUMBNAILS_BYTES = 32_000_000
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Source:
    """Who is asked about images, by key.

    Attributes:
        tile: what a tile says; asked when it is painted.
        name: a name to type; cheap.
        is_usable: whether it can be in a question; cheap.
        is_loading: whether it is still looked at; cheap.
    """

    tile: Callable[[int], Tile]
    name: Callable[[int], str]
    is_usable: Callable[[int], bool]
    is_loading: Callable[[int], bool]


class GalleryModel(QAbstractListModel):
    """Keys in order, in sections. Rows change; keys never do, so everybody outside speaks of keys.

    What a tile says is asked for when it is painted: most of 10,000 tiles are never seen. Thumbnails that
    were not painted for long are forgotten beyond 32 MB.

    Attributes:
        source: who knows about images.
        sections: titles with the number of tiles below each; one without a title where nothing is grouped.

    Signals:
        pictured(int): key of a tile whose thumbnail has come.
        tiles_changed(list): keys whose tiles say something else now; empty for all.
    """

    pictured = Signal(int)
    tiles_changed = Signal(list)

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._keys: list[int] = []
        self._rows: dict[int, int] = {}
        self._tiles: dict[int, Tile] = {}
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()
        self._thumbnail_bytes = 0
        self._numbers: dict[int, int] = {}
        self.sections: tuple[Section, ...] = ()

    @property
    def keys(self) -> Sequence[int]:
        """All keys, in order."""
        return self._keys

    def show(self, keys: Iterable[int], sections: Sequence[Section] | None = None) -> None:
        """Show these in this order; without ``sections``, as one without a title."""
        self.beginResetModel()
        self._keys = list(keys)
        self._rows = {key: row for row, key in enumerate(self._keys)}
        self.sections = tuple(sections) if sections is not None else self._untitled()
        self.endResetModel()

    def append(self, keys: Sequence[int]) -> None:
        """Show these after all others, in the last section."""
        fresh = [key for key in keys if key not in self._rows]
        if not fresh:
            return
        first = len(self._keys)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._keys.extend(fresh)
        self._rows.update({key: first + offset for offset, key in enumerate(fresh)})
        last = self.sections[-1] if self.sections else Section("", 0)
        self.sections = (*self.sections[:-1], Section(last.title, last.count + len(fresh)))
        self.endInsertRows()

    def forget(self, keys: Iterable[int]) -> None:
        """Drop what is known of tiles that are gone for good."""
        for key in keys:
            self._tiles.pop(key, None)
            self._forget_thumbnail(key)

    def refresh(self, keys: Sequence[int] | None = None) -> None:
        """What these tiles say, or all, has changed; it is asked for again when it is painted."""
        if keys is None:
            self._tiles.clear()
        else:
            for key in keys:
                self._tiles.pop(key, None)
        self.tiles_changed.emit(list(keys or ()))

    def set_thumbnail(self, key: int, pixmap: QPixmap) -> None:
        """Show ``pixmap`` as the picture of ``key``."""
        self._forget_thumbnail(key)
        self._thumbnails[key] = pixmap
        self._thumbnail_bytes += _size_bytes(pixmap)
        while self._thumbnail_bytes > _THUMBNAILS_BYTES and len(self._thumbnails) > 1:
            self._forget_thumbnail(next(iter(self._thumbnails)))
        self.pictured.emit(key)

    def thumbnail(self, key: int) -> QPixmap | None:
        """The picture of ``key``; None if it has not come yet, or was forgotten."""
        if key in self._thumbnails:
            self._thumbnails.move_to_end(key)
        return self._thumbnails.get(key)

    def has_thumbnail(self, key: int) -> bool:
        """Whether there is a picture of ``key``."""
        return key in self._thumbnails

    def set_numbers(self, order: Sequence[int]) -> None:
        """Number these keys from 1; the view asks for a repaint."""
        self._numbers = {key: number for number, key in enumerate(order, start=1)}

    def number(self, key: int) -> int:
        """The place of ``key`` in the next question, from 1; 0 if it is not in it."""
        return self._numbers.get(key, 0)

    def tile(self, key: int) -> Tile:
        """What the tile of ``key`` says; `KeyError` if there is no such image any more."""
        found = self._tiles.get(key)
        if found is None:
            found = self._tiles[key] = self.source.tile(key)
        return found

    def is_known(self, key: int) -> bool:
        """Whether `tile` answers without asking."""
        return key in self._tiles

    def row(self, key: int) -> int | None:
        """The row of ``key`` now; None if it is not shown."""
        return self._rows.get(key)

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._keys)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid() or index.row() >= len(self._keys):
            return None
        key = self._keys[index.row()]
        return answer(self.tile(key), self.number(key))

    def _untitled(self) -> tuple[Section, ...]:
        return (Section("", len(self._keys)),) if self._keys else ()

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
