"""Captures on every screen of a made-up desktop, in a process of its own; prints what was found as JSON.

Run as ``python -m tests.helpers.overlay_child`` with ``QT_QPA_PLATFORM=offscreen:configfile=…``.
"""

import json
import tomllib
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from desktop.core.capturing import CaptureRequest
from desktop.tasks.imports import restore_import
from desktop.ui import theme
from desktop.ui.capture.captured import Captured
from desktop.ui.capture.overlays import CaptureOverlays
from desktop.ui.capture.screen_window import ScreenWindow
from tests.helpers.overlay_shots import pixel_colour, shot, shows, terms

RESOURCES = Path(__file__).parents[2] / "resources"
START, END = (20.0, 30.0), (119.5, 89.5)
"""Of a drag, in logical pixels of a screen's window."""


def main() -> None:
    restore_import()
    app = QApplication([])
    theme.load_fonts(RESOURCES / "fonts")
    table = tomllib.loads((RESOURCES / "theme.toml").read_text(encoding="utf-8"))
    stylesheet = (RESOURCES / "styles" / "app.qss").read_text(encoding="utf-8")
    theme.use(theme.Theme(table, icons=RESOURCES / "icons", stylesheet=stylesheet, parent=app))
    theme.current().apply("light")
    found = [_capture(number) for number in range(len(QGuiApplication.screens()))]
    print(json.dumps(found))


def _capture(number: int) -> dict[str, object]:
    """Begin a region on the screen before, and drag another on this one."""
    overlays = CaptureOverlays(shot(), CaptureRequest(), terms(needs_words=False), None)
    ends: list[Captured] = []
    overlays.copied.connect(ends.append)
    overlays.show()
    QApplication.processEvents()
    windows, window = list(overlays._windows), overlays._windows[number]
    _drag(windows[number - 1], (5.0, 5.0), (50.0, 50.0))
    _drag(window, START, END)
    session = overlays._session
    assert session is not None
    area = window.choice.area
    assert area is not None
    place = QRect(area.left, area.top, area.width_px, area.height_px)
    found = {
        "screen": window.screen().name(),
        "covers": window.geometry() == window.screen().geometry(),
        "chosen_on": [w.screen().name() for w in windows if w.choice.area is not None],
        "panel_here": session.panel.window() is window and session.panel.isVisible(),
        "area": [area.left, area.top, area.right, area.bottom],
        "painted": _painted(window, place),
    }
    session.end("copied")
    return {**found, "exact": shows(ends[0].image, place, number), "title": ends[0].title}


def _painted(window: ScreenWindow, place: QRect) -> int:
    """How many pixels inside the region are not as they are in the picture; the edge has handles."""
    number = QGuiApplication.screens().index(window.screen())
    seen = window.grab().toImage()
    inner = place.adjusted(20, 20, -20, -20)
    wrong = 0
    for y in range(inner.top(), inner.bottom() + 1):
        for x in range(inner.left(), inner.right() + 1):
            colour = QColor(seen.pixel(x, y))
            wrong += (colour.red(), colour.green(), colour.blue()) != pixel_colour(x, y, number)
    return wrong


def _drag(window: ScreenWindow, start: tuple[float, float], end: tuple[float, float]) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, at, button in (
        (QEvent.Type.MouseButtonPress, start, left),
        (QEvent.Type.MouseMove, end, none),
        (QEvent.Type.MouseButtonRelease, end, left),
    ):
        held = none if kind is QEvent.Type.MouseButtonRelease else left
        point, modifiers = QPointF(*at), Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(window, QMouseEvent(kind, point, point, button, held, modifiers))


if __name__ == "__main__":
    main()
