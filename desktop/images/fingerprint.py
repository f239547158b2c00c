"""What a picture looks like, in 64 bits: pictures that differ in few of them look nearly the same."""

from typing import Final

from PIL import Image

_SIDE: Final = 8
_STEP: Final = 8
_LEAST_STEPS: Final = 22
"""So many neighbours of 64 must differ by more than `_STEP`. Pages of text, windows and plain pictures have
fewer: at this size they all look alike, and would be taken for copies of each other."""


def fingerprint(image: Image.Image) -> int | None:
    """The difference hash of a picture: whether each of 8 by 8 parts is brighter than its right neighbour.

    Args:
        image: mode RGB or L, upright, any size.

    Returns:
        64 bits; None for a picture that shows too little to be told from others, such as a page of text.
    """
    grey = image.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    values = grey.tobytes()
    bits = steps = 0
    for at, value in enumerate(values):
        if at % (_SIDE + 1) < _SIDE:
            bits = bits << 1 | (value > values[at + 1])
            steps += abs(value - values[at + 1]) > _STEP
    return bits if steps >= _LEAST_STEPS else None
