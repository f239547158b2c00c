"""Keys as Qt writes them, and what they are called by X11, by portals, and by Windows and macOS."""

from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_LATIN = (0x20, 0xFF)
_UNICODE_KEYSYM = 0x01000000
_FIRST_F_KEYSYM = 0xFFBE
_MOST_F_KEYS = 24

_Key = Qt.Key

_NAMED = {
    _Key.Key_Print: ("Print", 0xFF61),
    _Key.Key_SysReq: ("Print", 0xFF61),
    _Key.Key_Pause: ("Pause", 0xFF13),
    _Key.Key_Insert: ("Insert", 0xFF63),
    _Key.Key_Delete: ("Delete", 0xFFFF),
    _Key.Key_Home: ("Home", 0xFF50),
    _Key.Key_End: ("End", 0xFF57),
    _Key.Key_PageUp: ("Prior", 0xFF55),
    _Key.Key_PageDown: ("Next", 0xFF56),
    _Key.Key_Left: ("Left", 0xFF51),
    _Key.Key_Up: ("Up", 0xFF52),
    _Key.Key_Right: ("Right", 0xFF53),
    _Key.Key_Down: ("Down", 0xFF54),
    _Key.Key_Return: ("Return", 0xFF0D),
    _Key.Key_Enter: ("KP_Enter", 0xFF8D),
    _Key.Key_Escape: ("Escape", 0xFF1B),
    _Key.Key_Tab: ("Tab", 0xFF09),
    _Key.Key_Backtab: ("Tab", 0xFF09),
    _Key.Key_Backspace: ("BackSpace", 0xFF08),
    _Key.Key_Space: ("space", 0x20),
    _Key.Key_ScrollLock: ("Scroll_Lock", 0xFF14),
    _Key.Key_Menu: ("Menu", 0xFF67),
}
"""Names and numbers of keys without a letter, from X11's ``keysymdef.h``."""

_ALONE = frozenset({_Key.Key_Print, _Key.Key_SysReq, _Key.Key_Pause, _Key.Key_ScrollLock})
"""Keys that write nothing, so that they need no modifier."""


_MOVES = frozenset(
    {
        *(_Key.Key_Left, _Key.Key_Up, _Key.Key_Right, _Key.Key_Down, _Key.Key_Home, _Key.Key_End),
        *(_Key.Key_Return, _Key.Key_Enter, _Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Backspace),
        *(_Key.Key_Delete, _Key.Key_Insert, _Key.Key_Space),
    }
)
"""With Ctrl they move the caret, delete, or send."""
_OF_THE_SYSTEM = frozenset({_Key.Key_F4, _Key.Key_Tab, _Key.Key_Escape, _Key.Key_Space})
"""With Alt they close and change windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """One key with its modifiers.

    Attributes:
        text: as Qt writes it in files, such as ``Ctrl+Shift+Print``.
        key: the key, by Qt's number.
        ctrl: with Ctrl; the Command key on macOS.
        shift: with Shift.
        alt: with Alt; Option on macOS.
        meta: with the key that has the system's sign; Control on macOS.
    """

    text: str
    key: int
    ctrl: bool
    shift: bool
    alt: bool
    meta: bool

    @property
    def shown(self) -> str:
        """As the keys are called on this computer."""
        return QKeySequence(self.text, _PORTABLE).toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def keysym(self) -> int:
        """X11's number of the key without Shift; 0 for one that has none."""
        return _keysym(self.key)

    @property
    def trigger(self) -> str:
        """As the XDG shortcuts specification writes it, such as ``CTRL+SHIFT+Print``."""
        held = (("CTRL", self.ctrl), ("ALT", self.alt), ("SHIFT", self.shift), ("LOGO", self.meta))
        return "+".join((*(name for name, on in held if on), _keysym_name(self.key)))


def read_keys(text: str) -> Keys | None:
    """The keys that Qt wrote as ``text``.

    Returns:
        None where that is no single key with its modifiers, or one that would be missed for typing: a
        shortcut that works everywhere takes its keys away from every program.
    """
    sequence = QKeySequence(text, _PORTABLE)
    if sequence.count() != 1:
        return None
    # The stubs do not know that it is a sequence.
    combination: QKeyCombination = sequence[0]  # type: ignore[index]
    key, held = combination.key(), combination.keyboardModifiers()
    modifier = Qt.KeyboardModifier
    keys = Keys(
        text=sequence.toString(_PORTABLE),
        key=key.value,
        ctrl=bool(held & modifier.ControlModifier),
        shift=bool(held & modifier.ShiftModifier),
        alt=bool(held & modifier.AltModifier),
        meta=bool(held & modifier.MetaModifier),
    )
    if _is_everybodys(keys):
        return None
    if not keys.keysym or not (keys.ctrl or keys.alt or keys.meta or key in _ALONE or f_number(key)):
        return None
    return keys


def _is_everybodys(keys: Keys) -> bool:
    """Whether programs have them since ever, such as Ctrl+C: copying would begin a capture everywhere."""
    if keys.meta or (keys.ctrl and keys.alt):
        return False
    if keys.ctrl:
        is_letter = chr(keys.key).isascii() and chr(keys.key).isalpha() if keys.key < 0x80 else False
        undone = keys.shift and keys.key == _Key.Key_Z.value
        return undone or (is_letter and not keys.shift) or keys.key in _numbers(_MOVES)
    return keys.alt and keys.key in _numbers(_OF_THE_SYSTEM)


def _numbers(keys: frozenset[Qt.Key]) -> set[int]:
    return {key.value for key in keys}


def f_number(key: int) -> int:
    """1 for F1 and so on; 0 for another key."""
    number = key - _Key.Key_F1.value + 1
    return number if 1 <= number <= _MOST_F_KEYS else 0


def _keysym(key: int) -> int:
    if (number := f_number(key)) > 0:
        return _FIRST_F_KEYSYM + number - 1
    named = _named(key)
    if named is not None:
        return named[1]
    # Qt's number of a key that writes something is its upper case; X11's, what it writes without Shift.
    letter = _letter(key)
    if not letter:
        return 0
    return ord(letter) + (0 if _LATIN[0] <= ord(letter) <= _LATIN[1] else _UNICODE_KEYSYM)


def _keysym_name(key: int) -> str:
    if (number := f_number(key)) > 0:
        return f"F{number}"
    named = _named(key)
    if named is not None:
        return named[0]
    letter = _letter(key)
    # Every keysym with a character may be written by its code point, as libxkbcommon reads it.
    return letter if letter.isascii() and letter.isalnum() else f"U{ord(letter):04X}"


def _named(key: int) -> tuple[str, int] | None:
    return next((named for known, named in _NAMED.items() if known.value == key), None)


def _letter(key: int) -> str:
    if not _LATIN[0] < key < _Key.Key_Escape.value:
        return ""
    letter = chr(key).lower()
    return letter if len(letter) == 1 and letter.isprintable() else ""
