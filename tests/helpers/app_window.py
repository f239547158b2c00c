"""The application's real process with its window on a display, and what its history holds meanwhile."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from desktop.core.model import ON_DEVICE, Conversation, Draft, Message
from tests.helpers.display import Box, Color, Display, differ, middle
from tests.helpers.history import opened
from tests.helpers.loopback import Loopback
from tests.helpers.loopback_exchange import Recorded
from tests.helpers.processes import Process, sightline, until

PLACE: Box = (640, 40, 1980, 940)
"""Where the window is put: a file manager fits beside it."""


@dataclass
class AppWindow:
    """One window.

    Attributes:
        display: where it is.
        process: its process.
        data: its data folder.
        window: its X window.
        corner: the button for a new conversation, while the viewer is where it was.
    """

    display: Display
    process: Process
    data: Path
    window: int
    corner: Image.Image = field(default_factory=lambda: Image.new("RGB", (1, 1)))

    @property
    def box(self) -> Box:
        return self.display.box(self.window)

    def part(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A part of the window by fractions of its width and height."""
        x, y, end_x, end_y = self.box
        width, height = end_x - x, end_y - y
        return (
            x + round(left * width),
            y + round(top * height),
            x + round(right * width),
            y + round(bottom * height),
        )

    @property
    def history_part(self) -> Box:
        return self.part(0.0, 0.08, 0.15, 0.9)

    @property
    def transcript_part(self) -> Box:
        return self.part(0.55, 0.1, 1.0, 0.7)

    @property
    def gallery_part(self) -> Box:
        return self.part(0.18, 0.06, 0.51, 0.95)

    @property
    def canvas_part(self) -> Box:
        """Where the viewer's picture is, its toolbar and its panel left out."""
        return self.part(0.0, 0.06, 0.77, 1.0)

    def open_tile(self, color: Color) -> Box:
        """Double-click the gallery's tile that shows a colour; where the viewer shows it then."""
        tile = self.display.wait_for_color(color, self.gallery_part)
        self.corner = self.display.see(self._corner_part)
        self.display.click(*middle(tile), times=2)
        self.wait_for_viewer()
        return self.display.wait_for_color(color, self.canvas_part)

    def wait_for_viewer(self) -> None:
        """Wait until its upper left corner is another than the one that `open_tile` saw."""
        until(lambda: differ(self.corner, self.display.see(self._corner_part)), "the viewer")

    def wait_for_work(self) -> None:
        """Wait until the viewer is left: the upper left corner is as `open_tile` saw it."""
        until(lambda: not differ(self.corner, self.display.see(self._corner_part)), "the way back")

    @property
    def _corner_part(self) -> Box:
        return self.part(0.0, 0.0, 0.14, 0.05)

    def conversations(self) -> list[Conversation]:
        """The history, the newest conversation first."""
        with opened(self.data) as store:
            return [store.conversation(row.id).result() for row in store.summaries().result()]

    def answers(self) -> list[Message]:
        """The answers of the newest conversation."""
        found = self.conversations()
        return list(found[0].messages[1::2]) if found else []

    def draft(self) -> Draft:
        """What is being written in the newest conversation; with none, in the one that is not stored yet."""
        found = self.conversations()
        if found:
            return found[0].draft
        with opened(self.data) as store:
            return store.draft(0).result()

    def wait_for_draft(self, *, text: str | None = None, images: int | None = None) -> Draft:
        """Wait until what is typed and selected has reached the history."""

        def there() -> bool:
            nonlocal draft
            draft = self.draft()
            return (text is None or draft.text == text) and (images is None or len(draft.images) == images)

        draft = Draft()
        until(there, f"the draft {text!r} with {images} images")
        return draft

    def ask(self, text: str, loopback: Loopback, *, images: int | None = None) -> Recorded:
        """Type a question and press Ctrl+Enter; the request that comes of it."""
        count = _asked(loopback)
        self.display.type(text)
        self.wait_for_draft(text=text, images=images)
        self.display.key("ctrl+Return")
        loopback.wait_for(lambda: _asked(loopback) > count, 60)
        return [request for request in loopback.requests if request.method == "POST"][count]

    def wait_for_answers(self, count: int) -> Message:
        """Wait until so many answers have ended; the last of them."""

        def ended() -> bool:
            nonlocal answers
            answers = self.answers()
            return len(answers) >= count and answers[count - 1].seconds is not None

        answers: list[Message] = []
        until(ended, f"the end of answer {count}")
        return answers[count - 1]

    def quit(self) -> None:
        """Ctrl+Q, as a person does."""
        self.display.activate(self.window)
        self.display.key("ctrl+q")
        assert self.process.wait() == 0
        assert self.process.err == ""


def start_window(
    display: Display, folder: Path, *arguments: str | Path, place: Box | None = PLACE, **environment: str
) -> AppWindow:
    """Start the application, and wait until its window is there and its history is open."""
    data = folder / "data"
    process = sightline(
        *arguments,
        "--data-dir",
        data,
        environment={**display.environment, "QT_QPA_PLATFORM": "xcb", **environment},
        folder=folder / f"window-{len(list(folder.glob('window-*')))}",
    )
    try:
        window = display.wait_for_window(process.pid, "Sightline")
        if place is not None:
            display.place(window, place)
        until((data / "sightline.db").exists, "the history")
        app = AppWindow(display, process, data, window)
        display.wait_until_still(app.part(0.0, 0.0, 1.0, 0.75))
    except BaseException:
        process.end()
        raise
    return app


@contextmanager
def clipboard(display: Display, media_type: str, data: bytes) -> Iterator[None]:
    """Something to paste, as another program offers it."""
    command = ["xclip", "-quiet", "-selection", "clipboard", "-t", media_type, "-i"]
    process = subprocess.Popen(
        command,
        env=display.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    targets = ["xclip", "-selection", "clipboard", "-t", "TARGETS", "-o"]
    try:
        until(lambda: media_type in _printed(display, targets), "the clipboard")
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def file_manager(display: Display, folder: Path) -> Iterator[int]:
    """A file manager that shows a folder, beside the window."""
    log = display.folder / "file-manager.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["pcmanfm", str(folder)],
            env=display.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        window = display.wait_for_window(process.pid, folder.name)
        display.place(window, (10, 40, 610, 540))
        yield window
    finally:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            # After copying it may only leave its inner loop when it is told to end.
            process.kill()
            process.wait(10)


def text_on_screen(display: Display, picture: Image.Image) -> str:
    """The words in a screenshot, each line as one word: read by the application itself, in the terminal."""
    path = display.folder / "read.png"
    picture.resize((picture.width * 2, picture.height * 2)).save(path)
    process = sightline(
        *("ask", path, "--prompt", "Copy the text", "--model", ON_DEVICE),
        *("--data-dir", display.folder / "reading"),
        environment=display.environment,
        folder=display.folder / "reading",
    )
    assert process.wait() == 0, process.err
    return process.out.replace(" ", "")


def _asked(loopback: Loopback) -> int:
    return sum(request.method == "POST" for request in loopback.requests)


def _printed(display: Display, command: list[str]) -> str:
    done = subprocess.run(command, env=display.environment, capture_output=True, timeout=30, check=False)
    return done.stdout.decode(errors="replace")
