"""‹ 2/3 ›: one of several versions of a question or an answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import label


class VersionFlipper(QWidget):
    """Hidden where there is one version only.

    Signals:
        version_chosen(int): id of the message that is wanted.
    """

    version_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._ids: tuple[int, ...] = ()
        self._current = 0
        self._back = icon_button("chevron-left", _("Previous version"), size_px=24)
        self._words = label("", "usage")
        self._on = icon_button("chevron-right", _("Next version"), size_px=24)
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._back, self._words, self._on):
            row.addWidget(widget)
        self.hide()

    def set_versions(self, ids: tuple[int, ...], current: int) -> None:
        """Offer the messages ``ids``, of which ``current`` is shown."""
        self._ids = ids
        self._current = ids.index(current) if current in ids else 0
        number, count = self._current + 1, len(ids)
        self._words.setText(f"{number}/{count}")
        self.setAccessibleName(_("Version {number} of {count}").format(number=number, count=count))
        self._back.setEnabled(self._current > 0)
        self._on.setEnabled(self._current + 1 < count)
        self.setVisible(count > 1)

    def take_focus(self) -> None:
        """One of its buttons is the next to be pressed."""
        for wanted in (self._on, self._back):
            if wanted.isEnabled():
                wanted.setFocus()

    def _step(self, step: int) -> None:
        place = self._current + step
        if 0 <= place < len(self._ids):
            self.version_chosen.emit(self._ids[place])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Also by the arrow keys, while one of its buttons has the focus."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)
