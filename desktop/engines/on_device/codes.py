"""Barcodes and QR codes, and the letters that text recognition sees in their bars and in the digits below."""

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from desktop.core.found_text import Box, Corners, FoundLine, PageCode, bounds

if TYPE_CHECKING:
    from PIL.Image import Image

_MAX_CODES: Final = 100
_MAX_CODE_CHARACTERS: Final = 8_000
_INSIDE: Final = 0.5
"""Share of a piece of text that has to lie inside a code to count as one of its bars."""

_MARGIN: Final = 0.2
"""Of a code's width: the first digit of an EAN stands left of its bars."""

_ALIKE: Final = 0.7
"""How much of a code's value the line of digits below it has to hold; some are misread."""


def find_codes(image: "Image") -> tuple[PageCode, ...]:
    """The codes of an image with their corners in its pixels, from the top, at most 100."""
    import zxingcpp  # noqa: PLC0415 - only the reader's process needs it

    found = sorted(
        (
            PageCode(str(code.format), plain(code.text)[:_MAX_CODE_CHARACTERS], _corners(code.position))
            for code in zxingcpp.read_barcodes(image)
        ),
        key=lambda code: bounds(code.corners)[1::-1],
    )
    return tuple(found[:_MAX_CODES])


def without_codes(lines: Iterable[FoundLine], codes: Sequence[PageCode]) -> list[FoundLine]:
    """The pieces of text that are neither bars of a code nor its value printed beside it.

    Args:
        lines: pieces of text.
        codes: in pixels of the same image.
    """
    kept = list(lines)
    for code in codes:
        box = bounds(code.corners)
        kept = [line for line in kept if not _is_inside(bounds(line.corners), box)]
        value = sorted((line for line in kept if _stands_beside(line, box)), key=lambda line: line.corners)
        if _is_value("".join(line.text for line in value), code.text):
            kept = [line for line in kept if line not in value]
    return kept


def plain(text: str) -> str:
    """Without what would not show: control characters, and marks that turn the direction of writing."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else " "
        for character in text
        if not 0x202A <= ord(character) <= 0x202E and not 0x2066 <= ord(character) <= 0x2069
    )


def _corners(position: Any) -> Corners:  # noqa: ANN401 - zxing's own, without types
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    first, second, third, fourth = ((float(corner.x), float(corner.y)) for corner in corners)
    return first, second, third, fourth


def _is_inside(box: Box, code: Box) -> bool:
    across = min(box[2], code[2]) - max(box[0], code[0])
    down = min(box[3], code[3]) - max(box[1], code[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return across > 0 and down > 0 and across * down >= _INSIDE * area


def _stands_beside(line: FoundLine, code: Box) -> bool:
    """Whether a piece holds a digit and stands less than a line above, beside or below a code."""
    left, top, right, bottom = bounds(line.corners)
    margin = _MARGIN * (code[2] - code[0])
    aligned = left >= code[0] - margin and right <= code[2] + margin
    middle, height = (top + bottom) / 2, bottom - top
    near = code[1] - height <= middle <= code[3] + height
    return aligned and near and any(character.isdigit() for character in line.text)


def _is_value(text: str, value: str) -> bool:
    read, held = _letters(text), _letters(value)
    return bool(read) and difflib.SequenceMatcher(None, read, held, autojunk=False).ratio() >= _ALIKE


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
