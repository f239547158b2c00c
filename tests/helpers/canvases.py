"""A canvas for tests: a picture of four colours, what is seen of it, and a drag."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

PAGE = (800, 600)


def picture(width: int = PAGE[0], height: int = PAGE[1]) -> QImage:
    """Red above and left, green above and right, blue below and left, white below and right."""
    image = QImage(width, height, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    for colour, x, y in (("red", 0, 0), ("lime", 1, 0), ("blue", 0, 1), ("white", 1, 1)):
        painter.fillRect(x * width // 2, y * height // 2, width, height, QColor(colour))
    painter.end()
    return image


def seen(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def drag(qtbot: QtBot, widget: QWidget, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(widget, (start + end) / 2)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
