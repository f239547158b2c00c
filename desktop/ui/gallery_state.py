"""The images at hand: which there are, what is known of each, and which are selected in what order."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.core.model import Detail, ImageFacts
from desktop.core.problems import Problem
from desktop.core.text import printable
from desktop.tasks.gallery import Found, GalleryTasks

MAX_SELECTED_WHEN_ADDED = 50
"""More than this are added without being selected: nobody means to pay for 10,000 images by dropping them."""
MAX_INSPECTING = 64
"""Files looked at, at the same time; the rest waits here, where it can be forgotten at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One image at hand. ``facts`` and ``problem`` are both None while it is looked at."""

    key: int
    path: Path
    facts: ImageFacts | None = None
    problem: Problem | None = None
    detail: Detail | None = None

    @property
    def name(self) -> str:
        """The file's name, printable."""
        return self.facts.name if self.facts else printable(self.path.name)


class GalleryState(QObject):
    """All entries, by key; keys are never used twice.

    Attributes:
        entries: every entry by its key, in the order in which they were added.
        selection: keys of the new images of the next question, in order.

    Signals:
        added(list): keys of new entries.
        updated(int): an entry is known better now.
        pictured(int, QPixmap): an entry's thumbnail is there; the gallery's model keeps it.
        removed(list): keys of entries that are gone.
        selected(list): the selection was changed here, not by the view.
        scanning(int): a scan has found so many files; -1 when it has ended.
        skipped(list): problems of a scan: folders that could not be read, nothing found.
        scanned_in(list): keys of all that a scan has brought, new or not, at its end.
        added_unselected(list): so many of them that they were not selected.
        not_images(int): so many files were passed over in a scan that found images, for being something else.
    """

    added = Signal(list)
    updated = Signal(int)
    pictured = Signal(int, object)
    removed = Signal(list)
    selected = Signal(list)
    scanning = Signal(int)
    skipped = Signal(list)
    scanned_in = Signal(list)
    added_unselected = Signal(list)
    not_images = Signal(int)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.entries: dict[int, Entry] = {}
        self.selection: list[int] = []
        self._keys_by_path: dict[Path, int] = {}
        self._wanted_details: dict[Path, Detail | None] = {}
        self._next_key = 1
        self._waiting: deque[int] = deque()
        self._inspecting = 0
        self._adding: list[int] = []
        self._queue: deque[Sequence[Path]] = deque()
        self._scan_running = False
        self._problems: list[Problem] = []
        self._not_images = 0
        tasks.found.connect(self._on_found)
        tasks.scanned.connect(self._on_scanned)

    def add(self, paths: Sequence[Path]) -> None:
        """Add files and folders and select them. One scan at a time; further ones wait."""
        self._queue.append(tuple(paths))
        self._scan_next()

    def picture(self, keys: Sequence[int]) -> None:
        """Make thumbnails again that were forgotten to save memory; `pictured` tells."""
        for key in keys:
            entry = self.entries.get(key)
            if entry is not None and entry.facts is not None:
                self._tasks.thumbnail_of_file(entry.path, partial(self._on_picture, key))

    def usable_selection(self) -> list[Entry]:
        """The selected entries that can be sent, in order."""
        return [self.entries[key] for key in self.selection if self.entries[key].facts is not None]

    def is_selection_loading(self) -> bool:
        """Whether some selected file is still looked at."""
        return any(
            e.facts is None and e.problem is None for e in map(self.entries.__getitem__, self.selection)
        )

    def select(self, keys: Iterable[int]) -> None:
        """Select exactly these, in this order; unusable ones are skipped."""
        self.selection = [key for key in keys if key in self.entries and self.entries[key].problem is None]
        self.selected.emit(list(self.selection))

    def select_more(self, keys: Iterable[int]) -> None:
        """Select these too, after what is selected already."""
        known = set(self.selection)
        self.select([*self.selection, *(key for key in keys if key not in known)])

    def take_selection(self, keys: Sequence[int]) -> None:
        """The view's selection is this now; nothing is told back to it unless an unusable one was in it."""
        usable = [key for key in keys if key in self.entries and self.entries[key].problem is None]
        self.selection = usable
        if len(usable) != len(keys):
            self.selected.emit(list(usable))

    def set_detail(self, key: int, detail: Detail | None) -> None:
        """Give an entry its own detail; None follows the selector."""
        self.entries[key] = replace(self.entries[key], detail=detail)
        self.updated.emit(key)

    def want_detail(self, path: Path, detail: Detail | None) -> None:
        """Give a file its own detail now, or when it is added."""
        key = self._keys_by_path.get(path)
        if key is None:
            self._wanted_details[path] = detail
        else:
            self.set_detail(key, detail)

    def remove(self, keys: Sequence[int]) -> None:
        """Take entries out of the gallery; the files stay."""
        for key in keys:
            entry = self.entries.pop(key)
            self._keys_by_path.pop(entry.path, None)
        gone = set(keys)
        self._waiting = deque(key for key in self._waiting if key not in gone)
        self.selection = [key for key in self.selection if key not in gone]
        self.removed.emit(list(keys))

    def forget(self, key: int, trouble: Problem) -> None:
        """An entry turned out to be unusable, for example because its file changed."""
        if key in self.entries:
            self._on_refused(key, trouble)

    def inspect_again(self, keys: Sequence[int]) -> None:
        """Look at files anew, for example after one has changed on the disk."""
        self._waiting.extend(keys)
        self._inspect_next()

    def _scan_next(self) -> None:
        if self._queue and not self._scan_running:
            self._scan_running = True
            self._adding = []
            self._problems = []
            self._not_images = 0
            self._tasks.scan(self._queue.popleft())

    def _on_found(self, step: Found) -> None:
        fresh: list[int] = []
        known: list[int] = []
        for path in step.files:
            key = self._keys_by_path.get(path)
            if key is None:
                fresh.append(self._make_entry(path))
            elif key not in self._adding:
                known.append(key)
        self._adding.extend([*fresh, *known])
        self._problems.extend(step.problems)
        self._not_images += step.other_files + step.not_files
        if fresh:
            self.added.emit(fresh)
        # A file that is added again may have changed since: look anew, and keep what is shown until then.
        self._waiting.extend([*fresh, *known])
        self._inspect_next()
        self.scanning.emit(len(self._adding))

    def _make_entry(self, path: Path) -> int:
        key = self._next_key
        self._next_key += 1
        detail = self._wanted_details.pop(path, None)
        self.entries[key] = Entry(key=key, path=path, detail=detail)
        self._keys_by_path[path] = key
        return key

    def _on_scanned(self, cancelled: bool) -> None:
        self._scan_running = False
        self.scanning.emit(-1)
        adding = list(dict.fromkeys(key for key in self._adding if key in self.entries))
        if adding and not cancelled and len(adding) <= MAX_SELECTED_WHEN_ADDED:
            self.select_more(adding)
        elif adding and not cancelled:
            self.added_unselected.emit(adding)
        if adding:
            self.scanned_in.emit(adding)
        if adding and self._not_images and not cancelled:
            self.not_images.emit(self._not_images)
        if self._problems:
            self.skipped.emit(list(self._problems))
        self._scan_next()

    def _inspect_next(self) -> None:
        while self._waiting and self._inspecting < MAX_INSPECTING:
            key = self._waiting.popleft()
            if key not in self.entries:
                continue
            self._inspecting += 1
            self._tasks.inspect(
                self.entries[key].path,
                partial(self._on_inspected, key),
                partial(self._on_inspect_failed, key),
            )

    def _on_inspected(self, key: int, facts: ImageFacts, image: QImage) -> None:
        self._inspecting -= 1
        if key in self.entries:
            self.entries[key] = replace(self.entries[key], facts=facts, problem=None)
            self.updated.emit(key)
            self._on_picture(key, image)
        self._inspect_next()

    def _on_picture(self, key: int, image: QImage) -> None:
        if key in self.entries and not image.isNull():
            self.pictured.emit(key, QPixmap.fromImage(image))

    def _on_inspect_failed(self, key: int, trouble: Problem) -> None:
        self._inspecting -= 1
        if key in self.entries:
            self._on_refused(key, trouble)
        self._inspect_next()

    def _on_refused(self, key: int, trouble: Problem) -> None:
        self.entries[key] = replace(self.entries[key], facts=None, problem=trouble)
        if key in self.selection:
            self.select(self.selection)
        self.updated.emit(key)
