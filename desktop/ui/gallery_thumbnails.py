"""Thumbnails of the gallery's entries, as edited; what has come late shows nothing any more."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any

from PySide6.QtGui import QImage, QPixmap

from desktop.tasks.gallery import GalleryTasks
from desktop.ui.gallery_entries import Entry
from desktop.ui.gallery_inspecting import Place, WhileVisible


class Thumbnails:
    """Made while they are on the screen, and told by ``pictured``."""

    def __init__(
        self,
        tasks: GalleryTasks,
        entry: Callable[[int], Entry | None],
        pictured: Callable[[int, QPixmap], object],
    ) -> None:
        self._tasks = tasks
        self._entry = entry
        self._pictured = pictured
        self._running = WhileVisible(self.make)

    def show(self, keys: Iterable[int]) -> None:
        """These are on the screen and lack one; what has left the screen is dropped."""
        self._running.show(keys)

    def begin(self, keys: Iterable[int]) -> None:
        """These were looked at, without a picture: make those that are on the screen."""
        self._running.begin(keys)

    def make(self, key: int) -> "Future[Any] | None":
        """Make the thumbnail of an entry that was looked at."""
        entry = self._entry(key)
        if entry is None or entry.facts is None:
            return None
        return self._tasks.thumbnail_of_file(
            entry.path,
            partial(self._on_made, entry),
            page=entry.page,
            edits=entry.edits,
            size=(entry.facts.width_px, entry.facts.height_px),
        )

    def on_inspected(self, key: int, place: Place, image: QImage) -> None:
        """A file was looked at, and this is what it shows without edits."""
        entry = self._entry(key)
        if entry is None or entry.place != place:
            return
        if entry.edits:
            self.make(key)
        else:
            self._on_made(entry, image)

    def on_glanced(self, key: int, place: Place, image: QImage) -> None:
        """The file manager shows this of a file that is not looked at yet."""
        entry = self._entry(key)
        if entry is not None and entry.place == place and not (entry.facts or entry.problem or entry.edits):
            self._pictured(key, QPixmap.fromImage(image))

    def _on_made(self, asked: Entry, image: QImage) -> None:
        """Show it, unless the entry is another page or otherwise edited by now."""
        now = self._entry(asked.key)
        if now is not None and now.place == asked.place and now.edits == asked.edits and not image.isNull():
            self._pictured(asked.key, QPixmap.fromImage(image))
