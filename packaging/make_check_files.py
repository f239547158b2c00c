"""Makes the tiny files that `sightline --check` reads: one of each format, and words with a code.

    .venv/bin/python packaging/make_check_files.py

They are in the repository because the app can read HEIC and cannot write it: this alone needs the package
pillow-heif, which nothing else may have, as it brings x265 along.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "check"
WORDS = "Sightline can read"
CODE = "sightline-check"
_SIZE_PX = (32, 24)


def main() -> None:
    """Write all of them into `resources/check`."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    FOLDER.mkdir(exist_ok=True)
    picture = Image.new("RGB", _SIZE_PX, "#5b5bd6")
    ImageDraw.Draw(picture).rectangle((8, 6, 23, 17), fill="#ffd88a")
    options = {
        "heic": {"quality": 60},
        "avif": {"quality": 60},
        "webp": {"lossless": True},
        "tiff": {},
        "jpeg": {},
    }
    for suffix, more in options.items():
        picture.save(FOLDER / f"picture.{suffix}", **more)
    picture.save(FOLDER / "picture.gif")
    picture.save(FOLDER / "picture.png", optimize=True)
    picture.save(FOLDER / "picture.bmp")
    picture.save(FOLDER / "picture.pdf", creationDate=0, modDate=0)
    page().save(FOLDER / "page.png", optimize=True)


def page() -> Image.Image:
    """A line of text and a QR code beside it."""
    import zxingcpp

    sheet = Image.new("L", (520, 120), "white")
    font = ImageFont.truetype(str(ROOT / "resources" / "fonts" / "Inter-Medium.ttf"), 38)
    ImageDraw.Draw(sheet).text((20, 36), WORDS, fill="black", font=font)
    barcode = zxingcpp.create_barcode(CODE, zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(barcode.to_image(scale=4))
    sheet.paste(code.convert("L"), (410, (120 - code.height) // 2))
    packed = io.BytesIO()
    sheet.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(packed, "PNG")
    return Image.open(packed)


if __name__ == "__main__":
    main()
