"""The capture overlay: shown over all screens, and ended by exactly one signal."""

import logging
import sys
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from desktop.capture.shots import ScreenPicture, Shot
from desktop.core.capturing import CaptureRequest
from desktop.ui.capture.captured import Captured, OverlayTerms, cut_out, title_at
from desktop.ui.capture.guarding import guarded
from desktop.ui.capture.keyboard import Keyboard
from desktop.ui.capture.keys import Keys
from desktop.ui.capture.screen_window import ScreenWindow
from desktop.ui.capture.session import Session

_log = logging.getLogger(__name__)


class CaptureOverlays(QObject):
    """Lets a part of the screen be chosen. One of the signals ends it, unless `close` does.

    Signals:
        asked(Captured): it is to be asked about.
        copied(Captured): it is to be put on the clipboard.
        saved(Captured): it is to become a file.
        kept(Captured): it is to be put into the gallery, and nothing asked.
        left: nothing is captured: the user left, or it could not go on.
    """

    asked = Signal(Captured)
    copied = Signal(Captured)
    saved = Signal(Captured)
    kept = Signal(Captured)
    left = Signal()

    def __init__(
        self, shot: Shot, request: CaptureRequest, terms: OverlayTerms, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shot, self._request, self._terms = shot, request, terms
        self._at = datetime.now(UTC)
        self._windows: list[ScreenWindow] = []
        self._session: Session | None = None
        self._keyboard: Keyboard | None = None
        self._over = False

    @guarded
    def show(self) -> None:
        """Cover all screens; come to the front if that is so already."""
        if self._over or self._windows:
            self.come_forward()
            return
        self._windows = _windows(self._shot)
        if not self._windows:
            self._finish("left")
            return
        session = Session(self._windows, self._request, self._terms, self)
        keys = Keys(session)
        keyboard = Keyboard(self)
        self._session, self._keyboard = session, keyboard
        session.wanted.connect(self._finish)
        session.keyboard_wanted.connect(keyboard.hold)
        session.touched.connect(keyboard.touch)
        session.panel.prompt.focus_changed.connect(keyboard.hold_again)
        keyboard.lost.connect(self._on_lost)
        for troubled in (session.troubled, keys.troubled, *(window.troubled for window in self._windows)):
            troubled.connect(self.on_trouble)
        for window in self._windows:
            window.closed.connect(self._leave)
        self._watch_screens()
        first = self._first()
        _rise_above_dialogs(first, self._windows)
        for window in (*(w for w in self._windows if w is not first), first):
            _show(window)
        session.begin(first)
        keyboard.hold(first)

    def close(self) -> None:
        """End it without a signal; idempotent."""
        self._over = True
        self._take_down()

    @guarded
    def come_forward(self) -> None:
        """Show it above all others, for example when another capture is wanted."""
        if self._session is not None and self._keyboard is not None and not self._over:
            for window in self._windows:
                window.raise_()
            self._keyboard.hold(self._session.at_hand)

    def on_trouble(self) -> None:
        """Something has failed, and is logged: nothing may stay over the desktop."""
        self._finish("left")

    def _finish(self, how: str) -> None:
        if self._over:
            return
        captured = None
        try:
            captured = None if how == "left" else self._captured()
        except Exception:  # noqa: BLE001 - whatever it is, the desktop must be free again
            _log.exception("the capture could not be made")
        self._over = True
        self._take_down()
        if captured is None:
            self.left.emit()
        else:
            {"asked": self.asked, "copied": self.copied, "saved": self.saved, "kept": self.kept}[how].emit(
                captured
            )

    def _captured(self) -> Captured | None:
        session = self._session
        window = None if session is None else session.owner
        area = None if window is None else window.choice.area
        if session is None or window is None or area is None:
            return None
        return Captured(
            image=cut_out(window.picture, area),
            edits=window.marks.edits_within(area),
            title=title_at(window.picture, area, window.choice.taken),
            prompt=session.prompt_text,
            detail=session.detail,
            at=self._at,
        )

    def _take_down(self) -> None:
        if self._keyboard is not None:
            self._keyboard.let_go()
        for window in self._windows:
            window.hide()
            window.deleteLater()
        if self._session is not None:
            # A child of a window goes with it; one that was never shown has none.
            self._session.panel.deleteLater()
            self._session.bar.deleteLater()
            self._session.deleteLater()
        self._windows, self._session = [], None

    def _watch_screens(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._leave)
        for window in self._windows:
            window.screen().geometryChanged.connect(self._leave)

    def _first(self) -> ScreenWindow:
        """The window over which the pointer is."""
        at = QGuiApplication.screenAt(QCursor.pos())
        return next((window for window in self._windows if window.screen() is at), self._windows[0])

    def _leave(self) -> None:
        self._finish("left")

    @guarded
    def _on_lost(self) -> None:
        """Somebody else has the keyboard, such as a screen locker: only what was worked on stays."""
        if self._session is not None and self._session.has_something():
            self.come_forward()
        else:
            self._finish("left")


def _windows(shot: Shot) -> list[ScreenWindow]:
    bypass = QGuiApplication.platformName() == "xcb"
    screens = QGuiApplication.screens()
    found = ((picture, _screen_of(picture, screens)) for picture in shot.screens)
    return [ScreenWindow(picture, screen, bypass=bypass) for picture, screen in found if screen is not None]


def _screen_of(picture: ScreenPicture, screens: list[QScreen]) -> QScreen | None:
    here = [screen for screen in screens if screen.geometry() == picture.place]
    named = [screen for screen in here if screen.name() == picture.name]
    return next(iter(named or here), None)


def _rise_above_dialogs(first: ScreenWindow, windows: list[ScreenWindow]) -> None:
    """An open dialog of ours would keep keys and clicks from windows that are no dialogs of a later hour."""
    if QApplication.activeModalWidget() is None:
        return
    first.setWindowModality(Qt.WindowModality.ApplicationModal)
    first.winId()
    for window in windows:
        window.winId()
        handle = window.windowHandle()
        if window is not first and handle is not None:
            # What belongs to a dialog is not kept from anything by it.
            handle.setTransientParent(first.windowHandle())


def _show(window: ScreenWindow) -> None:
    if QGuiApplication.platformName().startswith("wayland"):
        # Nothing else is above panels there, and nobody may choose a window's place.
        window.showFullScreen()
    else:
        window.show()
    if sys.platform == "darwin":
        window.raise_()
