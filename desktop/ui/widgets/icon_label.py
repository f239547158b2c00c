"""An icon that follows the theme."""

from PySide6.QtWidgets import QLabel

from desktop.ui import theme


class IconLabel(QLabel):
    """Shows one icon of the theme; decoration, so screen readers pass it by."""

    def __init__(self, name: str, *, role: str = "text_muted", size_px: int = 16) -> None:
        super().__init__()
        self._name, self._role, self._size_px = name, role, size_px
        theme.current().changed.connect(self._tint)
        self._tint()

    def set_icon(self, name: str, *, role: str | None = None) -> None:
        """Show another icon, in the colour of ``role`` if given."""
        self._name, self._role = name, role or self._role
        self._tint()

    def _tint(self) -> None:
        self.setPixmap(theme.current().pixmap(self._name, role=self._role, size_px=self._size_px))
        self.setFixedSize(self._size_px, self._size_px)
