"""Looks at the files of the gallery, some at a time; the rest waits where it can be forgotten at once."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from desktop.core.model import ImageFacts
from desktop.core.problems import Problem
from desktop.tasks.gallery import GalleryTasks

MAX_INSPECTING = 64
"""Files looked at, at the same time."""

Place = tuple[Path, int]
"""A file and the page or frame of it that is meant, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Who is asked and told by an `InspectQueue`.

    Attributes:
        place: where the image of a key is; None if it is gone.
        succeeded: key, place as it was asked for, facts, thumbnail.
        failed: key, place as it was asked for, why it cannot be used.
    """

    place: Callable[[int], Place | None]
    succeeded: Callable[[int, Place, ImageFacts, QImage], None]
    failed: Callable[[int, Place, Problem], None]


class InspectQueue:
    """Keys that wait to be looked at, in order."""

    def __init__(self, tasks: GalleryTasks, wishes: Wishes) -> None:
        self._tasks = tasks
        self._wishes = wishes
        self._waiting: deque[int] = deque()
        self._running = 0

    def extend(self, keys: Iterable[int]) -> None:
        """Look at these after what waits already."""
        self._waiting.extend(keys)
        self._next()

    def forget(self, keys: Iterable[int]) -> None:
        """Do not look at these any more."""
        gone = set(keys)
        self._waiting = deque(key for key in self._waiting if key not in gone)

    def _next(self) -> None:
        while self._waiting and self._running < MAX_INSPECTING:
            key = self._waiting.popleft()
            place = self._wishes.place(key)
            if place is None:
                continue
            self._running += 1
            self._tasks.inspect(
                place[0],
                partial(self._on_inspected, key, place),
                partial(self._on_failed, key, place),
                page=place[1],
            )

    def _on_inspected(self, key: int, place: Place, facts: ImageFacts, image: QImage) -> None:
        self._running -= 1
        self._wishes.succeeded(key, place, facts, image)
        self._next()

    def _on_failed(self, key: int, place: Place, trouble: Problem) -> None:
        self._running -= 1
        self._wishes.failed(key, place, trouble)
        self._next()
