"""SIGTERM, Ctrl+C and the end of a terminal, as a signal of Qt's."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from desktop.system.early_end import EarlyEnd, ending_signals


class EndSignals(QObject):
    """Lives from its making until `close`.

    Nothing is done from within the handler: Python may run it in the middle of painting, and the window would
    be gone when Qt goes on. The byte that Python writes for each signal wakes Qt's loop instead, whichever of
    the loops of dialogs and menus it is.

    Signals:
        wanted(): the process shall end.
    """

    wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads, self._writes = socket.socketpair()
        self._reads.setblocking(False)
        self._writes.setblocking(False)
        self._notifier = QSocketNotifier(self._reads.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_byte)
        # In this order: none is lost in between.
        signal.set_wakeup_fd(self._writes.fileno(), warn_on_full_buffer=False)
        for number in ending_signals():
            signal.signal(number, lambda *_: None)
        if EarlyEnd.asked:
            self._writes.send(b"\0")

    def close(self) -> None:
        """Hear nothing more; what comes now is passed over, because the process ends already."""
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._reads.close()
        self._writes.close()

    def _on_byte(self) -> None:
        self._reads.recv(64)
        self.wanted.emit()
