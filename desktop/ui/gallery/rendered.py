"""Tiles painted once: scrolling only copies them."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from desktop.ui import theme
from desktop.ui.gallery.grid import HALO_PX
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.tile_painter import Mood

Paint = Callable[[QPainter, QRect, Tile, QPixmap | None, Mood], None]

_MOST_BYTES = 16_000_000
_HALO = QMargins(HALO_PX, HALO_PX, HALO_PX, HALO_PX)


class Rendered:
    """Keeps what a tile looked like, by everything that decides how it looks."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint
        self._kept: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._bytes = 0

    def find(
        self, size: QSize, tile: Tile, pixmap: QPixmap | None, mood: Mood, ratio: float
    ) -> QPixmap | None:
        """The picture of a tile, `HALO_PX` larger on each side, if it was painted before."""
        name = _name(size, tile, pixmap, mood, ratio)
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def make(self, size: QSize, tile: Tile, pixmap: QPixmap | None, mood: Mood, ratio: float) -> QPixmap:
        """Paint a tile; takes about half a millisecond."""
        whole = size.grownBy(_HALO)
        made = QPixmap(whole * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self._paint(painter, QRect(QPoint(HALO_PX, HALO_PX), size), tile, pixmap, mood)
        painter.end()
        self._kept[_name(size, tile, pixmap, mood, ratio)] = made
        self._bytes += _bytes(made)
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            self._bytes -= _bytes(self._kept.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """Forget everything, for example because there are no tiles any more."""
        self._kept.clear()
        self._bytes = 0


def _name(size: QSize, tile: Tile, pixmap: QPixmap | None, mood: Mood, ratio: float) -> tuple[object, ...]:
    picture = 0 if pixmap is None else pixmap.cacheKey()
    return tile, picture, mood, size.width(), size.height(), ratio, theme.current().mode


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
