"""Joins the places of an answer with the canvas and the panel of the viewer."""

from PySide6.QtCore import QObject

from desktop.core.model import Attachment
from desktop.core.pointing import Pointing, Scale
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.places_layer import place_marks


class PointingView(QObject):
    """Shows what an answer points at on the image that is seen; remembers what the user said of its scale."""

    def __init__(self, page: ViewerPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._pointing: Pointing | None = None
        self._attachment: Attachment | None = None
        self._scale = Scale.THOUSANDTHS
        self._swapped = False
        section, canvas = page.panel.places, page.canvas
        section.chosen.connect(canvas.zoom_to_place)
        section.pointed.connect(canvas.highlight_place)
        section.shown_wanted.connect(canvas.show_places)
        section.scale_chosen.connect(self._on_scale)
        section.swap_wanted.connect(self._on_swap)
        canvas.place_pointed.connect(section.point_at)

    def show(self, attachment: Attachment, pointing: Pointing | None) -> None:
        """Show these places on this image; None for none."""
        if pointing is None or attachment.sent is None:
            self.leave()
            return
        if (pointing, attachment.id) != (self._pointing, self._attachment and self._attachment.id):
            self._scale, self._swapped = pointing.scale, False
        self._pointing, self._attachment = pointing, attachment
        self._show()

    def leave(self) -> None:
        """Show none."""
        self._pointing = self._attachment = None
        self._page.canvas.take_places((), None)
        self._page.panel.places.leave()

    def _show(self) -> None:
        pointing, attachment = self._pointing, self._attachment
        if pointing is None or attachment is None or attachment.sent is None:
            return
        sent_px = attachment.sent.width_px, attachment.sent.height_px
        marks = place_marks(pointing, sent_px, scale=self._scale, swapped=self._swapped)
        self._page.canvas.take_places(marks, attachment)
        self._page.panel.places.show_places(
            marks,
            self._scale,
            assumed=pointing.assumed and self._scale is pointing.scale,
            left_out=pointing.left_out,
            swapped=self._swapped,
        )

    def _on_scale(self, scale: str) -> None:
        self._scale = Scale(scale)
        self._show()

    def _on_swap(self, swapped: bool) -> None:
        self._swapped = swapped
        self._show()
