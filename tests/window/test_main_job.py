"""Start, drop, ask, follow up, stop, quit, start again: with a real file manager, keys and mouse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import ImageChops

from tests.helpers.app_window import AppWindow, file_manager
from tests.helpers.asking import make_image
from tests.helpers.display import Display, differ
from tests.helpers.loopback import Loopback
from tests.helpers.processes import until

Start = Callable[..., AppWindow]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with three images."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, color in enumerate(("tomato", "olive", "orchid")):
        make_image(folder / f"{number}.png", 400 + 200 * number, 300, color=color)
    return folder


@contextmanager
def all_dropped(display: Display, app: AppWindow, folder: Path, *, at: tuple[float, float]) -> Iterator[None]:
    """Select all files of a folder in a file manager, which stays open, and drag them onto the window."""
    with file_manager(display, folder) as window:
        left, top, right, bottom = display.box(window)
        files = (left + 160, top, right, bottom - 40)
        before = display.wait_until_still(files)
        display.key("ctrl+a")
        until(lambda: differ(before, display.see(files)), "the selection in the file manager")
        marked = ImageChops.difference(before, display.wait_until_still(files)).getbbox()
        assert marked is not None
        # The first file is in the corner of what has changed: its icon is wider than 40 pixels.
        start = files[0] + marked[0] + 20, files[1] + marked[1] + 20
        x, y, _right, _bottom = app.part(*at, *at)
        panel = app.part(0.18, 0.1, 0.48, 0.95)
        unmoved = display.see(panel)
        display.drag(start, (x, y), over=lambda: differ(unmoved, display.see(panel)))
        app.wait_for_draft(images=len(list(folder.iterdir())))
        yield


def test_files_dropped_on_the_gallery_are_asked_about_by_typing(
    start: Start, display: Display, loopback: Loopback, pictures: Path
) -> None:
    app = start("--base-url", loopback.base_url, "--model", "gpt-4.1")

    with all_dropped(display, app, pictures, at=(0.3, 0.5)):
        request = app.ask("What is on these?", loopback, images=3)

    assert len(set(request.images)) == 3
    assert request.body["messages"][-1]["content"][-1]["text"] == "What is on these?"
    assert app.wait_for_answers(1).text == loopback.text
