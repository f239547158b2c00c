"""The bar at the upper edge of the screen while nothing is chosen: what to choose, and how."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.capturing import CaptureKind
from desktop.core.text import _
from desktop.ui.capture.shade import Shade
from desktop.ui.capture.tool_row import mode_options
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import KeyCap, label
from desktop.ui.widgets.segments import Segments

_TOP_PX = 24


class ModeBar(QWidget):
    """Shows what it is told, and says what is clicked.

    Signals:
        mode_chosen(str): value of a `CaptureKind`.
        leave_clicked: capture nothing.
    """

    mode_chosen = Signal(str)
    leave_clicked = Signal()

    def __init__(self, *, windows: bool) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        # A press between the controls is none on the picture below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName(_("Capture"))
        self._modes = Segments(mode_options(windows=windows), name=_("What is captured"), click_focus=False)
        self._modes.chosen.connect(self.mode_chosen)
        self._hint = label("", "muted")
        leave = icon_button("x", _("Leave without capturing (Esc)"))
        leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        leave.clicked.connect(self.leave_clicked)
        self._shade = Shade(self)
        self._frame = QFrame()
        self._frame.setProperty("kind", "composer")
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(9, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._modes)
        row.addSpacing(6)
        row.addWidget(self._hint)
        row.addSpacing(6)
        row.addWidget(KeyCap(_("Esc")))
        row.addWidget(leave)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)

    def set_mode(self, mode: CaptureKind) -> None:
        """Show what is chosen first, and how."""
        self._modes.set_value(mode.value)
        self._hint.setText(
            {
                CaptureKind.REGION: _("Drag over a part; double-click takes all"),
                CaptureKind.WINDOW: _("Click a window; Tab walks through them"),
                CaptureKind.SCREEN: _("Click to take this screen"),
            }[mode]
        )

    def place(self, room: QRect) -> None:
        """Move to the middle of the upper edge of the window ``room``."""
        self._hint.show()
        self._hint.setVisible(self.sizeHint().width() <= room.width())
        self.adjustSize()
        self.move(room.center().x() - self.width() // 2, room.top() + _TOP_PX)
