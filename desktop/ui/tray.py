"""The icon among those of the desktop's panel, and its menu: capturing, what was captured, the window."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.dates import day_and_month
from desktop.ui.widgets.shortcut_field import PORTABLE

MOST_RECENT = 8
DELAY_S = 5
_TITLE_CHARS = 48
_THUMB_PX = 36
_MESSAGE_MS = 8000
_NAMES = {
    CaptureKind.REGION: "scan",
    CaptureKind.WINDOW: "app-window",
    CaptureKind.SCREEN: "monitor",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecentCapture:
    """One row of the menu.

    Attributes:
        key: whatever its owner knows it by; given back by `Tray.recent_wanted`.
        title: of the window that was captured, or what else tells it apart; may be empty.
        at: when, in local time.
        pixmap: its picture, of any size; may be null.
    """

    key: object
    title: str
    at: datetime
    pixmap: QPixmap


class Tray(QObject):
    """Made once the window has been painted. Where there is no tray yet, `look_for_one` may find it later.

    Signals:
        capture_wanted(CaptureRequest): an entry for capturing was chosen.
        recent_wanted(object): the `RecentCapture.key` of a chosen row.
        window_wanted(): the icon was clicked, or its entry chosen.
        quit_wanted(): leave, whatever stays open otherwise.
    """

    capture_wanted = Signal(object)
    recent_wanted = Signal(object)
    window_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._closed = False
        # Not the window's child: a menu of its own closes whatever happens to the window.
        self._menu = QMenu()
        self._region = self._add_capture(self._menu, CaptureKind.REGION, _("Capture region"))
        self._add_capture(self._menu, CaptureKind.WINDOW, _("Capture window"))
        self._add_capture(self._menu, CaptureKind.SCREEN, _("Capture screen"))
        self._later = self._menu.addAction(_("Capture in {count} seconds").format(count=DELAY_S))
        self._later.triggered.connect(self._on_later)
        self._menu.addSeparator()
        self._recent = self._menu.addMenu(_("Recent captures"))
        self._recent.setProperty("kind", "recent")
        self._rows: tuple[RecentCapture, ...] = ()
        self._menu.addSeparator()
        self._open = self._menu.addAction(_("Open Sightline"))
        self._open.triggered.connect(self.window_wanted)
        self._quit = self._menu.addAction(_("Quit Sightline"))
        self._quit.triggered.connect(self.quit_wanted)
        self._icon = QSystemTrayIcon(theme.current().application_icon(), self)
        self._icon.setToolTip("Sightline")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.window_wanted)
        theme.current().changed.connect(self._tint)
        self._tint()
        self.show_recent(())
        self.look_for_one()

    @property
    def is_there(self) -> bool:
        """Whether this desktop shows the icon now."""
        self.look_for_one()
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def look_for_one(self) -> None:
        """Show the icon if there is a tray. Qt warns where none is, and tells nobody when one appears."""
        if not self._closed and not self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    def show_keys(self, keys: str | None) -> None:
        """Name the shortcut beside the entry that does the same; None for none."""
        # The menu is no window's: this only shows them. A tab in the text would reach panels as such.
        self._region.setShortcut(QKeySequence(keys or "", PORTABLE))

    def show_recent(self, rows: Sequence[RecentCapture]) -> None:
        """Offer what was captured last, the newest first."""
        self._rows = tuple(rows[:MOST_RECENT])
        self._recent.clear()
        for row in self._rows:
            action = self._recent.addAction(_thumb(row.pixmap), _words(row))
            action.triggered.connect(self._on_recent)
            action.setData(row.key)
        if not self._rows:
            self._recent.addAction(_("Nothing captured yet")).setEnabled(False)

    def say(self, text: str) -> None:
        """Tell something beside the icon, as the desktop does such things."""
        icon = theme.current().application_icon()
        self._icon.showMessage("Sightline", text, icon, _MESSAGE_MS)

    def close(self) -> None:
        """Take the icon away; idempotent."""
        self._closed = True
        self._icon.hide()
        self._menu.close()

    def _add_capture(self, menu: QMenu, kind: CaptureKind, text: str) -> QAction:
        action = menu.addAction(text)
        action.setData(kind.value)
        action.triggered.connect(self._on_capture)
        return action

    def _on_capture(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.capture_wanted.emit(CaptureRequest(kind=CaptureKind(action.data())))

    def _on_later(self) -> None:
        self.capture_wanted.emit(CaptureRequest(delay_s=DELAY_S))

    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.recent_wanted.emit(action.data())

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, and is told as well.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.window_wanted.emit()

    def _tint(self) -> None:
        look = theme.current()
        for action in self._menu.actions():
            if action.data() in _NAMES:
                action.setIcon(look.icon(_NAMES[CaptureKind(action.data())]))
        self._later.setIcon(look.icon("clock"))
        self._recent.setIcon(look.icon("images"))
        self._open.setIcon(look.icon("external-link"))
        self._quit.setIcon(look.icon("x"))


def _words(row: RecentCapture) -> str:
    local = row.at
    time = f"{local:%H:%M}"
    when = time if local.date() == _today() else f"{day_and_month(local.date())} {time}"
    title = printable(row.title, limit=_TITLE_CHARS).strip() or _("Capture")
    # An ampersand would be a mnemonic.
    return f"{title} · {when}".replace("&", "&&")


def _today() -> date:
    return datetime.now().astimezone().date()


def _thumb(pixmap: QPixmap) -> QIcon:
    """The middle of the picture as a square with round corners."""
    if pixmap.isNull():
        return theme.current().icon("image", size_px=_THUMB_PX)
    ratio = theme.current().pixmap("image").devicePixelRatio()
    side = round(_THUMB_PX * ratio)
    filled = pixmap.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    radius = theme.current().metric("radius_thumb") * ratio
    shape.addRoundedRect(square.rect(), radius, radius)
    painter.setClipPath(shape)
    part = QRect((filled.width() - side) // 2, (filled.height() - side) // 2, side, side)
    painter.drawPixmap(square.rect(), filled, part)
    painter.end()
    square.setDevicePixelRatio(ratio)
    return QIcon(square)
