"""What goes to the worker processes and what they give back: values without Pillow, ready for any thread."""

from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.edits import Edits
from desktop.core.model import ImageFacts, SentImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What a page of a file becomes.

    Attributes:
        width_px: width of the finished picture: cropped, turned and scaled.
        height_px: height of the finished picture.
        edits: what is done to it; their marks come painted, in ``overlay``.
        overlay: a PNG of mode RGBA and exactly the finished size, laid over the picture last.
        quick: scaled by a filter that takes two thirds of the time and is a little softer, for thumbnails.
    """

    width_px: int
    height_px: int
    edits: Edits = field(default_factory=Edits)
    overlay: bytes | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheFolders:
    """Where what was found out about files is kept.

    Attributes:
        own: our own folder; see `known`.
        shared: ``$XDG_CACHE_HOME/thumbnails``, shared with the file manager; None where there is none. See
            `file_manager`.
        left_out: nothing is kept of files in these folders, nor in the two above.
    """

    own: Path
    shared: Path | None = None
    left_out: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels for the window, upright and on an opaque ground, as they are sent.

    Attributes:
        width_px: width in pixels, at least 1.
        height_px: height in pixels, at least 1.
        rgba: ``width_px * height_px * 4`` bytes, rows from the top without padding, alpha always 255: what
            ``QImage(rgba, width, height, 4 * width, Format_RGBX8888)`` shows without decoding.
    """

    width_px: int
    height_px: int
    rgba: bytes | memoryview


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture, encoded: it crosses in a twentieth of the bytes, and is kept as it is.

    Attributes:
        width_px: width in pixels, at least 1.
        height_px: height in pixels, at least 1.
        jpeg: a whole JPEG file of this size, upright and on an opaque ground.
    """

    width_px: int
    height_px: int
    jpeg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What one page of a file turned out to be. It was decoded once, so it can be sent.

    Attributes:
        facts: what the file says about itself.
        thumbnail: None if none was asked for, or it is only put into the caches.
        fingerprint: what it looks like, in 64 bits (see `images.fingerprint`); None without a thumbnail, and
            for a picture of one colour.
    """

    facts: ImageFacts
    thumbnail: Thumbnail | None
    fingerprint: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """The bytes that are sent, and their description."""

    sent: SentImage
    data: bytes
