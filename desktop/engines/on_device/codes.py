"""Barcodes and QR codes, and the letters that text recognition sees in their bars and in the digits below."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from desktop.engines.on_device.layout import Box, Corners, bounds

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


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A barcode or QR code.

    Attributes:
        kind: for example ``QR Code``.
        text: what it holds.
        box: left, top, right and bottom in pixels of the image.
    """

    kind: str
    text: str
    box: Box = (0, 0, 0, 0)

    def scaled(self, factor: float) -> "FoundCode":
        """The code where it stands in an image of another size."""
        left, top, right, bottom = self.box
        return replace(self, box=(left * factor, top * factor, right * factor, bottom * factor))


def find_codes(image: "Image") -> tuple[FoundCode, ...]:
    """The codes of an image, from the top, at most 100."""
    import zxingcpp  # noqa: PLC0415 - only the reader's process needs it

    found = sorted(
        (
            FoundCode(str(code.format), plain(code.text)[:_MAX_CODE_CHARACTERS], _box(code.position))
            for code in zxingcpp.read_barcodes(image)
        ),
        key=lambda code: (code.box[1], code.box[0]),
    )
    return tuple(found[:_MAX_CODES])


def without_codes(
    pieces: Iterable[tuple[str, Corners]], codes: Sequence[FoundCode]
) -> list[tuple[str, Corners]]:
    """The pieces of text that are neither bars of a code nor its value printed beside it.

    Args:
        pieces: text and its corners.
        codes: in pixels of the same image.
    """
    kept = list(pieces)
    for code in codes:
        kept = [(text, corners) for text, corners in kept if not _is_inside(bounds(corners), code.box)]
        value = sorted((piece for piece in kept if _stands_beside(piece, code)), key=lambda piece: piece[1])
        if _is_value("".join(text for text, _corners in value), code.text):
            kept = [piece for piece in kept if piece not in value]
    return kept


def plain(text: str) -> str:
    """Without what would not show: control characters, and marks that turn the direction of writing."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else " "
        for character in text
        if not 0x202A <= ord(character) <= 0x202E and not 0x2066 <= ord(character) <= 0x2069
    )


def _box(position: Any) -> Box:  # noqa: ANN401 - zxing's own, without types
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return bounds([(float(corner.x), float(corner.y)) for corner in corners])


def _is_inside(box: Box, code: Box) -> bool:
    across = min(box[2], code[2]) - max(box[0], code[0])
    down = min(box[3], code[3]) - max(box[1], code[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return across > 0 and down > 0 and across * down >= _INSIDE * area


def _stands_beside(piece: tuple[str, Corners], code: FoundCode) -> bool:
    """Whether a piece holds a digit and stands less than a line above, beside or below a code."""
    text, corners = piece
    left, top, right, bottom = bounds(corners)
    margin = _MARGIN * (code.box[2] - code.box[0])
    aligned = left >= code.box[0] - margin and right <= code.box[2] + margin
    middle, height = (top + bottom) / 2, bottom - top
    near = code.box[1] - height <= middle <= code.box[3] + height
    return aligned and near and any(character.isdigit() for character in text)


def _is_value(text: str, value: str) -> bool:
    read, held = _letters(text), _letters(value)
    return bool(read) and difflib.SequenceMatcher(None, read, held, autojunk=False).ratio() >= _ALIKE


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
