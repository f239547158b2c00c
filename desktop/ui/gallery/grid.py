"""Where tiles stand: how many columns fit, and how wide a tile becomes so that they fill the width."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QMargins, QRect, QSize

HALO_PX = 3
"""Room that a cell leaves around its tile for the halo of a selected one."""
_SLACK_PX = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cells, each with a tile and the gap to its neighbours.

    Attributes:
        columns: how many tiles stand side by side.
        tile: size of a tile in px.
        gap_px: distance between tiles.
        spare_px: what is left of the width; given to the first columns, a pixel each.
    """

    columns: int
    tile: QSize
    gap_px: int
    spare_px: int

    @property
    def cell(self) -> QSize:
        """Size of a cell in px."""
        return self.tile.grownBy(_margins(self.gap_px))

    def tile_rect(self, cell: QRect, row: int) -> QRect:
        """Where the tile stands within ``cell``, which is that of model row ``row``."""
        shift = min(row % self.columns, self.spare_px, _SLACK_PX)
        return QRect(cell.topLeft().x() + HALO_PX + shift, cell.y() + HALO_PX, *self.tile.toTuple())


def fitted(width_px: int, *, tile: QSize, picture_height_px: int, gap_px: int) -> Grid:
    """The grid for tiles near the size ``tile`` that fills ``width_px``.

    The picture keeps its shape, the lines of text below it keep their height.
    """
    columns = max(1, round((width_px + gap_px) / (tile.width() + gap_px)))
    width, spare = divmod(width_px - (columns - 1) * gap_px, columns)
    width = max(width, 1)
    height = tile.height() - picture_height_px + math.ceil(picture_height_px * width / tile.width())
    return Grid(columns, QSize(width, height), gap_px, spare)


def _margins(gap_px: int) -> QMargins:
    return QMargins(HALO_PX, HALO_PX, gap_px - HALO_PX, gap_px - HALO_PX)
