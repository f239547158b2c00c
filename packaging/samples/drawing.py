"""What every sample needs: bundled fonts, smooth noise, film grain and real barcodes."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
Pixels = npt.NDArray[np.floating[Any]]
Colour = tuple[int, int, int]


@cache
def font(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Loads a bundled font, such as "Inter-Medium" or "JetBrainsMono-Regular"."""
    return ImageFont.truetype(FONTS / f"{face}.ttf", size_px)


def hex_colour(text: str) -> Colour:
    """Reads "#rrggbb"."""
    red, green, blue = (int(text[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def smooth_noise(width_px: int, height_px: int, cell_px: float, seed: int) -> Pixels:
    """Makes value noise around 0 with a standard deviation of 1; a larger cell is smoother."""
    generator = np.random.default_rng(seed)
    small = (max(2, round(width_px / cell_px)), max(2, round(height_px / cell_px)))
    values = generator.standard_normal((small[1], small[0])).astype(np.float32)
    image = Image.fromarray(values).resize((width_px, height_px), Image.Resampling.BICUBIC)
    noise = np.asarray(image, dtype=np.float32)
    return (noise - noise.mean()) / max(float(noise.std()), 1e-6)


def to_image(pixels: Pixels) -> Image.Image:
    """Turns an array of height x width x 3, 0 to 255, into a picture."""
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def with_grain(image: Image.Image, amount: float, seed: int, cell_px: float = 1.0) -> Image.Image:
    """Adds the same grain to all three channels; amount is its standard deviation out of 255."""
    grain = smooth_noise(image.width, image.height, cell_px, seed) * amount
    return to_image(np.asarray(image, dtype=np.float32) + grain[..., None])


def barcode(text: str, kind: zxingcpp.BarcodeFormat) -> npt.NDArray[np.bool_]:
    """Encodes a text; True where a module is dark, one pixel a module, without the quiet zone."""
    code = zxingcpp.create_barcode(text, kind)
    return np.asarray(code.to_image(scale=1, add_quiet_zones=False)) < 128


def draw_ean13(
    draw: ImageDraw.ImageDraw, digits: str, at: tuple[int, int], module_px: int, colour: Colour
) -> None:
    """Draws an EAN-13 with longer guard bars and its digits below.

    Args:
        draw: Where to draw.
        digits: The first twelve digits; the thirteenth is worked out.
        at: The upper left corner of the first bar.
        module_px: The width of the thinnest bar.
        colour: Of bars and digits.
    """
    row = barcode(digits, zxingcpp.BarcodeFormat.EAN13)[0]
    whole = zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.EAN13).text
    left, top = at
    height = module_px * 36
    for index in np.flatnonzero(row):
        guard = index < 3 or index >= 92 or 45 <= index < 50
        x = left + int(index) * module_px
        bottom = top + height + (module_px * 5 if guard else 0)
        draw.rectangle((x, top, x + module_px - 1, bottom), fill=colour)
    face = font("JetBrainsMono-Regular", module_px * 9)
    spots = [-6, *(3 + 7 * place for place in range(6)), *(50 + 7 * place for place in range(6))]
    for digit, spot in zip(whole, spots, strict=True):
        centre = left + (spot + 3.5) * module_px
        draw.text((centre, top + height + module_px * 2), digit, font=face, fill=colour, anchor="mt")


def drop_shadow(size: tuple[int, int], shape: Image.Image, at: tuple[int, int], blur_px: float) -> Pixels:
    """Blurs a shape's outline into a shadow, 0 to 1, on a canvas of the given size."""
    canvas = Image.new("L", size, 0)
    canvas.paste(255, at, shape)
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(blur_px)), dtype=np.float32) / 255
