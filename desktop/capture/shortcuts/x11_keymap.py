"""Which keys of an X server's keyboard write what, and which modifiers stand for Ctrl, Alt and the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from desktop.capture.shortcuts.keys import Keys

SHIFT, LOCK, CONTROL = 1, 2, 4
"""Modifiers that X11 itself names; the other five are what the keyboard's map makes of them."""
_NUMBERED = (8, 16, 32, 64, 128)
_OFTEN_ALT, _OFTEN_META = 8, 64

_ALT = frozenset({0xFFE9, 0xFFEA, 0xFFE7, 0xFFE8})  # Alt and Meta, left and right
_SUPER = frozenset({0xFFEB, 0xFFEC})
_LOCKS = frozenset({0xFF7F, 0xFF14, 0xFE05, 0xFE0F, 0xFE13})
"""Num Lock, Scroll Lock, and those of the third level, of groups and of the fifth level."""

_US_ROWS = (("1234567890", 10), ("qwertyuiop", 24), ("asdfghjkl", 38), ("zxcvbnm", 52))
"""Where letters are on keyboards of Linux, by their key codes: for layouts that have no Latin ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keymap:
    """What a keyboard's map says about one shortcut.

    Attributes:
        codes: the keys; empty if the keyboard has none.
        held: the modifiers that must be down.
        watched: all modifiers that count; others may be down or not.
        locks: modifiers that are down while a lock is on, such as Num Lock.
    """

    codes: tuple[int, ...]
    held: int
    watched: int
    locks: int

    def masks(self) -> Iterator[int]:
        """The modifiers of each grab: X11 compares all of them, so each state of the locks is one more."""
        bits = [bit for bit in (LOCK, *_NUMBERED) if bit & self.locks]
        for count in range(len(bits) + 1):
            for some in combinations(bits, count):
                yield self.held | sum(some)

    def is_pressed(self, code: int, state: int) -> bool:
        """Whether this key with these modifiers is the shortcut."""
        return code in self.codes and state & self.watched == self.held


def keymap(keys: Keys, symbols: Mapping[int, Sequence[int]], modifiers: Sequence[Iterable[int]]) -> Keymap:
    """Look up a shortcut.

    Args:
        keys: the shortcut.
        symbols: what each key code writes, in all levels and groups.
        modifiers: the key codes of X11's eight modifiers, in its order.
    """
    alt = _mask(_ALT, symbols, modifiers) or _OFTEN_ALT
    meta = _mask(_SUPER, symbols, modifiers) & ~alt or _OFTEN_META
    held = SHIFT * keys.shift | CONTROL * keys.ctrl | alt * keys.alt | meta * keys.meta
    watched = SHIFT | CONTROL | alt | meta
    locks = LOCK | _mask(_LOCKS, symbols, modifiers) & ~watched
    return Keymap(codes=_codes(keys.keysym, symbols), held=held, watched=watched, locks=locks)


def _mask(
    wanted: frozenset[int], symbols: Mapping[int, Sequence[int]], modifiers: Sequence[Iterable[int]]
) -> int:
    found = 0
    for bit, codes in zip(_NUMBERED, modifiers[3:], strict=False):
        if any(wanted.intersection(symbols.get(code, ())) for code in codes):
            # One is enough: a keyboard may have Alt twice, and both must not be held.
            found = found or bit
    return found


def _codes(keysym: int, symbols: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    found = tuple(code for code, written in symbols.items() if keysym in written)
    if found:
        return found
    for letters, first in _US_ROWS:
        place = letters.find(chr(keysym)) if keysym < 0x80 else -1
        if place >= 0:
            return (first + place,)
    return ()
