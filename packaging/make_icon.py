"""Renders the app's icon at the sizes that desktops ask for, with Qt and without a screen.

Up to 24 px the drawing is resources/icon/sightline-small.svg, which leaves the frame out; above, it is
sightline.svg.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "resources" / "icon"
SIZES_PX = (16, 32, 48, 128, 256, 512)


def main() -> None:
    """Writes sightline-16.png and so on beside the drawing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    for size in SIZES_PX:
        drawing = QSvgRenderer(str(FOLDER / ("sightline-small.svg" if size <= 24 else "sightline.svg")))
        # Drawn four times as large and averaged: thin strokes come out evener than Qt's own edges.
        large = QImage(4 * size, 4 * size, QImage.Format.Format_ARGB32_Premultiplied)
        large.fill(Qt.GlobalColor.transparent)
        painter = QPainter(large)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing.render(painter, QRectF(0, 0, 4 * size, 4 * size))
        painter.end()
        small = large.scaled(
            size, size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        if not small.save(str(FOLDER / f"sightline-{size}.png")):
            message = f"could not write the icon of {size} px"
            raise OSError(message)
    application.shutdown()


if __name__ == "__main__":
    main()
