"""Opens an image by its content: an allow-list of formats, and limits that are checked before decoding."""

import io
from typing import Final

from PIL import AvifImagePlugin, Image, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.text import marked
from desktop.images.webp import webp_size

MAX_PIXELS = 64_000_000
"""Most pixels that are decoded: 256 MB, as Pillow holds four bytes a pixel."""

MAX_WEBP_PIXELS = 50_000_000
"""Most pixels of a WebP, whose decoder holds five copies of them."""

MAX_JPEG_PIXELS = 400_000_000
"""Most pixels of a JPEG, which can be decoded at a half, a quarter or an eighth of its size."""

MAX_PROGRESSIVE_PIXELS = 120_000_000
"""Most pixels of a progressive JPEG: its coefficients (up to 6 bytes a pixel) are in memory at any scale."""

_ALLOWED: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")

# Pillow would load all the formats that it knows to find these.
_PLUGINS: Final = (AvifImagePlugin, TiffImagePlugin, WebPImagePlugin)

_DNG_VERSION: Final = 50706
_NEW_SUBFILE_TYPE: Final = 254
_SUB_IFDS: Final = 330

_VIDEO: Final = marked("video")
_RAW_PHOTO: Final = marked("raw photo")
_OTHER_FORMATS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"8BPS", "Photoshop"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"\x00\x00\x02\x00", "CUR"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"%!PS", "PostScript"),
    (0, b"\x1a\x45\xdf\xa3", _VIDEO),
    (4, b"ftypqt", _VIDEO),
    (4, b"ftypisom", _VIDEO),
    (4, b"ftypmp4", _VIDEO),
    (8, b"AVI ", _VIDEO),
    (0, b"gimp xcf", "XCF"),
    (0, b"AT&TFORM", "DjVu"),
    (0, b"v/1\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"DDS ", "DDS"),
    (0, b"FUJIFILMCCD-RAW", _RAW_PHOTO),
    (8, b"CR\x02\x00", _RAW_PHOTO),
    (4, b"ftypcrx", _RAW_PHOTO),
    (0, b"P1\n", "PNM"),
    (0, b"P4\n", "PNM"),
    (0, b"P5\n", "PNM"),
    (0, b"P6\n", "PNM"),
)

_ALLOWED_STARTS: Final[tuple[tuple[int, bytes], ...]] = (
    (0, b"\x89PNG"),
    (0, b"\xff\xd8\xff"),
    (0, b"GIF8"),
    (8, b"WEBP"),
    (0, b"BM"),
    (0, b"II*\x00"),
    (0, b"MM\x00*"),
    (0, b"II+\x00"),
    (0, b"MM\x00+"),
    (4, b"ftyphei"),
    (4, b"ftyphev"),
    (4, b"ftypmif1"),
    (4, b"ftypavi"),
)


def prepare_pillow() -> None:
    """Set Pillow up in a worker process: HEIF known, one thread a codec, our limits for Pillow's."""
    import pi_heif  # noqa: PLC0415 - only a worker needs it

    # Embedded thumbnails may show something else than the image.
    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # `open_image` is stricter for what is decoded whole; JPEG may be larger, because it is not.
    Image.MAX_IMAGE_PIXELS = None
    # Photoshop's XMP is often larger than the 1 MB that Pillow allows.
    PngImagePlugin.MAX_TEXT_CHUNK = 16 * 1024 * 1024


def open_image(data: bytes, *, name: str) -> ImageFile:
    """Open ``data`` without decoding it.

    Args:
        data: the whole file.
        name: the file's name for problems.

    Raises:
        ProblemError: IMAGE_NOT_AN_IMAGE, IMAGE_UNSUPPORTED, IMAGE_DAMAGED or IMAGE_TOO_MANY_PIXELS.
    """
    other = _other_format(data)
    if other is not None:
        raise ProblemError(problem(Code.IMAGE_UNSUPPORTED, name=name, format=other))
    canvas = webp_size(data)
    if canvas is not None:
        _check_size(canvas, MAX_WEBP_PIXELS, name)
    try:
        image = Image.open(io.BytesIO(data), formats=_ALLOWED)
    except Exception as error:
        damaged = starts_as_image(data)
        code = Code.IMAGE_DAMAGED if damaged else Code.IMAGE_NOT_AN_IMAGE
        raise ProblemError(problem(code, name=name)) from error
    if _is_raw_photo(image):
        raise ProblemError(problem(Code.IMAGE_UNSUPPORTED, name=name, format=_RAW_PHOTO))
    check_pixels(image, name=name)
    return image


def check_pixels(image: ImageFile, *, name: str) -> None:
    """Refuse an opened image of more pixels than its format allows.

    Raises:
        ProblemError: IMAGE_TOO_MANY_PIXELS.
    """
    _check_size(image.size, _limit(image), name)


def too_many_pixels(size: tuple[int, int], *, name: str, limit: int = MAX_PIXELS) -> Problem:
    """The problem of an image that is larger than the limit, with both sizes."""
    return problem(
        Code.IMAGE_TOO_MANY_PIXELS,
        name=name,
        width=size[0],
        height=size[1],
        limit_megapixels=limit // 1_000_000,
    )


def is_jpeg(image: Image.Image) -> bool:
    """Whether the content is JPEG; a camera's multi-picture file is."""
    return image.format in {"JPEG", "MPO"}


def format_name(image: Image.Image) -> str:
    """Name of the content's format, as `ImageFacts.format` holds it."""
    return "JPEG" if is_jpeg(image) else str(image.format)


def _check_size(size: tuple[int, int], limit: int, name: str) -> None:
    if size[0] * size[1] > limit:
        raise ProblemError(too_many_pixels(size, name=name, limit=limit))


def _limit(image: ImageFile) -> int:
    if not is_jpeg(image):
        return MAX_PIXELS
    return MAX_PROGRESSIVE_PIXELS if image.info.get("progressive") else MAX_JPEG_PIXELS


def _other_format(data: bytes) -> str | None:
    for offset, start, name in _OTHER_FORMATS:
        if data.startswith(start, offset):
            return name
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!doctype svg")) and b"<svg" in head):
        return "SVG"
    return None


def starts_as_image(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is read as an image."""
    return any(data.startswith(start, offset) for offset, start in _ALLOWED_STARTS)


def _is_raw_photo(image: ImageFile) -> bool:
    """Whether a TIFF is a camera's raw file, of which Pillow would show a small preview."""
    tags = getattr(image, "tag_v2", None)
    if tags is None:
        return False
    is_preview = bool(int(tags.get(_NEW_SUBFILE_TYPE, 0)) & 1)
    return _DNG_VERSION in tags or (is_preview and _SUB_IFDS in tags)
