"""Pixels as a model should see them: upright, sRGB, opaque, eight bits, of exactly the wanted size."""

import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, ImageCms
from PIL.ImageFile import ImageFile

from desktop.core.edits import Area
from desktop.images.formats import is_jpeg

if TYPE_CHECKING:
    from PIL._imagingcms import CmsProfile

_WHITE: Final = (255, 255, 255)
_MID_GREY: Final = (128, 128, 128)

_SWAPS_SIDES: Final = frozenset({5, 6, 7, 8})
"""EXIF orientations that turn the picture by a quarter."""

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_COLOUR_SPACES: Final = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}

_OVERSAMPLED: Final = 1.5
"""How many times the target's sides a reduced JPEG has at least. A 12-megapixel photo at 1024x768 is then
like the one made of all pixels (SSIM 0.998) in half the time; just above the target it would be 0.986."""

_MAX_OVERSAMPLED_PIXELS: Final = 64_000_000
_MAX_DECODED_PIXELS: Final = 128_000_000
"""Most pixels of a JPEG that are decoded one by one: 512 MB."""

_BEST: Final = Image.Resampling.LANCZOS
_QUICK: Final = Image.Resampling.BICUBIC
"""For thumbnails: of a photo decoded at an eighth it has a similarity of 0.988 where the best one has 0.993,
and the JPEG that is made of either loses three times as much."""

_STEPS: Final = (1, 2, 4, 8)
"""By which the JPEG decoder can divide both sides."""

_JPEG_BLOCK_PX: Final = 32
"""The largest block of pixels that share colours (ITU T.81: sampling factors up to 4, 8 pixels each)."""

_JPEG_REACH_PX: Final = 8
"""How far the decoder's smoothing carries a block's colours into the next; divisible by each step."""

_BLACK: Final[dict[str, int | tuple[int, ...]]] = {
    "RGB": (0, 0, 0),
    "CMYK": (0, 0, 0, 255),
    "LAB": (0, 0, 0),
    "LA": (0, 255),
    "RGBA": (0, 0, 0, 255),
}


def orientation(image: ImageFile) -> int:
    """EXIF orientation that is still to be applied, 1 to 8; Pillow applies a TIFF's own by itself."""
    if image.format == "TIFF":
        return 1
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - hostile metadata raises anything
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright_size(image: ImageFile) -> tuple[int, int]:
    """Width and height in pixels after the orientation is applied."""
    width, height = image.size
    return (height, width) if orientation(image) in _SWAPS_SIDES else (width, height)


def has_alpha(image: Image.Image) -> bool:
    """Whether some pixels may be transparent."""
    return image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info


def within(width_px: int, height_px: int, most_pixels: int) -> tuple[int, int]:
    """The size with at most so many pixels, aspect kept, never enlarged, each side at least 1."""
    scale = min(1.0, math.sqrt(most_pixels / (width_px * height_px)))
    return max(1, math.floor(width_px * scale)), max(1, math.floor(height_px * scale))


def render(
    image: ImageFile,
    size: tuple[int, int],
    area: Area,
    blackouts: Sequence[Area] = (),
    *,
    quick: bool = False,
) -> Image.Image:
    """Decode a part of ``image`` and make it what a model sees.

    Everything is scaled before it is turned and converted, so that a large image costs little more memory
    than its decoded self.

    Args:
        image: opened, not yet loaded.
        size: wanted width and height of the upright result, each at least 1.
        area: the part, in pixels of the upright image.
        blackouts: made black before anything else, in pixels of the upright image, left before right and
            top before bottom.
        quick: see `inspect.Finish`.

    Returns:
        Mode RGB, exactly ``size``, without any info.

    Raises:
        Exception: whatever Pillow raises for damaged files.
    """
    turn = orientation(image)
    upright = upright_size(image)
    stored = _as_stored(area, turn, upright)
    hidden = [_as_stored(black, turn, upright) for black in blackouts]
    if turn in _SWAPS_SIDES:
        size = size[1], size[0]
    profile = image.info.get("icc_profile")
    scale = draft(image, size, stored, exact=bool(hidden), quick=quick) if is_jpeg(image) else 1
    image.load()
    result = _resizable(image, [_reduced(black, scale) for black in hidden])
    result = scaled(
        result,
        size,
        (stored.left / scale, stored.top / scale, stored.right / scale, stored.bottom / scale),
        quick=quick,
    )
    result = _opaque(result, profile)
    result = made_upright(result, turn)
    result.info.clear()
    return result


def made_upright(picture: Image.Image, turn: int) -> Image.Image:
    """A picture as its EXIF orientation, 1 to 8, means it."""
    return picture.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else picture


def black_out(image: Image.Image, areas: Iterable[Area]) -> None:
    """Make areas opaque black; what of them lies outside is ignored."""
    for area in areas:
        left, top = max(area.left, 0), max(area.top, 0)
        right, bottom = min(area.right, image.width), min(area.bottom, image.height)
        if left < right and top < bottom:
            image.paste(_BLACK.get(image.mode, 0), (left, top, right, bottom))


def scaled(
    image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float], *, quick: bool = False
) -> Image.Image:
    """The ``box`` (left, top, right, bottom) of an image at ``size``, made of nothing else."""
    left, top = math.floor(box[0]), math.floor(box[1])
    right, bottom = min(math.ceil(box[2]), image.width), min(math.ceil(box[3]), image.height)
    if (left, top, right, bottom) != (0, 0, *image.size):
        image = image.crop((left, top, right, bottom))
    inner = (box[0] - left, box[1] - top, min(box[2] - left, image.width), min(box[3] - top, image.height))
    is_whole = not any(edge % 1 for edge in inner)
    if image.size == size and is_whole:
        return image
    return image.resize(size, _QUICK if quick else _BEST, box=inner, reducing_gap=3.0)


def draft(image: ImageFile, size: tuple[int, int], area: Area, *, exact: bool, quick: bool = False) -> int:
    """Let the JPEG decoder halve while it decodes, as far as it does not show.

    Args:
        image: a JPEG, not yet loaded.
        size: what ``area`` will be scaled to, as the file stores it.
        area: the part that is wanted, as the file stores it.
        exact: not halved, as long as it fits in memory: a reduced pixel is made of several.
        quick: halved down to just the target.

    Returns:
        The factor by which both sides are smaller now: 1, 2, 4 or 8.
    """
    pixels = image.width * image.height
    needed = next(step for step in _STEPS if step == 8 or pixels <= _MAX_DECODED_PIXELS * step**2)
    shrinks = min(area.width_px / size[0], area.height_px / size[1])
    enough = 1 if exact else _enough(shrinks, pixels, 1.0 if quick else _OVERSAMPLED)
    scale = max(needed, enough)
    before = image.size
    if scale > 1:
        image.draft(None, (max(1, image.width // scale), max(1, image.height // scale)))
    return scale if image.size != before else 1


def _enough(shrinks: float, pixels: int, oversampled: float) -> int:
    """The coarsest step that keeps so many times the target, or just the target where that is huge."""
    scale = max((step for step in _STEPS if oversampled * step <= shrinks), default=1)
    if pixels // scale**2 > _MAX_OVERSAMPLED_PIXELS:
        scale = max((step for step in _STEPS if step <= shrinks), default=1)
    return scale


def _as_stored(area: Area, turn: int, upright: tuple[int, int]) -> Area:
    """Where an area of the upright image lies in the file's own rows, for an EXIF orientation."""
    width, height = upright
    left, top, right, bottom = area.left, area.top, area.right, area.bottom
    if turn in {2, 3, 6, 7}:
        left, right = width - right, width - left
    if turn in {3, 4, 7, 8}:
        top, bottom = height - bottom, height - top
    return Area(top, left, bottom, right) if turn in _SWAPS_SIDES else Area(left, top, right, bottom)


def _reduced(area: Area, scale: int) -> Area:
    """Where an area lies in a reduced JPEG: all blocks that it touches, and what their colours reach."""
    if scale == 1:
        return area
    block = _JPEG_BLOCK_PX
    left, top = area.left // block * block - _JPEG_REACH_PX, area.top // block * block - _JPEG_REACH_PX
    right = -(-area.right // block) * block + _JPEG_REACH_PX
    bottom = -(-area.bottom // block) * block + _JPEG_REACH_PX
    return Area(left // scale, top // scale, right // scale, bottom // scale)


def _resizable(image: Image.Image, blackouts: Sequence[Area]) -> Image.Image:
    """Eight bits a channel, in a mode whose neighbouring values may be averaged, and blacked out."""
    if image.mode in {"I", "F"}:
        # Its brightest and darkest pixel decide about all others.
        black_out(image, blackouts)
    result = _eight_bits(image)
    black_out(result, blackouts)
    return result


def _eight_bits(image: Image.Image) -> Image.Image:
    match image.mode:
        case "L" | "RGB" | "CMYK" | "LAB" if "transparency" not in image.info:
            return image
        case "1" if "transparency" not in image.info:
            return image.convert("L")
        case "LA" | "RGBA":
            return image
        case mode if mode.startswith("I;16"):
            # 257 maps 65535 to 255 exactly.
            return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        case "I" | "F":
            return _stretched(image)
        case _:
            return image.convert("RGBA" if has_alpha(image) else "RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """32-bit values between their extremes: such files name no white of their own. A 16-bit range stays."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if image.mode == "I" and low >= 0 and 255 < high <= 65535:
        low, high = 0.0, 65535.0
    scale = 255 / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")


def _opaque(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Make it sRGB, on a ground that shows the visible pixels."""
    if image.mode not in {"RGBA", "LA"}:
        return _srgb(image, profile)
    alpha = image.getchannel("A")
    colours = _srgb(image.convert(image.mode[:-1]), profile)
    ground = Image.new("RGB", image.size, _ground(colours, alpha))
    ground.paste(colours, mask=alpha)
    return ground


def _ground(colours: Image.Image, alpha: Image.Image) -> tuple[int, int, int]:
    """White; mid-grey where nearly all that is visible is nearly white and would be lost on white."""
    visible = alpha.point([0] * 64 + [255] * 192)
    levels = colours.convert("L").histogram(visible)
    seen = sum(levels)
    hidden = alpha.width * alpha.height - seen
    is_white = seen > 0 and sum(levels[224:]) >= 0.95 * seen and hidden >= 0.01 * seen
    return _MID_GREY if is_white else _WHITE


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert by the embedded profile; one that is broken or meant for other channels is ignored."""
    if image.mode == "LAB":
        return _transformed(image, ImageCms.createProfile("LAB")) or Image.new("RGB", image.size)
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            fits = source.profile.xcolor_space == _COLOUR_SPACES.get(image.mode)
            converted = _transformed(image, source) if fits else None
        except Exception:  # noqa: BLE001 - a hostile profile raises anything
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _transformed(image: Image.Image, source: "ImageCms.ImageCmsProfile | CmsProfile") -> Image.Image | None:
    return ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
