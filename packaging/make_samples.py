"""Paints the sample pictures into resources/samples: the same pictures every time.

Run it from anywhere with the project's Python; name samples to paint only those. The photographs are
ray-marched and take minutes each.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from samples.orchard import orchard
from samples.papers import label, receipt
from samples.screens import chart, error
from samples.shelf import shelf

TARGET = Path(__file__).parents[1] / "resources" / "samples"
PAINTERS: dict[str, Callable[[], Image.Image]] = {
    "receipt.png": receipt,
    "chart.png": chart,
    "error.png": error,
    "label.png": label,
    "shelf-before.jpg": partial(shelf, after=False),
    "shelf-after.jpg": partial(shelf, after=True),
    "orchard.jpg": orchard,
}
STORED_SIDEWAYS = "orchard.jpg"


def telephone_exif() -> Image.Exif:
    """Makes the metadata of an imaginary telephone: a quarter turned, its position amid a lake."""
    exif = Image.Exif()
    exif[Base.Make] = "Example Optics"
    exif[Base.Model] = "Pocket 3"
    exif[Base.Orientation] = 6
    exif[Base.Software] = "Pocket OS 3.1"
    exif[Base.DateTime] = "2026:10:04 16:21:07"
    exif[IFD.Exif] = {
        Base.DateTimeOriginal: "2026:10:04 16:21:07",
        Base.ExposureTime: 1 / 240,
        Base.FNumber: 1.8,
        Base.ISOSpeedRatings: 64,
        Base.FocalLength: 6.8,
        Base.LensModel: "Pocket 3 wide 6.8 mm f/1.8",
        Base.BodySerialNumber: "EX-004217",
    }
    exif[IFD.GPSInfo] = {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (47.0, 36.0, 18.0),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (9.0, 27.0, 0.0),
        GPS.GPSAltitude: 395.0,
    }
    return exif


def save(name: str, image: Image.Image, folder: Path) -> None:
    """Stores a painted sample in the form that its name promises."""
    path = folder / name
    if name == STORED_SIDEWAYS:
        sideways = image.transpose(Image.Transpose.ROTATE_90)
        sideways.save(path, quality=86, optimize=True, progressive=True, exif=telephone_exif())
    elif path.suffix == ".jpg":
        image.save(path, quality=86, optimize=True, progressive=True)
    else:
        image.save(path, optimize=True)


def main() -> None:
    """Paints all samples, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help="such as receipt.png; all when none is named"
    )
    names = parser.parse_args().names or list(PAINTERS)
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in names:
        save(name, PAINTERS[name](), TARGET)
        print(f"{name}: {(TARGET / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
