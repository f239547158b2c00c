"""What a drop or the clipboard carries: paths on this computer, or a picture."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage, QPixmap


def local_paths(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer that ``mime`` names, in order, without repeats."""
    found = (_local_path(url) for url in mime.urls()) if mime.hasUrls() else ()
    return list(dict.fromkeys(path for path in found if path is not None))


def carried_image(mime: QMimeData) -> QImage | None:
    """The picture that ``mime`` carries as pixels, if any."""
    if not mime.hasImage():
        return None
    data = mime.imageData()
    image = data.toImage() if isinstance(data, QPixmap) else data
    return image if isinstance(image, QImage) and not image.isNull() else None


def acceptable(mime: QMimeData) -> bool:
    """Whether `local_paths` or `carried_image` will find something; cheap enough for every move of a drag."""
    return mime.hasImage() or bool(local_paths(mime))


def _local_path(url: QUrl) -> Path | None:
    if not url.isLocalFile() or url.host() not in ("", "localhost"):
        return None
    if os.name == "nt":
        return Path(url.toLocalFile())
    # Names are bytes: toLocalFile would replace those that are not UTF-8.
    name = unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))
    return Path(os.fsdecode(name)) if name and b"\0" not in name else None
