"""Images are dragged from the gallery into a real file manager, which copies them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from desktop.core.edits import Area, Edits
from desktop.core.model import Draft, DraftImage
from tests.helpers.app_window import AppWindow, file_manager
from tests.helpers.asking import make_image
from tests.helpers.display import Color, Display, differ, middle
from tests.helpers.history import opened
from tests.helpers.processes import PATIENCE_S, until

Start = Callable[..., AppWindow]
ACCENT: Color = (0x5B, 0x5B, 0xD6)
"""Around the tiles that are selected."""
_MOVES = 41


def drag_into(display: Display, app: AppWindow, folder: Path, *, files: int) -> None:
    """Drag the tiles that are selected into a file manager that shows a folder, until they are there.

    Here pcmanfm leaves about one drag in twenty without an answer; a person tries again.
    """
    with file_manager(display, folder) as window:
        for last in (False, False, True):
            drag_once(display, app, window)
            try:
                until(lambda: len(list(folder.iterdir())) == files, "the copies", PATIENCE_S if last else 8)
                break
            except AssertionError:
                if last:
                    raise
        until(lambda: all(path.stat().st_size for path in folder.iterdir()), "all of them")


def drag_once(display: Display, app: AppWindow, window: int) -> None:
    chosen = display.wait_for_color(ACCENT, app.gallery_part, wide=90)
    left, top, right, bottom = display.box(window)
    place = (left + 160, top + 60, right - 20, bottom - 60)
    display.activate(app.window)
    before = display.wait_until_still(place)
    x, y = middle(place)
    moves = iter(range(_MOVES))

    def asked_often() -> bool:
        """Something is dragged there, and the file manager, which shows nothing of it, had time to answer."""
        if not differ(before, display.see(place)):
            return False
        display.run("xdotool", "mousemove", str(x + next(moves) % 2), str(y))
        return next(moves, None) is None

    display.drag((chosen[0] + 40, chosen[1] + 60), (x, y), over=asked_often)


def wait_for_facts(app: AppWindow, images: int) -> None:
    """Wait until so many images were looked at, which is remembered."""
    remembered = app.data / "cache" / "pictures"
    until(lambda: sum(path.is_file() for path in remembered.rglob("*")) == images, "the images' facts")
    app.display.wait_until_still(app.gallery_part)


def test_tiles_dragged_into_a_file_manager_are_copied_there(
    start: Start, display: Display, tmp_path: Path
) -> None:
    pictures, target = tmp_path / "pictures", tmp_path / "target"
    pictures.mkdir()
    target.mkdir()
    paths = [make_image(pictures / f"{color} 100%.png", color=color) for color in ("tomato", "olive")]
    app = start(*paths)
    # Both are selected, because they were brought in together.
    app.wait_for_draft(images=2)
    wait_for_facts(app, 2)

    drag_into(display, app, target, files=2)

    for path in paths:
        assert (target / path.name).read_bytes() == path.read_bytes()
        assert path.exists()
    assert len(app.draft().images) == 2


def test_of_an_edited_image_the_edited_version_is_dragged(
    start: Start, display: Display, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    path = make_image(tmp_path / "photo.png")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    edits = Edits(crop=Area(0, 0, 320, 480), blackouts=(Area(0, 0, 100, 100),))
    with opened(tmp_path / "data") as store:
        images = (DraftImage(path=path, sha256=sha256, edits=edits),)
        store.save_draft(0, Draft(images=images)).result()
    app = start()
    wait_for_facts(app, 1)

    drag_into(display, app, target, files=1)

    (copied,) = target.iterdir()
    assert copied.name == "photo (edited).png"
    with Image.open(copied) as image:
        assert image.size == (320, 480)
        assert image.convert("RGB").getpixel((50, 50)) == (0, 0, 0)
