"""Checks that need Qt. They run in the main thread, on Qt's offscreen platform."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QPluginLoader, QTranslator
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImageReader
from PySide6.QtSvg import QSvgRenderer

from desktop.capture.surroundings import from_environment
from desktop.capture.ways import WAYS
from desktop.core.text import _, join_list, ngettext
from desktop.system import resources

Row = tuple[str, str, Callable[[], str]]

_PLATFORMS = {"linux": ("qxcb", "qwayland", "qoffscreen"), "win32": ("qwindows",), "darwin": ("qcocoa",)}
# The gallery's thumbnails are JPEG, and other programs put all of these on the clipboard.
_FORMATS = ("png", "jpeg", "webp", "gif", "bmp")
_QT_MESSAGE = ("QPlatformTheme", "Cancel")


def start_qt() -> QGuiApplication:
    """Qt without a screen; keep it as long as anything here is called."""
    return QGuiApplication([sys.argv[0], "-platform", "offscreen"])


def rows() -> list[Row]:
    """Name, title and function of every check, in the order in which they are told."""
    return [
        ("qt", _("Window system"), look_at_platforms),
        ("qt-formats", _("Pictures from other programs"), look_at_formats),
        ("qt-translations", _("Words of dialogs"), look_at_dialog_words),
        ("fonts", _("Fonts"), look_at_fonts),
        ("icons", _("Icons"), look_at_icons),
        ("capture", _("Screen capture"), look_at_capture),
    ]


def look_at_platforms() -> str:
    """Qt's plugins for this system load with all their libraries."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
    wanted = _PLATFORMS.get(sys.platform, ())
    for name in wanted:
        file = next((path for path in folder.glob(f"*{name}.*")), None)
        if file is None:
            raise LookupError(f"{folder.name}/{name}")
        loader = QPluginLoader(str(file))
        if not loader.load():
            raise OSError(loader.errorString())
    return join_list(name.removeprefix("q") for name in wanted)


def look_at_formats() -> str:
    """Qt decodes what thumbnails and clipboards hold."""
    known = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    missing = [name for name in _FORMATS if name not in known]
    if missing:
        raise LookupError(join_list(missing))
    reader = QImageReader(str(resources.resource_path("check", "picture.jpeg")))
    if reader.read().isNull():
        raise ValueError(reader.errorString())
    return join_list(name.upper() for name in _FORMATS)


def look_at_dialog_words() -> str:
    """Qt's own dialogs speak each language that Sightline speaks."""
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    languages = resources.available_languages()
    for language in languages:
        translator = QTranslator()
        if language != "en" and not (
            translator.load(QLocale(language), "qtbase", "_", folder) and translator.translate(*_QT_MESSAGE)
        ):
            raise LookupError(f"qtbase_{language}")
    return join_list(languages)


def look_at_fonts() -> str:
    """The fonts that came along can be used."""
    files = sorted(resources.resource_path("fonts").glob("*.ttf"))
    for file in files:
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise ValueError(file.name)
    if not files:
        raise LookupError("fonts")
    families = {name for name in QFontDatabase.families() if name in ("Inter", "JetBrains Mono")}
    return join_list(sorted(families))


def look_at_icons() -> str:
    """Every icon can be drawn."""
    files = sorted(resources.resource_path("icons").glob("*.svg"))
    for file in files:
        if not QSvgRenderer(str(file)).isValid():
            raise ValueError(file.name)
    if not files:
        raise LookupError("icons")
    return ngettext("{count} icon", "{count} icons", len(files)).format(count=len(files))


def look_at_capture() -> str:
    """In which ways the screen can be captured, the first choice first.

    None is no fault: a terminal may have no screen. Qt is on its offscreen platform here, so what it would
    use for a window is guessed as Qt does it.
    """
    around = from_environment(os.environ, system=sys.platform, qt_platform=_window_platform())
    ways = [way.name for way in WAYS if not way.systems or sys.platform in way.systems]
    working = [way.name for way in WAYS if way.name in ways and way.why_not(around) is None]
    return join_list(working) if working else _("there is no screen here")


def _window_platform() -> str:
    if sys.platform != "linux":
        return {"win32": "windows", "darwin": "cocoa"}.get(sys.platform, "")
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else ""
