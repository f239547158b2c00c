"""One picture of a desktop and its screens, as Qt has them: scales 1, 2 and between, on all sides."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from desktop.capture.cutting import Spot
from desktop.capture.screens import shot_of_desktop
from desktop.core.edits import Area
from tests.helpers.patterns import pattern
from tests.helpers.processes import clean_environment
from tests.helpers.shooting import Taken, ran

Screen = tuple[int, int, int, int, float]
"""Left, top, width, height in logical pixels, and the scale."""

BESIDE: dict[str, Screen] = {"a": (0, 0, 800, 600, 1), "b": (800, 100, 640, 480, 2)}
AROUND: dict[str, Screen] = {
    "middle": (0, 0, 640, 480, 2),
    "left": (-500, -40, 500, 400, 1),
    "above": (100, -340, 400, 300, 1),
}
FRACTIONS: dict[str, Screen] = {"a": (0, 0, 800, 600, 1.5), "b": (800, -20, 640, 480, 1.25)}


def cut(folder: Path, screens: dict[str, Screen], desktop: Image.Image, *boxes: list[int]) -> Taken:
    """What becomes of a picture of the desktop, by Qt's own account of the screens."""
    desktop.save(folder / "desktop.png")
    keys = "x", "y", "width", "height", "dpr"
    told: list[dict[str, Any]] = [
        {"name": name, "logicalDpi": 96, **dict(zip(keys, screen, strict=True))}
        for name, screen in screens.items()
    ]
    (folder / "screens.json").write_text(json.dumps({"screens": told}))
    platform = f"offscreen:configfile={folder / 'screens.json'}"
    environment = {**clean_environment(folder / "home"), "QT_QPA_PLATFORM": platform}
    picture = str(folder / "desktop.png")
    return ran(
        "tests.helpers.desktop_cut", folder, picture, "wayland", json.dumps(boxes), environment=environment
    )


def own(number: int, screen: Screen) -> Image.Image:
    _left, _top, wide, high, scale = screen
    return pattern(round(wide * scale), round(high * scale), number)


def desktop_of(screens: dict[str, Screen]) -> Image.Image:
    """As a compositor draws it: everything in the scale of the finest screen."""
    left, top = min(s[0] for s in screens.values()), min(s[1] for s in screens.values())
    right, bottom = max(s[0] + s[2] for s in screens.values()), max(s[1] + s[3] for s in screens.values())
    finest = max(s[4] for s in screens.values())
    whole = Image.new("RGB", (round((right - left) * finest), round((bottom - top) * finest)), "red")
    for number, screen in enumerate(screens.values()):
        size = round(screen[2] * finest), round(screen[3] * finest)
        at = round((screen[0] - left) * finest), round((screen[1] - top) * finest)
        whole.paste(own(number, screen).resize(size, Image.Resampling.NEAREST), at)
    return whole


@pytest.mark.parametrize("screens", [BESIDE, AROUND], ids=["beside", "around"])
def test_each_screen_gets_its_own_pixels(tmp_path: Path, screens: dict[str, Screen]) -> None:
    taken = cut(tmp_path, screens, desktop_of(screens))
    assert {screen["name"] for screen in taken.screens} == set(screens)
    for screen, image in zip(taken.screens, taken.images, strict=True):
        number = list(screens).index(screen["name"])
        mine = screens[screen["name"]]
        assert tuple(screen["place"]) == mine[:4]
        assert image.size == own(number, mine).size
        assert ImageChops.difference(image, own(number, mine)).getbbox() is None


def test_scales_that_are_fractions_keep_their_sizes_and_places(tmp_path: Path) -> None:
    taken = cut(tmp_path, FRACTIONS, desktop_of(FRACTIONS))
    images = {screen["name"]: image for screen, image in zip(taken.screens, taken.images, strict=True)}
    assert images["a"].size == (1200, 900)
    assert ImageChops.difference(images["a"], own(0, FRACTIONS["a"])).getbbox() is None
    # Drawn at 1.5 and brought back to 1.25: not the same pixels, but the same picture.
    assert images["b"].size == (800, 600)
    strayed = ImageStat.Stat(ImageChops.difference(images["b"], own(1, FRACTIONS["b"]))).mean
    assert max(strayed) < 2


def test_windows_are_on_the_screens_on_which_they_lie(tmp_path: Path) -> None:
    across, away = [700, 50, 900, 250], [3000, 0, 3100, 10]
    taken = cut(tmp_path, BESIDE, desktop_of(BESIDE), across, away)
    windows = {screen["name"]: screen["windows"] for screen in taken.screens}
    assert windows == {"a": [["w", 700, 50, 800, 250]], "b": [["w", 0, 0, 200, 300]]}


def test_a_picture_of_something_else_is_not_cut(tmp_path: Path) -> None:
    assert cut(tmp_path, BESIDE, Image.new("RGB", (1440, 700))).screens == []


def test_a_coarser_screen_loses_no_thin_line(qapp: QGuiApplication) -> None:
    """A line of the finer picture between two of the screen's own pixels is blended into them."""
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for down in range(100):
        image.setPixelColor(51, down, QColor("black"))
    place = Area(0, 0, 100, 50)
    shot = shot_of_desktop(image, [Spot(name="s", place=place, desktop=place, finest=1)], backend="test")
    assert shot is not None
    assert shot.screens[0].image.size() == QSize(100, 50)
    assert shot.screens[0].image.pixelColor(25, 20).lightness() == pytest.approx(128, abs=4)
    assert shot.screens[0].image.pixelColor(24, 20) == QColor("white")
