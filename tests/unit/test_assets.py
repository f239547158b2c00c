"""The bundled pictures, icons, fonts and colours are what the app takes them to be."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFont, ImageOps, ImageStat
from PIL.ExifTags import GPS, IFD, Base

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"
SAMPLES = {
    "receipt.png": (700, 1100),
    "chart.png": (1200, 750),
    "error.png": (1440, 900),
    "label.png": (1000, 1250),
    "shelf-before.jpg": (1600, 1067),
    "shelf-after.jpg": (1600, 1067),
    "orchard.jpg": (3000, 2000),
}
QUICK = ("receipt.png", "chart.png", "error.png", "label.png")
ICONS = sorted((RESOURCES / "icons").glob("*.svg"))
THEME = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
SURFACES = (
    "window",
    "sidebar",
    "panel",
    "canvas",
    "surface",
    "surface_raised",
    "surface_sunken",
    "hover",
    "accent_soft",
    "bubble",
    "code_background",
    "table_header",
    "table_header_panel",
)
TEXTS = ("text", "text_muted", "text_faint", "accent_soft_text", "danger", "success")
PAIRS = (
    ("accent_text", "accent", 4.5),
    ("accent_text", "accent_hover", 4.5),
    ("warning_text", "warning_background", 4.5),
    ("danger", "danger_background", 4.5),
    ("success", "success_background", 4.5),
    ("text", "warning_background", 4.5),
    ("accent_disabled_text", "accent_disabled", 3.0),
)


# --- samples


def test_there_is_no_sample_without_a_test_and_all_are_below_three_megabytes() -> None:
    files = {path.name: path.stat().st_size for path in (RESOURCES / "samples").iterdir()}
    assert files.keys() == SAMPLES.keys()
    assert sum(files.values()) < 3_000_000


@pytest.mark.parametrize(("name", "size"), SAMPLES.items())
def test_a_sample_opens_with_its_size(name: str, size: tuple[int, int]) -> None:
    with Image.open(RESOURCES / "samples" / name) as image:
        image.load()
        assert image.size == size
        assert image.mode == "RGB"


def test_the_orchard_is_stored_sideways_with_a_position_and_a_camera() -> None:
    with Image.open(RESOURCES / "samples" / "orchard.jpg") as image:
        exif = image.getexif()
        upright = ImageOps.exif_transpose(image)
    position = exif.get_ifd(IFD.GPSInfo)
    assert exif[Base.Orientation] == 6
    assert exif[Base.Make] == "Example Optics"
    assert exif.get_ifd(IFD.Exif)[Base.BodySerialNumber]
    assert (position[GPS.GPSLatitudeRef], position[GPS.GPSLongitudeRef]) == ("N", "E")
    assert [float(part) for part in position[GPS.GPSLatitude]] == [47, 36, 18]
    assert upright.size == (2000, 3000)
    # Upright, the trees are above and the table below.
    above, below = (
        ImageStat.Stat(upright.crop(box)).mean for box in ((0, 0, 2000, 700), (0, 2300, 2000, 3000))
    )
    assert above[1] > above[0]
    assert below[0] > below[1] > below[2]


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"orchard.jpg"}))
def test_other_samples_carry_no_metadata(name: str) -> None:
    with Image.open(RESOURCES / "samples" / name) as image:
        assert not image.getexif()


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("receipt.png", {"2003734004212"}),
        ("label.png", {"https://example.com/honey/L2517-A", "2002517005002"}),
    ],
)
def test_codes_can_be_scanned(name: str, texts: set[str]) -> None:
    with Image.open(RESOURCES / "samples" / name) as image:
        assert {code.text for code in zxingcpp.read_barcodes(image)} == texts


def test_the_shelves_differ_in_three_places() -> None:
    before, after = (Image.open(RESOURCES / "samples" / f"shelf-{when}.jpg") for when in ("before", "after"))
    with before, after:
        difference = ImageChops.difference(before.convert("L"), after.convert("L"))
    coarse = difference.reduce(16).point(lambda value: 255 if value > 12 else 0)
    clock, apple, mug = (100, 700, 350, 980), (520, 640, 832, 912), (980, 840, 1200, 1010)
    for left, top, right, bottom in (clock, apple, mug):
        part = (left // 16, top // 16, right // 16, bottom // 16)
        assert coarse.crop(part).getbbox(), part
        coarse.paste(0, part)
    assert coarse.getbbox() is None, "a fourth place differs"


@pytest.mark.parametrize("name", QUICK)
def test_a_sample_is_painted_the_same_twice_and_as_committed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    painters: dict[str, Any] = importlib.import_module("make_samples").PAINTERS
    once, again = painters[name](), painters[name]()
    assert once.size == SAMPLES[name]
    assert once.tobytes() == again.tobytes()
    with Image.open(RESOURCES / "samples" / name) as stored:
        difference = ImageChops.difference(once, stored.convert("RGB"))
    assert (
        max(ImageStat.Stat(difference).mean) < 2
    )  # other versions of Pillow draw letters a little differently


def test_every_sample_has_a_painter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    assert importlib.import_module("make_samples").PAINTERS.keys() == SAMPLES.keys()


# --- icons


def test_there_are_icons_with_their_licence() -> None:
    assert len(ICONS) > 60
    assert "ISC" in (RESOURCES / "icons" / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_takes_the_colour_of_its_place(path: Path) -> None:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.75"
    assert root.get("fill") == "none"
    paints = {node.get(name) for node in root.iter() for name in ("fill", "stroke")} - {None}
    assert paints <= {"none", "currentColor"}


@pytest.mark.parametrize("size_px", [16, 32, 48, 128, 256, 512])
def test_the_app_icon_comes_in_each_size(size_px: int) -> None:
    with Image.open(RESOURCES / "icon" / f"sightline-{size_px}.png") as image:
        assert image.size == (size_px, size_px)
        assert image.mode == "RGBA"
        assert image.getpixel((0, 0))[3] < 128  # a rounded corner
        assert image.getpixel((size_px // 2, size_px // 8))[3] == 255


# --- fonts


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Inter-Regular", "Inter"),
        ("Inter-Medium", "Inter"),
        ("Inter-SemiBold", "Inter"),
        ("Inter-Italic", "Inter"),
        ("JetBrainsMono-Regular", "JetBrains Mono"),
    ],
)
def test_a_font_loads_stays_small_and_has_its_licence(name: str, family: str) -> None:
    path = RESOURCES / "fonts" / f"{name}.ttf"
    assert ImageFont.truetype(path, 13).getname()[0].startswith(family)
    assert path.stat().st_size < 150_000
    licence = RESOURCES / "fonts" / f"LICENSE-{family.replace(' ', '')}.txt"
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text(encoding="utf-8")


def test_fonts_show_arrows_as_they_were_read() -> None:
    for name in ("Inter-Regular", "JetBrainsMono-Regular"):
        face = ImageFont.truetype(RESOURCES / "fonts" / f"{name}.ttf", 40)
        assert face.getlength("->") == pytest.approx(face.getlength("-") + face.getlength(">"), abs=2)


# --- theme


def test_light_and_dark_name_the_same_roles() -> None:
    assert list(THEME["light"]) == list(THEME["dark"])
    assert set(SURFACES) | set(TEXTS) < set(THEME["light"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_written_as_qt_reads_them(theme: str) -> None:
    for role, colour in THEME[theme].items():
        assert re.fullmatch(r"#([0-9a-f]{6}|[0-9a-f]{8})", colour), role


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_surface(theme: str, text: str) -> None:
    colours = THEME[theme]
    weak = {surface: contrast(colours[text], colours[surface]) for surface in SURFACES}
    assert {surface: ratio for surface, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_placeholders_and_lines_are_visible(theme: str) -> None:
    colours = THEME[theme]
    for surface in SURFACES:
        assert contrast(colours["text_placeholder"], colours[surface]) >= 3, surface
        assert contrast(colours["accent_line"], colours[surface]) >= 3, surface
        assert contrast(colours["focus_ring"], colours[surface]) >= 3, surface


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_pairs_are_readable(theme: str, text: str, ground: str, least: float) -> None:
    colours = THEME[theme]
    assert contrast(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("picture", ["#ffffff", "#000000"])
def test_badges_are_readable_on_any_picture(theme: str, picture: str) -> None:
    colours = THEME[theme]
    assert contrast(colours["badge_text"], over(colours["badge_background"], picture)) >= 4.5


@pytest.mark.parametrize("table", ["metrics", "radii", "text_sizes", "icon_sizes", "weights"])
def test_measures_are_whole_and_positive(table: str) -> None:
    assert THEME[table]
    for name, value in THEME[table].items():
        assert isinstance(value, int), name
        assert value > 0, name


def test_every_value_says_where_it_comes_from() -> None:
    for line in (RESOURCES / "theme.toml").read_text(encoding="utf-8").splitlines():
        if " = " in line and not line.startswith("#"):
            assert re.search(r"\S+ +# \S", line), line


def channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[-6:][start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """Follows WCAG 2.1, "relative luminance"."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(colour: str, ground: str) -> str:
    alpha = int(colour[1:3], 16) / 255
    mixed = [
        alpha * top + (1 - alpha) * low for top, low in zip(channels(colour), channels(ground), strict=True)
    ]
    return "#" + "".join(f"{round(part * 255):02x}" for part in mixed)
