"""Progress of something that takes a while, with a way to end it; it comes only when it is worth a look."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _, format_count
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

_WIDTH_PX = 380
_BAR_PX = 6
SHOWN_AFTER_MS = 500


class ProgressDialog(QDialog):
    """Shown half a second after `begin`, unless `end` comes before.

    Signals:
        stopped: the user wants to end it.
    """

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setFixedWidth(_WIDTH_PX)
        self._title = label("", "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR_PX)
        self._count = label("", "small")
        self._stop = button(_("Cancel"))
        self._stop.clicked.connect(self.reject)
        self._wait = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self._wait.timeout.connect(self.show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._bar)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(self._stop)
        layout.addLayout(row)

    def begin(self, title: str) -> None:
        """Something began, called ``title``."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._count.setText("")
        self._stop.setEnabled(True)
        self._wait.start()

    def show_progress(self, done: int, of: int) -> None:
        """So many of so many parts are done."""
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        text = _("{done} of {total}").format(done=format_count(done), total=format_count(of))
        self._count.setText(text if of > 1 else "")

    def end(self) -> None:
        """It is over."""
        self._wait.stop()
        self.hide()

    @override
    def reject(self) -> None:
        """Ask for its end; the dialog goes when it has ended."""
        if self._stop.isEnabled():
            self._stop.setEnabled(False)
            self.stopped.emit()
