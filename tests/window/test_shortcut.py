"""The shortcut from anywhere, under a real X server: it is pressed while another program has the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.app_window import start_window
from tests.helpers.display import SIZE_PX, Display
from tests.helpers.processes import until
from tests.helpers.shortcut_process import ShortcutProcess
from tests.helpers.shortcuts_portal import shortcuts_bus
from tests.helpers.sway import Output, sway

Start = Callable[..., ShortcutProcess]

KEYS = "Meta+Shift+X"
PRESSED = "super+shift+x"


@pytest.fixture
def start(display: Display, tmp_path: Path) -> Iterator[Start]:
    started: list[ShortcutProcess] = []

    def begin(title: str = "") -> ShortcutProcess:
        environment = {**display.environment, "QT_QPA_PLATFORM": "xcb"}
        started.append(ShortcutProcess(environment, tmp_path / f"shortcut-{len(started)}.log", title))
        return started[-1]

    yield begin
    try:
        assert [process.end() for process in started] == [""] * len(started)
    finally:
        display.run("setxkbmap", "us")


@pytest.fixture
def other(start: Start, display: Display) -> ShortcutProcess:
    """Another program, which has the keyboard and says what is typed into it."""
    made = start("other")
    display.wait_for_window(made.pid, "other")
    return made


def typed(process: ShortcutProcess, letter: str) -> int:
    return process.told.count(f"typed {ord(letter)}")


def test_the_keys_work_in_other_programs_whatever_locks_and_layouts_are_on(
    start: Start, other: ShortcutProcess, display: Display
) -> None:
    shortcut = start()
    assert shortcut.use(KEYS) == "on"

    display.key(PRESSED)
    shortcut.wait_for_presses(1)
    for lock in ("Num_Lock", "Caps_Lock", "Scroll_Lock"):
        display.key(lock, PRESSED, lock)
    shortcut.wait_for_presses(4)
    # German has the same letter elsewhere, French writes digits with Shift, Russian has no Latin letters.
    for count, (layout, keys, pressed) in enumerate(
        (
            ("de", "Meta+Shift+Z", "super+shift+29"),
            ("ru", KEYS, "super+shift+53"),
            ("fr", "Meta+Alt+1", "super+alt+10"),
        )
    ):
        before = len(shortcut.told)
        shortcut.use(keys)
        display.run("setxkbmap", layout)
        display.key(pressed)
        shortcut.wait_for(before, "pressed")
        assert shortcut.presses() == 5 + count, layout
    assert typed(other, "X") == 0


def test_keys_that_are_held_are_pressed_once(start: Start, other: ShortcutProcess, display: Display) -> None:
    shortcut = start()
    assert shortcut.use(KEYS) == "on"

    display.run(
        *("xdotool", "keydown", "super", "keydown", "shift", "keydown", "x", "sleep", "1.1"),
        *("keyup", "x", "keyup", "shift", "keyup", "super"),
    )
    display.key(PRESSED)
    shortcut.wait_for_presses(2)

    assert shortcut.presses() == 2


def test_keys_that_another_program_has_are_said_and_come_when_it_lets_go(
    start: Start, display: Display
) -> None:
    first, second = start(), start()
    assert first.use(KEYS) == "on"

    assert second.use(KEYS) == "failed shortcut_taken"
    assert second.use("Ctrl+Alt+F9") == "on"
    assert first.use() == "off"
    assert second.use(KEYS) == "on"

    display.key(PRESSED, "ctrl+alt+F9")
    second.wait_for_presses(1)
    assert (first.presses(), second.presses()) == (0, 1)


def test_switched_off_the_keys_reach_the_others_again(
    start: Start, other: ShortcutProcess, display: Display
) -> None:
    shortcut = start()
    assert shortcut.use(KEYS) == "on"
    display.key(PRESSED)
    shortcut.wait_for_presses(1)
    assert typed(other, "X") == 0

    assert shortcut.use() == "off"
    display.key(PRESSED)

    until(lambda: typed(other, "X") == 1, "the key in the other program")
    assert shortcut.presses() == 1


def test_keys_that_would_be_missed_for_typing_are_refused(start: Start) -> None:
    shortcut = start()

    for keys in ("X", "Shift+X", "Ctrl+K, Ctrl+X", "Media Play", "nonsense"):
        assert shortcut.use(keys) == "failed shortcut_unusable", keys
    for keys in ("Pause", "Shift+F5", "Ctrl+Alt+Shift+Meta+Insert"):
        assert shortcut.use(keys) == "on", keys


def test_a_connection_that_is_cut_is_made_anew(
    start: Start, other: ShortcutProcess, display: Display
) -> None:
    shortcut = start()
    assert shortcut.use(KEYS) == "on"

    shortcut.cut()

    def pressed_again() -> bool:
        display.key(PRESSED)
        return shortcut.presses() > 0

    until(pressed_again, "the new connection")
    count, reached = shortcut.presses(), typed(other, "X")
    display.key(PRESSED)
    shortcut.wait_for_presses(count + 1)
    assert typed(other, "X") == reached


def test_in_the_application_it_captures_even_while_a_dialog_is_open(display: Display, tmp_path: Path) -> None:
    app = start_window(display, tmp_path)
    try:
        display.key("ctrl+comma")
        dialog = display.wait_for_window(app.process.pid, "Settings")
        # It begins a moment after the window.
        until(lambda: display.key(PRESSED) or overlays(display, app.process.pid), "the overlay")

        def gone() -> bool:
            display.key("Escape")
            return not overlays(display, app.process.pid)

        until(gone, "the end of the overlay")
        until(
            lambda: display.key("Escape") or dialog not in display.windows(app.process.pid),
            "the dialog's end",
        )
        app.quit()
    finally:
        app.process.end()


def overlays(display: Display, pid: int) -> list[int]:
    """The windows of a process that are as large as the screen."""
    found = []
    for window in display.windows(pid):
        told = display.run("sh", "-c", f"xdotool getwindowgeometry --shell {window} || true").splitlines()
        if {f"WIDTH={SIZE_PX[0]}", f"HEIGHT={SIZE_PX[1]}"} <= set(told):
            found.append(window)
    return found


def test_on_wayland_the_desktop_is_asked_for_the_keys(tmp_path: Path) -> None:
    for name in ("compositor", "bus"):
        (tmp_path / name).mkdir()
    with (
        sway(tmp_path / "compositor", [Output(640, 480, 0, 0)]) as compositor,
        shortcuts_bus(tmp_path / "bus") as (portal, _bus),
    ):
        environment = {**compositor.environment, "DBUS_SESSION_BUS_ADDRESS": portal.address}
        shortcut = ShortcutProcess(environment, tmp_path / "shortcut.log", "sightline")
        try:
            assert shortcut.use(KEYS) == "failed shortcut_not_offered"
            portal.start(answer=0)
            assert shortcut.use(KEYS) == "on"
            portal.ask("Press", "capture")
            shortcut.wait_for_presses(1)
        finally:
            # Qt says, too, that there was no portal when it began.
            said = shortcut.end().splitlines()
        assert [line for line in said if not line.startswith("qt.qpa.services")] == []
