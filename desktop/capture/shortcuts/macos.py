"""Carbon's RegisterEventHotKey, which needs no permission. Written after Apple's headers, not run.

Carbon is old but its hot keys are what every program of macOS still uses: a monitor of NSEvent needs the
permission to watch all typing, and cannot take the keys away from the program in front.
"""

import ctypes
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from desktop.capture.shortcuts.keys import Keys, f_number
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.core.compat import override
from desktop.core.problems import Code, Problem, problem

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_COMMAND, _SHIFT, _OPTION, _CONTROL = 0x100, 0x200, 0x800, 0x1000
_EXCLUSIVE = 1
_HANDLED = 0
_CLASS_KEYBOARD = int.from_bytes(b"keyb", "big")
_HOT_KEY_PRESSED = 5
_SIGNATURE = int.from_bytes(b"Sght", "big")

_LETTERS = {
    **dict(zip("asdfhgzxcv", range(10), strict=True)),
    **dict(zip("bqweryt123465=97-80]ou[ip", range(11, 36), strict=True)),
    **dict(zip("lj'k;\\,/nm.", range(37, 48), strict=True)),
    "`": 50,
}
"""``kVK_ANSI_…``: where a key is on an American keyboard, whatever it writes on this one."""
_F_KEYS = (122, 120, 99, 118, 96, 97, 98, 100, 101, 109, 103, 111, 105, 107, 113, 106, 64, 79, 80, 90)
_Key = Qt.Key
_NAMED = {
    _Key.Key_Print.value: 105,  # where PC keyboards have it, Macs have F13
    _Key.Key_SysReq.value: 105,
    _Key.Key_ScrollLock.value: 107,
    _Key.Key_Pause.value: 113,
    _Key.Key_Return.value: 36,
    _Key.Key_Tab.value: 48,
    _Key.Key_Space.value: 49,
    _Key.Key_Backspace.value: 51,
    _Key.Key_Escape.value: 53,
    _Key.Key_Enter.value: 76,
    _Key.Key_Home.value: 115,
    _Key.Key_PageUp.value: 116,
    _Key.Key_Delete.value: 117,
    _Key.Key_End.value: 119,
    _Key.Key_PageDown.value: 121,
    _Key.Key_Left.value: 123,
    _Key.Key_Right.value: 124,
    _Key.Key_Down.value: 125,
    _Key.Key_Up.value: 126,
}


class _HotKeyId(ctypes.Structure):
    """``EventHotKeyID``."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class _EventKind(ctypes.Structure):
    """``EventTypeSpec``."""

    _fields_ = (("group", ctypes.c_uint32), ("kind", ctypes.c_uint32))


def virtual_key(keys: Keys) -> int | None:
    """The number that macOS has for the key; None for one that it has no number for."""
    if number := f_number(keys.key):
        return _F_KEYS[number - 1] if number <= len(_F_KEYS) else None
    if keys.key in _NAMED:
        return _NAMED[keys.key]
    return _LETTERS.get(chr(keys.key).lower()) if keys.key < 0x80 else None


def modifiers(keys: Keys) -> int:
    """The modifiers as Carbon takes them. Qt says Ctrl for Command, and Meta for Control."""
    return _COMMAND * keys.ctrl | _SHIFT * keys.shift | _OPTION * keys.alt | _CONTROL * keys.meta


class MacWay(ShortcutWay):
    """Registers the keys with Carbon; its events come through the loop that Qt runs."""

    name = "macos"
    heard = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._carbon: ctypes.CDLL | None = None
        self._handler = ctypes.c_void_p()
        self._hot_key = ctypes.c_void_p()
        # Kept for as long as Carbon may call it.
        self._callback: Callable[..., int] | None = None
        self.heard.connect(self.pressed)

    @override
    def why_not(self) -> Problem | None:
        return None if sys.platform == "darwin" else not_offered()

    @override
    def use(self, keys: Keys) -> None:
        self._let_go()
        code = virtual_key(keys)
        if code is None:
            self.failed.emit(problem(Code.SHORTCUT_UNUSABLE, keys=keys.shown))
            return
        try:
            carbon = self._listening()
        except (OSError, AttributeError) as error:
            self.failed.emit(not_offered(str(error)))
            return
        status = carbon.RegisterEventHotKey(
            code,
            modifiers(keys),
            _HotKeyId(_SIGNATURE, 1),
            carbon.GetEventDispatcherTarget(),
            _EXCLUSIVE,
            ctypes.byref(self._hot_key),
        )
        if status == 0:
            self.described.emit("")
        else:
            self._hot_key = ctypes.c_void_p()
            self.failed.emit(problem(Code.SHORTCUT_TAKEN, keys=keys.shown))

    @override
    def close(self) -> None:
        self._let_go()
        if self._carbon is not None and self._handler.value:
            self._carbon.RemoveEventHandler(self._handler)
        self._handler = ctypes.c_void_p()
        self._carbon = self._callback = None

    def _let_go(self) -> None:
        if self._carbon is not None and self._hot_key.value:
            self._carbon.UnregisterEventHotKey(self._hot_key)
            self._hot_key = ctypes.c_void_p()

    def _listening(self) -> ctypes.CDLL:
        """Carbon, with our handler in it.

        Raises:
            OSError: it cannot be loaded, or takes no handler.
            AttributeError: it lacks a function.
        """
        if self._carbon is not None:
            return self._carbon
        carbon = _declared(ctypes.CDLL(_CARBON))
        pointer = ctypes.c_void_p
        kind = ctypes.CFUNCTYPE(ctypes.c_int32, pointer, pointer, pointer)
        callback = kind(self._on_event)
        wanted = _EventKind(_CLASS_KEYBOARD, _HOT_KEY_PRESSED)
        status = carbon.InstallEventHandler(
            carbon.GetEventDispatcherTarget(),
            callback,
            1,
            ctypes.byref(wanted),
            None,
            ctypes.byref(self._handler),
        )
        if status != 0:
            raise OSError(f"InstallEventHandler: {status}")
        self._carbon, self._callback = carbon, callback
        return carbon

    def _on_event(self, _next: int | None, _event: int | None, _own: int | None) -> int:
        self.heard.emit()
        return _HANDLED


def _declared(carbon: ctypes.CDLL) -> ctypes.CDLL:
    """The functions that are used, with their types; pointers would be cut to 32 bits otherwise."""
    pointer, number, status = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int32
    for name, result, arguments in (
        ("GetEventDispatcherTarget", pointer, ()),
        ("InstallEventHandler", status, (pointer, pointer, ctypes.c_ulong, pointer, pointer, pointer)),
        ("RemoveEventHandler", status, (pointer,)),
        ("RegisterEventHotKey", status, (number, number, _HotKeyId, pointer, number, pointer)),
        ("UnregisterEventHotKey", status, (pointer,)),
    ):
        function = getattr(carbon, name)
        function.restype, function.argtypes = result, arguments
    return carbon
