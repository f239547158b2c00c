"""A further launch hands what it was given to the open window, whatever state that is in."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.system.instance import InstanceLock
from tests.helpers.app_window import AppWindow, file_manager, text_on_screen
from tests.helpers.asking import make_image
from tests.helpers.display import Display
from tests.helpers.processes import Process, sightline, until

Start = Callable[..., AppWindow]


@pytest.fixture
def launch(display: Display, tmp_path: Path) -> Callable[..., Process]:
    def start(*arguments: str | Path, **environment: str) -> Process:
        return sightline(
            *arguments,
            "--data-dir",
            tmp_path / "data",
            environment={**display.environment, "QT_QPA_PLATFORM": "xcb", **environment},
            folder=tmp_path / f"launch-{len(list(tmp_path.glob('launch-*')))}",
        )

    return start


def has_focus(display: Display, app: AppWindow) -> bool:
    return display.run("xdotool", "getactivewindow").strip() == str(app.window)


def test_files_of_a_second_launch_are_selected_in_the_first_window_which_comes_forward(
    start: Start, display: Display, launch: Callable[..., Process], tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    first = make_image(folder / "one.png")
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/odd \xff\n name.png"))
    odd.write_bytes(make_image(tmp_path / "two.png", color="olive").read_bytes())
    app = start()

    with file_manager(display, folder) as window:
        for minimised in (False, True):
            if minimised:
                display.run("xdotool", "windowminimize", "--sync", str(app.window))
            display.activate(window)
            began_at = time.monotonic()
            second = launch(odd, DESKTOP_STARTUP_ID="test_TIME0") if minimised else launch(first)

            assert second.wait() == 0
            assert (second.out, second.err) == ("", "")
            assert time.monotonic() - began_at < 5
            draft = app.wait_for_draft(images=2 if minimised else 1)
            until(lambda: has_focus(display, app), "the window to come to the front")

    assert [image.path for image in draft.images] == [first, odd]


def test_a_launch_without_files_only_brings_the_window_to_the_front(
    start: Start, display: Display, launch: Callable[..., Process], tmp_path: Path
) -> None:
    app = start()
    with file_manager(display, tmp_path) as window:
        display.activate(window)

        assert launch().wait() == 0

        until(lambda: has_focus(display, app), "the window to come to the front")
    assert app.draft().images == ()


def test_after_a_kill_the_next_window_opens_and_takes_over_from_others(
    start: Start, launch: Callable[..., Process], tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "a.png")
    start().process.end()

    app = start()
    assert launch(picture).wait() == 0

    assert app.wait_for_draft(images=1).images[0].path == picture


def test_of_launches_at_the_same_moment_one_opens_and_has_the_files_of_all(
    display: Display, launch: Callable[..., Process], tmp_path: Path
) -> None:
    pictures = [make_image(tmp_path / f"{name}.png", color=name) for name in ("tomato", "olive", "orchid")]
    launches = [launch(picture) for picture in pictures]
    try:
        until(lambda: sum(one.status == 0 for one in launches) == 2, "all but one to hand over")
        (left,) = (one for one in launches if one.status is None)
        app = AppWindow(display, left, tmp_path / "data", display.wait_for_window(left.pid, "Sightline"))

        draft = app.wait_for_draft(images=3)

        assert {image.path for image in draft.images} == set(pictures)
        app.quit()
    finally:
        for one in launches:
            one.end()


def test_a_window_that_hangs_is_said_and_gets_nothing(
    start: Start, display: Display, launch: Callable[..., Process], tmp_path: Path
) -> None:
    app = start()
    os.kill(app.process.pid, signal.SIGSTOP)
    try:
        second = launch(make_image(tmp_path / "a.png"))
        message = display.wait_for_window(second.pid, "Sightline")
        said = text_on_screen(display, display.wait_until_still(display.box(message)))
        display.key("Return")
        assert second.wait() == 1
    finally:
        os.kill(app.process.pid, signal.SIGCONT)

    assert "doesnotanswer" in "".join(said.split())
    assert second.err == ""
    # What it was not given does not come later; what it is given now does.
    other = make_image(tmp_path / "b.png")
    assert launch(other).wait() == 0
    assert [image.path for image in app.wait_for_draft(images=1).images] == [other]


def test_a_picture_of_the_window_is_not_drawn_beside_an_open_one(
    display: Display, launch: Callable[..., Process], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    lock = InstanceLock(tmp_path / "data" / "window.lock")
    assert lock.acquire()
    try:
        second = launch("--render-to", tmp_path / "window.png")
        assert second.wait() == 1
    finally:
        lock.release()
    assert "already open" in second.err
    assert not (tmp_path / "window.png").exists()
