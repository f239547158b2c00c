"""Where the window is and which panels it shows: kept after each change, brought back at the start."""

from dataclasses import replace

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from desktop.core.compat import override
from desktop.tasks.settings import SettingsTasks
from desktop.ui.panels import Panels

KEEP_MS = 1_000
"""A crash loses no more than this of what was moved last."""
_TITLE_BAR_PX, _FRAME_PX = 34, 4
"""About as desktops make them; the window knows its own only when it is shown."""
_NOWHERE = ("offscreen", "minimal")
_CHANGES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange)


def fitting(size: QSize, available: QSize) -> QSize:
    """The size of a window whose frame, too, has room on a screen; not every desktop sees to that."""
    return size.boundedTo(available - QSize(2 * _FRAME_PX, _TITLE_BAR_PX + _FRAME_PX))


class WindowPlace(QObject):
    """Of the one window. Nothing is kept before `restore`."""

    def __init__(self, window: QMainWindow, panels: Panels, settings: SettingsTasks) -> None:
        super().__init__(window)
        self._window = window
        self._panels = panels
        self._settings = settings
        self._restored = False
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._soon.timeout.connect(self.save)
        window.installEventFilter(self)
        panels.changed.connect(self._on_changed)
        panels.moved.connect(self._on_changed)

    def restore(self, *, place: bool = True) -> None:
        """As it was; ``place`` False leaves the window where it is."""
        current = self._settings.current
        if place and current.window_geometry:
            self._window.restoreGeometry(
                QByteArray.fromBase64(current.window_geometry.encode("ascii", "ignore"))
            )
        if place and not self._window.isMaximized() and QGuiApplication.platformName() not in _NOWHERE:
            available = self._window.screen().availableSize()
            self._window.resize(fitting(self._window.size(), available))
        self._panels.restore(current.splitter)
        self._panels.unfold(history=current.history_visible, gallery=current.gallery_visible)
        self._restored = True

    def save(self) -> None:
        """Keep it now."""
        self._soon.stop()
        if not self._restored:
            return
        history, gallery = self._panels.wanted
        self._settings.change(
            replace(
                self._settings.current,
                window_geometry=bytes(self._window.saveGeometry().toBase64().data()).decode("ascii"),
                splitter=self._panels.widths(),
                history_visible=history,
                gallery_visible=gallery,
            )
        )

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self._on_changed()
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        if self._restored and not self._window.isMinimized():
            self._soon.start()
