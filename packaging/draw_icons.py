"""Icons in the formats of the systems; run in the environment for builds, which has Qt and Pillow.

Writes into the folder that it is given: `sightline.ico`, `sightline.icns`, `document.ico`, `document.icns`,
and the document's icon as `document-SIZE.png`. The app's own PNGs are in `resources/icon`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ICON = ROOT / "resources" / "icon"
DOCUMENT = ROOT / "packaging" / "linux" / "document.svg"
DOCUMENT_SIZES_PX = (16, 32, 48, 64, 128, 256, 512)
ICO_SIZES_PX = (16, 32, 48, 128, 256)


def main(folder: Path) -> None:
    """Write all icons into a folder."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(ROOT / "packaging"))
    from make_icon import rendered
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    for size in DOCUMENT_SIZES_PX:
        if not rendered(DOCUMENT, size).save(str(folder / f"document-{size}.png")):
            raise OSError(f"could not write the document's icon of {size} px")
    application.shutdown()
    join({size: ICON / f"sightline-{size}.png" for size in ICO_SIZES_PX}, folder / "sightline")
    join({size: folder / f"document-{size}.png" for size in ICO_SIZES_PX}, folder / "document")


def join(pictures: dict[int, Path], target: Path) -> None:
    """Make one `.ico` and one `.icns` of pictures by their sizes in pixels."""
    from PIL import Image

    images = [Image.open(path).convert("RGBA") for _size, path in sorted(pictures.items())]
    sizes = [image.size for image in images]
    images[-1].save(target.with_suffix(".ico"), sizes=sizes, append_images=images[:-1])
    images[-1].save(target.with_suffix(".icns"), append_images=images[:-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
