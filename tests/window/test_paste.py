"""Ctrl+V with pictures, files and words that other programs have put on the clipboard."""

from collections.abc import Callable
from pathlib import Path

from tests.helpers.app_window import AppWindow, clipboard
from tests.helpers.asking import make_image
from tests.helpers.display import Display
from tests.helpers.loopback import Loopback

Start = Callable[..., AppWindow]


def test_pictures_files_and_words_are_pasted_each_as_what_they_are(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    app = start("--base-url", loopback.base_url, "--model", "gpt-4.1")
    picture = make_image(tmp_path / "picture.png", 320, 200)
    file = make_image(tmp_path / "café 100%.png", 200, 320, color="olive")

    with clipboard(display, "image/png", picture.read_bytes()):
        display.key("ctrl+v")
        draft = app.wait_for_draft(images=1)
    assert draft.images[0].path.parent == app.data / "pasted"
    assert draft.images[0].path.stat().st_mode & 0o777 == 0o600

    with clipboard(display, "text/uri-list", f"{file.as_uri()}\r\n".encode()):
        display.key("ctrl+v")
        draft = app.wait_for_draft(images=2)
    assert draft.images[1].path == file

    with clipboard(display, "text/plain;charset=utf-8", b"What is <b>this</b>?"):
        display.key("ctrl+v")
        app.wait_for_draft(text="What is <b>this</b>?", images=2)

    display.key("ctrl+Return")
    request = loopback.wait_for_requests(1, 60)
    assert len(request.images) == 2
    assert request.body["messages"][-1]["content"][-1]["text"] == "What is <b>this</b>?"
    app.wait_for_answers(1)
