"""A segmented control: a few choices side by side, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.widgets.buttons import restyle
from desktop.ui.widgets.labels import plain_tooltip

Option = tuple[str, str, str]
"""Value, text, tooltip (may be empty)."""

_STEPS = {
    Qt.Key.Key_Left.value: -1,
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_Right.value: 1,
    Qt.Key.Key_Down.value: 1,
}


class Segments(QFrame):
    """Choices side by side. Tab reaches the chosen one; the arrow keys, Home and End move the choice.

    Signals:
        chosen: the user chose another value; not emitted by `set_value` and `set_options`.
    """

    chosen = Signal(str)

    def __init__(
        self,
        options: Sequence[Option] = (),
        *,
        name: str = "",
        click_focus: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Offer ``options`` with the first one chosen.

        Args:
            options: what can be chosen.
            name: for screen readers.
            click_focus: a click brings the keyboard here; else it stays where it is, as with a toolbar.
            parent: the widget around it.
        """
        super().__init__(parent)
        self.setProperty("kind", "segments")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.current().metric("segment_height"))
        focus = Qt.FocusPolicy
        self._policies = (
            (focus.StrongFocus, focus.ClickFocus) if click_focus else (focus.TabFocus, focus.NoFocus)
        )
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Segment] = {}
        self._value = ""
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)
        self.set_options(options)

    @property
    def value(self) -> str:
        """The chosen value; empty if there are no options."""
        return self._value

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other choices; the chosen value stays if it is among them, else the first is chosen."""
        for old in self._buttons.values():
            self._group.removeButton(old)
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = {}
        for position, (value, text, tooltip) in enumerate(options):
            self._add(value, text, tooltip, end=_end(position, len(options)))
        values = list(self._buttons)
        if self._value not in values:
            self._value = values[0] if values else ""
        self.set_value(self._value)
        self.updateGeometry()

    def set_value(self, value: str) -> None:
        """Show ``value`` as chosen; one that is not offered changes nothing."""
        if value not in self._buttons:
            return
        self._value = value
        self._buttons[value].setChecked(True)
        for key, segment in self._buttons.items():
            segment.setFocusPolicy(self._policies[key != value])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        values = list(self._buttons)
        if not values:
            return
        at = values.index(self._value)
        step = _STEPS.get(event.key(), 0) * (-1 if self.isRightToLeft() else 1)
        target = {Qt.Key.Key_Home.value: 0, Qt.Key.Key_End.value: len(values) - 1}.get(event.key(), at + step)
        if target == at or not 0 <= target < len(values):
            super().keyPressEvent(event)
            return
        self._choose(values[target])
        self._buttons[values[target]].setFocus(Qt.FocusReason.TabFocusReason)

    def show_focus(self, *, on: bool) -> None:
        """Draw the focus ring around the control; called by its segments."""
        self.setProperty("focused", on)
        restyle(self)

    def _add(self, value: str, text: str, tooltip: str, *, end: str) -> None:
        segment = _Segment(self, text)
        segment.setProperty("end", end)
        plain_tooltip(segment, tooltip)
        segment.setAccessibleDescription(tooltip)
        segment.clicked.connect(self._on_clicked)
        self._group.addButton(segment)
        self._layout.addWidget(segment)
        self._buttons[value] = segment
        segment.show()

    def _on_clicked(self) -> None:
        for value, segment in self._buttons.items():
            if segment.isChecked():
                self._choose(value)
                return

    def _choose(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.chosen.emit(value)


class _Segment(QPushButton):
    """One choice; leaves the arrow keys to the control."""

    def __init__(self, owner: Segments, text: str) -> None:
        super().__init__(text.replace("&", "&&"), owner)
        self._owner = owner
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS or event.key() in (Qt.Key.Key_Home.value, Qt.Key.Key_End.value):
            event.ignore()
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        keyboard = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._owner.show_focus(on=keyboard)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._owner.show_focus(on=False)


def _end(position: int, count: int) -> str:
    if count == 1:
        return "only"
    return {0: "first", count - 1: "last"}.get(position, "middle")
