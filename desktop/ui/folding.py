"""History and gallery, unfolded and put away: by keys, buttons and their own wish; the keyboard follows."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.ui.window_parts import WindowParts


class Folding(QObject):
    """Joins the buttons and panels of the window that fold."""

    def __init__(self, parts: WindowParts, focus_prompt: Callable[[], None]) -> None:
        super().__init__(parts.central)
        self._parts = parts
        self._focus_prompt = focus_prompt
        parts.unfold_history.clicked.connect(self.toggle_history)
        parts.unfold_gallery.clicked.connect(self.toggle_gallery)
        parts.history.fold_requested.connect(self.toggle_history)
        parts.gallery.header.fold_requested.connect(self.toggle_gallery)
        parts.panels.changed.connect(self._show_toggles)

    def toggle_history(self) -> None:
        """Fold the history, or unfold it."""
        self._parts.panels.toggle_history()
        self._pass_focus(self._parts.history.view)

    def toggle_gallery(self) -> None:
        """Fold the gallery, or unfold it."""
        self._parts.panels.toggle_gallery()
        self._pass_focus(self._parts.gallery.view)

    def _pass_focus(self, view: QWidget) -> None:
        """What takes the conversation's place has the keyboard; once it is folded, the prompt has it."""
        if self._parts.page.isHidden() and view.isVisible():
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not view.isVisible():
            self._focus_prompt()

    def _show_toggles(self) -> None:
        self._parts.unfold_history.setVisible(self._parts.history.isHidden())
        self._parts.unfold_gallery.setVisible(self._parts.gallery.isHidden())
