"""The tiles or patches that are billed, drawn over the very pixels that are sent."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop.core.image_tokens import ImageTokens
from desktop.core.text import _, format_count
from desktop.ui import theme
from desktop.ui.viewer.view_transform import View

_LIGHT = QColor(255, 255, 255, 222)
_DARK = QColor(0, 0, 0, 90)
_FADED_PX, _FULL_PX = 4.0, 14.0
"""Cells smaller than the first have no lines, and from the second on their lines are at full strength."""
_LABEL_INSET_PX = 8
_LABEL_PADDING_PX = 7
_LABEL_HEIGHT_PX = 18


def grid_lines(grid: ImageTokens, view: View) -> tuple[list[float], list[float]]:
    """Where the lines between cells lie in the widget: across and down, each on a whole pixel of the screen.

    Cells are `ImageTokens.cell_px` of the sent image; the last column and row may be cut.
    """
    across = view.picture_px[0] / grid.sent_width_px
    down = view.picture_px[1] / grid.sent_height_px
    left, top = view.origin
    columns = [left + at * grid.cell_px * across * view.scale for at in range(1, grid.columns)]
    rows = [top + at * grid.cell_px * down * view.scale for at in range(1, grid.rows)]
    return [_whole(x, view.ratio) for x in columns], [_whole(y, view.ratio) for y in rows]


def paint_grid(painter: QPainter, grid: ImageTokens, view: View) -> None:
    """Paint the grid into the widget: tiles are numbered, patches counted, ``base`` is one frame."""
    area = QRectF(QPointF(*view.origin), QPointF(*view.to_widget(view.picture_px)))
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if grid.unit == "base":
        _paint_frame(painter, area, 1 / view.ratio)
    else:
        _paint_lines(painter, grid, view, area)
    painter.restore()
    for corner, text, room in _labels(grid, view, area):
        paint_chip(painter, corner + QPointF(_LABEL_INSET_PX, _LABEL_INSET_PX), text, room)


def paint_chip(painter: QPainter, corner: QPointF, text: str, room: float = 1e9) -> None:
    """Paint words on a dark chip with its upper left ``corner``; nothing where it is wider than ``room``."""
    font = theme.current().font("badge")
    width = QFontMetricsF(font).horizontalAdvance(text) + 2 * _LABEL_PADDING_PX
    if width + 2 * _LABEL_INSET_PX > room:
        return
    chip = QRectF(round(corner.x()), round(corner.y()), round(width), _LABEL_HEIGHT_PX)
    radius = theme.current().metric("radius_thumb")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("badge_background"))
    painter.drawRoundedRect(chip, radius, radius)
    painter.setFont(font)
    painter.setPen(theme.current().color("badge_text"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _paint_lines(painter: QPainter, grid: ImageTokens, view: View, area: QRectF) -> None:
    cell = grid.cell_px * view.scale
    strength = min(1.0, max(0.0, (cell - _FADED_PX) / (_FULL_PX - _FADED_PX)))
    if strength == 0.0:
        return
    painter.setOpacity(strength if grid.unit == "tile" else strength * 0.45)
    pixel = 1 / view.ratio
    columns, rows = grid_lines(grid, view)
    width, height = view.room
    for colour, shift in ((_DARK, -pixel), (_LIGHT, 0.0)):
        for x in columns:
            if 0 <= x <= width:
                painter.fillRect(QRectF(x + shift, area.top(), pixel, area.height()), colour)
        for y in rows:
            if 0 <= y <= height:
                painter.fillRect(QRectF(area.left(), y + shift, area.width(), pixel), colour)


def _paint_frame(painter: QPainter, area: QRectF, pixel: float) -> None:
    for colour, width in ((_DARK, 2 * pixel), (_LIGHT, pixel)):
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), width), colour)
        painter.fillRect(QRectF(area.left(), area.bottom() - width, area.width(), width), colour)
        painter.fillRect(QRectF(area.left(), area.top(), width, area.height()), colour)
        painter.fillRect(QRectF(area.right() - width, area.top(), width, area.height()), colour)


def _labels(grid: ImageTokens, view: View, area: QRectF) -> list[tuple[QPointF, str, float]]:
    """Upper left corners of cells, what is said there, and how wide the cell is."""
    if grid.unit == "base":
        return [(area.topLeft(), _("whole image"), area.width())]
    if grid.unit == "patch":
        text = _("{columns} × {rows} patches").format(
            columns=format_count(grid.columns), rows=format_count(grid.rows)
        )
        return [(area.topLeft(), text, area.width())]
    columns, rows = grid_lines(grid, view)
    lefts, tops = [area.left(), *columns], [area.top(), *rows]
    rights = [*columns, area.right()]
    return [
        (
            QPointF(left, top),
            _("tile {number}").format(number=row * grid.columns + column + 1),
            rights[column] - left,
        )
        for row, top in enumerate(tops)
        for column, left in enumerate(lefts)
    ]


def _whole(at: float, ratio: float) -> float:
    return round(at * ratio) / ratio
