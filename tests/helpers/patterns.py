"""Pictures of which every pixel is known, and a program that shows them without any scaling."""

import json
import sys
from pathlib import Path

from PIL import Image


def pattern(width_px: int, height_px: int, seed: int = 0) -> Image.Image:
    """Neighbours differ, and so do any two pixels of a screen."""
    across = Image.linear_gradient("L").rotate(90).crop((0, 0, 256, 1))
    red = Image.new("L", (width_px, height_px))
    for left in range(0, width_px, 256):
        red.paste(across.resize((256, height_px)), (left, 0))
    green = Image.new("L", (width_px, height_px))
    down = Image.linear_gradient("L").crop((0, 0, 1, 256))
    for top in range(0, height_px, 256):
        green.paste(down.resize((width_px, 256)), (0, top))
    blue = Image.new("L", (width_px, height_px))
    for left in range(0, width_px, 256):
        for top in range(0, height_px, 256):
            number = (seed * 31 + left // 256 * 16 + top // 256) % 256
            blue.paste(number, (left, top, left + 256, top + 256))
    return Image.merge("RGB", (red, green, blue))


def show(places: list[dict[str, object]]) -> None:
    """Show pictures until the end of the process, and say ``shown`` once all are painted.

    Args:
        places: ``file``, and ``screen``, Qt's name of the one to fill, or ``left`` and ``top`` where no
            window manager is.
    """
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtGui import QBackingStore, QExposeEvent, QGuiApplication, QImage, QPainter, QRegion, QWindow

    class Picture(QWindow):
        def __init__(self, place: dict[str, object]) -> None:
            super().__init__()
            self._image = QImage(str(place["file"]))
            self._store = QBackingStore(self)
            self.is_painted = False
            self.setTitle(str(place.get("title", "pattern")))
            if "screen" in place:
                (screen,) = [s for s in QGuiApplication.screens() if s.name() == place["screen"]]
                self.setScreen(screen)
                self.setGeometry(screen.geometry())
            else:
                self.setFlags(Qt.WindowType.X11BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
                self.setPosition(int(str(place["left"])), int(str(place["top"])))
                self.resize(self._image.size())

        def exposeEvent(self, event: QExposeEvent) -> None:  # noqa: N802
            if not self.isExposed():
                return
            self._store.resize(self.size())
            area = QRegion(0, 0, self.width(), self.height())
            self._store.beginPaint(area)
            painter = QPainter(self._store.paintDevice())
            ratio = painter.device().devicePixelRatio()
            self._image.setDevicePixelRatio(ratio)
            painter.drawImage(QPoint(0, 0), self._image)
            painter.end()
            self._store.endPaint()
            self._store.flush(area)
            fits = self.size() * ratio == self._image.size()
            if fits and not self.is_painted:
                self.is_painted = True
                if all(window.is_painted for window in windows):
                    print("shown", flush=True)

    application = QGuiApplication([])
    windows = [Picture(place) for place in places]
    for window, place in zip(windows, places, strict=True):
        if "screen" in place:
            window.showFullScreen()
        else:
            window.show()
    application.exec()


if __name__ == "__main__":
    show(json.loads(Path(sys.argv[1]).read_text()))
