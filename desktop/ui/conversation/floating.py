"""Where the buttons float that lie above a conversation."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

GAP_PX = 14
BOTTOM_PX = 12


def place_floating(jump: QWidget, stop: QWidget, room: QSize, side: int) -> None:
    """Put ``jump`` in the middle and ``stop`` at the right of the lower edge; one above the other if need be.

    Args:
        jump: the way to the end.
        stop: of the running answer.
        room: what they float above.
        side: distance of the text from its sides, in pixels.
    """
    bottom = room.height() - BOTTOM_PX
    for made in (jump, stop):
        made.adjustSize()
    jump.move((room.width() - jump.width()) // 2, bottom - jump.height())
    stop.move(room.width() - side - stop.width(), bottom - stop.height())
    if jump.isVisible() and stop.x() < jump.geometry().right() + GAP_PX:
        stop.move(stop.x(), jump.y() - stop.height() - GAP_PX // 2)
    for made in (jump, stop):
        made.raise_()
