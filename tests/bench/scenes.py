"""What is measured: photos as a camera saves them, and screenshots of 3840 by 2160 pixels."""

import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFilter

from tests.helpers import pictures

PHOTO_PX = (4000, 3000)
SCREEN_PX = (3840, 2160)
FOLDERS = (Path("/usr/share/backgrounds"), Path("/usr/share/wallpapers"))
"""Where Debian's mate-backgrounds and plasma-workspace-wallpapers put their photos."""
MOST_PHOTOS = 5


def photos(folders: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """12-megapixel JPEGs, quality 95, 4:2:2: real photos, those that name their camera, largest first.

    One that has fewer pixels is enlarged, which only flatters the naive way: it has less detail to store.
    """
    found = sorted(
        (path for folder in folders for path in folder.rglob("*.jpg") if not path.is_symlink()), key=_pixels
    )
    cameras: set[str] = set()
    for path in reversed(found):
        with Image.open(path) as image:
            camera = str(image.getexif().get(ExifTags.Base.Model, "")).strip()
            if camera and len(cameras) < MOST_PHOTOS and _pixels(path) >= 2_500_000:
                name = (
                    f"{path.parent.parent.parent.name}/{path.name}" if "contents" in path.parts else path.name
                )
                if name not in cameras:
                    cameras.add(name)
                    yield f"{name} ({camera}, {image.width}x{image.height})", _as_camera(image.convert("RGB"))
    if not cameras:
        yield "made by script (no package with photos is installed)", _as_camera(_scene())


def screenshots() -> Iterator[tuple[str, bytes]]:
    """PNGs as a screenshot tool saves them: code, a letter, a window of Qt."""
    yield "code", _png(_code())
    yield "letter", _png(_letter())
    yield "window", _window()


def _pixels(path: Path) -> int:
    with Image.open(path) as image:
        return image.width * image.height


def _as_camera(image: Image.Image) -> bytes:
    wide, high = PHOTO_PX
    width = min(image.width, image.height * wide // high)
    height = min(image.height, image.width * high // wide)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    box = (left, top, left + width, top + height)
    return pictures.encoded(
        image.resize(PHOTO_PX, Image.Resampling.LANCZOS, box=box), "JPEG", quality=95, subsampling="4:2:2"
    )


def _scene() -> Image.Image:
    """Like a photo: shapes of every size, softened, under noise whose power falls as in nature."""
    chance = random.Random(3)
    picture = Image.linear_gradient("L").resize(PHOTO_PX).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(3000):
        x, y, size = chance.randrange(4000), chance.randrange(3000), round(4 * 100 ** chance.random())
        draw.ellipse((x, y, x + size, y + size), fill=tuple(chance.randbytes(3)))
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    for step in (1, 4, 16, 64):
        noise = Image.effect_noise((4000 // step, 3000 // step), 40).resize(
            PHOTO_PX, Image.Resampling.BICUBIC
        )
        picture = Image.blend(picture, noise.convert("RGB"), 0.08)
    return picture


def _png(image: Image.Image) -> bytes:
    return pictures.encoded(image)


def _code() -> Image.Image:
    picture = Image.new("RGB", SCREEN_PX, "#1e1e1e")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 420, 2160), fill="#252526")
    face = pictures.font(28, name="JetBrainsMono-Regular.ttf")
    colours = ("#d4d4d4", "#9cdcfe", "#ce9178", "#6a9955", "#c586c0")
    for row, line in enumerate(_source()[:56]):
        draw.text((460, 20 + 38 * row), f"{row + 1:3}  {line}"[:190], font=face, fill=colours[row % 5])
        draw.text((30, 20 + 38 * row), f"module_{row:02}.py", font=face, fill="#cccccc")
    return picture


def _letter() -> Image.Image:
    picture = Image.new("RGB", SCREEN_PX, "white")
    draw = ImageDraw.Draw(picture)
    face = pictures.font(30)
    for row, line in enumerate(_source()[:50]):
        draw.text((300, 60 + 42 * row), line.strip() * 2, font=face, fill="#202024")
    return picture


def _window() -> bytes:
    """Real widgets, a table and a gradient, as Qt paints them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, QPoint
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTableWidget, QTableWidgetItem, QTabWidget

    _app = QApplication.instance() or QApplication([])
    tabs, table, text = QTabWidget(), QTableWidget(45, 12), QPlainTextEdit("\n".join(_source()))
    for index in range(45 * 12):
        table.setItem(index // 12, index % 12, QTableWidgetItem(f"{index * 37 % 1009 / 7:.3f} kg"))
    tabs.addTab(table, "Table")
    screen = QPixmap(*SCREEN_PX)
    screen.setDevicePixelRatio(2)
    painter = QPainter(screen)
    for widget, x, width in ((tabs, 0, 1200), (text, 1200, 720)):
        widget.resize(width, 1080)
        widget.render(painter, QPoint(x, 0))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    screen.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _source() -> list[str]:
    return [line for line in Path(io.__file__).read_text().splitlines() if line.strip()] + [
        line for line in Path(os.__file__).read_text().splitlines() if line.strip()
    ]
