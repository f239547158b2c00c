"""What runs in the reader's own process: text by RapidOCR, codes by zxing-cpp, and never a network."""

import functools
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.core.problems import Code, ProblemError, problem
from desktop.engines.on_device.layout import Corners, TextBox, level, reading_lines

if TYPE_CHECKING:
    from PIL.Image import Image
    from rapidocr import RapidOCR

_THREADS: Final = 2
_MAX_WIDTH_PX: Final = 2880
_MAX_SHORT_SIDE_PX: Final = 2000
_TILE_PX: Final = 2400
_TILE_OVERLAP_PX: Final = 240
_MIN_SIDE_PX: Final = 8
"""Smaller pictures hold no letter, and the detector fails on them."""

_MAX_RATIO: Final = 2
"""Of the sides that the detector gets."""

_MAX_LINE_CHARACTERS: Final = 2_000
_MAX_BOXES: Final = 2_000
_MAX_CODES: Final = 100
_MAX_CODE_CHARACTERS: Final = 8_000


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A barcode or QR code: what kind, for example ``QR Code``, and what it holds."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found in one image.

    Attributes:
        lines: text in reading order; an empty line between paragraphs.
        codes: barcodes and QR codes, from the top.
    """

    lines: tuple[str, ...] = ()
    codes: tuple[FoundCode, ...] = ()


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


def read_image(data: bytes, text: bool, codes: bool) -> Reading:
    """Read one encoded image.

    Args:
        data: PNG or JPEG bytes.
        text: whether its text is wanted, which takes a second or more.
        codes: whether its barcodes and QR codes are.

    Raises:
        ProblemError: READER_MISSING if a package is not installed.
    """
    try:
        image = decoded(data)
        lines = _text_lines(image) if text else ()
        return Reading(lines=lines, codes=_found_codes(image) if codes else ())
    except ImportError as error:
        raise missing_package(error) from None


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


@functools.cache
def _ocr() -> "RapidOCR":
    from pathlib import Path  # noqa: PLC0415

    import rapidocr  # noqa: PLC0415

    models = Path(rapidocr.__file__).parent / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.max_side_len": max(_MAX_WIDTH_PX, _TILE_PX + _TILE_OVERLAP_PX),
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    # A path that is given is used as it is; without one RapidOCR may fetch another version of the model.
    for part, pattern in (("Det", "*det*.onnx"), ("Rec", "*rec*.onnx"), ("Cls", "*cls*.onnx")):
        found = sorted(models.glob(pattern))
        if not found:
            raise ImportError(f"rapidocr has no {part} model", name="rapidocr")
        parameters[f"{part}.model_path"] = str(found[-1])
    return rapidocr.RapidOCR(params=parameters)


def _text_lines(image: "Image") -> tuple[str, ...]:
    if min(image.size) < _MIN_SIDE_PX:
        return ()
    scale = min(1.0, _MAX_WIDTH_PX / image.width, _MAX_SHORT_SIDE_PX / min(image.size))
    if scale < 1:
        image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    pieces: list[tuple[str, Corners]] = []
    for top, bottom in tiles(image.height):
        found = _pieces(image.crop((0, top, image.width, bottom)), top)
        pieces += [piece for piece in found if _belongs(piece[1], top, bottom, image.height)]
    boxes: list[TextBox] = level(pieces[:_MAX_BOXES])
    return tuple(line[:_MAX_LINE_CHARACTERS] for line in reading_lines(boxes))


def _pieces(image: "Image", offset_px: int) -> list[tuple[str, Corners]]:
    import numpy as np  # noqa: PLC0415

    result = _ocr()(np.ascontiguousarray(np.asarray(_broadened(image))[:, :, ::-1]))
    boxes, texts = getattr(result, "boxes", None), getattr(result, "txts", None)
    if boxes is None or texts is None:
        return []
    return [
        (clean, _corners(box, offset_px))
        for box, text in zip(boxes, texts, strict=True)
        if (clean := _printable(text).strip())
    ]


def _broadened(image: "Image") -> "Image":
    """Room beside or below a strip: the detector enlarges by the shorter side, however long the other is."""
    from PIL import Image  # noqa: PLC0415

    least = max(image.size) // _MAX_RATIO
    if min(image.size) >= least:
        return image
    ground = Image.new("RGB", (max(image.width, least), max(image.height, least)), "white")
    ground.paste(image)
    return ground


def _corners(box: Any, offset_px: int) -> Corners:  # noqa: ANN401 - a numpy array of 4 x 2
    first, second, third, fourth = ((float(x), float(y) + offset_px) for x, y in box)
    return first, second, third, fourth


def _belongs(corners: Corners, top: int, bottom: int, height: int) -> bool:
    """Whether a piece counts in this tile: in an overlap, a line belongs to the tile that holds it whole."""
    middle = sum(y for _x, y in corners) / 4
    half = _TILE_OVERLAP_PX / 2
    return (top == 0 or middle >= top + half) and (bottom == height or middle < bottom - half)


def _found_codes(image: "Image") -> tuple[FoundCode, ...]:
    import zxingcpp  # noqa: PLC0415

    found = sorted(
        zxingcpp.read_barcodes(image),
        key=lambda code: (code.position.top_left.y, code.position.top_left.x),
    )
    return tuple(
        FoundCode(str(code.format), _printable(code.text)[:_MAX_CODE_CHARACTERS])
        for code in found[:_MAX_CODES]
    )


def _printable(text: str) -> str:
    """Without what would not show: control characters, and marks that turn the direction of writing."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else " "
        for character in text
        if not 0x202A <= ord(character) <= 0x202E and not 0x2066 <= ord(character) <= 0x2069
    )
