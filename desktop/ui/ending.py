"""How the window ends when somebody else wants it to: a signal, the session, a display that is gone."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from desktop.tasks.backend import Backend
from desktop.tasks.qt_messages import QtMessages
from desktop.tasks.signals import EndSignals
from desktop.ui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class _AtHand:
    window: MainWindow
    backend: Backend


class Ending(QObject):
    """Lives from the start of the application until `close`; knows the window from `of` on."""

    def __init__(self, application: QApplication, messages: QtMessages) -> None:
        super().__init__(application)
        self._application = application
        self._at_hand: _AtHand | None = None
        self._messages = messages
        self._messages.on_display_lost = self._on_display_lost
        self._signals = EndSignals(self)
        self._signals.wanted.connect(self._on_wanted)
        # In the very call: the session manager waits for what the slot does.
        application.commitDataRequest.connect(self._on_commit, Qt.ConnectionType.DirectConnection)
        application.saveStateRequest.connect(self._on_save_state, Qt.ConnectionType.DirectConnection)
        # Windows ends the process right after this one, whatever is still to be done.
        application.aboutToQuit.connect(self.finish)

    def of(self, window: MainWindow, backend: Backend) -> None:
        """This window is the one that ends."""
        self._at_hand = _AtHand(window, backend)

    def finish(self) -> None:
        """Keep everything and stop everything; idempotent. Waits for what is being written."""
        at_hand, self._at_hand = self._at_hand, None
        if at_hand is not None:
            # By itself: a window that stays in the tray does not close.
            at_hand.window.safety.finish()
            at_hand.window.capture_room.close()
            at_hand.window.close()
            at_hand.backend.close()

    def close(self) -> None:
        """Hear nothing more."""
        self._signals.close()
        self._messages.close()

    def _on_wanted(self) -> None:
        """Leave every loop, also those of dialogs and menus; `finish` keeps what is there."""
        self._application.exit(0)

    def _on_commit(self, manager: QSessionManager) -> None:
        """The session is about to end, or may still go on: keep what is being written, stop nothing yet."""
        if self._at_hand is None:
            return
        window = self._at_hand.window
        window.safety.save()
        private = window.conversation_room.private
        if not private.is_at_stake or not manager.allowsInteraction():
            return
        if private.may_leave():
            manager.release()
        else:
            manager.cancel()

    def _on_save_state(self, manager: QSessionManager) -> None:
        """Qt itself would have it started with an option that nobody knows."""
        manager.setRestartCommand(self._application.arguments()[:1])

    def _on_display_lost(self) -> None:
        """Qt ends the process when this returns; no event comes any more."""
        if self._at_hand is not None:
            self._at_hand.backend.crashes.note_display_lost()
            self._at_hand.window.safety.finish()
            self._at_hand.backend.close()
