"""Says in a tile's place for the picture why the image cannot be used."""

from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption

from desktop.ui import theme

_ICON_PX = 20
_GAP_PX = 5


def paint_reason(painter: QPainter, rect: QRectF, reason: str, *, icon: str = "triangle-alert") -> None:
    """Paint a sign and ``reason`` below it, in the middle of ``rect``, elided where it must be."""
    look = theme.current()
    painter.save()
    painter.setClipRect(rect)
    sign = look.pixmap(icon, role="warning_text", size_px=_ICON_PX)
    font = look.font("tile_meta")
    room = rect.adjusted(10, 0, -10, 0)
    lines, line_px = broken(reason, font, room.width(), room.height() - _ICON_PX - _GAP_PX - 8)
    top = round(rect.center().y() - (_ICON_PX + _GAP_PX + len(lines) * line_px) / 2)
    painter.drawPixmap(int(rect.center().x()) - _ICON_PX // 2, top, sign)
    painter.setFont(font)
    painter.setPen(look.color("text_muted"))
    for at, line in enumerate(lines):
        place = QRectF(room.x(), top + _ICON_PX + _GAP_PX + at * line_px, room.width(), line_px)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
    painter.restore()


def broken(text: str, font: QFont, width_px: float, height_px: float) -> tuple[list[str], float]:
    """``text`` in whole lines that fit, the last one elided where there is more; and the height of one.

    The height is that of the lines themselves: fonts that stand in for other scripts are taller.
    """
    layout = QTextLayout(text, font)
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    line = layout.createLine()
    starts: list[int] = []
    line_px = 1.0
    while line.isValid():
        line.setLineWidth(width_px)
        starts.append(line.textStart())
        line_px = max(line_px, line.height())
        line = layout.createLine()
    layout.endLayout()
    most = max(int(height_px // line_px), 1)
    # Qt counts in UTF-16.
    units = text.encode("utf-16-le")
    cut = [units[2 * a : 2 * b].decode("utf-16-le").strip() for a, b in pairwise((*starts, len(units) // 2))]
    if len(cut) > most:
        rest = units[2 * starts[most - 1] :].decode("utf-16-le")
        cut[most - 1 :] = [QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, int(width_px))]
    return cut, line_px


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
