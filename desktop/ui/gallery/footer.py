"""Below the tiles: how many are selected, and how large tiles are."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.gallery.bar import bar
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip

_STEPS = 100
_BUTTON_STEP = 20
_SLIDER_PX = 64


class GalleryFooter(QWidget):
    """A line of text, and a slider from the smallest tiles to the largest.

    Signals:
        tile_width_chosen(int): tiles are to be about this wide, in px.
    """

    tile_width_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._text = ElidedLabel("", "small")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setProperty("kind", "quiet")
        self._slider.setRange(0, _STEPS)
        self._slider.setFixedWidth(_SLIDER_PX)
        self._slider.setAccessibleName(_("Size of the tiles"))
        plain_tooltip(self._slider, _("Size of the tiles (Ctrl and the mouse wheel)"))
        self._slider.valueChanged.connect(self._on_value)
        self._smaller = icon_button("zoom-out", _("Smaller tiles"), size_px=24)
        self._smaller.clicked.connect(lambda: self._slider.setValue(self._slider.value() - _BUTTON_STEP))
        self._larger = icon_button("zoom-in", _("Larger tiles"), size_px=24)
        self._larger.clicked.connect(lambda: self._slider.setValue(self._slider.value() + _BUTTON_STEP))
        line = bar("footer", theme.current().metric("status_height"))
        row = QHBoxLayout(line)
        row.setContentsMargins(14, 1, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._text, 1)
        for widget in (self._smaller, self._slider, self._larger):
            row.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line)

    def set_text(self, text: str) -> None:
        """Say ``text``, for example how many are selected."""
        self._text.setText(text)

    def show_tile_width(self, width_px: int) -> None:
        """Put the slider where tiles of this width are."""
        self._slider.blockSignals(True)
        self._slider.setValue(_position(width_px))
        self._slider.blockSignals(False)

    def show_sizes(self, *, on: bool) -> None:
        """Offer sizes, or do not, because a list has none."""
        for widget in (self._smaller, self._slider, self._larger):
            widget.setVisible(on)

    def _on_value(self, value: int) -> None:
        self.tile_width_chosen.emit(_width(value))


def _bounds() -> tuple[int, int]:
    return theme.current().metric("tile_width_least"), theme.current().metric("tile_width_most")


def _width(value: int) -> int:
    """Each step makes tiles larger by the same share."""
    least, most = _bounds()
    return round(least * math.exp(math.log(most / least) * value / _STEPS))


def _position(width_px: int) -> int:
    least, most = _bounds()
    return round(_STEPS * math.log(max(width_px, least) / least) / math.log(most / least))
