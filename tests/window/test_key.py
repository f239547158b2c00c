"""Without a key the reader answers; a key is entered and tried with the keyboard alone."""

from collections.abc import Callable
from pathlib import Path

from tests.helpers.app_window import AppWindow, text_on_screen
from tests.helpers.asking import make_image
from tests.helpers.display import Display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import until

Start = Callable[..., AppWindow]

SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "receipt.png"
CANARY = "sk-canary-4f2a9c81d07be356"


def test_without_a_key_the_reader_answers_and_a_banner_says_so(start: Start, display: Display) -> None:
    app = start(SAMPLE)
    app.wait_for_draft(images=1)
    seen = text_on_screen(display, display.wait_until_still(app.part(0.0, 0.0, 1.0, 0.13)))
    assert "answerscomefromtheon-devicereader" in seen
    assert "Addakey" in seen
    assert "On-devicereader" in seen

    display.type("What are the lines and the total?")
    app.wait_for_draft(text="What are the lines and the total?")
    display.key("ctrl+Return")

    answer = app.wait_for_answers(1)
    assert "TOTAL EUR" in answer.text
    assert "37.34" in answer.text
    assert answer.provider == "on-device"


def test_a_key_is_typed_tried_and_kept_by_keyboard(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    app = start(make_image(tmp_path / "a.png"), "--base-url", loopback.base_url, "--model", "gpt-4.1")
    app.wait_for_draft(images=1)
    display.key("ctrl+comma")
    display.wait_for_window(app.process.pid, "Settings")
    display.key("space")
    dialog = display.wait_for_window(app.process.pid, "API key")

    display.type(CANARY)
    display.key("Tab", "Tab", "space")
    tried = loopback.wait_for_requests(1, 60)
    assert (tried.method, tried.headers["authorization"]) == ("GET", f"Bearer {CANARY}")
    until(
        lambda: "Works:3models" in text_on_screen(display, display.see(display.box(dialog))),
        "the result of the test",
    )
    display.key("shift+Tab", "shift+Tab", "Return")
    display.wait_until_closed(app.process.pid, dialog)
    display.key("Escape")
    until(lambda: display.windows(app.process.pid) == [app.window], "the end of the settings")

    request = app.ask("What is this?", loopback, images=1)
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    app.wait_for_answers(1)
    app.quit()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
