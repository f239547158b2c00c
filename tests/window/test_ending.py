"""What ends the window from outside while something of it is open; what is kept when the display goes."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.model import AnswerState
from tests.helpers.app_window import AppWindow, start_window
from tests.helpers.asking import make_image
from tests.helpers.display import Display, middle, new_display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import until

TOMATO = (255, 99, 71)
Start = Callable[..., AppWindow]


def open_file_dialog(app: AppWindow) -> None:
    app.display.key("ctrl+o")
    until(lambda: len(app.display.windows(app.process.pid)) > 1, "the file dialog")


def open_menu(app: AppWindow) -> None:
    before = len(app.display.windows(app.process.pid))
    # The prompt's own.
    x, y, _right, _bottom = app.part(0.75, 0.87, 1, 1)
    app.display.click(x, y, button=3)
    until(lambda: len(app.display.windows(app.process.pid)) > before, "the menu")


@pytest.mark.parametrize("open_something", [open_file_dialog, open_menu])
def test_a_signal_ends_the_window_whatever_is_open(
    start: Start, open_something: Callable[[AppWindow], None]
) -> None:
    app = start()
    app.display.type("half")
    app.wait_for_draft(text="half")
    app.display.type(" a question")
    open_something(app)

    os.kill(app.process.pid, signal.SIGHUP)

    assert app.process.wait() == 0
    assert app.process.err == ""
    assert app.draft().text == "half a question"


def test_a_signal_asks_nothing_of_a_private_conversation_that_is_answered(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    app = start(make_image(tmp_path / "a.png"), "--base-url", loopback.url_as("slow"), "--model", "gpt-4.1")
    loopback.pause_s = 0.5
    app.wait_for_draft(images=1)
    display.key("ctrl+shift+n")
    display.click(*middle(display.wait_for_color(TOMATO, app.gallery_part)))
    app.display.key("ctrl+l")
    display.type("a secret")
    display.wait_until_still(app.part(0.0, 0.0, 1.0, 0.75))
    display.key("ctrl+Return")
    loopback.wait_for(lambda: any(r.method == "POST" and r.sent > 2 for r in loopback.requests), 60)
    # With its question, closing the window by hand asks.
    display.key("alt+F4")
    until(lambda: len(display.windows(app.process.pid)) > 1, "the question")

    began = time.monotonic()
    app.process.terminate()

    assert app.process.wait() == 0
    assert time.monotonic() - began < 10
    assert app.process.err == ""
    assert app.conversations() == []


def test_when_the_display_goes_all_is_kept_and_it_is_no_crash(tmp_path: Path, loopback: Loopback) -> None:
    with new_display(tmp_path) as display:
        app = start_window(
            display,
            tmp_path,
            make_image(tmp_path / "a.png"),
            *("--base-url", loopback.url_as("slow"), "--model", "gpt-4.1"),
        )
        try:
            loopback.pause_s = 0.3
            request = app.ask("What is this?", loopback, images=1)
            loopback.wait_for(lambda: request.sent > 3, 60)
            display.type("the next one")
            display.wait_until_still(app.part(0.5, 0.8, 1.0, 1.0))
            moved = (700, 60, 1900, 900)
            display.place(app.window, moved)
        except BaseException:
            app.process.end()
            raise
        settings = app.data / "settings.json"
        until(settings.exists, "the window's place to be kept")
    try:
        assert app.process.wait() == 1
    finally:
        app.process.end()
    assert "connection broke" in app.process.err
    assert app.draft().text == "the next one"
    answer = app.answers()[0]
    assert answer.state is AnswerState.STOPPED
    assert loopback.text.startswith(answer.text)
    assert '"end": "display_lost"' in (app.data / "crashes" / "running.json").read_text()
