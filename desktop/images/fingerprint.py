"""What a picture looks like, in 64 bits: pictures that differ in few of them look nearly the same."""

from typing import Final

from PIL import Image

_SIDE: Final = 8
_LEAST_CONTRAST: Final = 6
"""Difference between the darkest and the brightest part, below which there is nothing to compare."""


def fingerprint(image: Image.Image) -> int | None:
    """The difference hash of a picture: whether each of 8 by 8 parts is brighter than its right neighbour.

    Args:
        image: mode RGB or L, upright, any size.

    Returns:
        64 bits; None for a picture of one colour, which would look like all others of one colour.
    """
    grey = image.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    values = grey.tobytes()
    if max(values) - min(values) < _LEAST_CONTRAST:
        return None
    bits = 0
    for at, value in enumerate(values):
        if at % (_SIDE + 1) < _SIDE:
            bits = bits << 1 | (value > values[at + 1])
    return bits
