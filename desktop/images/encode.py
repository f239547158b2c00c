"""Makes the bytes that are sent, without metadata: PNG where JPEG would spoil edges and flat areas, or JPEG.

The choice is made from the pixels alone, so the same image gives the same bytes:

1. At most 256 colours (grey images: at most 16, since every grey photo has few): PNG, with a palette where it
   is exact.
2. At least half of the pixels equal their left neighbour (drawings, text, screenshots; photos have a tenth):
   PNG, if it is not larger than one and a half times the JPEG.
3. Else JPEG: quality 92 without chroma subsampling for what point 2 names, quality 90 with 4:2:0 for photos.
   It is the lowest whose structural similarity stays above 0.96 on all photos of `tests/bench/encode.py`: at
   87 the worst has 0.946. Progressive, which is 3 to 7 per cent smaller.
"""

import hashlib
import io
from typing import Final

from PIL import Image, ImageChops

from desktop.core.model import SentImage
from desktop.images.inspect import EncodedImage

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"

_FLAT_SHARE: Final = 0.5
_PNG_MAY_COST: Final = 1.5
_SAMPLED_PIXELS: Final = 4_000_000
_STRIPS: Final = 9
_STRIP_PX: Final = 32
_OPTIMISED_PIXELS: Final = 2_000_000
"""Above, trying hard to make a PNG smaller takes seconds."""


def encode(image: Image.Image, *, lossless: bool = False, lossy_source: bool = False) -> EncodedImage:
    """Encode finished pixels.

    Args:
        image: mode RGB, as `pixels.render` gives it.
        lossless: for the reader on this computer: PNG, or JPEG of quality 95 for a photo from a lossy source.
        lossy_source: whether the source was lossy itself, so a PNG would only keep its noise.
    """
    if lossless:
        flat = flat_share(image) >= _FLAT_SHARE
        data = _jpeg(image, quality=95, subsampling="4:4:4") if lossy_source and not flat else _png(image)
    else:
        data = _by_content(image)
    return described(data, image.width, image.height)


def described(data: bytes, width_px: int, height_px: int) -> EncodedImage:
    """``data`` with its hash, size and media type."""
    sent = SentImage(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=PNG if data.startswith(b"\x89PNG") else JPEG,
        width_px=width_px,
        height_px=height_px,
        size_bytes=len(data),
    )
    return EncodedImage(sent=sent, data=data)


def flat_share(image: Image.Image) -> float:
    """Share of pixels that equal their left neighbour exactly, 0 to 1; evenly spaced rows of large images."""
    step = max(1, image.width * image.height // _SAMPLED_PIXELS)
    if step > 1:
        rows = max(1, image.height // step)
        image = image.resize((image.width, rows), Image.Resampling.NEAREST)
    width, height = image.size
    if width < 2:
        return 1.0
    change = ImageChops.difference(image.crop((1, 0, width, height)), image.crop((0, 0, width - 1, height)))
    red, green, blue = change.split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return largest.histogram()[0] / ((width - 1) * height)


def _by_content(image: Image.Image) -> bytes:
    colours = image.getcolors(256)
    if colours is not None and (len(colours) <= 16 or not _is_grey(image)):
        return _png(image)
    if flat_share(image) < _FLAT_SHARE:
        return _jpeg(image, quality=90, subsampling="4:2:0")
    jpeg = _jpeg(image, quality=92, subsampling="4:4:4")
    if image.width * image.height > _OPTIMISED_PIXELS and _png_is_hopeless(image):
        return jpeg
    png = _png(image)
    return png if len(png) <= _PNG_MAY_COST * len(jpeg) else jpeg


def _png_is_hopeless(image: Image.Image) -> bool:
    """Whether a few strips already say that a PNG, which takes seconds, would be far too large."""
    sample = Image.new("RGB", (image.width, _STRIPS * _STRIP_PX))
    for index in range(_STRIPS):
        top = index * (image.height - _STRIP_PX) // (_STRIPS - 1)
        sample.paste(image.crop((0, top, image.width, top + _STRIP_PX)), (0, index * _STRIP_PX))
    png = io.BytesIO()
    sample.save(png, "PNG", compress_level=1)
    return png.tell() > 2 * _PNG_MAY_COST * len(_jpeg(sample, quality=92, subsampling="4:4:4"))


def _jpeg(image: Image.Image, *, quality: int, subsampling: str) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=subsampling, optimize=True, progressive=True)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    small = image.width * image.height <= _OPTIMISED_PIXELS
    _smallest_mode(image).save(out, "PNG", optimize=small, compress_level=9 if small else 4)
    return out.getvalue()


def _smallest_mode(image: Image.Image) -> Image.Image:
    """Grey, palette or RGB: whatever holds exactly these pixels in the fewest bits."""
    if _is_grey(image):
        return image.getchannel(0)
    colours = image.getcolors(256)
    if colours is None:
        return image
    # Asked for as many colours as there are, the median cut finds each; the octree rounds near ones.
    indexed = image.quantize(len(colours), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    is_exact = ImageChops.difference(indexed.convert("RGB"), image).getbbox() is None
    return indexed if is_exact else image


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return (
        ImageChops.difference(red, green).getbbox() is None
        and ImageChops.difference(red, blue).getbbox() is None
    )
