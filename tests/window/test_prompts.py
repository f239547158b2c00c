"""Prompts with a real keyboard: a shortcut, the menu by typing, variables in what is sent."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.helpers.app_window import AppWindow
from tests.helpers.asking import make_image
from tests.helpers.display import Display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import until

Start = Callable[..., AppWindow]
OWN = {
    "version": 1,
    "own": [{"id": "own-1", "title": "Size", "text": "Is {name} really {width} x {height}?"}],
    "shortcuts": {"own-1": "Ctrl+Alt+1"},
}


def test_a_prompt_comes_by_its_keys_and_by_typing_in_the_menu(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "prompts.json").write_text(json.dumps(OWN), encoding="utf-8")
    picture = make_image(tmp_path / "till.png", 320, 200)
    app = start("--base-url", loopback.base_url, "--model", "gpt-4.1", picture)
    app.wait_for_draft(images=1)

    display.key("ctrl+alt+1")
    app.wait_for_draft(text="Is {name} really {width} x {height}?", images=1)
    display.key("ctrl+Return")
    request = loopback.wait_for_requests(1, 60)
    assert request.body["messages"][-1]["content"][-1]["text"] == "Is till.png really 320 x 200?"
    app.wait_for_answers(1)
    assert app.conversations()[0].messages[0].text == "Is till.png really 320 x 200?"

    # From the box: image, capture, then Prompts.
    for _ in range(3):
        display.key("Tab")
    display.key("space")
    display.wait_until_still(app.part(0.5, 0.2, 1.0, 1.0))
    display.type("alt text")
    display.key("Return")
    until(lambda: app.draft().text.startswith("Write alt text for this image"), "the prompt in the box")
    app.quit()
    kept = json.loads((tmp_path / "data" / "prompts.json").read_text(encoding="utf-8"))
    assert kept == OWN
