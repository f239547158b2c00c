"""The images at hand: which there are, what is known of each, and which are selected in what order."""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.core.edits import Edits, with_blackouts
from desktop.core.model import Detail, DraftImage, ImageFacts
from desktop.core.pages import is_animated, is_paged, page_name, picture_name
from desktop.core.problems import Problem
from desktop.core.text import printable
from desktop.tasks.gallery import Found, GalleryTasks
from desktop.ui.gallery_inspecting import InspectQueue, Place, WhileVisible, Wishes

MAX_SELECTED_WHEN_ADDED = 50
"""More than this are added without being selected: nobody means to pay for 10,000 images by dropping them."""
MAX_PAGES_AT_ONCE = 50
"""So many pages of one file become images; the rest when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One image at hand: one page of a file. ``facts`` and ``problem`` are both None while it is looked at.

    Attributes:
        key: names it for as long as the window lives.
        path: the file.
        page: the page or frame of it, from 0.
        facts: what the file says of this page.
        problem: why it cannot be used.
        detail: its own level; None follows the selector.
        edits: what was done to it.
    """

    key: int
    path: Path
    page: int = 0
    facts: ImageFacts | None = None
    problem: Problem | None = None
    detail: Detail | None = None
    edits: Edits = field(default_factory=Edits)

    @property
    def name(self) -> str:
        """The file's name, printable, with the page where it has several."""
        if self.facts is not None:
            return picture_name(self.facts)
        name = printable(self.path.name)
        return page_name(name, self.page) if self.page else name

    @property
    def place(self) -> Place:
        """What tells it from every other entry."""
        return self.path, self.page


@dataclass(frozen=True, slots=True)
class _Job:
    """One scan: what is added, or what a draft brings back."""

    paths: tuple[Path, ...]
    draft: tuple[DraftImage, ...] = ()


class GalleryState(QObject):
    """All entries, by key; keys are never used twice.

    Attributes:
        entries: every entry by its key, in the order of the gallery.
        selection: keys of the new images of the next question, in order.

    Signals:
        added(list): keys of new entries, after all others.
        inserted(int, list): keys of new entries, which stand after the first one: the pages of its file.
        updated(int): an entry is known better now, or was edited.
        pictured(int, QPixmap): an entry's thumbnail is there; the gallery's model keeps it.
        removed(list): keys of entries that are gone.
        selected(list): the selection was changed here, not by the view.
        scanning(int): a scan has found so many files; -1 when it has ended.
        skipped(list): problems of a scan: folders that could not be read, nothing found.
        scanned_in(list): keys of all that a scan has brought, new or not, at its end.
        added_unselected(list): so many of them that they were not selected.
        not_images(int): so many files were passed over in a scan that found images, for being something else.
        pages_left(int, int): so many pages of an entry's file were not brought in; `add_pages` does.
        outdated(int): an edited entry's file is another one now; it is not selected any more.
    """

    added = Signal(list)
    inserted = Signal(int, list)
    updated = Signal(int)
    pictured = Signal(int, object)
    removed = Signal(list)
    selected = Signal(list)
    scanning = Signal(int)
    skipped = Signal(list)
    scanned_in = Signal(list)
    added_unselected = Signal(list)
    not_images = Signal(int)
    pages_left = Signal(int, int)
    outdated = Signal(int)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.entries: dict[int, Entry] = {}
        self.selection: list[int] = []
        self._keys_by_path: dict[Path, dict[int, int]] = {}
        self._next_key = 1
        self._inspecting = InspectQueue(
            tasks,
            Wishes(
                place=self._place,
                succeeded=self._on_inspected,
                failed=self._on_inspect_failed,
                glanced=self._on_glanced,
            ),
        )
        self._pictures = WhileVisible(self._picture)
        self._adding: list[int] = []
        self._expanding: set[int] = set()
        self._edited_hashes: dict[int, str] = {}
        self._queue: deque[_Job] = deque()
        self._job: _Job | None = None
        self._problems: list[Problem] = []
        self._not_images = 0
        tasks.found.connect(self._on_found)
        tasks.scanned.connect(self._on_scanned)

    def add(self, paths: Sequence[Path]) -> None:
        """Add files and folders and select them. One scan at a time; further ones wait."""
        self._queue.append(_Job(tuple(paths)))
        self._scan_next()

    def restore(self, images: Sequence[DraftImage]) -> None:
        """Bring back exactly these pages with their details and edits, and select them."""
        if images:
            paths = tuple(dict.fromkeys(image.path for image in images))
            self._queue.append(_Job(paths, tuple(images)))
            self._scan_next()

    def add_pages(self, key: int) -> None:
        """Add all pages of an entry's file that are not there."""
        if key in self.entries:
            self._bring_pages(key, most=None)

    def show(self, keys: Sequence[int]) -> None:
        """These are on the screen and lack a thumbnail: they come first, and what has left it is dropped."""
        self._inspecting.prefer(keys)
        self._pictures.show(keys)

    def _picture(self, key: int) -> "Future[Any] | None":
        """Make a thumbnail, as edited; `pictured` tells."""
        entry = self.entries.get(key)
        if entry is None or entry.facts is None:
            return None
        return self._tasks.thumbnail_of_file(
            entry.path,
            partial(self._on_picture, entry),
            page=entry.page,
            edits=entry.edits,
            size=(entry.facts.width_px, entry.facts.height_px),
        )

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

    def set_edits(self, key: int, edits: Edits) -> None:
        """What is done to an entry is this now. The file stays as it is."""
        entry = self.entries[key]
        if edits != entry.edits:
            self.entries[key] = replace(entry, edits=edits)
            self.updated.emit(key)
            self._picture(key)

    def set_page(self, key: int, page: int) -> None:
        """An entry is another page or frame of its file now; nothing happens if that is an entry already."""
        entry = self.entries[key]
        pages = self._keys_by_path[entry.path]
        if page in pages:
            return
        pages[page] = pages.pop(entry.page)
        # Frames of an animation are alike but for their pixels; another page may have another size.
        facts = replace(entry.facts, page=page) if entry.facts and is_animated(entry.facts) else None
        self.entries[key] = replace(entry, page=page, facts=facts)
        self.updated.emit(key)
        self._inspecting.extend((key,))

    def remove(self, keys: Sequence[int]) -> None:
        """Take entries out of the gallery; the files stay."""
        for key in keys:
            entry = self.entries.pop(key)
            pages = self._keys_by_path[entry.path]
            del pages[entry.page]
            if not pages:
                del self._keys_by_path[entry.path]
        gone = set(keys)
        self._inspecting.forget(gone)
        self.selection = [key for key in self.selection if key not in gone]
        self.removed.emit(list(keys))

    def forget(self, key: int, trouble: Problem) -> None:
        """An entry turned out to be unusable, for example because its file changed."""
        if key in self.entries:
            self._on_refused(key, trouble)

    def inspect_again(self, keys: Sequence[int]) -> None:
        """Look at files anew, for example after one has changed on the disk."""
        self._inspecting.extend(keys)

    def _scan_next(self) -> None:
        if self._queue and self._job is None:
            self._job = self._queue.popleft()
            self._adding = []
            self._problems = []
            self._not_images = 0
            self._tasks.scan(self._job.paths)

    def _on_found(self, step: Found) -> None:
        fresh: list[int] = []
        known: list[int] = []
        draft: dict[Path, list[DraftImage]] = {}
        for image in self._job.draft if self._job else ():
            draft.setdefault(image.path, []).append(image)
        adding = set(self._adding)
        for path in step.files:
            before = set(self._keys_by_path.get(path, {}).values())
            wanted = draft.get(path)
            keys = [self._restored(image) for image in wanted] if wanted else self._added(path)
            fresh.extend(key for key in keys if key not in before)
            known.extend(key for key in keys if key in before and key not in adding)
        self._adding.extend([*fresh, *known])
        self._problems.extend(step.problems)
        self._not_images += step.other_files + step.not_files
        if fresh:
            self.added.emit(fresh)
        # A file that is added again may have changed since: look anew, and keep what is shown until then.
        self._inspecting.extend([*fresh, *known])
        self.scanning.emit(len(self._adding))

    def _added(self, path: Path) -> list[int]:
        """The entries of a file, made if there are none; its other pages come when it was looked at."""
        keys = list(self._keys_by_path.get(path, {}).values()) or [self._make_entry(path)]
        self._expanding.add(keys[0])
        return keys

    def _restored(self, image: DraftImage) -> int:
        """The entry of a draft's image, made if there is none, as the draft has it.

        Edits are the entry's: those that it has stay, as they may be newer than the draft. What is blacked
        out in either is.
        """
        key = self._keys_by_path.get(image.path, {}).get(image.page)
        own = self.entries[key].edits if key is not None else Edits()
        if key is None:
            key = self._make_entry(image.path, image.page)
            self.entries[key] = replace(self.entries[key], detail=image.detail, edits=image.edits)
        else:
            self.set_detail(key, image.detail)
            self.set_edits(key, with_blackouts(own, image.edits.blackouts) if own else image.edits)
        if image.edits and not own:
            self._edited_hashes[key] = image.sha256
        return key

    def _make_entry(self, path: Path, page: int = 0) -> int:
        key = self._next_key
        self._next_key += 1
        self.entries[key] = Entry(key=key, path=path, page=page)
        self._keys_by_path.setdefault(path, {})[page] = key
        return key

    def _on_scanned(self, cancelled: bool) -> None:
        restored = bool(self._job and self._job.draft)
        self._job = None
        self.scanning.emit(-1)
        adding = list(dict.fromkeys(key for key in self._adding if key in self.entries))
        if adding and not cancelled and (restored or len(adding) <= MAX_SELECTED_WHEN_ADDED):
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

    def _place(self, key: int) -> Place | None:
        entry = self.entries.get(key)
        return entry.place if entry else None

    def _on_inspected(self, key: int, place: Place, facts: ImageFacts, image: QImage) -> None:
        if self._place(key) != place:
            return
        entry = self.entries[key]
        before = self._edited_hashes.pop(key, entry.facts.sha256 if entry.facts else facts.sha256)
        self.entries[key] = entry = replace(entry, facts=facts, problem=None)
        self.updated.emit(key)
        if entry.edits:
            self._picture(key)
        else:
            self._on_picture(entry, image)
        if entry.edits and before != facts.sha256:
            # What was blacked out may lie elsewhere in it now.
            self.select(other for other in self.selection if other != key)
            self.outdated.emit(key)
        if key in self._expanding:
            self._expanding.discard(key)
            self._bring_pages(key, most=MAX_PAGES_AT_ONCE)

    def _bring_pages(self, key: int, *, most: int | None) -> None:
        """Add the pages that are not there; with ``most``, until there are so many."""
        entry = self.entries[key]
        if entry.facts is None or not is_paged(entry.facts):
            return
        there = self._keys_by_path[entry.path]
        missing = [page for page in range(entry.facts.frames) if page not in there]
        now = missing if most is None else missing[: max(0, most - len(there))]
        if now:
            after = max((page for page in there if page < now[0]), default=entry.page)
            self._insert_pages(there[after], now)
        if len(missing) > len(now):
            self.pages_left.emit(key, len(missing) - len(now))

    def _insert_pages(self, after: int, pages: Sequence[int]) -> None:
        path = self.entries[after].path
        order = list(self.entries)
        fresh = [self._make_entry(path, page) for page in pages]
        at = order.index(after) + 1
        self.entries = {key: self.entries[key] for key in (*order[:at], *fresh, *order[at:])}
        self.inserted.emit(after, fresh)
        self._inspecting.extend(fresh)
        if self._job is not None and after in self._adding:
            self._adding[self._adding.index(after) + 1 : 0] = fresh
        elif after in self.selection and len(self.selection) + len(fresh) <= MAX_SELECTED_WHEN_ADDED:
            place = self.selection.index(after) + 1
            self.select([*self.selection[:place], *fresh, *self.selection[place:]])
        elif after in self.selection:
            self.added_unselected.emit(fresh)

    def _on_picture(self, asked: Entry, image: QImage) -> None:
        """Show a thumbnail, unless the entry is another page or otherwise edited by now."""
        now = self.entries.get(asked.key)
        if now is not None and now.place == asked.place and now.edits == asked.edits and not image.isNull():
            self.pictured.emit(asked.key, QPixmap.fromImage(image))

    def _on_glanced(self, key: int, place: Place, image: QImage) -> None:
        entry = self.entries.get(key)
        if entry is not None and entry.place == place and not (entry.facts or entry.problem or entry.edits):
            self.pictured.emit(key, QPixmap.fromImage(image))

    def _on_inspect_failed(self, key: int, place: Place, trouble: Problem) -> None:
        if self._place(key) == place:
            self._on_refused(key, trouble)

    def _on_refused(self, key: int, trouble: Problem) -> None:
        self.entries[key] = replace(self.entries[key], facts=None, problem=trouble)
        if key in self.selection:
            self.select(self.selection)
        self.updated.emit(key)
