"""Chooses a frame of an animation: a slider and a number."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QSpinBox

from desktop.core.text import _, format_count
from desktop.ui.widgets.labels import label

_SETTLE_MS = 200
"""A slider that is dragged passes many frames; the one on which it rests is loaded."""


class FrameChooser(QFrame):
    """``Frame 3 of 24``. Home and End go to the ends.

    Signals:
        chosen(int): the user wants this frame, from 0.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "frame_chooser")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(_("Frame"))
        self._spin = QSpinBox()
        self._spin.setAccessibleName(_("Frame"))
        self._spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count = label("", "muted")
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._on_settled)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(10)
        row.addWidget(label(_("Frame"), "muted"))
        row.addWidget(self._spin)
        row.addWidget(self._count)
        row.addWidget(self._slider, 1)
        self._slider.valueChanged.connect(self._spin.setValue)
        self._spin.valueChanged.connect(self._slider.setValue)
        self._spin.valueChanged.connect(self._on_moved)
        self._shown = 0

    def show_frame(self, frame: int, count: int) -> None:
        """Show frame ``frame`` (from 0) of ``count``; one frame alone needs no chooser."""
        self.setVisible(count > 1)
        self._shown = frame
        for control in (self._slider, self._spin):
            control.blockSignals(True)
            control.setRange(1, max(count, 1))
            control.setValue(frame + 1)
            control.blockSignals(False)
        self._settled.stop()
        self._count.setText(_("of {count}").format(count=format_count(count)))

    def spin(self) -> QSpinBox:
        """The number."""
        return self._spin

    def _on_moved(self) -> None:
        self._settled.start()

    def _on_settled(self) -> None:
        if self._spin.value() - 1 != self._shown:
            self.chosen.emit(self._spin.value() - 1)
