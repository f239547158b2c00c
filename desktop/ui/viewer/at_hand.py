"""The picture on the canvas with all that is made of it: the file's pixels, the bytes to send, text found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from desktop.core.edits import Edits
from desktop.core.found_text import PageText
from desktop.core.model import ImageFacts, SentImage
from desktop.core.planning import plan_new
from desktop.core.problem_text import sentence
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.viewer.figures import Viewed, planned, without_region
from desktop.ui.viewer.found_state import found_state, open_suggestions, warnings_for
from desktop.ui.viewer.originals import Originals
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.reading import PageReading
from desktop.ui.viewer.sent_pictures import SentPictures

_DIMMED = 0.45


@dataclass(slots=True)
class _OnCanvas:
    """What the canvas has been given of the picture at hand.

    Attributes:
        edits: the ones it shows.
        found: the text that it outlines.
        sent: the picture as the model sees it, by its cache key, and whether it is dimmed.
    """

    edits: Edits | None = None
    found: PageText | None = None
    sent: tuple[int, bool] | None = None


class PictureAtHand(QObject):
    """Keeps canvas and the panel's lower part true to one `Viewed`.

    Signals:
        changed: more is known; show everything again.
        edited(Edits): the user confirmed what to black out.
        failed(Problem): the file cannot be read any more.
    """

    changed = Signal()
    edited = Signal(object)
    failed = Signal(object)

    def __init__(
        self, backend: Backend, page: ViewerPage, *, prompt: Callable[[], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._page = page
        self._prompt = prompt
        self._facts: ImageFacts | None = None
        self._viewed: Viewed | None = None
        self._last: QImage | None = None
        self._boxes = True
        self._side = "original"
        self._on_canvas = _OnCanvas()
        self._originals = Originals(backend.gallery, self)
        self._sent = SentPictures(backend.gallery, self)
        self._reading = PageReading(backend.reading, self)
        self._connect()

    def show(self, facts: ImageFacts, thumbnail: QPixmap | None) -> None:
        """Show another page; ``thumbnail`` until its pixels are there."""
        self._facts, self._viewed = facts, None
        self._on_canvas = _OnCanvas()
        self._page.canvas.clear()
        self._page.canvas.set_view(self._side)
        self._last = None
        if thumbnail is not None:
            self._last = thumbnail.toImage()
            self._page.canvas.show_original(self._last, (facts.width_px, facts.height_px))
        self._sent.forget()
        self._originals.load(facts)
        self._reading.look_at(facts)

    def clear(self) -> None:
        """Show nothing, and give up what is being made."""
        self._facts, self._viewed, self._last = None, None, None
        self._on_canvas = _OnCanvas()
        self._originals.load(None)
        self._sent.forget()
        self._reading.look_at(None)
        self._page.canvas.clear()

    def show_viewed(self, viewed: Viewed) -> None:
        """Show this page with these edits, for this model."""
        self._viewed = viewed
        self._sent.want(viewed)
        canvas = self._page.canvas
        whole = plan_new(viewed.model, without_region(viewed).new)
        if viewed.edits != self._on_canvas.edits:
            # Not again and again: something may just be drawn or written.
            self._on_canvas.edits = viewed.edits
            canvas.set_edits(viewed.edits)
        canvas.set_finished_size((whole.width_px, whole.height_px))
        self._show_sent(viewed)
        self._show_found(viewed)

    def sizes(self) -> Mapping[str, SentImage]:
        """What is known of the bytes that would be sent, by `NewImage.key`."""
        return self._sent.sizes()

    def check_again(self) -> None:
        """Make what would be sent anew: the file may be another by now."""
        self._sent.renew()

    def _connect(self) -> None:
        page = self._page
        self._originals.loaded.connect(self._on_loaded)
        self._originals.detailed.connect(page.canvas.show_detail)
        self._originals.failed.connect(self.failed)
        self._sent.changed.connect(self.changed)
        self._sent.failed.connect(self.failed)
        self._reading.changed.connect(self.changed)
        page.canvas.detail_wanted.connect(self._originals.load_detail)
        page.canvas.view_changed.connect(self._on_side)
        page.canvas.suggestion_clicked.connect(lambda at: self._on_confirmed([at]))
        page.panel.found.blackout_confirmed.connect(self._on_confirmed)
        page.panel.found.boxes_wanted.connect(self._on_boxes)
        page.panel.warning_dismissed.connect(self._on_dismissed)
        page.parts.chosen.connect(lambda _part: self.changed.emit())

    def _show_sent(self, viewed: Viewed) -> None:
        parts = planned(viewed)
        self._page.show_parts(count=len(parts) if self._page.canvas.shows_sent else 1)
        new, plan = parts[0 if self._page.parts.value == "0" else -1]
        image = self._sent.picture(new, plan)
        shown = image or self._last
        if shown is None or shown.isNull() or self._on_canvas.sent == (shown.cacheKey(), image is None):
            return
        self._on_canvas.sent = shown.cacheKey(), image is None
        self._last = shown
        if image is not None:
            self._page.canvas.show_sent(image, plan.grid, region=False)
        else:
            # A refused picture has no bytes to show; it is seen dimmed too, and the panel says why.
            self._page.canvas.show_sent(dimmed(shown), None, region=False)

    def _show_found(self, viewed: Viewed) -> None:
        reading, canvas = self._reading, self._page.canvas
        state = found_state(
            reading.page,
            viewed.edits,
            busy=reading.busy,
            failed=sentence(reading.problem) if reading.problem else "",
            boxes=self._boxes,
            warnings=warnings_for(
                viewed,
                reading.page,
                prompt=self._prompt(),
                dismissed=self._backend.settings.current.dismissed,
            ),
        )
        self._page.panel.show_found(state)
        found = reading.page if self._boxes else None
        if found is not self._on_canvas.found:
            # Only then: it ends the selection of text.
            self._on_canvas.found = found
            canvas.set_found(found)
        canvas.set_suggested(tuple(suggestion.area for suggestion in state.suggestions))

    def _on_side(self, side: str) -> None:
        # Leafing through pictures keeps the view; of what was sent before there is only one.
        if not self._page.is_read_only:
            self._side = side
            self.changed.emit()

    def _on_loaded(self, image: QImage) -> None:
        if self._facts is not None:
            self._page.canvas.show_original(image, (self._facts.width_px, self._facts.height_px))
        is_dimmed = self._on_canvas.sent is None or self._on_canvas.sent[1]
        # Never what was edited: it would show, as if it were sent, what is blacked out.
        if is_dimmed and self._viewed is not None and not self._viewed.edits:
            self._last = image
            self.changed.emit()

    def _on_confirmed(self, indexes: list[int]) -> None:
        if self._viewed is None:
            return
        edits = self._viewed.edits
        found = open_suggestions(self._reading.page, edits)
        areas = [found[at].area for at in indexes if at < len(found)]
        self.edited.emit(replace(edits, blackouts=(*edits.blackouts, *areas)))

    def _on_boxes(self, wanted: bool) -> None:
        self._boxes = wanted
        self.changed.emit()

    def _on_dismissed(self, weakness: str) -> None:
        settings = self._backend.settings
        dismissed = settings.current.dismissed | {weakness}
        settings.change(replace(settings.current, dismissed=dismissed))


def dimmed(image: QImage) -> QImage:
    """The picture as it is shown while the next one is made; at most as large as a screen."""
    most = QSize(1600, 1600)
    if image.width() > most.width() or image.height() > most.height():
        image = image.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
    made = QImage(image.size(), QImage.Format.Format_RGB32)
    made.fill(theme.current().color("canvas"))
    painter = QPainter(made)
    painter.setOpacity(_DIMMED)
    painter.drawImage(0, 0, image)
    painter.end()
    return made
