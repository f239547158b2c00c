"""Text by RapidOCR: where it stands and what it says, whichever way it is turned."""

import functools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from desktop.core.found_text import Corners, FoundLine
from desktop.engines.on_device.codes import plain

if TYPE_CHECKING:
    from PIL.Image import Image
    from rapidocr import RapidOCR

LONGEST_PX: Final = 2880
"""Longest side of what is recognised at once."""

_THREADS: Final = 2
_MAX_RATIO: Final = 2
"""Of the sides that the detector gets."""

MAX_LINE_CHARACTERS: Final = 2_000
_TALL: Final = 1.5
"""RapidOCR reads a box that is so many times higher than wide from the top down."""

_LEAST_CONFIDENCE: Final = 0.5
_DOUBTFUL: Final = 0.85
"""Upright lines come out above this, and those that stand on their head between 0.4 and 0.8."""

_MAX_DOUBTS: Final = 400
_FIRST_DOUBTS: Final = 12
"""If none of so many lines is better on its head, they are bad for another reason."""


def recognised(image: "Image", offset_px: tuple[int, int] = (0, 0)) -> list[FoundLine]:
    """The pieces of text of an image, also those that no one could read.

    Args:
        image: mode RGB, its sides at most `LONGEST_PX`.
        offset_px: where it stands in the picture in whose pixels the corners are told.
    """
    result = _read(_broadened(image), detect=True)
    boxes, texts, scores = (getattr(result, part, None) for part in ("boxes", "txts", "scores"))
    if boxes is None or texts is None or scores is None:
        return []
    return [
        FoundLine(text[:MAX_LINE_CHARACTERS], _corners(box, offset_px), float(score))
        for box, text, score in zip(boxes, texts, scores, strict=True)
    ]


def upright(image: "Image", lines: Sequence[FoundLine]) -> list[FoundLine]:
    """The pieces as they read: doubtful ones are read on their head too, and the better reading stays.

    RapidOCR's own classifier of directions is not used: it turns long upright lines around and spoils them.

    Args:
        image: mode RGB.
        lines: of `recognised`, in its pixels.
    """
    found = list(lines)
    doubtful = [number for number, line in enumerate(found) if line.confidence < _DOUBTFUL]
    doubtful.sort(key=lambda number: -len(found[number].text))
    better = 0
    for count, number in enumerate(doubtful[:_MAX_DOUBTS]):
        if count == _FIRST_DOUBTS and not better:
            break
        line = found[number]
        other = _read_part(image, line.corners[2:] + line.corners[:2])
        if other is not None and other.confidence >= _DOUBTFUL and len(other.text) > 1:
            found[number] = other
            better += 1
    return [
        replace(line, text=clean)
        for line in found
        if line.confidence >= _LEAST_CONFIDENCE and (clean := plain(line.text).strip())
    ]


def _read_part(image: "Image", corners: Corners) -> FoundLine | None:
    """One line, cut out so that it stands upright."""
    from PIL import Image  # noqa: PLC0415

    upper_left, upper_right, lower_right, lower_left = corners
    size = round(math.dist(upper_left, upper_right)), round(math.dist(upper_left, lower_left))
    if min(size) < 1:
        return None
    quad = (*upper_left, *lower_left, *lower_right, *upper_right)
    part = image.transform(size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    result = _read(part, detect=False)
    texts, scores = getattr(result, "txts", None), getattr(result, "scores", None)
    if not texts or not scores:
        return None
    return FoundLine(str(texts[0])[:MAX_LINE_CHARACTERS], corners, float(scores[0]))


def _read(image: "Image", *, detect: bool) -> Any:  # noqa: ANN401 - RapidOCR's own, one of four
    import numpy as np  # noqa: PLC0415

    pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
    # It remembers each of these from call to call.
    return _ocr()(pixels, use_det=detect, use_cls=False, use_rec=True, text_score=0.0)


@functools.cache
def _ocr() -> "RapidOCR":
    from pathlib import Path  # noqa: PLC0415

    import rapidocr  # noqa: PLC0415

    models = Path(rapidocr.__file__).parent / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.max_side_len": LONGEST_PX,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    # A path that is given is used as it is; without one RapidOCR may fetch another version of the model.
    for part, pattern in (("Det", "*det*.onnx"), ("Rec", "*rec*.onnx")):
        found = sorted(models.glob(pattern))
        if not found:
            raise ImportError(f"rapidocr has no {part} model", name="rapidocr")
        parameters[f"{part}.model_path"] = str(found[-1])
    return rapidocr.RapidOCR(params=parameters)


def _broadened(image: "Image") -> "Image":
    """Room beside or below a strip: the detector enlarges by the shorter side, however long the other is."""
    from PIL import Image  # noqa: PLC0415

    least = max(image.size) // _MAX_RATIO
    if min(image.size) >= least:
        return image
    ground = Image.new("RGB", (max(image.width, least), max(image.height, least)), "white")
    ground.paste(image)
    return ground


def _corners(box: Any, offset_px: tuple[int, int]) -> Corners:  # noqa: ANN401 - a numpy array of 4 x 2
    """The corners as the text reads: RapidOCR tells them from the upper left of the picture."""
    left, top = offset_px
    first, second, third, fourth = ((float(x) + left, float(y) + top) for x, y in box)
    if math.dist(first, fourth) >= _TALL * math.dist(first, second):
        return second, third, fourth, first
    return first, second, third, fourth
