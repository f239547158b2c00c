"""What runs in the reader's own process: text by RapidOCR, codes by zxing-cpp, and never a network."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from desktop.core.found_text import Corners, FoundLine, PageCode, PageText, scaled
from desktop.core.problems import Code, ProblemError, problem
from desktop.engines.on_device.codes import find_codes, without_codes
from desktop.engines.on_device.layout import arrange, level, reading_lines
from desktop.engines.on_device.recognition import LONGEST_PX, MAX_LINE_CHARACTERS, recognised, upright

if TYPE_CHECKING:
    from PIL.Image import Image

_MAX_WIDTH_PX: Final = LONGEST_PX
_MAX_SHORT_SIDE_PX: Final = 2000
_TILE_PX: Final = 2400
_TILE_OVERLAP_PX: Final = 240
_BAND_GAP_PX: Final = 240
"""This many empty rows part a page: the detector misses a lone line on a large empty ground."""

_BAND_MARGIN_PX: Final = 100
_GROUND_NOISE: Final = 16
"""Difference of a colour from that of the ground, of 255, that is not seen."""

_MIN_SIDE_PX: Final = 8
"""Smaller pictures hold no letter, and the detector fails on them."""

_MAX_BOXES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found in one image.

    Attributes:
        lines: text in reading order, without what belongs to a code; an empty line between paragraphs.
        codes: barcodes and QR codes, from the top.
    """

    lines: tuple[str, ...] = ()
    codes: tuple[PageCode, ...] = ()


def start_reader() -> None:
    """Make this process the reader. Run once, before the first task."""
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import sys  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    # Python's own handler would wait until a network written in C++ comes back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    # RapidOCR downloads what it misses; here it must not.
    sys.addaudithook(_refuse_network)


def read_image(data: bytes, text: bool) -> Reading:
    """Read one encoded image.

    Args:
        data: PNG or JPEG bytes.
        text: whether its text is wanted too, which takes a second or more.

    Raises:
        ProblemError: READER_MISSING if a package is not installed.
    """
    try:
        image = decoded(data)
        codes = find_codes(image)
        lines = _in_order(_found_lines(image, codes))[1] if text else ()
        return Reading(lines=lines, codes=codes)
    except ImportError as error:
        raise missing_package(error) from None


def read_page(data: bytes, page_px: tuple[int, int]) -> PageText:
    """Read one encoded page for the viewer: text and codes with their places.

    Args:
        data: PNG or JPEG bytes of the whole upright page, at whatever scale.
        page_px: width and height in which the places are told.

    Raises:
        ProblemError: READER_MISSING if a package is not installed.
    """
    try:
        image = decoded(data)
        codes = find_codes(image)
        found, text, turns = _in_order(_found_lines(image, codes))
    except ImportError as error:
        raise missing_package(error) from None
    across, down = page_px[0] / image.width, page_px[1] / image.height
    return PageText(
        lines=tuple(replace(line, corners=scaled(line.corners, across, down)) for line in found),
        codes=tuple(replace(code, corners=scaled(code.corners, across, down)) for code in codes),
        text="\n".join(text),
        page_px=page_px,
        quarter_turns=turns,
    )


def _refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg"}:
        raise PermissionError(event)


def missing_package(error: ImportError) -> ProblemError:
    """The problem of a reader that is not installed whole."""
    return ProblemError(problem(Code.READER_MISSING, package=error.name or str(error)))


def decoded(data: bytes) -> "Image":
    """The pixels of bytes that Sightline encoded itself, mode RGB."""
    from PIL import Image  # noqa: PLC0415

    return Image.open(io.BytesIO(data), formats=("PNG", "JPEG")).convert("RGB")


def tiles(height_px: int) -> list[tuple[int, int]]:
    """Top and bottom of overlapping pieces of a long image, such as a captured page; one if it is short."""
    if height_px <= _TILE_PX + _TILE_OVERLAP_PX:
        return [(0, height_px)]
    step = _TILE_PX - _TILE_OVERLAP_PX
    tops = range(0, height_px - _TILE_OVERLAP_PX, step)
    return [(top, min(top + _TILE_PX, height_px)) for top in tops]


def _found_lines(image: "Image", codes: Sequence[PageCode]) -> list[FoundLine]:
    """The pieces of text of an image, in its pixels, without what belongs to a code."""
    if min(image.size) < _MIN_SIDE_PX:
        return []
    scale = min(1.0, _MAX_WIDTH_PX / image.width, _MAX_SHORT_SIDE_PX / min(image.size))
    if scale < 1:
        image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    pieces: list[FoundLine] = []
    for left, upper, right, lower in bands(image):
        for top, bottom in tiles(lower - upper):
            found = recognised(image.crop((left, upper + top, right, upper + bottom)), (left, upper + top))
            pieces += [line for line in found if _belongs(line.corners, upper, (top, bottom, lower - upper))]
    found = upright(image, pieces[:_MAX_BOXES])
    back = 1 / scale
    return without_codes([replace(line, corners=scaled(line.corners, back, back)) for line in found], codes)


def _in_order(lines: Sequence[FoundLine]) -> tuple[list[FoundLine], tuple[str, ...], int]:
    """The pieces in the order of reading, the text line by line, and the turns that would make it upright."""
    turns = _quarter_turns(lines)
    blocks = arrange(level(_turned(line, turns) for line in lines))
    found = [lines[box.number] for rows in blocks for row in rows for box in row]
    return found, tuple(line[:MAX_LINE_CHARACTERS] for line in reading_lines(blocks)), turns


def _quarter_turns(lines: Sequence[FoundLine]) -> int:
    """Clockwise, 0 to 3: what most characters need; a single one has no direction that could be told."""
    weights = [0, 0, 0, 0]
    for line in lines:
        weights[round(-line.angle / (math.pi / 2)) % 4] += len(line.text) - 1
    return max(range(4), key=lambda turns: (weights[turns], -turns))


def _turned(line: FoundLine, quarter_turns: int) -> FoundLine:
    """A piece where it would stand on the page turned clockwise about its corner."""
    for _ in range(quarter_turns):
        first, second, third, fourth = ((-y, x) for x, y in line.corners)
        line = replace(line, corners=(first, second, third, fourth))
    return line


def bands(image: "Image") -> list[tuple[int, int, int, int]]:
    """The parts of a page that are not empty, from the top: left, top, right and bottom; none if all is."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image, ImageChops  # noqa: PLC0415

    ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
    red, green, blue = ImageChops.difference(image, ground).split()
    marks = np.asarray(ImageChops.lighter(red, ImageChops.lighter(green, blue))) > _GROUND_NOISE
    rows = np.flatnonzero(marks.any(axis=1))
    if not rows.size:
        return []
    margin, found = _BAND_MARGIN_PX, []
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > _BAND_GAP_PX) + 1):
        top, bottom = int(run[0]), int(run[-1]) + 1
        columns = np.flatnonzero(marks[top:bottom].any(axis=0))
        left, right = int(columns[0]) - margin, int(columns[-1]) + 1 + margin
        found.append(
            (max(0, left), max(0, top - margin), min(image.width, right), min(image.height, bottom + margin))
        )
    return found


def _belongs(corners: Corners, upper: int, tile: tuple[int, int, int]) -> bool:
    """Whether a piece counts in this tile: in an overlap, a line belongs to the tile that holds it whole.

    Args:
        corners: of the piece, in the whole image.
        upper: where the band of the tile begins.
        tile: its top and bottom in the band, and the band's height.
    """
    top, bottom, height = tile
    middle = sum(y for _x, y in corners) / 4 - upper
    half = _TILE_OVERLAP_PX / 2
    return (top == 0 or middle >= top + half) and (bottom == height or middle < bottom - half)
