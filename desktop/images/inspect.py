"""What goes to the worker processes and what they give back: values without Pillow, ready for any thread."""

from dataclasses import dataclass, field

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
    """

    width_px: int
    height_px: int
    edits: Edits = field(default_factory=Edits)
    overlay: bytes | None = None


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
class Inspection:
    """What one page of a file turned out to be. It was decoded once, so it can be sent.

    Attributes:
        facts: what the file says about itself.
        thumbnail: None if none was asked for.
    """

    facts: ImageFacts
    thumbnail: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """The bytes that are sent, and their description."""

    sent: SentImage
    data: bytes
