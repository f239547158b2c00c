"""Start, drop, ask, follow up, stop, quit, start again: with a real file manager, keys and mouse."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import ImageChops

from desktop.core.model import AnswerState
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


def test_ask_follow_up_stop_quit_and_start_again(
    start: Start, display: Display, loopback: Loopback, pictures: Path
) -> None:
    loopback.script.extend(["slow", "ok", "stalled"])
    app = start("--base-url", loopback.base_url, "--model", "gpt-4.1")

    # Onto the page beside the gallery: the whole window takes drops.
    with all_dropped(display, app, pictures, at=(0.75, 0.4)):
        first = app.ask("What is on these?", loopback, images=3)
    assert len(set(first.images)) == 3
    loopback.wait_for(lambda: first.sent > 5, 60)
    early = display.see(app.transcript_part)
    loopback.wait_for(lambda: first.sent > 40, 60)
    assert app.answers()[0].seconds is None
    until(lambda: differ(early, display.see(app.transcript_part)), "more of the answer on the screen")
    answer = app.wait_for_answers(1)
    assert (answer.state, answer.text) == (AnswerState.COMPLETE, loopback.text)

    second = app.ask("And in short?", loopback)
    assert second.images == first.images
    assert [turn["role"] for turn in second.body["messages"]] == ["user", "assistant", "user"]
    app.wait_for_answers(2)

    third = app.ask("Once more, please", loopback)
    loopback.wait_for(lambda: third.sent > 10, 60)
    until(lambda: app.answers()[2].text, "a checkpoint of the answer")
    pressed_at = time.monotonic()
    display.key("Escape")
    loopback.wait_for(lambda: third.closed_at is not None, 30)
    assert third.closed_at is not None
    assert third.closed_at - pressed_at < 1
    stopped = app.wait_for_answers(3)
    assert stopped.state is AnswerState.STOPPED
    assert stopped.text
    assert loopback.text.startswith(stopped.text)

    app.quit()
    again = start("--base-url", loopback.base_url, "--model", "gpt-4.1")
    last = again.ask("Do you remember?", loopback)
    assert last.images == first.images
    texts = [turn["content"] for turn in last.body["messages"]]
    assert texts[1] == loopback.text
    assert texts[5] == stopped.text
    assert str(texts[6]).endswith("Do you remember?")
    again.wait_for_answers(4)
