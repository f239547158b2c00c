"""The window beside others: the terminal command, and what ends it from outside."""

import time
from collections.abc import Callable
from pathlib import Path

from desktop.core.model import AnswerState
from tests.helpers.app_window import AppWindow
from tests.helpers.asking import make_image
from tests.helpers.display import Display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import descendants, is_alive, sightline, until

Start = Callable[..., AppWindow]


def test_what_the_terminal_asks_appears_in_the_open_window(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    app = start("--base-url", loopback.base_url)
    before = display.wait_until_still(app.history_part)

    asking = sightline(
        *("ask", make_image(tmp_path / "a.png"), "--prompt", "From the terminal", "--model", "gpt-4.1"),
        *("--base-url", loopback.url_as("stalled"), "--data-dir", app.data),
        environment=display.environment,
        folder=tmp_path / "asking",
    )
    # The question is stored before the request is sent.
    loopback.wait_for_requests(1, 60)
    stored_at = time.monotonic()
    appeared_at = display.wait_for_change(app.history_part, before)

    assert appeared_at - stored_at < 2
    assert [conversation.title for conversation in app.conversations()] == ["From the terminal"]
    asking.interrupt()
    assert asking.wait() == 130


def test_sigterm_while_an_answer_streams_ends_the_window_and_keeps_what_had_come(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "a.png")
    app = start(picture, "--base-url", loopback.url_as("slow"), "--model", "gpt-4.1")
    loopback.pause_s = 0.5
    request = app.ask("What is this?", loopback, images=1)
    loopback.wait_for(lambda: request.sent > 3, 60)
    children = descendants(app.process.pid)
    assert children

    app.process.terminate()

    assert app.process.wait() == 0
    assert app.process.err == ""
    loopback.wait_for(lambda: request.closed_at is not None)
    answer = app.answers()[0]
    assert answer.state is AnswerState.STOPPED
    assert answer.text
    assert loopback.text.startswith(answer.text)
    until(lambda: not [pid for pid in children if is_alive(pid)], "the end of the workers")


def test_sigterm_ends_the_window_while_a_dialog_is_open(start: Start, display: Display) -> None:
    app = start()
    display.key("ctrl+comma")
    display.wait_for_window(app.process.pid, "Settings")

    app.process.terminate()

    assert app.process.wait() == 0
    assert app.process.err == ""


def test_a_killed_window_leaves_its_answer_marked_and_its_place_free(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "a.png")
    app = start(picture, "--base-url", loopback.url_as("stalled"), "--model", "gpt-4.1")
    request = app.ask("What is this?", loopback, images=1)
    loopback.wait_for(lambda: request.sent > 10, 60)
    come = until(lambda: app.answers()[0].text, "what has come, in the history")
    app.process.end()

    start("--base-url", loopback.base_url, "--model", "gpt-4.1")

    answer = app.answers()[0]
    assert (answer.state, answer.text) == (AnswerState.INTERRUPTED, come)
