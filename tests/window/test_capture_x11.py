"""Every pixel of every screen of a real X server, and the windows on it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import ImageChops

from desktop.capture.windows_x11 import ask_x11
from desktop.core.edits import Area
from tests.helpers import display as displays
from tests.helpers.display import SIZE_PX, Display
from tests.helpers.patterns import pattern
from tests.helpers.processes import ROOT, until
from tests.helpers.shooting import shoot
from tests.helpers.x_windows import XWindows, x_windows


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """A screen without a window manager, that shows a known picture."""
    folder = tmp_path_factory.mktemp("bare")
    pattern(*SIZE_PX).save(folder / "pattern.png")
    with displays._server(folder) as name:
        made = Display(name, folder)
        with shown(made, {"file": str(folder / "pattern.png"), "left": 0, "top": 0}):
            yield made


@contextmanager
def shown(display: Display, *places: dict[str, object]) -> Iterator[None]:
    """Pictures on a screen, by a process of their own."""
    told = display.folder / "places.json"
    told.write_text(json.dumps(places))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.patterns", str(told)],
        cwd=ROOT,
        env={**display.environment, "QT_QPA_PLATFORM": "xcb"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"shown\n"
        yield
    finally:
        process.kill()
        process.communicate(timeout=10)


@pytest.mark.parametrize("scale", ["1", "2", "1.5"])
def test_every_pixel_is_taken_at_any_scale(bare: Display, tmp_path: Path, scale: str) -> None:
    taken = shoot(tmp_path, environment={**bare.environment, "QT_SCALE_FACTOR": scale})
    assert taken.told["backend"] == "qt"
    (image,) = taken.images
    assert image.size == SIZE_PX
    assert ImageChops.difference(image, pattern(*SIZE_PX)).getbbox() is None


def test_gnome_screenshot_takes_the_same_pixels(bare: Display, tmp_path: Path) -> None:
    taken = shoot(tmp_path, "gnome-screenshot", environment={**bare.environment, "QT_SCALE_FACTOR": "2"})
    assert taken.told["backend"] == "gnome-screenshot"
    assert ImageChops.difference(taken.images[0], pattern(*SIZE_PX)).getbbox() is None


@pytest.mark.parametrize("factors", ["1", "2", "left=1.5;right=1.25"])
def test_two_screens_beside_and_above_each_other(bare: Display, tmp_path: Path, factors: str) -> None:
    bare.run("xrandr", "--setmonitor", "right", "1200/300x700/200+800+0", "screen")
    bare.run("xrandr", "--setmonitor", "left", "800/200x600/150+0+400", "none")
    try:
        name = "QT_SCREEN_SCALE_FACTORS" if "=" in factors else "QT_SCALE_FACTOR"
        taken = shoot(tmp_path, environment={**bare.environment, name: factors})
    finally:
        bare.run("xrandr", "--delmonitor", "left")
        bare.run("xrandr", "--delmonitor", "right")
    whole, boxes = pattern(*SIZE_PX), {"left": (0, 400, 800, 1000), "right": (800, 0, 2000, 700)}
    assert {screen["name"] for screen in taken.screens} == set(boxes)
    for screen, image in zip(taken.screens, taken.images, strict=True):
        expected = whole.crop(boxes[screen["name"]])
        assert image.size == expected.size
        assert ImageChops.difference(image, expected).getbbox() is None
        assert image.width == pytest.approx(screen["place"][2] * screen["ratio"], abs=1)


@pytest.fixture
def windows(display: Display) -> Iterator[XWindows]:
    with x_windows(display.name) as made:
        yield made


def listed(display: Display) -> dict[str, tuple[int, int, int, int]]:
    told = ask_x11(display.name).windows
    return {one.title: (one.area.left, one.area.top, one.area.right, one.area.bottom) for one in told}


def test_windows_are_told_from_the_top_with_their_frames(display: Display, windows: XWindows) -> None:
    lower = windows.make(b"lower", (100, 100, 500, 400))
    upper = windows.make("oben \U0001f41e 上".encode(), (300, 200, 800, 600))
    bare = windows.make(b"bare", (900, 100, 1200, 300), decorated=False)
    windows.ask_manager(lower, "_NET_ACTIVE_WINDOW", 2)
    until(lambda: ask_x11(display.name).active_title == "lower", "the focus")
    told = ask_x11(display.name)
    assert [one.title for one in told.windows] == ["lower", "bare", "oben \U0001f41e 上"]
    assert listed(display) == {
        "lower": windows.frame(lower),
        "oben \U0001f41e 上": windows.frame(upper),
        "bare": windows.frame(bare),
    }
    # With a title bar.
    left, top, right, bottom = windows.frame(lower)
    assert (right - left, bottom - top) > (400, 310)


def test_windows_that_nobody_sees_are_left_out_and_our_own_are_not(
    display: Display, windows: XWindows
) -> None:
    windows.make(b"seen", (100, 100, 500, 400))
    windows.minimise(windows.make(b"minimised", (200, 200, 600, 500)))
    windows.make(b"ours", (300, 300, 700, 600), pid=os.getpid())
    away = windows.make(b"elsewhere", (400, 400, 800, 700))
    windows.ask_manager(away, "_NET_WM_DESKTOP", 1, 2)
    until(lambda: "elsewhere" not in listed(display), "a window to be on another desktop")
    # What lies below ours cannot be pointed at.
    assert [*listed(display)] == ["ours", "seen"]
    windows.ask_manager(away, "_NET_WM_DESKTOP", 0xFFFFFFFF, 2)
    until(lambda: "elsewhere" in listed(display), "a window to be on all desktops")


def test_a_shadow_that_a_window_draws_itself_is_no_part_of_it(display: Display, windows: XWindows) -> None:
    window = windows.make(b"with a shadow", (100, 100, 500, 400), decorated=False)
    left, top, right, bottom = windows.frame(window)
    windows.tell(window, "_GTK_FRAME_EXTENTS", "CARDINAL", 26, 27, 23, 29)
    assert listed(display) == {"with a shadow": (left + 26, top + 23, right - 27, bottom - 29)}
    windows.tell(window, "_GTK_FRAME_EXTENTS", "CARDINAL", 0xFFFFFFFF, 0, 0, 0)
    assert listed(display) == {"with a shadow": (left, top, right, bottom)}


@pytest.mark.parametrize(
    "title",
    [b"\xff\xfe broken", b"a\nb\x1b[2Jc\0d", "\u202egnp.exe".encode(), b"long " * 10_000, b"<b>&amp;", b""],
    ids=["no text", "controls", "right to left", "endless", "markup", "empty"],
)
def test_titles_are_plain_bounded_lines(display: Display, windows: XWindows, title: bytes) -> None:
    windows.make(title, (100, 100, 500, 400))
    ((told, _place),) = listed(display).items()
    assert told.isprintable()
    assert len(told) <= 200
    assert bool(told) == bool(title)


@pytest.mark.parametrize(
    ("kind", "told", "title"),
    [
        ("COMPOUND_TEXT", b"build \x1b%G\xe2\x80\x94 \xe4\xb8\x8a\x1b%@ caf\xe9", "build — 上 café"),
        ("COMPOUND_TEXT", b"\x1b%G\xe2\x80\x94 cut", "— cut"),
        ("COMPOUND_TEXT", b"a \x1b-Ab", "a b"),
        ("STRING", b"caf\xe9", "café"),
        ("UTF8_STRING", "上".encode(), "上"),
    ],
)
def test_titles_of_old_programs_are_read(
    display: Display, windows: XWindows, kind: str, told: bytes, title: str
) -> None:
    window = windows.make(b"", (100, 100, 500, 400))
    windows.tell(window, "WM_NAME", kind, told)
    assert [*listed(display)] == [title]


def test_windows_lie_on_the_picture_where_they_are_seen(
    display: Display, windows: XWindows, tmp_path: Path
) -> None:
    window = windows.make(b"blue", (1501, 303, 1811, 507), decorated=False)
    windows.ask_manager(window, "_NET_ACTIVE_WINDOW", 2)
    taken = shoot(tmp_path, environment={**display.environment, "QT_SCALE_FACTOR": "2"})
    ((blue,), (image,)) = [[one for one in taken.screens[0]["windows"] if one[0] == "blue"], taken.images]
    assert taken.told["active"] == "blue"
    assert tuple(blue[1:]) == windows.frame(window)
    assert image.crop(blue[1:]).getcolors() == [(310 * 204, (0x20, 0x40, 0x80))]
    assert image.getpixel((blue[1] - 1, blue[2])) != (0x20, 0x40, 0x80)


def test_without_a_window_manager_what_lies_on_the_screen_is_a_window(bare: Display) -> None:
    assert [one.area for one in ask_x11(bare.name).windows] == [Area(0, 0, *SIZE_PX)]
