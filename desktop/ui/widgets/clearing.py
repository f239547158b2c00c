"""The button in a search field that empties it. Qt's own lies too low there, and has no theme."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLineEdit

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.widgets.buttons import icon_button

_SIZE_PX = 24
_GAP_PX = 4


class ClearButton(QObject):
    """Stands at the right end of its field while there is text."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self._field = field
        self._button = icon_button("x", _("Clear the search"), size_px=_SIZE_PX)
        self._button.setParent(field)
        # Keys empty the field as well.
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self._button.clicked.connect(field.clear)
        field.setTextMargins(0, 0, _SIZE_PX - _GAP_PX, 0)
        field.textChanged.connect(self._show)
        field.installEventFilter(self)
        self._show(field.text())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self._field:
            room = self._field.rect()
            left = room.right() + 1 - _GAP_PX - self._button.width()
            self._button.move(left, (room.height() - self._button.height()) // 2)
        return super().eventFilter(watched, event)

    def _show(self, text: str) -> None:
        self._button.setVisible(bool(text))
