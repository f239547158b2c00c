"""Printed paper: a till receipt as scanned, and the label of a honey jar."""

from collections.abc import Sequence

import numpy as np
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.drawing import (
    Colour,
    barcode,
    draw_ean13,
    drop_shadow,
    font,
    hex_colour,
    smooth_noise,
    to_image,
    with_grain,
)

INK = (46, 44, 46)
ITEMS = (("2x Sourdough", "11.80"), ("1x Rye", "4.90"), ("3x Croissant", "8.70"), ("1x Coffee 250g", "9.50"))
TOTALS = (("Subtotal", "34.90"), ("VAT 7%", "2.44"))
NUTRITION = (("Energy", "1370 kJ"), ("Fat", "0 g"), ("Carbohydrate", "80.2 g"), ("Protein", "0.4 g"))


def receipt() -> Image.Image:
    """Prints a receipt of the Corner Bakery and scans it, 700 x 1100."""
    width, height, margin = 700, 1100, 34
    paper = _receipt_print((width - 2 * margin, height - 2 * margin)).filter(ImageFilter.GaussianBlur(0.45))
    shape = _torn_edges(paper.size)
    bed = np.full((height, width, 3), (222, 223, 226), dtype=np.float32)
    bed -= 70 * drop_shadow((width, height), shape, (margin + 4, margin + 8), 13)[..., None]
    scan = to_image(bed)
    scan.paste(paper, (margin, margin), shape)
    return with_grain(scan, 0.8, seed=12, cell_px=1.5)


def _receipt_print(size: tuple[int, int]) -> Image.Image:
    width, height = size
    warm = np.full((height, width, 3), (253, 250, 241), dtype=np.float32)
    warm += (smooth_noise(width, height, 160, seed=1) * 1.2 + smooth_noise(width, height, 3, seed=2) * 0.5)[
        ..., None
    ]
    for fold, depth in ((0.36, 5.0), (0.71, 3.5)):
        distance = np.arange(height, dtype=np.float32) - fold * height
        warm -= (depth * np.exp(-((distance / 5) ** 2)) - 0.5 * depth * np.exp(-(((distance - 9) / 8) ** 2)))[
            :, None, None
        ]
    page = to_image(warm)
    draw = ImageDraw.Draw(page)
    mono = font("JetBrainsMono-Regular", 27)
    draw.text((width / 2, 40), "CORNER BAKERY", font=font("Inter-SemiBold", 46), fill=INK, anchor="mt")
    for line, text in enumerate(("12 Mill Lane, Oldbridge", "Tel. 01632 960 142")):
        draw.text(
            (width / 2, 100 + 34 * line), text, font=font("JetBrainsMono-Regular", 24), fill=INK, anchor="mt"
        )
    _columns(draw, 190, (("2026-10-03", "08:42"), ("Till 2", "No. 004217")), 24)
    _dashes(draw, width, 270)
    _columns(draw, 292, ITEMS, 27)
    _dashes(draw, width, 468)
    _columns(draw, 490, TOTALS, 27)
    big = font("Inter-SemiBold", 38)
    draw.text((52, 586), "TOTAL EUR", font=big, fill=INK)
    draw.text((width - 52, 586), "37.34", font=big, fill=INK, anchor="ra")
    _dashes(draw, width, 652)
    _columns(draw, 674, (("Card", "37.34"),), 27)
    draw.text((width / 2, 742), "Thank you, see you soon!", font=mono, fill=INK, anchor="mt")
    draw_ean13(draw, "200373400421", ((width - 95 * 4) // 2, 800), 4, INK)
    return page


def _columns(draw: ImageDraw.ImageDraw, top: int, rows: Sequence[tuple[str, str]], size_px: int) -> None:
    face = font("JetBrainsMono-Regular", size_px)
    width = draw.im.size[0]
    for index, (left, right) in enumerate(rows):
        y = top + index * round(size_px * 1.55)
        draw.text((52, y), left, font=face, fill=INK)
        draw.text((width - 52, y), right, font=face, fill=INK, anchor="ra")


def _dashes(draw: ImageDraw.ImageDraw, width: int, y: int) -> None:
    for x in range(52, width - 58, 13):
        draw.rectangle((x, y, x + 7, y + 1), fill=(120, 116, 112))


def _torn_edges(size: tuple[int, int]) -> Image.Image:
    width, height = size
    tooth = 8
    shape = Image.new("L", (width * 2, height * 2), 0)
    zigzag = [(x, 0 if (x // tooth) % 2 else tooth) for x in range(0, width + tooth, tooth)]
    lower = [(x, height - y) for x, y in reversed(zigzag)]
    ImageDraw.Draw(shape).polygon([(2 * x, 2 * y) for x, y in zigzag + lower], fill=255)
    return shape.resize(size, Image.Resampling.LANCZOS)


def label() -> Image.Image:
    """Paints the label of a honey jar with a QR code and a barcode, 1000 x 1250."""
    width, height = 1000, 1250
    cream, brown, gold = hex_colour("#fdf6e3"), hex_colour("#4a2c12"), hex_colour("#e0992b")
    page = Image.new("RGB", (width, height), cream)
    page.paste(
        _honeycomb(page.size, cream, gold), (0, 0), _rounded(page.size, (46, 46, width - 46, height - 46), 22)
    )
    for inset, radius, colour, thick in ((28, 36, brown, 4), (39, 27, gold, 2)):
        outer = (inset, inset, width - inset, height - inset)
        inner = tuple(edge + thick * way for edge, way in zip(outer, (1, 1, -1, -1), strict=True))
        ring = ImageChops.subtract(
            _rounded(page.size, outer, radius), _rounded(page.size, inner, radius - thick)
        )
        page.paste(colour, (0, 0, width, height), ring)
    draw = ImageDraw.Draw(page)
    draw.text((width / 2, 392), "Hillside", font=font("Inter-SemiBold", 118), fill=brown, anchor="mt")
    draw.text(
        (width / 2, 530),
        "WILDFLOWER HONEY",
        font=font("Inter-Medium", 50),
        fill=hex_colour("#9a5b0c"),
        anchor="mt",
    )
    draw.line((width / 2 - 60, 616, width / 2 + 60, 616), fill=gold, width=4)
    line = "Cold extracted, unfiltered, from one valley"
    draw.text((width / 2, 640), line, font=font("Inter-Italic", 32), fill=brown, anchor="mt")
    _label_facts(draw, brown, gold)
    _label_codes(page, brown)
    return with_grain(page, 0.9, seed=5, cell_px=1.8)


def _label_facts(draw: ImageDraw.ImageDraw, brown: Colour, gold: Colour) -> None:
    draw.text((92, 742), "Net weight", font=font("Inter-Regular", 28), fill=brown)
    draw.text((92, 776), "500 g", font=font("Inter-SemiBold", 66), fill=brown)
    draw.text((92, 872), "Best before  30.06.2028", font=font("Inter-Medium", 27), fill=brown)
    draw.text((92, 910), "Lot  L2517-A", font=font("Inter-Medium", 27), fill=brown)
    face = font("Inter-Regular", 26)
    draw.text((520, 742), "Nutrition per 100 g", font=font("Inter-SemiBold", 28), fill=brown)
    for index, (name, value) in enumerate(NUTRITION):
        y = 790 + index * 42
        draw.line((520, y - 5, 908, y - 5), fill=gold, width=2)
        draw.text((520, y), name, font=face, fill=brown)
        draw.text((908, y), value, font=face, fill=brown, anchor="ra")


def _label_codes(page: Image.Image, brown: Colour) -> None:
    draw = ImageDraw.Draw(page)
    modules = barcode("https://example.com/honey/L2517-A", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.where(modules, 0, 255).astype(np.uint8)).resize(
        (200, 200), Image.Resampling.NEAREST
    )
    for box in ((84, 974, 316, 1194), (548, 974, 918, 1194)):
        page.paste("white", (0, 0, *page.size), _rounded(page.size, box, 14))
    page.paste(
        Image.composite(Image.new("RGB", code.size, "white"), Image.new("RGB", code.size, brown), code),
        (100, 984),
    )
    draw.text((340, 1000), "Meet the bees:", font=font("Inter-SemiBold", 24), fill=brown)
    draw.text((340, 1034), "scan me", font=font("Inter-Regular", 24), fill=brown)
    draw_ean13(draw, "200251700500", (548 + 185 - 95 * 3 // 2 + 8, 1013), 3, brown)


def _rounded(size: tuple[int, int], box: Sequence[int], radius: int) -> Image.Image:
    scale = 4
    mask = Image.new("L", (size[0] * scale, size[1] * scale), 0)
    corners = [edge * scale - (index > 1) for index, edge in enumerate(box)]
    ImageDraw.Draw(mask).rounded_rectangle(corners, radius * scale, fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def _honeycomb(size: tuple[int, int], ground: Colour, gold: Colour) -> Image.Image:
    scale, radius = 3, 62
    page = Image.new("RGB", (size[0] * scale, size[1] * scale), ground)
    draw = ImageDraw.Draw(page, "RGBA")
    generator = np.random.default_rng(8)
    for row in range(-1, 4):
        for column in range(-1, 11):
            x = (column + 0.5 * (row % 2)) * radius * np.sqrt(3)
            y = row * radius * 1.5 + 20
            fade = 1 - y / 380 + 0.25 * generator.standard_normal()
            if fade < 0.24:
                continue
            shade = generator.uniform(0.86, 1.12)
            tint = tuple(int(min(255, channel * shade)) for channel in gold)
            corners = [
                (scale * (x + 0.92 * radius * np.sin(turn)), scale * (y + 0.92 * radius * np.cos(turn)))
                for turn in np.arange(6) * np.pi / 3
            ]
            draw.polygon(corners, fill=(*tint, int(min(1, fade) * 235)))
            draw.ellipse(
                [scale * v for v in (x - 24, y - 34, x + 2, y - 16)], fill=(255, 244, 205, int(fade * 90))
            )
    return page.resize(size, Image.Resampling.LANCZOS)
