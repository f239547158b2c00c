"""Runs something that may block for a moment, and tells the GUI thread what came of it."""

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger(__name__)


class Opening(QObject):
    """One call in a thread of its own, which ends with it.

    Signals:
        ended(object): what it returned, or the exception that it raised. In the GUI thread, once; not after
            `forget`.
    """

    ended = Signal(object)
    _came = Signal(object)

    def __init__(
        self, work: Callable[[], object], dispose: Callable[[object], None], parent: QObject
    ) -> None:
        """Begin at once; ``dispose`` gets what nobody wants any more, in the thread or later."""
        super().__init__(parent)
        self._work = work
        self._dispose = dispose
        self._lock = threading.Lock()
        self._wanted = True
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="shortcut", daemon=True)
        self._thread.start()

    def forget(self) -> None:
        """Tell nothing any more; the thread ends by itself. Idempotent."""
        with self._lock:
            self._wanted = False

    def _run(self) -> None:
        made: object
        try:
            made = self._work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the shortcut is not offered then
            _log.info("the shortcut's connection failed: %s", error)
            made = error
        with self._lock:
            if self._wanted:
                self._came.emit(made)
                return
        self._dispose(made)

    def _on_came(self, made: object) -> None:
        if self._wanted:
            self.ended.emit(made)
        else:
            self._dispose(made)
