"""The icon in the panel of a real screen, and a window that closes into it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.app_window import AppWindow
from tests.helpers.display import SIZE_PX, Box, Display, middle
from tests.helpers.processes import sightline, until

Start = Callable[..., AppWindow]

PANEL: Box = (SIZE_PX[0] - 400, SIZE_PX[1] - 32, *SIZE_PX)
"""Where `panel` is; the icons are at its right end."""
ICON = (106, 106, 223)


@contextmanager
def a_panel(display: Display, tmp_path: Path) -> Iterator[None]:
    """A panel with a tray, as small desktops have it."""
    options = ["--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", "400"]
    with (tmp_path / "panel.log").open("wb") as out:
        process = subprocess.Popen(
            ["trayer", *options, "--height", "32", "--SetDockType", "true", "--transparent", "false"],
            env=display.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def panel(display: Display, tmp_path: Path) -> Iterator[None]:
    with a_panel(display, tmp_path):
        yield


def settings(folder: Path, **values: object) -> None:
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "settings.json").write_text(json.dumps(values))


def close(display: Display, app: AppWindow) -> None:
    """As its title bar's button does it."""
    display.activate(app.window)
    display.key("alt+F4")


def wait_until_shown(display: Display, app: AppWindow) -> None:
    """The icon is a window of the same name."""
    until(lambda: app.window in display.windows(app.process.pid), "the window")


def open_menu(display: Display, icon: tuple[int, int], folder: Path) -> None:
    """Click with the other button; a picture of what opens is kept."""
    above = (PANEL[0], PANEL[1] - 260, SIZE_PX[0], PANEL[1])
    before = display.see(above)

    def opened() -> bool:
        display.click(*icon, button=3)
        try:
            display.wait_for_change(above, before, timeout_s=5)
        except AssertionError:
            # On a busy machine a click may come while the window is still going.
            return False
        return True

    until(opened, "the menu")
    display.wait_until_still(above)
    display.see((*above[:2], *SIZE_PX)).save(folder / "menu.png")


def test_a_window_that_was_closed_into_the_tray_comes_back_and_quits_from_there(
    start: Start, display: Display, panel: None, tmp_path: Path
) -> None:
    settings(tmp_path, close_to_tray=True, dismissed=["closed_to_tray"])
    app = start()
    icon = middle(display.wait_for_color(ICON, PANEL, wide=12))

    close(display, app)
    display.wait_until_closed(app.process.pid, app.window)
    display.click(*icon)
    wait_until_shown(display, app)

    close(display, app)
    display.wait_until_closed(app.process.pid, app.window)
    second = sightline(
        *("--data-dir", tmp_path / "data"),
        environment={**display.environment, "QT_QPA_PLATFORM": "xcb"},
        folder=tmp_path / "second",
    )
    assert second.wait() == 0
    wait_until_shown(display, app)

    close(display, app)
    display.wait_until_closed(app.process.pid, app.window)
    assert app.process.status is None
    open_menu(display, icon, tmp_path)
    # The last entry.
    display.key("Up", "Return")
    assert app.process.wait() == 0


def test_without_a_tray_closing_quits_whatever_was_chosen(
    start: Start, display: Display, tmp_path: Path
) -> None:
    settings(tmp_path, close_to_tray=True)
    app = start()

    close(display, app)

    assert app.process.wait() == 0


def test_a_tray_may_come_later_and_closing_quits_unless_it_was_chosen_otherwise(
    start: Start, display: Display, tmp_path: Path
) -> None:
    app = start()
    display.run("xdotool", "windowminimize", "--sync", str(app.window))
    with a_panel(display, tmp_path):
        display.activate(app.window)
        display.wait_for_color(ICON, PANEL, wide=12)

        close(display, app)

        assert app.process.wait() == 0
