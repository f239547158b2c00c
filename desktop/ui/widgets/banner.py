"""The yellow bar below the window's header, for what the user should know all the time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from desktop.ui import theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

Action = tuple[str, Callable[[], object]]
"""Text of a button and what it does."""


class Banner(QFrame):
    """An icon, a sentence that wraps where it must, and small buttons at the end."""

    def __init__(
        self, icon: str, text: str, actions: Sequence[Action] = (), parent: QWidget | None = None
    ) -> None:
        """Show ``text``; each of ``actions`` becomes a button."""
        super().__init__(parent)
        self.setProperty("kind", "warning")
        self.setMinimumHeight(theme.current().metric("banner_height"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._text = label("")
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 6, 14, 7)
        self._row.setSpacing(9)
        self._row.addWidget(
            IconLabel(icon, role="warning_text", size_px=18), 0, Qt.AlignmentFlag.AlignVCenter
        )
        self._row.addWidget(self._text, 1)
        self.set_text(text)
        self.set_actions(actions)

    def set_text(self, text: str) -> None:
        """Show another sentence."""
        self._text.setText(text)
        self.setAccessibleName(text)

    def set_actions(self, actions: Sequence[Action]) -> None:
        """Show other buttons."""
        while self._row.count() > 2:
            item = self._row.takeAt(2)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text, callback in actions:
            made = button(text, kind="small")
            made.clicked.connect(callback)
            self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
            made.show()
