"""A private X server with a window manager, and hands and eyes on it: keys, mouse, screenshots."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageGrab

from tests.helpers.processes import PATIENCE_S, clean_environment, until

SIZE_PX = (2000, 1000)
"""Wide enough for the window and a file manager beside it."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom on the screen, in pixels."""
Color = tuple[int, int, int]
"""Red, green, blue."""
_ABOUT = 24
"""Colours that are nearer than this in each band count as the same: pictures are scaled on their way."""


@dataclass(frozen=True)
class Display:
    """One screen. All coordinates are pixels from its top left corner.

    Attributes:
        name: for ``DISPLAY``.
        folder: for screenshots, and the home of what runs on it.
    """

    name: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall be seen here."""
        return clean_environment(self.folder / "home", DISPLAY=self.name)

    def run(self, *command: str, timeout_s: float = PATIENCE_S, data: bytes | None = None) -> str:
        """Run a program to its end; what it prints."""
        done = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            input=data,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == 0, (command, done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="replace")

    # Windows

    def has_window_manager(self) -> bool:
        command = ["xdotool", "get_desktop"]
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=30, check=False)
        return done.returncode == 0 and not done.stderr

    def place(self, window: int, box: Box) -> None:
        """Move a window, its frame included, and give its inside a size."""
        left, top, right, bottom = box
        self.run("xdotool", "windowsize", str(window), str(right - left), str(bottom - top))
        self.run("xdotool", "windowmove", str(window), str(left), str(top))

    def windows(self, pid: int) -> list[int]:
        """The visible windows of a process."""
        command = ["xdotool", "search", "--onlyvisible", "--pid", str(pid)]
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=30, check=False)
        return [int(line) for line in done.stdout.split()]

    def wait_for_window(self, pid: int, title: str = "") -> int:
        """A window of a process with ``title`` in its title, once it is visible and has the keyboard."""

        def there() -> int:
            return next((w for w in self.windows(pid) if title in self.title(w)), 0)

        window = until(there, f"a window {title!r} of {pid}")
        self.activate(window)
        return window

    def wait_until_closed(self, pid: int, window: int) -> None:
        """Wait until a window of a process is gone."""
        until(lambda: window not in self.windows(pid), "the end of a window")

    def activate(self, window: int) -> None:
        """Bring a window to the front and give it the keyboard."""
        self.run("xdotool", "windowactivate", "--sync", str(window))

    def title(self, window: int) -> str:
        """What its title bar says; empty if it is gone."""
        command = ["xdotool", "getwindowname", str(window)]
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=30, check=False)
        return done.stdout.decode(errors="replace").strip()

    def box(self, window: int) -> Box:
        """Where the inside of a window is; the mouse goes to its corner."""
        size = self._told("getwindowgeometry", "--shell", str(window))
        # Its own account of the place counts the frame twice.
        corner = self._told("mousemove", "--window", str(window), "0", "0", "getmouselocation", "--shell")
        left, top = corner["X"], corner["Y"]
        return left, top, left + size["WIDTH"], top + size["HEIGHT"]

    def _told(self, *command: str) -> dict[str, int]:
        lines = self.run("xdotool", *command).splitlines()
        return {name: int(value) for name, _, value in (line.partition("=") for line in lines) if value}

    # Hands

    def key(self, *keys: str) -> None:
        """Press keys one after the other, such as ``ctrl+Return``."""
        self.run("xdotool", "key", "--delay", "20", *keys)

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "8", text)

    def click(self, x: int, y: int, *, times: int = 1, button: int = 1) -> None:
        """Click; buttons 4 and 5 are the wheel, away and towards the hand."""
        repeat = ["--repeat", str(times), "--delay", "40"]
        self.run("xdotool", "mousemove", str(x), str(y), "click", *repeat, str(button))

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, over: Callable[[], object]) -> None:
        """Press at ``start``, move to ``end`` in steps, and let go when ``over`` is true.

        ``over`` must not ask for the `box` of a window, which moves the mouse.
        """
        self.run("xdotool", "mousemove", *map(str, start), "mousedown", "1")
        try:
            for step in range(1, 11):
                x, y = (a + (b - a) * step // 10 for a, b in zip(start, end, strict=True))
                self.run("xdotool", "mousemove", str(x), str(y))
            until(over, "the target to take notice of the drag")
        finally:
            self.run("xdotool", "mouseup", "1")

    def clipboard_text(self) -> str:
        """What was copied; empty if nobody has copied any text."""
        command = ["xclip", "-selection", "clipboard", "-o"]
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=30, check=False)
        return done.stdout.decode()

    # Eyes

    def see(self, box: Box | None = None) -> Image.Image:
        """A screenshot, of a part of the screen if one is given."""
        return ImageGrab.grab(xdisplay=self.name).convert("RGB").crop(box or (0, 0, *SIZE_PX))

    def find(self, color: Color, box: Box | None = None) -> Box | None:
        """The smallest box around the pixels of about this colour; None if there are none."""
        left, top, _right, _bottom = box or (0, 0, *SIZE_PX)
        seen = self.see(box)
        bands = ImageChops.difference(seen, Image.new("RGB", seen.size, color)).split()
        far = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
        found = far.point(lambda distance: 255 if distance < _ABOUT else 0).getbbox()
        if found is None:
            return None
        return left + found[0], top + found[1], left + found[2], top + found[3]

    def wait_for_color(self, color: Color, box: Box, *, wide: int = 1) -> Box:
        """Wait until a colour is seen, at least ``wide`` pixels across, twice in the same place; where."""
        last: Box | None = None

        def settled() -> bool:
            nonlocal last
            before, last = last, self.find(color, box)
            return last is not None and last == before and last[2] - last[0] >= wide

        until(settled, f"the colour {color}")
        assert last is not None
        return last

    def wait_for_change(self, box: Box, before: Image.Image, timeout_s: float = PATIENCE_S) -> float:
        """Wait until a part of the screen looks different; the moment, by the monotonic clock."""
        until(lambda: differ(before, self.see(box)), "a change on the screen", timeout_s)
        return time.monotonic()

    def wait_until_still(self, box: Box) -> Image.Image:
        """Wait until a part of the screen looks the same twice; how it looks."""
        last = self.see(box)

        def same() -> bool:
            nonlocal last
            before, last = last, self.see(box)
            return not differ(before, last)

        until(same, "the screen to come to rest")
        return last


def middle(box: Box) -> tuple[int, int]:
    """The point in the middle of a box."""
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@contextmanager
def new_display(folder: Path) -> Iterator[Display]:
    """A display of one's own, with openbox in it; both end with the block."""
    with ExitStack() as ends:
        display = Display(ends.enter_context(_server(folder)), folder)
        ends.enter_context(_running(["openbox", "--sm-disable"], display.environment, folder / "openbox.log"))
        until(display.has_window_manager, "the window manager")
        yield display


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Xvfb on a display that it has found free."""
    reads, writes = os.pipe()
    size = "x".join(map(str, SIZE_PX))
    options = ["-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset", "-displayfd", str(writes)]
    log = folder / "xvfb.log"
    with _running(["Xvfb", *options], clean_environment(folder / "home"), log, keep=(writes,)):
        os.close(writes)
        with os.fdopen(reads) as told:
            number = told.readline().strip()
        assert number.isdigit(), log.read_text()
        yield f":{number}"


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], log: Path, *, keep: tuple[int, ...] = ()
) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=keep
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
