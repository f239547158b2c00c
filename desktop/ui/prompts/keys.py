"""Which keys a prompt may have: none that does something else already."""

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.shortcut_field import PORTABLE

_MODIFIERS = ("Ctrl+", "Alt+", "Meta+")


def taken_keys(window: QWidget, *, apart_from: frozenset[QShortcut] = frozenset()) -> frozenset[str]:
    """All keys that do something in this window, those of text fields too, in Qt's portable words."""
    shortcuts = (found for found in window.findChildren(QShortcut) if found not in apart_from)
    keys = [key for shortcut in shortcuts for key in QShortcut.keys(shortcut)]
    keys += [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    for standard in QKeySequence.StandardKey:
        keys += QKeySequence.keyBindings(standard)
    return frozenset(key.toString(PORTABLE) for key in keys if not key.isEmpty())


def is_usable(keys: str) -> bool:
    """Whether keys can be pressed without typing anything."""
    return keys.startswith(_MODIFIERS) or (keys.startswith("F") and keys[1:].isdigit())
