"""Files of several pages or frames: which of them are images of their own, and what one is called."""

from desktop.core.model import ImageFacts
from desktop.core.text import _

PAGED_FORMATS = frozenset({"PDF", "TIFF"})
"""Each page is an image that may be asked about."""
ANIMATED_FORMATS = frozenset({"GIF", "WEBP", "PNG", "AVIF"})
"""One image of which one frame is sent."""


def is_paged(facts: ImageFacts) -> bool:
    """Whether it is one page of several."""
    return facts.frames > 1 and facts.format in PAGED_FORMATS


def is_animated(facts: ImageFacts) -> bool:
    """Whether it is one frame of several."""
    return facts.frames > 1 and facts.format in ANIMATED_FORMATS


def page_name(name: str, page: int) -> str:
    """``report.pdf · page 3`` for page 2, which counts from 0."""
    return _("{name} · page {page}").format(name=name, page=page + 1)


def picture_name(facts: ImageFacts) -> str:
    """The file's name, and the page where it has several."""
    return page_name(facts.name, facts.page) if is_paged(facts) else facts.name
