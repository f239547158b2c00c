"""What the worker processes give back: facts, pixels for the window, bytes for the server. No Pillow here."""

from dataclasses import dataclass

from desktop.core.model import ImageFacts, SentImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture, upright and on an opaque ground, as it is sent.

    Attributes:
        width_px: width in pixels, at least 1.
        height_px: height in pixels, at least 1.
        rgba: ``width_px * height_px * 4`` bytes, rows from the top without padding, alpha always 255: what
            ``QImage(rgba, width, height, 4 * width, Format_RGBX8888)`` shows without decoding.
    """

    width_px: int
    height_px: int
    rgba: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What one file turned out to be. It was decoded once, so it can be sent.

    Attributes:
        facts: what the file says about itself.
        thumbnail: None if none was asked for.
    """

    facts: ImageFacts
    thumbnail: Thumbnail | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """The bytes that are sent, and their description."""

    sent: SentImage
    data: bytes
