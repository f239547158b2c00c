"""Makes `QImage`s of what the worker processes and the store hand over. Never called in the GUI thread.

Always by a `QImageReader`: `QImage.fromData` keeps the interpreter's lock while it decodes, and gives it back
for moments too short for another thread to take it. Thumbnails decoded one after the other in a thread of
their own held the window for as long as they took all together.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader

from desktop.core.model import SentImage
from desktop.images.inspect import EncodedImage, Inspection, Picture, Thumbnail


def read_image(data: bytes, longest_px: int | None = None) -> QImage:
    """A PNG or JPEG that we made, made smaller where a side is longer; a null image if it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"PNG" if data.startswith(b"\x89PNG") else b"JPEG")
    size = reader.size()
    if longest_px is not None and max(size.width(), size.height()) > longest_px:
        reader.setScaledSize(size.scaled(longest_px, longest_px, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def thumbnail_image(thumbnail: Thumbnail | None) -> QImage:
    """A thumbnail's pixels; a null image if there is none."""
    return QImage() if thumbnail is None else read_image(thumbnail.jpeg)


def inspected(inspection: Inspection) -> tuple[Inspection, QImage]:
    """An inspection and the pixels of its thumbnail."""
    return inspection, thumbnail_image(inspection.thumbnail)


def sent_image(encoded: EncodedImage) -> tuple[QImage, SentImage]:
    """The pixels of what would be sent, and its description."""
    return read_image(encoded.data), encoded.sent


def to_image(picture: Picture) -> QImage:
    """A picture's pixels as a `QImage` of its own."""
    width, height = picture.width_px, picture.height_px
    view = QImage(picture.rgba, width, height, width * 4, QImage.Format.Format_RGBX8888)
    return view.copy()
