"""Holding the keyboard while the overlay is up, and noticing when somebody else has it.

On X11 the windows bypass the window manager, which therefore never gives them the keyboard: it is taken, and
held against the window manager's own keys. After a while without input it is let go, because a screen locker
could not lock while somebody else holds it.
"""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

_AGAIN_MS = 50
"""The shortcut that asked for the capture holds the keyboard until its keys come up."""
_IDLE_MS = 10_000
_LOST_MS = 250
"""Between windows and menus of our own nobody has it for a moment."""


class Keyboard(QObject):
    """Held by one window at a time.

    Signals:
        lost: another program has it.
    """

    lost = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._is_held = self._was_active = False
        self._grabs = QGuiApplication.platformName() == "xcb"
        self._again = QTimer(self, interval=_AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._grab)
        self._idle = QTimer(self, interval=_IDLE_MS, singleShot=True)
        self._idle.timeout.connect(self._release)
        self._check = QTimer(self, interval=_LOST_MS, singleShot=True)
        self._check.timeout.connect(self._on_check)
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)

    def hold(self, window: QWidget) -> None:
        """Give the keyboard to a window, which is above all others from now on."""
        if self._window is not window:
            self._release()
        self._window = window
        window.raise_()
        window.activateWindow()
        self._grab()

    def touch(self) -> None:
        """There was input."""
        if self._window is not None and self._grabs:
            self._idle.start()
            if not self._window.isActiveWindow():
                # The X server may have thought the first wish too old; this input is younger.
                self._window.activateWindow()
            if not self._is_held and not self._again.isActive():
                self._grab()

    def hold_again(self) -> None:
        """A menu may have taken it; it lets go of it for all windows of a program."""
        self._is_held = False
        self.touch()

    def let_go(self) -> None:
        """Give it back for good; idempotent."""
        for timer in (self._again, self._idle, self._check):
            timer.stop()
        self._release()
        self._window = None

    def _grab(self) -> None:
        handle = None if self._window is None else self._window.windowHandle()
        if handle is None or not self._grabs or QApplication.activePopupWidget() is not None:
            return
        self._is_held = handle.setKeyboardGrabEnabled(True)
        if self._is_held:
            self._idle.start()
        else:
            self._again.start()

    def _release(self) -> None:
        handle = None if self._window is None else self._window.windowHandle()
        if handle is not None and self._is_held:
            handle.setKeyboardGrabEnabled(False)
        self._is_held = False

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._was_active = True
            self._check.stop()
        elif self._window is not None and self._was_active:
            self._check.start()

    def _on_check(self) -> None:
        if self._window is not None:
            self.lost.emit()
