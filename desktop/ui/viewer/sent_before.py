"""Images of earlier questions in the viewer: their stored bytes as they were sent, read only.

Where an answer points at one, its places lie over it, and the file itself can be seen too, with what had been
done to it, if it is still what it was.
"""

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop.core.catalog import Model
from desktop.core.model import Attachment
from desktop.core.pointing import Pointing
from desktop.core.problem_text import sentence
from desktop.core.problems import Problem
from desktop.tasks.backend import Backend
from desktop.ui.viewer.found_state import FoundState
from desktop.ui.viewer.originals import Originals
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.panel_state import attachment_state, sent_plan
from desktop.ui.viewer.pointing_view import PointingView

Pointings = dict[int, Pointing]
"""What answers point at, by attachment id."""


class SentBefore(QObject):
    """Shows the images of one question, one at a time."""

    def __init__(self, backend: Backend, page: ViewerPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._page = page
        self._attachments: list[Attachment] = []
        self._pointings: Pointings = {}
        self._at = 0
        self._model: Model | None = None
        self._future: Future[QImage] | None = None
        self._pointing = PointingView(page, self)
        self._originals = Originals(backend.gallery, self)
        self._originals.loaded.connect(self._on_original)
        self._originals.detailed.connect(page.canvas.show_detail)
        page.canvas.detail_wanted.connect(self._originals.load_detail)

    @property
    def is_open(self) -> bool:
        """Whether one is shown."""
        return bool(self._attachments)

    def show(
        self,
        attachments: Sequence[Attachment],
        chosen: Attachment,
        model: Model,
        pointings: Pointings | None = None,
    ) -> None:
        """Show ``chosen`` among the attachments of its question, which ``model`` was asked."""
        self._attachments = [attachment for attachment in attachments if attachment.sent is not None]
        self._at = next((at for at, a in enumerate(self._attachments) if a.id == chosen.id), 0)
        self._model = model
        self._pointings = pointings or {}
        self._show()

    def leave(self) -> None:
        """Show nothing more."""
        self._give_up()
        if self._attachments:
            self._pointing.leave()
        self._attachments = []

    def step(self, step: int) -> None:
        """To the image before or after."""
        if 0 <= self._at + step < len(self._attachments):
            self._at += step
            self._show()

    def _show(self) -> None:
        self._give_up()
        attachment, page = self._attachments[self._at], self._page
        sent, model = attachment.sent, self._model
        if sent is None or model is None:
            return
        page.canvas.clear()
        page.show_message("")
        page.set_read_only(on=True)
        page.show_parts(count=1)
        page.frames.show_frame(0, 1)
        page.toolbar.show_title(attachment.image.name, self._at + 1, len(self._attachments))
        page.panel.show_state(attachment_state(attachment, model=model))
        page.panel.show_found(FoundState())
        self._future = self._backend.gallery.stored_picture(
            sent, lambda image: self._on_picture(attachment, model, image), self._on_failed
        )

    def _on_picture(self, attachment: Attachment, model: Model, image: QImage) -> None:
        if not self._attachments or self._attachments[self._at] is not attachment:
            return
        # The view first: a picture that is shown when it comes is shown whole.
        self._page.canvas.set_view("sent")
        self._page.canvas.show_sent(image, sent_plan(attachment, model).grid, region=False)
        pointing = self._pointings.get(attachment.id)
        self._pointing.show(attachment, pointing)
        if pointing is not None:
            self._originals.load(attachment.image)

    def _on_original(self, image: QImage) -> None:
        if not self._attachments:
            return
        attachment, canvas = self._attachments[self._at], self._page.canvas
        if attachment.sent is not None:
            canvas.set_finished_size((attachment.sent.width_px, attachment.sent.height_px))
        canvas.show_original(image, (attachment.image.width_px, attachment.image.height_px))
        canvas.set_edits(attachment.edits)
        self._page.set_read_only(on=True, views=True)

    def _on_failed(self, trouble: Problem) -> None:
        if self._attachments:
            self._page.show_message(sentence(trouble))

    def _give_up(self) -> None:
        self._originals.load(None)
        if self._future is not None:
            self._future.cancel()
            self._future = None
