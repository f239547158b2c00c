"""The capture overlay on a real X server: above everything, with the keyboard and the screen's own pixels."""

import json
import sys
from pathlib import Path

from PIL import Image

from tests.helpers.display import SIZE_PX, Display, differ
from tests.helpers.pictures import photo
from tests.helpers.processes import Process, until

WHOLE = (0, 0, *SIZE_PX)
DOCK = (255, 204, 0)
"""The colour of the helper's panel at the upper edge."""


def test_a_drag_typed_words_and_enter_give_the_screens_own_pixels(display: Display, tmp_path: Path) -> None:
    picture, out = tmp_path / "picture.png", tmp_path / "out.png"
    photo(1600, 800).save(picture)
    command = [sys.executable, "-m", "tests.helpers.overlay_window", str(picture), str(out)]
    process = Process(command, environment=display.environment, folder=tmp_path / "process")
    try:
        display.wait_for_window(process.pid, "the picture")
        before = display.wait_until_still(WHOLE)
        assert before.getpixel((0, 0)) == DOCK
        out.with_suffix(".0").touch()
        until(lambda: process.out.count("shown") == 1, "the overlay")
        frozen = until(lambda: _dimmed(display, before), "the screen to be dimmed all over")
        display.drag((400, 220), (999, 619), over=lambda: differ(frozen, display.see(WHOLE)))
        display.type("Why is it red?")
        display.key("Return")
        told = json.loads(until(lambda: process.out.splitlines()[1:], "an end")[0])
        assert told == {"prompt": "Why is it red?", "marks": 0}
        with Image.open(out) as captured:
            assert not differ(captured.convert("RGB"), before.crop((400, 220, 1000, 620)))
        until(lambda: not differ(before, display.see(WHOLE)), "the screen as it was")
        out.with_suffix(".1").touch()
        until(lambda: process.out.count("shown") == 2 and _dimmed(display, before), "the overlay again")
        display.key("Escape")
        assert process.wait() == 0
        assert process.err == ""
    finally:
        process.end()


def _dimmed(display: Display, before: Image.Image) -> Image.Image | None:
    """The screen, once dock and picture are darker than before."""
    seen = display.see(WHOLE)
    places = ((0, 0), (SIZE_PX[0] - 1, 0), (500, 300), (1200, 700))
    dark = all(sum(seen.getpixel(at)) < sum(before.getpixel(at)) * 0.7 for at in places)  # type: ignore[arg-type]
    return seen if dark else None
