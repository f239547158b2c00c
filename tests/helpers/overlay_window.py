"""Shows a picture and a dock, freezes the screen and captures from it, whenever the test says so.

Run as ``python -m tests.helpers.overlay_window PICTURE OUT``; it prints ``shown``, and then one line of JSON.
"""

import json
import sys
import tomllib
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from desktop.capture.shots import ScreenPicture, Shot
from desktop.core.capturing import CaptureRequest
from desktop.tasks.imports import restore_import
from desktop.ui import theme
from desktop.ui.capture.captured import Captured
from desktop.ui.capture.overlays import CaptureOverlays
from tests.helpers.overlay_shots import terms

RESOURCES = Path(__file__).parents[2] / "resources"


def main(picture: str, out: str) -> None:
    restore_import()
    app = QApplication([])
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=app))
    theme.current().apply("light")
    shown = QLabel()
    shown.setPixmap(QPixmap(picture))
    shown.setWindowTitle("the picture")
    shown.show()
    dock = QLabel("a dock")
    # Window managers hold such a window above all others.
    dock.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDock)
    dock.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
    dock.setGeometry(0, 0, app.primaryScreen().size().width(), 40)
    dock.setStyleSheet("background: #ffcc00")
    dock.show()
    made: list[CaptureOverlays] = []

    def tell(captured: Captured) -> None:
        captured.image.save(out)
        print(json.dumps({"prompt": captured.prompt, "marks": len(captured.edits.marks)}), flush=True)

    def capture() -> None:
        screen = QGuiApplication.primaryScreen()
        image = screen.grabWindow(0).toImage()
        frozen = ScreenPicture(name=screen.name(), place=screen.geometry(), image=image)
        made.append(CaptureOverlays(Shot(screens=(frozen,)), CaptureRequest(), terms(), app))
        made[-1].asked.connect(tell)
        made[-1].left.connect(app.quit)
        made[-1].show()
        print("shown", flush=True)

    # The test says by a file that all windows have come to rest.
    waiting = QTimer(app, interval=20)

    def look() -> None:
        wanted = Path(out).with_suffix(f".{len(made)}")
        if wanted.exists():
            capture()

    waiting.timeout.connect(look)
    waiting.start()
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
