"""What Qt says goes into the log; and the last thing that it says when the display is gone is heard.

Qt ends the process by itself then, in the very call: no event comes any more, and no ``finally`` runs.
"""

import logging
import re
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_DISPLAY_GONE = re.compile(r"The (X11|Wayland) connection (broke|experienced a fatal error)")
_NO_DISPLAY = "no Qt platform plugin could be initialized"
_log = logging.getLogger("qt")


class QtMessages:
    """Qt's message handler, from its making until `close`.

    Attributes:
        on_no_display: called when there is none to begin with; the process ends right after it.
        on_display_lost: called when the display is gone; the process ends right after it.
    """

    def __init__(self) -> None:
        self.on_no_display: Callable[[], object] = lambda: None
        self.on_display_lost: Callable[[], object] = lambda: None
        self._display_lost = False
        qInstallMessageHandler(self._on_message)

    def close(self) -> None:
        """Qt's own handler again: threads of Qt's may speak when Python is gone."""
        qInstallMessageHandler(None)

    def _on_message(self, kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
        if _NO_DISPLAY in (text or ""):
            self.on_no_display()
        elif not self._display_lost and _DISPLAY_GONE.match(text or ""):
            self._display_lost = True
            self.on_display_lost()
