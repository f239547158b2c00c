"""Looks at the files of the gallery: those on the screen first and one by one, the rest in batches."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from desktop.core.problems import Problem
from desktop.tasks.gallery import GalleryTasks, Looked

MAX_SINGLE = 8
"""Files on the screen that are looked at at once: what the workers have, scrolling cannot overtake."""
MAX_BATCHES = 3
BATCH = 16
"""So many files of the rest go to a worker together: their results cost the window one event."""

Place = tuple[Path, int]
"""A file and the page or frame of it that is meant, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Who is asked and told by an `InspectQueue`.

    Attributes:
        place: where the image of a key is; None if it is gone.
        looked: what became of keys, each with its place as it was asked for; facts, or why it is unusable.
        bare: keys that were looked at, whose pictures did not come along.
        pictured: key, place as it was asked for, thumbnail: of what is on the screen.
        glanced: key, place as it was asked for, what the file manager shows of a file that still waits.
    """

    place: Callable[[int], Place | None]
    looked: Callable[[Sequence[tuple[int, Place, Looked]]], None]
    bare: Callable[[Sequence[int]], None]
    pictured: Callable[[int, Place, QImage], None]
    glanced: Callable[[int, Place, QImage], None]


class WhileVisible:
    """Pictures for tiles on the screen. What has left the screen before its turn came is dropped."""

    def __init__(self, start: "Callable[[int], Future[Any] | None]") -> None:
        self._start = start
        self._wanted: dict[int, None] = {}
        self._running: dict[int, Future[Any]] = {}

    def show(self, keys: Iterable[int]) -> None:
        """These lack a picture and are on the screen, and no others."""
        self._wanted = wanted = dict.fromkeys(keys)
        before, self._running = self._running, {}
        for key, future in before.items():
            if key not in wanted:
                future.cancel()
            elif not future.done():
                self._running[key] = future
        self.begin(wanted)

    def begin(self, keys: Iterable[int]) -> None:
        """Of these, which could not be begun before, begin those that are still on the screen."""
        for key in keys:
            future_or_none = None if key in self._running or key not in self._wanted else self._start(key)
            if future_or_none is not None:
                self._running[key] = future_or_none


class InspectQueue:
    """Keys that wait to be looked at: those on the screen first, then in order."""

    def __init__(self, tasks: GalleryTasks, wishes: Wishes) -> None:
        self._tasks = tasks
        self._wishes = wishes
        self._waiting: OrderedDict[int, None] = OrderedDict()
        self._visible: deque[int] = deque()
        self._glanced: set[int] = set()
        self._glances = WhileVisible(self._glance)
        self._looking: set[int] = set()
        self._batches = 0

    def extend(self, keys: Iterable[int]) -> None:
        """Look at these after what waits already."""
        self._waiting.update(dict.fromkeys(keys))
        self._next()

    def prefer(self, keys: Iterable[int]) -> None:
        """These are on the screen now: of what waits they come first, in this order."""
        given = list(keys)
        self._visible = deque(key for key in given if key in self._waiting)
        self._glances.show([key for key in given if key in self._waiting or key in self._looking])
        self._next()

    def forget(self, keys: Iterable[int]) -> None:
        """Do not look at these any more."""
        for key in keys:
            self._waiting.pop(key, None)
            self._glanced.discard(key)

    def _next(self) -> None:
        while self._visible and len(self._looking) < MAX_SINGLE:
            key = self._visible.popleft()
            place = self._wishes.place(key)
            if key in self._waiting:
                del self._waiting[key]
                if place is not None:
                    self._look_at_one(key, place)
        # What is on the screen has the workers for itself.
        while self._waiting and not self._visible and self._batches < MAX_BATCHES:
            self._look_at_many()

    def _look_at_one(self, key: int, place: Place) -> None:
        self._looking.add(key)
        self._tasks.inspect(
            place[0],
            partial(self._on_one, key, place),
            partial(self._on_one_failed, key, place),
            page=place[1],
        )

    def _look_at_many(self) -> None:
        batch: list[tuple[int, Place]] = []
        while self._waiting and len(batch) < BATCH:
            key = self._waiting.popitem(last=False)[0]
            place = self._wishes.place(key)
            if place is not None:
                batch.append((key, place))
        if batch:
            self._batches += 1
            self._tasks.look_at(
                [place for _key, place in batch],
                partial(self._on_many, batch),
                partial(self._on_many_failed, batch),
            )

    def _glance(self, key: int) -> "Future[Any] | None":
        """Once for each key, and never for a page other than the first: file managers show no other."""
        place = self._wishes.place(key)
        if key in self._glanced or place is None or place[1] != 0:
            return None
        self._glanced.add(key)
        return self._tasks.glance(place[0], partial(self._on_glanced, key, place))

    def _on_glanced(self, key: int, place: Place, image: QImage) -> None:
        if not image.isNull():
            self._wishes.glanced(key, place, image)

    def _on_one(self, key: int, place: Place, looked: Looked, image: QImage) -> None:
        self._looking.discard(key)
        self._wishes.looked([(key, place, looked)])
        self._wishes.pictured(key, place, image)
        self._next()

    def _on_one_failed(self, key: int, place: Place, trouble: Problem) -> None:
        self._looking.discard(key)
        self._wishes.looked([(key, place, trouble)])
        self._next()

    def _on_many(self, batch: Sequence[tuple[int, Place]], found: Sequence[Looked]) -> None:
        self._batches -= 1
        self._wishes.looked([(key, place, one) for (key, place), one in zip(batch, found, strict=True)])
        self._wishes.bare([key for key, _place in batch])
        self._next()

    def _on_many_failed(self, batch: Sequence[tuple[int, Place]], trouble: Problem) -> None:
        self._batches -= 1
        self._wishes.looked([(key, place, trouble) for key, place in batch])
        self._next()
