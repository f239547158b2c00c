"""What keeps the window's work over a crash, and tells of one."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from desktop.tasks.backend import Backend
from desktop.ui.composer_controller import ComposerController
from desktop.ui.crash_notices import CrashNotices
from desktop.ui.messages import Messages
from desktop.ui.panels import Panels
from desktop.ui.window_place import WindowPlace


class SafetyRoom(QObject):
    """Made once by the window."""

    def __init__(
        self,
        window: QMainWindow,
        backend: Backend,
        *,
        panels: Panels,
        messages: Messages,
        composer: ComposerController,
    ) -> None:
        super().__init__(window)
        self._composer = composer
        self._place = WindowPlace(window, panels, backend.settings)
        self._crashes = CrashNotices(window, backend, messages)

    def begin(self, *, place: bool) -> None:
        """The window is shown: bring its place back (if ``place``), and tell how the last run ended."""
        self._place.restore(place=place)
        self._crashes.begin()

    def save(self) -> None:
        """Keep what is being written and where the window is."""
        self._composer.save_draft()
        self._place.save()

    def finish(self) -> None:
        """The same once and for all: the window ends."""
        self._composer.save_draft(ends=True)
        self._place.save()
