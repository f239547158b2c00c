"""Boxes and points in an answer, as values: what is meant, in which scale, and where that lies on the image.

Models give places in four scales, and rarely say which. `decided_scale` goes by these rules, the first that
holds:

1. The form tells: ``box_2d`` and ``point`` of Gemini, ``<loc…>`` of PaliGemma and Florence, ``<box>`` and
   ``<|det|>`` of Qwen-VL, InternVL and DeepSeek-VL2 are in thousandths; ``<point x y>`` of Molmo in per cent.
2. The answer, the question or its schema says so: "in pixels", "0-1000", "in per cent", "normalised".
3. A number above 1,000 can only be pixels; none above 1 can only be parts of 1.
4. The model is known for its ``bbox_2d``: Qwen2.5-VL gives pixels; Qwen3-VL, GLM-V, Gemma and Gemini
   thousandths.
5. A box that would lie outside of the image in pixels is in thousandths.
6. Else thousandths, which most models are trained on, and `Pointing.assumed` says that this is a guess.

Pixels are those of the sent image. Qwen2.5-VL counts them after its own scaling to multiples of 28, which is
within 14 pixels of ours.

Sources: https://ai.google.dev/gemini-api/docs/image-understanding (y first, 0 to 1000),
https://github.com/QwenLM/Qwen3-VL (cookbooks/2d_grounding), https://molmo.allenai.org (points in per cent),
https://huggingface.co/blog/paligemma (1,024 places, y first),
https://huggingface.co/microsoft/Florence-2-large (1,000 places, x first), https://github.com/zai-org/GLM-V.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.edits import Edits, Point, placement
from desktop.core.text import marked

MOST_PLACES = 500
_LEAST_SHARE = 0.004
"""A box thinner than this, on either side, is made visible."""


class Scale(StrEnum):
    """What the numbers of a place count."""

    THOUSANDTHS = "thousandths"
    PIXELS = "pixels"
    PERCENT = "percent"
    UNIT = "unit"


SCALE_NAMES = {
    Scale.THOUSANDTHS: marked("0 to 1000"),
    Scale.PIXELS: marked("Pixels"),
    Scale.PERCENT: marked("Per cent"),
    Scale.UNIT: marked("0 to 1"),
}
"""To be translated where they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A box or a point as the answer gives it, x before y.

    Attributes:
        left: across.
        top: down.
        right: the same as ``left`` for a point.
        bottom: the same as ``top`` for a point.
        label: what is there; empty if the answer does not say.
        image: which image is meant: its number in the question from 1, or its name; None if the answer does
            not say.
        told: the scale that the form has; None where it has none.
    """

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""
    image: int | str | None = None
    told: Scale | None = None

    @property
    def is_point(self) -> bool:
        """Whether it has no extent."""
        return self.left == self.right and self.top == self.bottom

    def numbers(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.right, self.bottom

    def swapped(self) -> "Place":
        """With across and down exchanged."""
        return replace(self, left=self.top, top=self.left, right=self.bottom, bottom=self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """All places that an answer names on one image.

    Attributes:
        places: in the order of the answer.
        scale: what their numbers count.
        assumed: the scale is a guess.
        left_out: places beyond `MOST_PLACES`.
    """

    places: tuple[Place, ...]
    scale: Scale
    assumed: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place lies, in parts of the sent image's width and height, from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    is_point: bool = False

    @property
    def middle(self) -> Point:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Clockwise from the upper left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )


def spot_of(place: Place, scale: Scale, sent_px: tuple[int, int]) -> Spot | None:
    """Where a place lies on the sent image, cut at its edges; None where it lies outside of it.

    Args:
        place: as the answer gives it.
        scale: what its numbers count.
        sent_px: width and height of the sent image.
    """
    across, down = _units(scale, sent_px)
    left, right = sorted((place.left / across, place.right / across))
    top, bottom = sorted((place.top / down, place.bottom / down))
    if left > 1 or top > 1 or right < 0 or bottom < 0:
        return None
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in (left, top, right, bottom))
    if place.is_point:
        return Spot(left, top, right, bottom, is_point=True)
    (left, right), (top, bottom) = _seen(left, right), _seen(top, bottom)
    return Spot(left, top, right, bottom)


def page_point(at: Point, edits: Edits, page_px: tuple[int, int], sent_px: tuple[int, int]) -> Point:
    """Where a point of the sent image, in parts of it, lies on the page that it was made of.

    Args:
        at: across and down, 0 to 1.
        edits: what was done to the page: crop and turns count.
        page_px: width and height of the upright page.
        sent_px: width and height of the sent image.
    """
    a, b, c, d, e, f = placement(edits, page_px, sent_px)
    x, y = at[0] * sent_px[0] - c, at[1] * sent_px[1] - f
    # Turns are by quarters and no side is 0, so there is always a way back.
    over = a * e - b * d
    return (e * x - b * y) / over, (a * y - d * x) / over


def decided_scale(
    places: Sequence[Place], *, text: str = "", model: str = "", sent_px: tuple[int, int] | None = None
) -> tuple[Scale, bool]:
    """The scale of places that belong together, and whether it is a guess; see above for the rules.

    Args:
        places: at least one.
        text: the answer and what was asked for, for what they say about the numbers.
        model: id of the model that answered.
        sent_px: width and height of the sent image, if it is known which one is meant.
    """
    told = next((place.told for place in places if place.told is not None), None)
    if told is not None:
        return told, False
    largest = max(abs(number) for place in places for number in place.numbers())
    said = next((scale for scale, words in _WORDS if words.search(text) and _possible(scale, largest)), None)
    if said is not None:
        return said, False
    if largest > 1000 or largest <= 1:
        return (Scale.PIXELS if largest > 1000 else Scale.UNIT), False
    known = next((scale for scale, names in _MODELS if names.search(model)), None)
    if known is not None:
        return known, False
    width, height = sent_px or (1000, 1000)
    beyond = any(place.right > width or place.bottom > height for place in places)
    return Scale.THOUSANDTHS, not beyond


_WORDS = (
    (Scale.THOUSANDTHS, re.compile(r"\b0\s{0,2}(?:-|–|to|\.\.)\s{0,2}1[, ]?000\b", re.IGNORECASE)),
    (Scale.UNIT, re.compile(r"normali[sz]ed|\b0\s{0,2}(?:-|–|to|\.\.)\s{0,2}1\b", re.IGNORECASE)),
    (Scale.PERCENT, re.compile(r"\b(?:in|as) per ?cent|\bpercentages? of the\b|百分比", re.IGNORECASE)),
    (Scale.PIXELS, re.compile(r"\bin pixels?\b|\bpixel (?:coord|val|pos)|\d ?px\b|像素", re.IGNORECASE)),
)
_MODELS = (
    (Scale.PIXELS, re.compile(r"qwen[-_]?2[._]?5", re.IGNORECASE)),
    (Scale.THOUSANDTHS, re.compile(r"qwen[-_]?3|glm|gemma|gemini|internvl|deepseek", re.IGNORECASE)),
)


def _possible(scale: Scale, largest: float) -> bool:
    most = {Scale.UNIT: 1.0, Scale.PERCENT: 100.0, Scale.THOUSANDTHS: 1000.0}
    return largest <= most.get(scale, largest)


def _units(scale: Scale, sent_px: tuple[int, int]) -> tuple[float, float]:
    if scale is Scale.PIXELS:
        return float(sent_px[0]), float(sent_px[1])
    whole = {Scale.UNIT: 1.0, Scale.PERCENT: 100.0, Scale.THOUSANDTHS: 1000.0}[scale]
    return whole, whole


def _seen(start: float, end: float) -> tuple[float, float]:
    """Wide enough to be seen."""
    if end - start >= _LEAST_SHARE:
        return start, end
    middle = min(max((start + end) / 2, _LEAST_SHARE / 2), 1 - _LEAST_SHARE / 2)
    return middle - _LEAST_SHARE / 2, middle + _LEAST_SHARE / 2
