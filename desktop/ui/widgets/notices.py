"""Quiet bars that tell what just happened, above the lower edge of a panel. They never take the focus."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

_MAX_WIDTH_PX = 520
_MARGIN_PX = 16
_ABOVE_EDGE_PX = 12
_MAX_SHOWN = 4
_LOOK_AGAIN_MS = 1000
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
_ICONS = {"info": ("info", "text_muted"), "problem": ("circle-alert", "danger")}


class NoticeStack(QWidget):
    """Notices above each other, the newest lowest, floating at the lower edge of a place in ``host``."""

    def __init__(self, host: QWidget, places: Sequence[QWidget] = ()) -> None:
        """Float over the first of ``places`` (widgets in ``host``) that is visible, else over ``host``."""
        super().__init__(host)
        self._host = host
        self._places = tuple(places)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.setAccessibleName(_("Notices"))
        self.hide()
        for watched in (host, *self._places):
            watched.installEventFilter(self)

    def show_notice(
        self,
        text: str,
        *,
        action: str | None = None,
        callback: Callable[[], object] | None = None,
        kind: str = "info",
        seconds: float = 8.0,
        ended: Callable[[], object] | None = None,
    ) -> None:
        """Show ``text`` as a bar.

        Args:
            text: plain text, whoever wrote it.
            action: text of the one button, if there is one thing to do.
            callback: what the button does; the notice closes first.
            kind: ``info`` or ``problem``.
            seconds: how long it stays while pointer and focus are elsewhere; 0 for until it is closed.
            ended: called when it is closed, or its time is over, without its button having been used.
        """
        for shown in self.notices():
            if shown.text == text:
                shown.close_notice()
        notice = Notice(text, action=action, callback=callback, kind=kind, seconds=seconds, ended=ended)
        notice.closed.connect(self._on_closed)
        self._layout.addWidget(notice)
        notice.show()
        for surplus in self.notices()[:-_MAX_SHOWN]:
            surplus.close_notice()
        self.show()
        self._settle()
        QAccessible.updateAccessibility(QAccessibleEvent(notice, QAccessible.Event.Alert))

    def notices(self) -> list["Notice"]:
        """What is shown, the oldest first."""
        items = (self._layout.itemAt(at) for at in range(self._layout.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, Notice)]

    def float_first_over(self, place: QWidget) -> None:
        """Prefer ``place``, a widget in the host that was made later, whenever it is visible."""
        self._places = (place, *self._places)
        place.installEventFilter(self)

    def close_newest(self) -> bool:
        """Close the newest notice, for a shortcut; tells whether there was one."""
        shown = self.notices()
        if shown:
            shown[-1].close_notice()
        return bool(shown)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and (watched is self._host or watched in self._places):
            self._settle()
        return super().eventFilter(watched, event)

    def _on_closed(self, notice: "Notice") -> None:
        self._layout.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        self.setVisible(bool(self.notices()))
        self._settle()

    def _settle(self) -> None:
        if self.isHidden():
            return
        place = next((place for place in self._places if place.isVisible()), self._host)
        width = min(_MAX_WIDTH_PX, place.width() - 2 * _MARGIN_PX)
        self._layout.invalidate()
        flows = self._layout.hasHeightForWidth()
        height = self._layout.heightForWidth(width) if flows else self.sizeHint().height()
        at = QPoint((place.width() - width) // 2, place.height() - height - _ABOVE_EDGE_PX)
        at = place.mapTo(self._host, at)
        self.setGeometry(at.x(), at.y(), width, height)
        self.raise_()


class Notice(QFrame):
    """One bar; made by `NoticeStack`.

    Attributes:
        text: what it says.

    Signals:
        closed(Notice): its time is over, or the user closed it or used its button. Emitted once.
    """

    closed = Signal(object)

    def __init__(
        self,
        text: str,
        *,
        action: str | None,
        callback: Callable[[], object] | None,
        kind: str,
        seconds: float,
        ended: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.text = text
        self._icon, self._role = _ICONS.get(kind, _ICONS["info"])
        self._callback = callback
        self._ended = ended
        self._open = True
        self._timer = QTimer(self, singleShot=True, interval=round(seconds * 1000))
        self._timer.timeout.connect(self._on_time)
        self.setProperty("kind", "notice")
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._fill(action)
        if seconds > 0:
            self._timer.start()

    def close_notice(self) -> None:
        """Close it now."""
        if self._open:
            self._open = False
            self._timer.stop()
            self.closed.emit(self)
            if self._ended is not None:
                self._ended()

    def _fill(self, action: str | None) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        said = label(self.text, selectable=False)
        said.setWordWrap(True)
        said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(IconLabel(self._icon, role=self._role), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(said, 1)
        if action:
            made = button(action, kind="small")
            made.clicked.connect(self._on_action)
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        close = icon_button("x", _("Close notice"), size_px=27)
        close.clicked.connect(self.close_notice)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)

    def _on_action(self) -> None:
        self._ended = None
        self.close_notice()
        if self._callback is not None:
            self._callback()

    def _on_time(self) -> None:
        # Looked at now, not by enter and leave: a notice that moves away under the pointer hears no leave.
        over = self.underMouse() and self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        if over or self.isAncestorOf(QApplication.focusWidget() or self):
            self._timer.start(min(self._timer.interval(), _LOOK_AGAIN_MS))
        else:
            self.close_notice()
