"""What differs between two images: lines of text, and regions of pixels."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.engines.on_device.reader import decoded, missing_package

if TYPE_CHECKING:
    from PIL.Image import Image

_COMPARED_PX: Final = 1280
"""Longest side at which pixels are compared."""

_NOISE: Final = (24, 56, 56)
"""Difference of brightness and of the two colours, of 255, that JPEG alone can make.

It halves the resolution of colours, so an edge of red text is soft in them.
"""

_CELLS: Final = 48
_CELL_SHARE: Final = 0.01
_REACH: Final = (-2, -1, 0, 1, 2)
"""Cells with one equal cell between them belong together: letters of one word."""

_MAX_REGIONS: Final = 8


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the image that differs; the sides are shares of width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelDifference:
    """How two images differ as pixels.

    Attributes:
        first_size: width and height of the first in pixels.
        second_size: of the second, which is scaled to the first where they are not the same.
        share: of the pixels that differ by more than JPEG's noise, 0 to 1.
        regions: where, the largest first, at most 8.
        more_regions: how many further ones there are.
    """

    first_size: tuple[int, int]
    second_size: tuple[int, int]
    share: float
    regions: tuple[Region, ...]
    more_regions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDifference:
    """How two texts differ.

    Attributes:
        removed: lines only in the first text, in order.
        added: lines only in the second, in order.
        same: how many lines are in both.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    same: int = 0


def compare_text(first: Sequence[str], second: Sequence[str]) -> TextDifference:
    """Compare two texts line by line; spaces between words and empty lines do not count."""
    before, after = _normal(first), _normal(second)
    removed: list[str] = []
    added: list[str] = []
    same = 0
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, start2, end2 in matcher.get_opcodes():
        if tag == "equal":
            same += end - start
        else:
            removed += before[start:end]
            added += after[start2:end2]
    return TextDifference(removed=tuple(removed), added=tuple(added), same=same)


def compare_images(first: bytes, second: bytes) -> PixelDifference:
    """Compare two encoded images; runs in the reader's process.

    Raises:
        ProblemError: READER_MISSING if a package is not installed.
    """
    try:
        return pixel_difference(decoded(first), decoded(second))
    except ImportError as error:
        raise missing_package(error) from None


def pixel_difference(first: "Image", second: "Image") -> PixelDifference:
    """Compare two images of mode RGB."""
    import numpy as np  # noqa: PLC0415
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415

    scale = min(1.0, _COMPARED_PX / max(first.size))
    size = max(1, round(first.width * scale)), max(1, round(first.height * scale))
    before, after = (
        image.resize(size).filter(ImageFilter.BoxBlur(1)).convert("YCbCr") for image in (first, second)
    )
    differs = (np.asarray(ImageChops.difference(before, after)) > _NOISE).any(axis=2)
    regions = _regions(_cells(differs))
    return PixelDifference(
        first_size=first.size,
        second_size=second.size,
        share=float(differs.mean()),
        regions=tuple(regions[:_MAX_REGIONS]),
        more_regions=max(0, len(regions) - _MAX_REGIONS),
    )


def _normal(lines: Sequence[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines if line.strip()]


def _cells(differs: Any) -> list[list[bool]]:  # noqa: ANN401 - a numpy array
    """A coarse grid of where at least a hundredth of the pixels differ."""
    height, width = differs.shape
    rows, columns = min(_CELLS, height), min(_CELLS, width)
    return [
        [
            float(
                differs[
                    row * height // rows : (row + 1) * height // rows,
                    column * width // columns : (column + 1) * width // columns,
                ].mean()
            )
            >= _CELL_SHARE
            for column in range(columns)
        ]
        for row in range(rows)
    ]


def _regions(cells: list[list[bool]]) -> list[Region]:
    """Connected groups of cells, the largest first."""
    rows, columns = len(cells), len(cells[0])
    left_over = {(row, column) for row in range(rows) for column in range(columns) if cells[row][column]}
    groups: list[set[tuple[int, int]]] = []
    while left_over:
        groups.append(_connected(left_over.pop(), left_over))
    groups.sort(key=lambda group: (-len(group), min(group)))
    return [
        Region(
            left=min(column for _row, column in group) / columns,
            top=min(row for row, _column in group) / rows,
            right=(max(column for _row, column in group) + 1) / columns,
            bottom=(max(row for row, _column in group) + 1) / rows,
        )
        for group in groups
    ]


def _connected(start: tuple[int, int], left_over: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Take all cells near ``start``, directly or through others, out of ``left_over``."""
    group = {start}
    waiting = [start]
    while waiting:
        row, column = waiting.pop()
        for near in ((row + down, column + across) for down in _REACH for across in _REACH):
            if near in left_over:
                left_over.remove(near)
                group.add(near)
                waiting.append(near)
    return group
