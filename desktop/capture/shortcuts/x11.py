"""XGrabKey: the X server sends the keys here, whatever window has the keyboard."""

from PySide6.QtCore import QObject, QSocketNotifier

from desktop.capture.shortcuts.keys import Keys
from desktop.capture.shortcuts.opening import Opening
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.capture.shortcuts.x11_grabs import Grabs, LostError, MissingError, TakenError, open_grabs
from desktop.capture.surroundings import here
from desktop.core.compat import override
from desktop.core.problems import Code, Problem, problem

_TRIES = 2
"""A connection that was cut, as by ``xkill``, is made anew once."""


class X11Way(ShortcutWay):
    """Grabs keys through a connection of its own, because Qt's is Qt's."""

    name = "x11"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: Keys | None = None
        self._grabs: Grabs | None = None
        self._notifier: QSocketNotifier | None = None
        self._opening: Opening | None = None
        self._tries = _TRIES

    @override
    def why_not(self) -> Problem | None:
        place = here()
        # Under a Wayland compositor the X server has the keyboard only while one of its windows has it.
        return not_offered() if place.qt_platform != "xcb" or place.is_wayland else None

    @override
    def use(self, keys: Keys) -> None:
        self._keys, self._tries = keys, _TRIES
        if self._grabs is not None:
            self._grab()
        elif self._opening is None:
            self._open()

    @override
    def close(self) -> None:
        self._keys = None
        self._forget_opening()
        self._disconnect()

    def _open(self) -> None:
        self._tries -= 1
        self._opening = Opening(open_grabs, _close, self)
        self._opening.ended.connect(self._on_opened)

    def _on_opened(self, made: object) -> None:
        self._forget_opening()
        if not isinstance(made, Grabs):
            self.failed.emit(not_offered(str(made)))
            return
        self._grabs = made
        self._notifier = QSocketNotifier(made.socket, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_events)
        self._grab()

    def _grab(self) -> None:
        if self._grabs is None or self._keys is None:
            return
        try:
            self._grabs.grab(self._keys)
        except (TakenError, MissingError, LostError) as error:
            self._on_trouble(error)
            return
        self.described.emit("")
        # The server's answers may have brought events that no readable socket tells any more.
        self._on_events()

    def _on_events(self) -> None:
        if self._grabs is None:
            return
        count = 0
        try:
            for _press in self._grabs.presses():
                count += 1
        except (TakenError, MissingError, LostError) as error:
            self._on_trouble(error)
        for _press in range(count):
            self.pressed.emit()

    def _on_trouble(self, error: Exception) -> None:
        keys = self._keys
        if isinstance(error, LostError):
            self._disconnect()
            if self._tries > 0:
                self._open()
            else:
                self.failed.emit(not_offered(str(error.__cause__ or "")))
        elif keys is not None:
            code = Code.SHORTCUT_TAKEN if isinstance(error, TakenError) else Code.SHORTCUT_UNUSABLE
            self.failed.emit(problem(code, keys=keys.shown))

    def _forget_opening(self) -> None:
        if self._opening is not None:
            self._opening.forget()
            self._opening.deleteLater()
            self._opening = None

    def _disconnect(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._grabs is not None:
            self._grabs.close()
            self._grabs = None


def _close(made: object) -> None:
    if isinstance(made, Grabs):
        made.close()
