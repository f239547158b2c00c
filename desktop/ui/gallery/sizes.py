"""The grid for a width: tiles of about the wished size, or rows."""

from PySide6.QtCore import QSize

from desktop.ui import theme
from desktop.ui.gallery.grid import Grid, fitted, listed
from desktop.ui.gallery.row_painter import ROW_PX
from desktop.ui.gallery.tile_painter import text_height


def grid_of(width_px: int, *, tile_width_px: int | None) -> Grid:
    """The grid that fills ``width_px``; without a width for its tiles, a list."""
    if tile_width_px is None:
        return listed(width_px, row_height_px=ROW_PX)
    look = theme.current()
    picture = round(look.metric("tile_picture_height") * tile_width_px / look.metric("tile_width"))
    tile = QSize(tile_width_px, picture + text_height(tile_width_px))
    return fitted(width_px, tile=tile, picture_height_px=picture, gap_px=look.metric("tile_gap"))
