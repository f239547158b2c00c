"""Pixels as a model should see them: upright, sRGB, opaque, eight bits, of exactly the wanted size."""

import io
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, ImageCms
from PIL.ImageFile import ImageFile

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

_MAX_OVERSAMPLED_PIXELS: Final = 64_000_000


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


def fit(width_px: int, height_px: int, longest_px: int) -> tuple[int, int]:
    """The size within a square of ``longest_px``, never enlarged, each side at least 1."""
    scale = min(1.0, longest_px / max(width_px, height_px))
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def render(image: ImageFile, width_px: int, height_px: int) -> Image.Image:
    """Decode ``image`` and make it what a model sees.

    Everything is scaled before it is turned and converted, so that a large image costs little more memory
    than its decoded self.

    Args:
        image: opened, not yet loaded.
        width_px: wanted width of the upright result, at least 1.
        height_px: wanted height of the upright result, at least 1.

    Returns:
        Mode RGB, exactly ``(width_px, height_px)``, without any info.

    Raises:
        Exception: whatever Pillow raises for damaged files.
    """
    turn = orientation(image)
    size = (height_px, width_px) if turn in _SWAPS_SIDES else (width_px, height_px)
    profile = image.info.get("icc_profile")
    if is_jpeg(image):
        _draft(image, size)
    image.load()
    result = _scaled(_resizable(image), size)
    result = _opaque(result, profile)
    if turn in _UPRIGHT:
        result = result.transpose(_UPRIGHT[turn])
    result.info.clear()
    return result


def _draft(image: ImageFile, size: tuple[int, int]) -> None:
    """Let the JPEG decoder halve while it decodes: to twice the target, or to once if that is huge."""
    factor = min(image.width // (2 * size[0]), image.height // (2 * size[1]))
    scale = max((step for step in (1, 2, 4, 8) if step <= factor), default=1)
    oversample = 2 if image.width * image.height // scale**2 <= _MAX_OVERSAMPLED_PIXELS else 1
    image.draft(None, (size[0] * oversample, size[1] * oversample))


def _resizable(image: Image.Image) -> Image.Image:
    """Eight bits a channel, in a mode whose neighbouring values may be averaged."""
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


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


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
