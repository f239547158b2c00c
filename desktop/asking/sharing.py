"""Images of questions that are asked together: what several of them send alike is encoded once."""

import hashlib
import threading
from collections import Counter
from collections.abc import Hashable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from desktop.asking.services import Services
from desktop.core.edits import Edits
from desktop.core.futures import follower
from desktop.images.inspect import EncodedImage
from desktop.images.workers import ImageWorkers

_UNCHANGED = Edits()


class SharedEncodings:
    """Encodes like the workers do; the same call again gets the same bytes. Thread-safe.

    The bytes are kept until `forget`: call it when every question has its images.
    """

    def __init__(self, images: ImageWorkers) -> None:
        self._images = images
        self._made: dict[Hashable, Future[EncodedImage]] = {}
        self._wanted: Counter[Future[EncodedImage]] = Counter()
        self._lock = threading.Lock()

    def encode(
        self,
        path: Path,
        *,
        expected_sha256: str,
        width_px: int,
        height_px: int,
        lossless: bool = False,
        page: int = 0,
        edits: Edits = _UNCHANGED,
        overlay: bytes | None = None,
    ) -> Future[EncodedImage]:
        """See `ImageWorkers.encode`. Only when all who wait have cancelled, the work is."""
        marks = hashlib.sha256(overlay).digest() if overlay else None
        key = (expected_sha256, width_px, height_px, lossless, page, edits.digest(), marks)
        with self._lock:
            made = self._made.get(key)
            # What failed may have been one question's bad luck: the next one tries again.
            if made is None or made.cancelled() or (made.done() and made.exception() is not None):
                made = self._made[key] = self._images.encode(
                    path,
                    expected_sha256=expected_sha256,
                    width_px=width_px,
                    height_px=height_px,
                    lossless=lossless,
                    page=page,
                    edits=edits,
                    overlay=overlay,
                )
            self._wanted[made] += 1
        return follower(made, lambda: self._let_go(made))

    def forget(self) -> None:
        """Let go of the bytes; what is under way goes on for those who wait for it. Idempotent."""
        with self._lock:
            self._made.clear()
            self._wanted = Counter({made: n for made, n in self._wanted.items() if not made.done()})

    def _let_go(self, made: Future[EncodedImage]) -> None:
        with self._lock:
            self._wanted[made] -= 1
            if self._wanted[made] > 0:
                return
        made.cancel()


def sharing(services: Services) -> tuple[Services, SharedEncodings]:
    """The services for questions that are asked together, and what they share."""
    shared = SharedEncodings(services.images)
    return replace(services, encode=shared.encode), shared
