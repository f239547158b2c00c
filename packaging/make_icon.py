"""Renders the app's icon at the sizes that desktops ask for, with Qt and without a screen.

Up to 24 px the drawing is resources/icon/sightline-small.svg, which leaves the frame out; above, it is
sightline.svg.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

FOLDER = Path(__file__).parents[1] / "resources" / "icon"
SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    """Writes sightline-16.png and so on beside the drawing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    for size in SIZES_PX:
        drawing = FOLDER / ("sightline-small.svg" if size <= 24 else "sightline.svg")
        if not rendered(drawing, size).save(str(FOLDER / f"sightline-{size}.png")):
            message = f"could not write the icon of {size} px"
            raise OSError(message)
    application.shutdown()


def rendered(drawing: Path, size_px: int) -> "QImage":
    """A drawing as a square picture; needs a QGuiApplication."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    # Drawn four times as large and averaged: thin strokes come out evener than Qt's own edges.
    large = QImage(4 * size_px, 4 * size_px, QImage.Format.Format_ARGB32_Premultiplied)
    large.fill(Qt.GlobalColor.transparent)
    painter = QPainter(large)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(drawing)).render(painter, QRectF(0, 0, 4 * size_px, 4 * size_px))
    painter.end()
    return large.scaled(
        size_px, size_px, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


if __name__ == "__main__":
    main()
