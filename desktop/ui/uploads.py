"""What the upload of the next question will be, to the byte: its images are encoded before it is asked."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.catalog import Model
from desktop.core.model import SentImage
from desktop.core.planning import ImagePlan, plan_new
from desktop.core.problems import Problem
from desktop.core.request import NewImage
from desktop.tasks.gallery import GalleryTasks

ENCODE_MS = 250
MAX_ENCODED_AHEAD = 24
"""So many images are encoded before asking."""

_Encoding = tuple[str, int, int]


class Uploads(QObject):
    """Sizes of encoded images, by picture and size in pixels.

    Signals:
        changed(): the size of another image is known.
    """

    changed = Signal()

    def __init__(self, tasks: GalleryTasks, wanted: Callable[[], None], parent: QObject) -> None:
        """Call ``wanted`` when nothing was changed for a moment: it calls `encode`."""
        super().__init__(parent)
        self._tasks = tasks
        self._sizes: dict[_Encoding, int] = {}
        self._tried: set[_Encoding] = set()
        self._waiting: list[tuple[_Encoding, NewImage, ImagePlan]] = []
        self._running = False
        self._soon = QTimer(self, singleShot=True, interval=ENCODE_MS)
        self._soon.timeout.connect(wanted)

    def encode_soon(self) -> None:
        """Something was changed."""
        self._soon.start()

    def sizes(self, new: Sequence[NewImage], model: Model) -> dict[str, int]:
        """The known sizes in bytes of images as ``model`` would get them, by `NewImage.key`."""
        sizes = {}
        for image in new:
            size = 0 if image.url else self._sizes.get(_encoding(image, model))
            if size is not None:
                sizes[image.key] = size
        return sizes

    def encode(self, new: Sequence[NewImage], model: Model) -> None:
        """Encode the first of these that were not encoded yet, and no more what else has waited."""
        planned = [
            (_encoding(image, model), image, plan_new(model, image)) for image in new[:MAX_ENCODED_AHEAD]
        ]
        self._waiting = [one for one in planned if one[0] not in self._tried and one[2].rejected is None]
        self._next()

    def _next(self) -> None:
        """One at a time: somebody may wait for a picture, and there are few processes."""
        if self._running or not self._waiting:
            return
        key, image, plan = self._waiting.pop(0)
        self._running = True
        self._tried.add(key)
        self._tasks.encode(
            image, plan, lossless=False, succeeded=partial(self._on_encoded, key), failed=self._on_failed
        )

    def _on_encoded(self, key: _Encoding, sent: SentImage) -> None:
        self._running = False
        self._sizes[key] = sent.size_bytes
        self.changed.emit()
        self._next()

    def _on_failed(self, _problem: Problem) -> None:
        # Asking says so, and looks at the file anew.
        self._running = False
        self._next()


def _encoding(image: NewImage, model: Model) -> _Encoding:
    plan = plan_new(model, image)
    return image.key, plan.width_px, plan.height_px
