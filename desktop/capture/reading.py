"""Reads the picture that a program or the portal left in a file."""

import os
import stat
from pathlib import Path

from PySide6.QtGui import QImage, QImageReader

from desktop.capture.screens import plain
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.sentences.capture import CaptureWay, CaptureWhy

_FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"webp", b"bmp", b"ppm"})
_MOST_BYTES = 300_000_000
_MOST_PIXELS = 64_000_000
"""Four screens of 5K; Qt itself decodes no more than 256 MB."""


def failure(way: CaptureWay, why: CaptureWhy, reason: str = "") -> ProblemError:
    """That one way has failed, to be raised."""
    if reason:
        return ProblemError(problem(Code.CAPTURE_FAILED, way=way, why=why, reason=reason))
    return ProblemError(problem(Code.CAPTURE_FAILED, way=way, why=why))


def read_picture(path: Path, way: CaptureWay) -> QImage:
    """The picture in a file. Blocks; not in the GUI thread.

    Raises:
        ProblemError: CAPTURE_FAILED: there is no file, it is no image, or an absurdly large one.
    """
    try:
        told = os.stat(path)  # noqa: PTH116 - of bytes too, if a name is no text
    except (OSError, ValueError) as error:
        raise failure(way, CaptureWhy.NO_PICTURE) from error
    if not stat.S_ISREG(told.st_mode):
        raise failure(way, CaptureWhy.NO_IMAGE)
    if told.st_size == 0:
        raise failure(way, CaptureWhy.NO_PICTURE)
    if told.st_size > _MOST_BYTES:
        raise failure(way, CaptureWhy.TOO_LARGE)
    reader = QImageReader(str(path))
    # By what is in it: a name says nothing, and SVG never reaches Qt.
    reader.setAutoDetectImageFormat(True)
    reader.setDecideFormatFromContent(True)
    if reader.format().data() not in _FORMATS:
        raise failure(way, CaptureWhy.NO_IMAGE)
    size = reader.size()
    if size.width() * size.height() > _MOST_PIXELS:
        raise failure(way, CaptureWhy.TOO_LARGE)
    image = reader.read()
    if image.isNull():
        raise failure(way, CaptureWhy.NO_IMAGE)
    return plain(image)
