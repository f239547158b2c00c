"""Buttons whose icons follow the theme."""

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.widgets.labels import plain_tooltip

_ICON_ROLES = {
    "primary": "accent_text",
    "ghost": "text_muted",
    "active": "accent_soft_text",
    "danger": "danger",
    "link": "accent_soft_text",
}
_CHEVRON_INSET_PX = 10
_ICON_GAP_PX = 4
_MENU_GAP_PX = 4


class TintedButton(QPushButton):
    """A push button; made by `button`.

    Attributes:
        opens_upward: its menu ends where the button begins, for buttons at the lower edge of the window.
    """

    def __init__(self, text: str, *, kind: str | None = None, chevron: bool = False) -> None:
        super().__init__(text.replace("&", "&&"))
        self._icon_name: str | None = None
        self._chevron = chevron
        self._menu: QMenu | None = None
        self.opens_upward = False
        self.setProperty("kind", kind)
        self.setProperty("chevron", chevron)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.current().changed.connect(self._tint)

    def set_icon(self, name: str | None) -> None:
        """Show the theme's icon ``name``, or none."""
        self._icon_name = name
        self.setIconSize(QSize(_icon_px(name) + _ICON_GAP_PX, theme.current().metric("icon_size_button")))
        self._tint()

    def set_kind(self, kind: str | None) -> None:
        """Change the look; the kinds are those of `button`."""
        self.setProperty("kind", kind)
        restyle(self)
        self._tint()

    @override
    def setMenu(self, menu: QMenu | None) -> None:
        # Qt's own menu buttons lose the padding of the style sheet.
        if self._menu is not None:
            self.clicked.disconnect(self._open_menu)
        self._menu = menu
        if menu is not None:
            self.clicked.connect(self._open_menu)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._menu is not None and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_menu()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._chevron:
            return
        size = theme.current().metric("icon_size_chevron")
        pixmap = theme.current().pixmap("chevron-down", role=self._role(), size_px=size)
        left = _CHEVRON_INSET_PX if self.isRightToLeft() else self.width() - _CHEVRON_INSET_PX - size
        QPainter(self).drawPixmap(QPoint(left, (self.height() - size) // 2 + 1), pixmap)

    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.setMinimumWidth(self.width())
            below = self.height() + _MENU_GAP_PX
            above = -self._menu.sizeHint().height() - _MENU_GAP_PX
            self._menu.popup(self.mapToGlobal(QPoint(0, above if self.opens_upward else below)))

    def _tint(self) -> None:
        if self._icon_name is not None:
            self.setIcon(_spaced_icon(self._icon_name, self._role()))
        else:
            self.setIcon(QIcon())
        self.update()

    def _role(self) -> str:
        return _ICON_ROLES.get(str(self.property("kind")), "text")


class IconButton(QToolButton):
    """A tool button that shows an icon only; made by `icon_button`."""

    def __init__(self, icon: str, *, role: str = "text_muted") -> None:
        super().__init__()
        self._icon_name = icon
        self._role = role
        self.setProperty("kind", "ghost")
        self.setProperty("icon_only", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.current().changed.connect(self._tint)
        self._tint()

    def set_icon(self, name: str, *, role: str | None = None) -> None:
        """Show another icon, in the colour of ``role`` if given."""
        self._icon_name = name
        self._role = role or self._role
        self._tint()

    def set_name(self, name: str) -> None:
        """Change what screen readers and the tooltip say."""
        self.setAccessibleName(name)
        plain_tooltip(self, name)

    def _tint(self) -> None:
        self.setIcon(theme.current().icon(self._icon_name, role=self._role))


def button(
    text: str,
    *,
    icon: str | None = None,
    kind: str | None = None,
    tooltip: str | None = None,
    chevron: bool = False,
) -> TintedButton:
    """A button with text.

    Args:
        text: shown as it is; an ampersand is no mnemonic.
        icon: name of an icon of the theme.
        kind: None (outlined), ``primary``, ``ghost``, ``danger``, ``link``, ``small`` or ``tiny``.
        tooltip: plain text.
        chevron: draw a small arrow at the end, for buttons that open a menu.
    """
    made = TintedButton(text, kind=kind, chevron=chevron)
    made.set_icon(icon)
    made.setAccessibleName(text)
    if tooltip:
        plain_tooltip(made, tooltip)
    return made


def icon_button(icon: str, name: str, *, size_px: int = 32) -> IconButton:
    """A square button without text or frame; ``name`` is its tooltip and its name for screen readers."""
    made = IconButton(icon)
    made.set_name(name)
    made.setIconSize(QSize(*[theme.current().metric("icon_size_button")] * 2))
    made.setFixedSize(size_px, size_px)
    return made


def _spaced_icon(name: str, role: str) -> QIcon:
    """Icon ``name`` with room behind it: Qt's own distance between icon and text is half of the mocks'."""
    icon = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, role), (QIcon.Mode.Disabled, "text_faint")):
        pixmap = theme.current().pixmap(name, role=colour, size_px=_icon_px(name))
        ratio = pixmap.devicePixelRatio()
        height = round(theme.current().metric("icon_size_button") * ratio)
        wide = QPixmap(pixmap.width() + round(_ICON_GAP_PX * ratio), height)
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap(QPointF(0, (height - pixmap.height()) / 2 / ratio), pixmap)
        painter.end()
        icon.addPixmap(wide, mode)
    return icon


def _icon_px(name: str | None) -> int:
    # A plus fills less of its square than other icons do.
    return theme.current().metric("icon_size_toolbar" if name == "plus" else "icon_size_button")


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
