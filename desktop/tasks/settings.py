"""Settings for the window: the ones in force, kept in their file off the GUI thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from desktop.core.settings import Settings
from desktop.tasks.delivery import Delivery


class SettingsTasks(QObject):
    """The settings in force.

    Attributes:
        current: the settings.

    Signals:
        changed(Settings): the user changed something.
        failed(Problem): they could not be kept; they hold until quitting.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        settings: Settings,
        save: Callable[[Settings], None],
        delivery: Delivery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.current = settings
        self._save = save
        self._delivery = delivery
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="settings")

    def change(self, settings: Settings) -> None:
        """Use these from now on and keep them."""
        if settings != self.current:
            self.current = settings
            self._delivery.follow(self._thread.submit(self._save, settings), _done, self.failed.emit)
            self.changed.emit(settings)

    def close(self) -> None:
        """Finish writing and end the thread; idempotent."""
        self._thread.shutdown(wait=True)


def _done(_none: None) -> None:
    """Saved."""
