"""When the program ends: with its last window, unless something that has none is going on.

A capture hides the window for a moment, and the tray has none. Whoever needs the program to go on says so;
Qt's own rule would end it between two windows.
"""

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QApplication

_TRANSIENT = (Qt.WindowType.ToolTip, Qt.WindowType.Popup, Qt.WindowType.SplashScreen)


class Staying(QObject):
    """Ends the program when its last window was closed and nobody holds it. One for each program."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._holders: set[str] = set()
        self._watches = False

    def begin(self) -> None:
        """Decide from now on, in the place of Qt's own rule."""
        application = QApplication.instance()
        if isinstance(application, QApplication) and not self._watches:
            self._watches = True
            application.setQuitOnLastWindowClosed(False)
            application.lastWindowClosed.connect(self._on_last_closed)

    def hold(self, who: str) -> None:
        """Go on without a window until `release`."""
        self._holders.add(who)

    def release(self, who: str) -> None:
        """No reason to go on any more; the program ends if there is no window and no other reason."""
        if who in self._holders:
            self._holders.discard(who)
            if self._watches and not self._has_window():
                self._on_last_closed()

    def _on_last_closed(self) -> None:
        if not self._holders and not self._has_window():
            QCoreApplication.quit()

    @staticmethod
    def _has_window() -> bool:
        # The tray's icon is a window, too, and is visible; Qt has taken this from it.
        counts = Qt.WidgetAttribute.WA_QuitOnClose
        return any(
            window.isVisible() and window.testAttribute(counts) and window.windowType() not in _TRANSIENT
            for window in QApplication.topLevelWidgets()
        )
