"""What the application is made of, read off the GUI thread when somebody wants to know."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, qVersion
from PySide6.QtGui import QGuiApplication

from desktop.core.crashes import surroundings_lines
from desktop.core.licences import Component
from desktop.store.connections import SQLITE_VERSION
from desktop.system.licences import read_components
from desktop.system.versions import surroundings
from desktop.tasks.delivery import Delivery


@dataclass(frozen=True, slots=True)
class About:
    """What was found.

    Attributes:
        components: everything that others have made, by name.
        versions: what somebody tells who reports a fault, a line each.
    """

    components: tuple[Component, ...]
    versions: tuple[str, ...]


class AboutTasks(QObject):
    """Reads it again each time: it is seldom wanted, and 2 MB."""

    def __init__(self, language: str, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._delivery = delivery
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    def read(self, read: Callable[[About], None]) -> None:
        """Read it and hand it over."""
        if self._closed:
            return
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="about")
        others = {"Qt": qVersion(), "SQLite": SQLITE_VERSION}
        name, language = QGuiApplication.platformName(), self._language

        def work() -> About:
            around = surroundings(others, platform_name=name, language=language)
            return About(read_components(others), surroundings_lines(around))

        self._delivery.follow(self._thread.submit(work), read)

    def close(self) -> None:
        """Read nothing more; idempotent."""
        self._closed = True
        if self._thread is not None:
            self._thread.shutdown(wait=True)
