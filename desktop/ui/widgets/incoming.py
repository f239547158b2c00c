"""What a drop or the clipboard carries: paths on this computer, a picture, or addresses of pictures."""

import html
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage, QPixmap

from desktop.core.web_addresses import MAX_DATA_URL_CHARS, is_link

# In two steps, each linear: one pattern for both takes seconds for 40 KB of "<img <img <img".
_IMAGE_TAG = re.compile(r"<img\b([^>]*)", re.IGNORECASE)
_SOURCE = re.compile(r"""(?<![\w-])src\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))""", re.IGNORECASE)
_MOST_HTML = 20_000_000
_MOST_LINKS = 100


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


def carried_links(mime: QMimeData) -> list[str]:
    """Addresses of images, as browsers and mail programs give them, the likeliest alone.

    A picture that is a link to a page is named by the page's address; the markup names the picture itself.
    """
    if mime.hasHtml() and is_link(source := _image_source(mime.html()[:_MOST_HTML])):
        return [source]
    urls = [url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in mime.urls()]
    links = [url for url in urls if is_link(url)]
    if not links and mime.hasText():
        words = mime.text()[:MAX_DATA_URL_CHARS].split()
        links = words if words and all(map(is_link, words)) else []
    return list(dict.fromkeys(links))[:_MOST_LINKS]


def acceptable(mime: QMimeData) -> bool:
    """Whether something in it may be used; cheap enough for every move of a drag."""
    return mime.hasImage() or bool(local_paths(mime) or carried_links(mime))


def _image_source(markup: str) -> str:
    """The address of the first picture in HTML; empty if there is none."""
    for tag in _IMAGE_TAG.finditer(markup):
        if found := _SOURCE.search(tag[1]):
            return html.unescape(found[1] or found[2] or found[3])
    return ""


def _local_path(url: QUrl) -> Path | None:
    if not url.isLocalFile() or url.host() not in ("", "localhost"):
        return None
    if os.name == "nt":
        return Path(url.toLocalFile())
    # Names are bytes: toLocalFile would replace those that are not UTF-8.
    name = unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))
    return Path(os.fsdecode(name)) if name and b"\0" not in name else None
