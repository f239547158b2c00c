"""What comes out of the overlay."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QImage

from desktop.core.edits import Edits
from desktop.core.model import Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A part of a screen, chosen and marked.

    Attributes:
        image: the chosen part's own pixels, never changed.
        edits: marks and black-outs in pixels of ``image``; no crop, no turns.
        title: of the window it is of; may be empty.
        prompt: what was typed; may be empty.
        detail: how closely the model is to look.
        at: when the picture was taken, in UTC.
    """

    image: QImage
    edits: Edits
    title: str
    prompt: str
    detail: Detail
    at: datetime
