"""When Python looks for garbage in circles: a little four times a second, everything only while nobody looks.

Left to itself it looks through all objects whenever they have become a quarter more. With 10,000 images that
holds the window for a fifth of a second, in the middle of adding or scrolling; and it may do so in any
thread, where widgets must not be taken down.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_YOUNG_MS = 250
_EVERYTHING_EVERY = 2_400
"""So many times the young ones alone, then all of them, also while the window is used."""


class Garbage(QObject):
    """Takes the place of Python's own collector, from its making until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._turns = 0
        self._timer = QTimer(self, interval=_YOUNG_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)

    def stop(self) -> None:
        """Leave it to Python again; idempotent."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        self._turns += 1
        if self._turns % _EVERYTHING_EVERY == 0:
            gc.collect()
        else:
            gc.collect(1)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive and self._timer.isActive():
            gc.collect()
