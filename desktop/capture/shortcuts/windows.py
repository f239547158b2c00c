"""RegisterHotKey: Windows posts WM_HOTKEY to our thread. Written after Microsoft's documentation, not run."""

import ctypes
import sys
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Qt, Signal

from desktop.capture.shortcuts.keys import Keys, f_number
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.core.compat import override
from desktop.core.problems import Code, Problem, problem

_WM_HOTKEY = 0x0312
_MOD_ALT, _MOD_CONTROL, _MOD_SHIFT, _MOD_WIN, _MOD_NOREPEAT = 0x1, 0x2, 0x4, 0x8, 0x4000
_FIRST_F = 0x70
_HOTKEY_ID = 0x51
"""Of our own; ids up to 0xBFFF are free for programs."""

_Key = Qt.Key
VIRTUAL_KEYS = {
    _Key.Key_Print.value: 0x2C,
    _Key.Key_SysReq.value: 0x2C,
    _Key.Key_Pause.value: 0x13,
    _Key.Key_ScrollLock.value: 0x91,
    _Key.Key_Insert.value: 0x2D,
    _Key.Key_Delete.value: 0x2E,
    _Key.Key_Home.value: 0x24,
    _Key.Key_End.value: 0x23,
    _Key.Key_PageUp.value: 0x21,
    _Key.Key_PageDown.value: 0x22,
    _Key.Key_Left.value: 0x25,
    _Key.Key_Up.value: 0x26,
    _Key.Key_Right.value: 0x27,
    _Key.Key_Down.value: 0x28,
    _Key.Key_Return.value: 0x0D,
    _Key.Key_Enter.value: 0x0D,
    _Key.Key_Escape.value: 0x1B,
    _Key.Key_Tab.value: 0x09,
    _Key.Key_Backspace.value: 0x08,
    _Key.Key_Space.value: 0x20,
    _Key.Key_Menu.value: 0x5D,
}
"""Microsoft's virtual-key codes; letters and digits have their own character's number."""


def virtual_key(keys: Keys) -> int:
    """Windows's number of the key; 0 where only the keyboard's layout tells it."""
    if number := f_number(keys.key):
        return _FIRST_F + number - 1
    is_plain = keys.key < 0x80 and chr(keys.key).isalnum()
    return keys.key if is_plain else VIRTUAL_KEYS.get(keys.key, 0)


def modifiers(keys: Keys) -> int:
    """The modifiers as RegisterHotKey takes them; a key that is held is told once."""
    held = _MOD_ALT * keys.alt | _MOD_CONTROL * keys.ctrl | _MOD_SHIFT * keys.shift | _MOD_WIN * keys.meta
    return held | _MOD_NOREPEAT


class _Listener(QAbstractNativeEventFilter):
    """Looks at the messages of the GUI thread."""

    def __init__(self, heard: "WindowsWay") -> None:
        super().__init__()
        self._heard = heard

    @override
    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if kind in (b"windows_generic_MSG", b"windows_dispatcher_MSG"):
            told = wintypes.MSG.from_address(int(message))
            if told.message == _WM_HOTKEY and told.wParam == _HOTKEY_ID:
                self._heard.heard.emit()
                return True, 0
        return False, 0


class WindowsWay(ShortcutWay):
    """Registers the keys with Windows."""

    name = "windows"
    heard = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listener: _Listener | None = None
        self._registered = False
        self.heard.connect(self.pressed)

    @override
    def why_not(self) -> Problem | None:
        return None if sys.platform == "win32" else not_offered()

    @override
    def use(self, keys: Keys) -> None:
        self._let_go()
        code = self._code(keys)
        if not code:
            self.failed.emit(problem(Code.SHORTCUT_UNUSABLE, keys=keys.shown))
            return
        if self._listener is None:
            self._listener = _Listener(self)
            application = QCoreApplication.instance()
            if application is not None:
                application.installNativeEventFilter(self._listener)
        # No window: the message comes to this thread.
        if _user32().RegisterHotKey(None, _HOTKEY_ID, modifiers(keys), code):
            self._registered = True
            self.described.emit("")
        else:
            self.failed.emit(problem(Code.SHORTCUT_TAKEN, keys=keys.shown))

    @override
    def close(self) -> None:
        self._let_go()
        application = QCoreApplication.instance()
        if self._listener is not None and application is not None:
            application.removeNativeEventFilter(self._listener)
        self._listener = None

    def _let_go(self) -> None:
        if self._registered:
            self._registered = False
            _user32().UnregisterHotKey(None, _HOTKEY_ID)

    @staticmethod
    def _code(keys: Keys) -> int:
        if code := virtual_key(keys):
            return code
        if keys.key > 0xFFFF:
            return 0
        found = int(_user32().VkKeyScanW(ctypes.c_wchar(chr(keys.key))))
        # Its upper byte is the modifiers that the character needs; -1 is a key that is not there.
        return 0 if found in (-1, 0xFFFF) else found & 0xFF


def _user32() -> ctypes.CDLL:
    # Not there on other systems, whose stubs do not know it either.
    return getattr(ctypes, "windll").user32  # type: ignore[no-any-return]  # noqa: B009
