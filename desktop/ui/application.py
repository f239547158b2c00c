"""The application object of macOS, which is told there what was opened with it."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from desktop.core.compat import override
from desktop.core.handover import Handover, is_link


class OpeningApplication(QApplication):
    """macOS gives files to the one running app, by events and not by a further launch.

    Signals:
        opened_with(Handover): a file or an address was opened with Sightline, from its first moment on.
    """

    opened_with = Signal(object)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.opened_with.emit(_handover(event))
            return True
        return super().event(event)


def _handover(event: QFileOpenEvent) -> Handover:
    if event.file():
        return Handover(paths=(Path(event.file()),))
    address = event.url().toString()
    return Handover(links=(address,) if is_link(address) else ())
