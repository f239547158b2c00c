"""What the gallery shows while it is empty: where to drop, and three other ways to bring images in."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import KeyCap, label

_CENTER = Qt.AlignmentFlag.AlignHCenter


class DropZone(QWidget):
    """A dashed frame with an invitation.

    Signals:
        files_requested: choose files.
        samples_requested: try the sample images.
    """

    files_requested = Signal()
    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(0)
        layout.addStretch(1)
        self._fill(layout)
        layout.addStretch(1)
        theme.current().changed.connect(self.update)

    def show_drop(self, *, over: bool) -> None:
        """Show that what is dragged over it can be dropped."""
        self._over = over
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_zone(painter, QRectF(self.rect()), over=self._over)

    def _fill(self, layout: QVBoxLayout) -> None:
        title = label(_("Drop images or a folder here"), "drop_title")
        formats = label("PNG, JPEG, WebP, GIF, HEIC, TIFF, BMP, AVIF, PDF", "muted")
        for text in (title, formats):
            text.setAlignment(_CENTER)
            text.setWordWrap(True)
        choose = button(_("Choose files"), icon="folder-open")
        choose.clicked.connect(self.files_requested)
        samples = button(_("Try the sample images"), kind="link")
        samples.clicked.connect(self.samples_requested)
        layout.addWidget(IconLabel("images", size_px=theme.current().metric("icon_size_drop")), 0, _CENTER)
        layout.addSpacing(17)
        layout.addWidget(title)
        layout.addSpacing(14)
        layout.addWidget(formats)
        layout.addSpacing(2)
        layout.addLayout(_paste_line())
        layout.addSpacing(16)
        layout.addWidget(choose, 0, _CENTER)
        layout.addSpacing(15)
        layout.addWidget(samples, 0, _CENTER)


def paint_zone(painter: QPainter, rect: QRectF, *, over: bool) -> None:
    """Paint the dashed frame; ``over``, in the accent's colour and filled."""
    look = theme.current()
    width = look.metric("drop_border")
    pen = QPen(look.color("accent_line" if over else "border"), width)
    pen.setDashPattern([look.metric("drop_dash") / width, look.metric("drop_gap") / width])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    fill = QColor(look.color("accent_soft"))
    fill.setAlphaF(0.6)
    painter.setBrush(fill if over else Qt.GlobalColor.transparent)
    radius = look.metric("radius_card")
    painter.drawRoundedRect(rect.adjusted(width / 2, width / 2, -width / 2, -width / 2), radius, radius)


def _paste_line() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    row.addStretch(1)
    row.addWidget(label(_("or paste with"), "muted"))
    keys = QKeySequence(QKeySequence.StandardKey.Paste).toString(QKeySequence.SequenceFormat.NativeText)
    row.addWidget(KeyCap(keys.replace("+", " ")))
    row.addStretch(1)
    return row
