"""How keys are read, and what X11, portals, Windows and macOS call them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.capture.shortcuts import macos, windows
from desktop.capture.shortcuts.global_shortcut import GlobalShortcut
from desktop.capture.shortcuts.keys import Keys, read_keys
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.capture.shortcuts.x11_keymap import keymap
from desktop.core import settings
from desktop.core.compat import override
from desktop.core.problems import Code, Problem, problem


def keys(text: str) -> Keys:
    read = read_keys(text)
    assert read is not None, text
    return read


@pytest.mark.parametrize(
    ("text", "keysym", "trigger", "on_windows", "on_mac"),
    [
        ("Ctrl+Shift+Print", 0xFF61, "CTRL+SHIFT+Print", (0x4006, 0x2C), (0x300, 105)),
        ("Meta+Shift+X", ord("x"), "SHIFT+LOGO+x", (0x400C, ord("X")), (0x1200, 7)),
        ("Ctrl+Shift+2", ord("2"), "CTRL+SHIFT+2", (0x4006, ord("2")), (0x300, 19)),
        ("Ctrl+Alt+F9", 0xFFC6, "CTRL+ALT+F9", (0x4003, 0x78), (0x900, 101)),
        ("Ctrl+!", ord("!"), "CTRL+U0021", (0x4002, 0), (0x100, None)),
        ("Alt+Ä", ord("ä"), "ALT+U00E4", (0x4001, 0), (0x800, None)),
        ("Ctrl+Ж", 0x01000436, "CTRL+U0436", (0x4002, 0), (0x100, None)),
        ("Print", 0xFF61, "Print", (0x4000, 0x2C), (0, 105)),
        ("Ctrl+PgDown", 0xFF56, "CTRL+Next", (0x4002, 0x22), (0x100, 121)),
    ],
)
def test_keys_have_their_own_names_everywhere(
    text: str, keysym: int, trigger: str, on_windows: tuple[int, int], on_mac: tuple[int, int | None]
) -> None:
    read = keys(text)

    assert (read.keysym, read.trigger) == (keysym, trigger)
    assert (windows.modifiers(read), windows.virtual_key(read)) == on_windows
    assert (macos.modifiers(read), macos.virtual_key(read)) == on_mac


@pytest.mark.parametrize("text", ["", "X", "Shift+X", "Return", "Ctrl+K, Ctrl+C", "Ctrl+", "Meta+Media Play"])
def test_what_is_typed_otherwise_is_no_shortcut(text: str) -> None:
    assert read_keys(text) is None


@pytest.mark.parametrize(
    "text", ["Ctrl+C", "Ctrl+V", "Ctrl+S", "Ctrl+Shift+Z", "Ctrl+Return", "Ctrl+Left", "Alt+Tab", "Alt+F4"]
)
def test_what_every_program_needs_is_no_shortcut(text: str) -> None:
    assert read_keys(text) is None


@pytest.mark.parametrize("text", ["Ctrl+Alt+C", "Ctrl+Shift+C", "Meta+C", "Alt+C", "Ctrl+F4", "Meta+Tab"])
def test_with_more_modifiers_they_are(text: str) -> None:
    assert keys(text).text == text


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_each_system_has_keys_from_the_start_that_can_be_used_there(system: str) -> None:
    text = settings._CAPTURE_KEYS.get(system, settings.DEFAULT_CAPTURE_KEYS)

    assert keys(text).text == text


SYMBOLS = {
    10: (ord("1"), ord("!")),
    37: (0xFFE3,),
    53: (ord("x"), ord("X")),
    64: (0xFFE9, 0xFFE7),
    66: (0xFFE5,),
    77: (0xFF7F,),
    107: (0xFF61,),
    133: (0xFFEB,),
    218: (0xFF61,),
}
MODIFIERS = [[50], [66], [37], [64], [77], [], [133], []]


def test_a_grab_is_made_for_each_state_of_the_locks() -> None:
    found = keymap(keys("Meta+Shift+X"), SYMBOLS, MODIFIERS)

    assert found.codes == (53,)
    assert sorted(found.masks()) == [0x41, 0x43, 0x51, 0x53]
    # With Num Lock and Caps Lock, and with a mouse button down; not without Shift, and not with Ctrl.
    assert found.is_pressed(53, 0x41 | 0x10 | 0x02 | 0x100)
    assert not found.is_pressed(53, 0x40)
    assert not found.is_pressed(53, 0x45)
    assert keymap(keys("Ctrl+Print"), SYMBOLS, MODIFIERS).codes == (107, 218)


def test_keyboards_without_latin_letters_have_them_where_others_do() -> None:
    russian = {code: (0x6D1 + code,) for code in range(10, 60)}

    found = keymap(keys("Ctrl+Alt+X"), russian, [[], [], [], [], [], [], [], []])

    assert found.codes == (53,)
    # Alt is where it nearly always is, if the keyboard's map does not tell.
    assert found.held == 4 | 8
    assert keymap(keys("Ctrl+Print"), russian, []).codes == ()


class Scripted(ShortcutWay):
    """Fails or not, as told."""

    def __init__(self, parent: QObject | None, trouble: Problem | None, *, at_once: bool) -> None:
        super().__init__(parent)
        self._trouble, self._at_once = trouble, at_once
        self.used: list[str] = []
        self.closed = 0

    @override
    def why_not(self) -> Problem | None:
        return self._trouble if self._at_once else None

    @override
    def use(self, keys: Keys) -> None:
        self.used.append(keys.text)
        if self._trouble is not None:
            self.failed.emit(self._trouble)
        else:
            self.described.emit("")

    @override
    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made() -> list[Scripted]:
    return []


def way(
    made: list[Scripted], trouble: Problem | None = None, *, at_once: bool = False
) -> Callable[[QObject | None], Scripted]:
    def make(parent: QObject | None) -> Scripted:
        made.append(Scripted(parent, trouble, at_once=at_once))
        return made[-1]

    return make


def test_the_first_way_that_works_is_used_until_it_is_switched_off(
    qtbot: QtBot, made: list[Scripted]
) -> None:
    ways = (way(made, not_offered(), at_once=True), way(made, not_offered("late")), way(made), way(made))
    shortcut = GlobalShortcut(ways=ways)

    shortcut.use("Ctrl+Alt+F9")
    shortcut.use("Ctrl+Alt+F10")

    assert [one.used for one in made] == [[], ["Ctrl+Alt+F9"], ["Ctrl+Alt+F9", "Ctrl+Alt+F10"]]
    assert (shortcut.in_force, shortcut.trouble) == (True, None)
    with qtbot.waitSignal(shortcut.pressed):
        made[2].pressed.emit()
    shortcut.use(None)
    assert not shortcut.in_force
    with qtbot.assertNotEmitted(shortcut.pressed):
        made[2].pressed.emit()
    assert [one.closed for one in made] == [0, 1, 1]


def test_keys_that_are_taken_are_asked_for_nowhere_else(made: list[Scripted]) -> None:
    told: list[Problem] = []
    shortcut = GlobalShortcut(ways=(way(made, problem(Code.SHORTCUT_TAKEN, keys="X")), way(made)))
    shortcut.failed.connect(told.append)

    shortcut.use("Ctrl+Alt+F9")

    assert [one.code for one in told] == [Code.SHORTCUT_TAKEN]
    assert len(made) == 1
    shortcut.close()


def test_where_nothing_works_the_first_reason_is_said_once(made: list[Scripted]) -> None:
    told: list[Problem] = []
    shortcut = GlobalShortcut(ways=(way(made, not_offered("a")), way(made, not_offered("b"), at_once=True)))
    shortcut.failed.connect(told.append)

    shortcut.use("Ctrl+Alt+F9")

    assert [one.parameters.get("reason") for one in told] == ["a"]
    assert shortcut.trouble == told[0]
    shortcut.use("nonsense")
    assert told[1].code is Code.SHORTCUT_UNUSABLE
