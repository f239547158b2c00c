"""What ties the window to the desktop: the shortcut from anywhere, the tray, and closing that only hides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.capturing import CaptureRequest
from desktop.core.compat import override
from desktop.core.problems import Code, Problem
from desktop.core.settings import Settings
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.tasks.handover import Handover
from desktop.ui.coming_forward import come_forward
from desktop.ui.messages import Messages
from desktop.ui.staying import Staying
from desktop.ui.tray import RecentCapture, Tray

if TYPE_CHECKING:
    from desktop.capture.shortcuts.global_shortcut import GlobalShortcut
    from desktop.ui.settings_controller import SettingsController

BEGIN_AFTER_MS = 400
"""The window's own work goes first: the shortcut's libraries take 60 ms to import."""
_NOWHERE = frozenset({"offscreen", "minimal"})
"""Qt's platforms that nobody sees."""
_HOLDER = "tray"
_TOLD_OF_TRAY = "closed_to_tray"
_TOLD_OF_KEYS = "shortcut_not_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopFacts:
    """What the settings say about this desktop.

    Attributes:
        trouble: why the shortcut is not in force, if it is wanted.
        described: how the desktop names the shortcut, where it may have chosen other keys; else empty.
        has_tray: whether there is a tray to close to.
    """

    trouble: Problem | None = None
    described: str = ""
    has_tray: bool = False


class Desktop(QObject):
    """Made once by the window; `begin` is called when that has been painted.

    Signals:
        capture_wanted(CaptureRequest): by the shortcut or by the tray.
        recent_wanted(object): a recent capture was chosen in the tray; its `RecentCapture.key`.
        changed(): `facts` has changed.
    """

    capture_wanted = Signal(object)
    recent_wanted = Signal(object)
    changed = Signal()

    def __init__(self, window: QWidget, backend: Backend, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._settings = backend.settings
        self._messages = messages
        self._dialogs: SettingsController | None = None
        self._quit: Callable[[], object] = window.close
        self._shortcut: GlobalShortcut | None = None
        self._tray: Tray | None = None
        self._recent: tuple[RecentCapture, ...] = ()
        self._keys_wanted: str | None = None
        self._staying: Staying | None = None
        self._settings.changed.connect(self._on_settings)

    def join(
        self, dialogs: "SettingsController", quit_window: Callable[[], object], staying: Staying
    ) -> None:
        """Be joined with the window.

        Args:
            dialogs: they show what can be set.
            quit_window: leaves, and asks where something would be lost.
            staying: keeps the program alive while only the tray shows it.
        """
        self._dialogs, self._quit, self._staying = dialogs, quit_window, staying
        dialogs.show_desktop(self)

    def begin(self) -> None:
        """Start soon; nothing of it may hold up what the user sees first."""
        # Now, and not before: the filter that was installed last is asked first.
        self._window.installEventFilter(self)
        if QGuiApplication.platformName() not in _NOWHERE:
            QTimer.singleShot(BEGIN_AFTER_MS, self._start)

    def facts(self) -> DesktopFacts:
        """What the settings say about this desktop."""
        shortcut = self._shortcut
        return DesktopFacts(
            trouble=None if shortcut is None else shortcut.trouble,
            described="" if shortcut is None else shortcut.described,
            has_tray=self._tray is not None and self._tray.is_there,
        )

    def show_recent(self, rows: Sequence[RecentCapture]) -> None:
        """Offer what was captured last in the tray, the newest first."""
        self._recent = tuple(rows)
        if self._tray is not None:
            self._tray.show_recent(self._recent)

    def show_window(self) -> None:
        """Bring the window to the front, from the tray too."""
        come_forward(self._window, Handover())

    def quit(self) -> None:
        """Leave, if the conversation at hand may be left."""
        self._quit()

    def close(self) -> None:
        """Give the keys back and take the icon away; idempotent."""
        if self._shortcut is not None:
            self._shortcut.close()
        if self._tray is not None:
            self._tray.close()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closing by the user's hand may hide; a close that the program asks for is really meant."""
        if event.type() is QEvent.Type.Close:
            if event.spontaneous() and self._stays():
                event.ignore()
                self._hide()
                return True
        elif event.type() is QEvent.Type.Show and self._staying is not None:
            self._staying.release(_HOLDER)
        elif event.type() is QEvent.Type.WindowActivate and self._tray is not None:
            # A panel may have started later than we have.
            self._tray.look_for_one()
        return super().eventFilter(watched, event)

    def _start(self) -> None:
        self._tray = tray = Tray(self._window)
        tray.capture_wanted.connect(self.capture_wanted)
        tray.recent_wanted.connect(self.recent_wanted)
        tray.window_wanted.connect(self.show_window)
        tray.quit_wanted.connect(self.quit)
        tray.show_recent(self._recent)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)
        if self._stays() and not self._window.isVisible() and self._staying is not None:
            # Begun by a capture, without a window.
            self._staying.hold(_HOLDER)
        self.changed.emit()
        # One after the other: between them the window answers.
        QTimer.singleShot(0, self._start_shortcut)

    def _start_shortcut(self) -> None:
        # Nothing of this is read at the start.
        from desktop.capture.shortcuts.global_shortcut import GlobalShortcut  # noqa: PLC0415

        self._shortcut = GlobalShortcut(self)
        self._shortcut.pressed.connect(self._on_pressed)
        self._shortcut.failed.connect(self._on_failed)
        self._shortcut.changed.connect(self._on_changed)
        QTimer.singleShot(0, self._use_first_keys)

    def _use_first_keys(self) -> None:
        self._use_keys(self._settings.current)

    def _on_settings(self, settings: Settings) -> None:
        if self._shortcut is not None:
            self._use_keys(settings)

    def _use_keys(self, settings: Settings) -> None:
        keys = settings.capture_keys if settings.capture_keys_on else None
        if self._shortcut is not None and keys != self._keys_wanted:
            self._keys_wanted = keys
            self._shortcut.use(keys)
            self._on_changed()

    def _on_changed(self) -> None:
        if self._tray is not None and self._shortcut is not None:
            # Where the desktop chooses the keys it shows them itself.
            known = self._shortcut.in_force and not self._shortcut.described
            self._tray.show_keys(self._keys_wanted if known else None)
        self.changed.emit()

    def _on_pressed(self) -> None:
        if self._dialogs is not None and self._keys_wanted and self._dialogs.take_keys(self._keys_wanted):
            return
        self.capture_wanted.emit(CaptureRequest())

    def _on_failed(self, trouble: Problem) -> None:
        if self._dialogs is not None and self._dialogs.shows_capture:
            # It is said beside the keys.
            return
        if trouble.code is not Code.SHORTCUT_NOT_OFFERED or self._is_first(_TOLD_OF_KEYS):
            self._messages.show(trouble)

    def _stays(self) -> bool:
        return self._settings.current.close_to_tray and self._tray is not None and self._tray.is_there

    def _hide(self) -> None:
        if self._staying is not None:
            self._staying.hold(_HOLDER)
        self._window.hide()
        if self._tray is not None and self._is_first(_TOLD_OF_TRAY):
            self._tray.say(_("Sightline goes on here. The icon brings the window back; its menu quits."))

    def _is_first(self, told: str) -> bool:
        """Whether this is said for the first time on this computer; it is not said again."""
        current = self._settings.current
        if told in current.dismissed:
            return False
        self._settings.change(replace(current, dismissed=current.dismissed | {told}))
        return True
