"""How many columns of tiles fit, and how wide a tile becomes so that they fill the width."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QSize

HALO_PX = 3
"""Room around a tile for the halo of a selected one; less than half of every gap."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal tiles side by side.

    Attributes:
        columns: how many tiles stand side by side.
        tile: size of a tile in px.
        gap_px: distance between tiles.
        spare_px: what is left of the width; the first gaps get a pixel each.
    """

    columns: int
    tile: QSize
    gap_px: int
    spare_px: int = 0

    def left(self, column: int) -> int:
        """Where a column begins, in px from the first one."""
        return column * (self.tile.width() + self.gap_px) + min(column, self.spare_px)

    def column_at(self, x: int) -> int:
        """The column at a place, its gap included; a place right of all columns may give a higher number."""
        column = max(0, x) // (self.tile.width() + self.gap_px)
        return column - 1 if column and self.left(column) > x else column


def fitted(width_px: int, *, tile: QSize, picture_height_px: int, gap_px: int) -> Grid:
    """The grid for tiles near the size ``tile`` that fills ``width_px``.

    The picture keeps its shape, the lines of text below it keep their height.
    """
    columns = max(1, round((width_px + gap_px) / (tile.width() + gap_px)))
    width, spare = divmod(width_px - (columns - 1) * gap_px, columns)
    width = max(width, 1)
    height = tile.height() - picture_height_px + math.ceil(picture_height_px * width / tile.width())
    return Grid(columns, QSize(width, height), gap_px, min(max(spare, 0), columns - 1))


def listed(width_px: int, *, row_height_px: int) -> Grid:
    """One row below the other, each as wide as there is room."""
    return Grid(1, QSize(max(width_px, 1), row_height_px), 0)
