"""The small bar below the picture while it is cropped: turn, all of it, cancel, crop."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui.widgets.buttons import button, icon_button

_BOTTOM_PX = 3
"""So little, and a bar so low, that the handles of a picture that fills the canvas stay free."""


class CropBar(QFrame):
    """Floats at the lower edge of its parent.

    Signals:
        turned(int): quarter turns, clockwise.
        reset: choose all of the page.
        cancelled: leave the crop as it was.
        confirmed: crop.
    """

    turned = Signal(int)
    reset = Signal()
    cancelled = Signal()
    confirmed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setProperty("kind", "notice")
        self.setAccessibleName(_("Crop"))
        left = icon_button("rotate-ccw", _("Turn left (Shift+R)"))
        left.clicked.connect(self._on_left)
        right = icon_button("rotate-cw", _("Turn right (R)"))
        right.clicked.connect(self._on_right)
        whole = button(_("Whole image"), kind="ghost")
        whole.clicked.connect(self.reset)
        cancel = button(_("Cancel"), tooltip=_("Leave the crop as it was (Esc)"))
        cancel.clicked.connect(self.cancelled)
        confirm = button(_("Crop"), kind="primary", tooltip=_("Crop (Enter)"))
        confirm.clicked.connect(self.confirmed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(6)
        for widget in (left, right, whole, cancel, confirm):
            row.addWidget(widget)
        self.hide()

    def place(self) -> None:
        """Move to the middle of the lower edge of its parent."""
        self.adjustSize()
        left, top = self._room.width() - self.width(), self._room.height() - self.height() - _BOTTOM_PX
        self.move(max(0, left // 2), top)
        self.raise_()

    def _on_left(self) -> None:
        self.turned.emit(-1)

    def _on_right(self) -> None:
        self.turned.emit(1)
