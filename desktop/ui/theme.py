"""Colours, spacing, fonts and icons, all from ``resources/theme.toml``, for light and dark."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

_ICON_SIZES_PX = (16, 32, 48, 128)
Table = Mapping[str, Mapping[str, str | int]]


class Theme(QObject):
    """The look of the whole application; one exists, made by `app`, reached with `current`.

    Attributes:
        mode: ``light`` or ``dark``, the one in force.

    Signals:
        changed: colours are others now; widgets that paint or hold icons ask again.
    """

    changed = Signal()

    def __init__(self, table: Table, *, icons: Path, stylesheet: str, parent: QObject | None = None) -> None:
        """Take the parsed ``theme.toml``, the folder of SVG icons and the style sheet to be filled in."""
        super().__init__(parent)
        self._table = table
        self._lengths = _lengths(table)
        self._icons = icons
        self._stylesheet = stylesheet
        self._choice = "system"
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self.mode = "light"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def apply(self, choice: str) -> None:
        """Use ``light``, ``dark`` or what the ``system`` says from now on."""
        self._choice = choice
        self._use(choice if choice in ("light", "dark") else _system_mode())

    def color(self, role: str) -> QColor:
        """The colour of a role such as ``text_muted``; `KeyError` for one that ``theme.toml`` lacks."""
        return QColor(str(self._table[self.mode][role]))

    def metric(self, name: str) -> int:
        """A length of ``[metrics]``, or ``radius_…``, ``font_…``, ``icon_size_…``, in px at 100 %."""
        return self._lengths[name]

    def font(self, kind: str) -> QFont:
        """The font of a kind in ``[text_sizes]``: ``text``, ``small``, ``title``, ``mono`` and so on."""
        font = QFont(QApplication.font())
        if kind == "mono":
            font.setFamilies(["JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono CJK SC", "monospace"])
            font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self.metric(f"font_{kind}"))
        font.setWeight(_WEIGHTS.get(kind, QFont.Weight.Normal))
        return font

    def pixmap(self, name: str, *, role: str = "text_muted", size_px: int = 16, ratio: float = 0) -> QPixmap:
        """Icon ``name`` in the colour of ``role``, sharp at the screen's scale."""
        ratio = ratio or cast("QApplication", QApplication.instance()).devicePixelRatio()
        key = (name, self.color(role).name(QColor.NameFormat.HexArgb), size_px, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._render(name, key[1], size_px, ratio)
        return self._pixmaps[key]

    def icon(self, name: str, *, role: str = "text_muted", size_px: int = 16) -> QIcon:
        """Icon ``name`` for a button or a menu; disabled, it takes the colour of ``text_placeholder``."""
        icon = QIcon(self.pixmap(name, role=role, size_px=size_px))
        icon.addPixmap(self.pixmap(name, role="text_placeholder", size_px=size_px), QIcon.Mode.Disabled)
        return icon

    def application_icon(self) -> QIcon:
        """The application's own icon at the sizes of panels and menus."""
        icon = QIcon()
        for size_px in _ICON_SIZES_PX:
            icon.addFile(str(self._icons.parent / "icon" / f"sightline-{size_px}.png"))
        return icon

    def _render(self, name: str, color: str, size_px: int, ratio: float) -> QPixmap:
        if name not in self._sources:
            self._sources[name] = (self._icons / f"{name}.svg").read_bytes()
        tint = QColor(color)
        source = self._sources[name].replace(b"currentColor", tint.name().encode())
        pixmap = QPixmap(QSize(round(size_px * ratio), round(size_px * ratio)))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(tint.alphaF())
        QSvgRenderer(QByteArray(source)).render(painter, QRectF(pixmap.rect()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _use(self, mode: str) -> None:
        self.mode = mode
        application = cast("QApplication", QApplication.instance())
        application.setPalette(self._palette())
        application.setStyleSheet(self._filled_stylesheet())
        self.changed.emit()

    def _filled_stylesheet(self) -> str:
        pictures = (self._icons.parent / "styles").as_posix()
        values = {**self._lengths, **self._table[self.mode], "styles": pictures}
        return re.sub(r"@\(([a-z_]+)\)", lambda match: str(values[match[1]]), self._stylesheet)

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _PALETTE_ROLES.items():
            palette.setColor(role, self.color(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("text_faint"))
        return palette

    def _on_system_changed(self) -> None:
        if self._choice == "system" and _system_mode() != self.mode:
            self._use(_system_mode())


def _lengths(table: Table) -> dict[str, int]:
    lengths = {name: int(value) for name, value in table["metrics"].items()}
    for prefix, name in (("radius", "radii"), ("font", "text_sizes"), ("icon_size", "icon_sizes")):
        lengths |= {f"{prefix}_{key}": int(value) for key, value in table[name].items()}
    return lengths


_MEDIUM = ("button", "history_title", "tile_name", "chip_title", "badge", "pill", "link", "banner")
_SEMIBOLD = ("title", "headline", "section", "model_name", "drop_title", "card_title", "figure")
_WEIGHTS = dict.fromkeys(_MEDIUM, QFont.Weight.Medium) | dict.fromkeys(_SEMIBOLD, QFont.Weight.DemiBold)

_PALETTE_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text_faint",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "accent_text",
    QPalette.ColorRole.ToolTipBase: "surface_raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "accent",
}

_current: Theme | None = None


def use(theme: Theme) -> None:
    """Make ``theme`` the one that `current` returns; called once by `app` and by tests."""
    global _current  # noqa: PLW0603 - one look per application
    _current = theme


def current() -> Theme:
    """The theme in force."""
    if _current is None:
        raise RuntimeError("theme.use() has not been called")
    return _current


def load_fonts(folder: Path) -> None:
    """Add the bundled fonts and make Inter the application's, the system's behind it for other scripts."""
    for path in sorted(folder.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    font = QFont("Inter")
    font.setFamilies(["Inter", *_FALLBACKS])
    font.setPixelSize(13)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    QApplication.setFont(font)


_FALLBACKS = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI", "Segoe UI", "Noto Sans", "DejaVu Sans")


def _system_mode() -> str:
    return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
