"""Every pixel of each output of a real Wayland compositor, whatever their scales; Qt is its client."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.helpers.patterns import pattern
from tests.helpers.processes import ROOT, until
from tests.helpers.shooting import shoot
from tests.helpers.sway import Output, Sway, sway

OUTPUTS = Output(1280, 720, 0, 0), Output(1600, 1200, -800, -100, "2")
NAMES = "HEADLESS-1", "HEADLESS-2"


def expected(number: int) -> Image.Image:
    return pattern(OUTPUTS[number].width_px, OUTPUTS[number].height_px, number)


@pytest.fixture(scope="module")
def compositor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sway]:
    """Two outputs of different scale, each filled with a picture of which every pixel is known."""
    folder = tmp_path_factory.mktemp("sway")
    with sway(folder, OUTPUTS) as made, ExitStack() as ends:
        for number, name in enumerate(NAMES):
            ends.enter_context(shown(made, folder, number, name))
        yield made


@contextmanager
def shown(compositor: Sway, folder: Path, number: int, name: str) -> Iterator[None]:
    """A picture that fills one output."""
    expected(number).save(folder / f"{name}.png")
    place = {"file": str(folder / f"{name}.png"), "screen": name, "title": f"on {name}"}
    (folder / f"{name}.json").write_text(json.dumps([place]))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.patterns", str(folder / f"{name}.json")],
        cwd=ROOT,
        env=compositor.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"shown\n"
        # The compositor takes its time.
        until(lambda: same(seen(compositor, name, folder / "seen.ppm"), expected(number)), name, 20)
        yield
    finally:
        process.kill()
        process.communicate(timeout=10)


def seen(compositor: Sway, name: str, path: Path) -> Image.Image:
    subprocess.run(
        ["grim", "-t", "ppm", "-o", name, path], env=compositor.environment, check=True, timeout=20
    )
    return Image.open(path).convert("RGB")


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_each_output_is_taken_in_its_own_pixels(compositor: Sway, tmp_path: Path) -> None:
    taken = shoot(tmp_path, environment=compositor.environment)
    assert taken.told["backend"] == "grim"
    assert [screen["name"] for screen in taken.screens] == list(NAMES)
    assert [screen["place"] for screen in taken.screens] == [[0, 0, 1280, 720], [-800, -100, 800, 600]]
    for number, image in enumerate(taken.images):
        assert same(image, expected(number)), NAMES[number]
    assert [screen["windows"] for screen in taken.screens] == [
        [["on HEADLESS-1", 0, 0, 1280, 720]],
        [["on HEADLESS-2", 0, 0, 1600, 1200]],
    ]
    assert taken.told["active"] in {"on HEADLESS-1", "on HEADLESS-2"}


def test_outputs_that_qt_calls_otherwise_are_found_by_their_place(compositor: Sway, tmp_path: Path) -> None:
    environment = with_program(
        compositor,
        tmp_path,
        "grim",
        f"""
        [ "$3" = -o ] && echo "unknown output '$4'" >&2 && exit 1
        exec {shutil.which("grim")} "$@"
    """,
    )
    taken = shoot(tmp_path, "grim", environment=environment)
    assert [same(image, expected(number)) for number, image in enumerate(taken.images)] == [True, True]


def test_one_picture_of_both_is_brought_back_to_the_pixels_of_each(compositor: Sway, tmp_path: Path) -> None:
    """As Spectacle and the portal give it; this is what a real compositor draws for outputs of two scales."""
    environment = with_program(compositor, tmp_path, "spectacle", 'exec grim -t png "$5"')
    taken = shoot(tmp_path, "spectacle", environment={**environment, "XDG_CURRENT_DESKTOP": "KDE"})
    assert taken.told["backend"] == "spectacle"
    coarse, fine = taken.images
    assert same(fine, expected(1))
    assert coarse.size == expected(0).size
    # grim blends pixels when it doubles them.
    strayed = ImageStat.Stat(ImageChops.difference(coarse, expected(0))).mean
    assert max(strayed) < 2


def test_each_way_says_why_it_cannot(compositor: Sway, tmp_path: Path) -> None:
    environment = {**compositor.environment, "PATH": str(tmp_path)}
    told = shoot(tmp_path, environment=environment).told
    assert told["code"] == "capture_impossible"
    assert told["meaning"] == (
        "No way works. The direct way: Wayland does not let programs look at the screen; "
        "grim: not installed; The desktop’s portal: this session has no message bus; "
        "gnome-screenshot: not installed; Spectacle: not installed."
    )


def test_windows_lie_where_they_are_seen_with_their_title_bars(compositor: Sway, tmp_path: Path) -> None:
    look, place = "fullscreen disable, floating enable, border normal 3", "move absolute position 90 80"
    for wish in (f"{look}, resize set 500 300, {place}", "focus"):
        command = f'[title="on HEADLESS-1"] {wish}'
        subprocess.run(
            ["swaymsg", command], env=compositor.environment, check=True, stdout=subprocess.DEVNULL
        )
    taken = shoot(tmp_path, environment=compositor.environment)
    ((title, *box),) = taken.screens[0]["windows"]
    assert title == "on HEADLESS-1"
    assert taken.told["active"] == "on HEADLESS-1"
    background = Image.new("RGB", taken.images[0].size, (0x30, 0x30, 0x30))
    assert ImageChops.difference(taken.images[0], background).getbbox() == tuple(box)


def with_program(compositor: Sway, folder: Path, name: str, script: str) -> dict[str, str]:
    """An environment in which a program is a script."""
    path = folder / "bin" / name
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {**compositor.environment, "PATH": f"{path.parent}:{compositor.environment['PATH']}"}
