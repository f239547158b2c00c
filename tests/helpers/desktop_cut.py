"""Cuts a picture of a desktop into the screens of a process of its own.

``python -m tests.helpers.desktop_cut FOLDER PICTURE PLATFORM WINDOWS``: screens as ``QT_QPA_PLATFORM`` makes
them, units as on PLATFORM, WINDOWS a JSON list of boxes. Writes what `shooting.Taken` reads.
"""

import json
import sys
from pathlib import Path


def main(folder: Path, picture: str, platform: str, boxes: str) -> None:
    """Cut it, and end."""
    from PySide6.QtGui import QGuiApplication, QImage

    from desktop.capture.screens import shot_of_desktop, spots
    from desktop.capture.windows import OpenWindow, OpenWindows
    from desktop.core.edits import Area
    from tests.helpers.shooting import written

    application = QGuiApplication([])
    windows = OpenWindows(windows=tuple(OpenWindow("w", Area(*box)) for box in json.loads(boxes)))
    shot = shot_of_desktop(QImage(picture), spots(platform), windows, backend="test")
    told = {"screens": []} if shot is None else written(shot, folder)
    (folder / "shot.json").write_text(json.dumps(told))
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
