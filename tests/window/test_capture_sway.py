"""Every pixel of each output of a real Wayland compositor, whatever their scales; Qt is its client."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops

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
