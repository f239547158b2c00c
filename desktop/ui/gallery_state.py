"""The images at hand: which there are, what is known of each, and which are selected in what order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.edits import Edits, with_blackouts
from desktop.core.model import Detail, DraftImage
from desktop.core.pages import is_animated, is_paged
from desktop.core.problems import Problem
from desktop.tasks.gallery import Found, GalleryTasks, Looked
from desktop.ui.gallery_adding import Adding, Job, Tally
from desktop.ui.gallery_entries import Entries, Entry
from desktop.ui.gallery_inspecting import InspectQueue, Place, WhileVisible, Wishes
from desktop.ui.gallery_thumbnails import Thumbnails

__all__ = ["Entry", "GalleryState"]

MAX_SELECTED_WHEN_ADDED = 50
"""More than this are added without being selected: nobody means to pay for 10,000 images by dropping them."""
MAX_PAGES_AT_ONCE = 50
"""So many pages of one file become images; the rest when it is asked for."""


class GalleryState(QObject):
    """All entries, by key; keys are never used twice.

    Attributes:
        selection: keys of the new images of the next question, in order.
        shown: keys in the order in which the gallery shows them; those that a filter hides are not in it.

    Signals:
        added(list): keys of new entries.
        updated(list): these are known better now, or were edited.
        pictured(int, QPixmap): an entry's thumbnail is there; the gallery's model keeps it.
        removed(list): keys of entries that are gone.
        moved(list): the file of these entries has another name.
        selected(list): the selection was changed here, not by the view.
        scanning(int): a scan has found so many files; -1 when it has ended.
        scan_ended(object): the `Tally` of a scan; what it has found is selected already, if it is to be.
        pages_left(int, int): so many pages of an entry's file were not brought in; `add_pages` does.
        too_many(list): so many new ones that they were not selected.
        outdated(int): an edited entry's file is another one now; it is not selected any more.
    """

    added = Signal(list)
    updated = Signal(list)
    pictured = Signal(int, object)
    removed = Signal(list)
    moved = Signal(list)
    selected = Signal(list)
    scanning = Signal(int)
    scan_ended = Signal(object)
    pages_left = Signal(int, int)
    too_many = Signal(list)
    outdated = Signal(int)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._all = Entries()
        self.selection: list[int] = []
        self.shown: Sequence[int] = ()
        self._selected: set[int] = set()
        self.adding = Adding(tasks, self)
        self.adding.found.connect(self._on_found)
        self.adding.ended.connect(self._on_ended)
        self._thumbnails = Thumbnails(tasks, self.entries.get, self.pictured.emit)
        self._wanted_elsewhere = WhileVisible(self._thumbnails.make)
        self._inspecting = InspectQueue(
            tasks,
            Wishes(
                place=self._place,
                looked=self._on_looked,
                bare=self._thumbnails.begin,
                pictured=self._thumbnails.on_inspected,
                glanced=self._thumbnails.on_glanced,
            ),
        )
        self._expanding: set[int] = set()
        self._edited_hashes: dict[int, str] = {}

    @property
    def entries(self) -> dict[int, Entry]:
        """Every entry by its key."""
        return self._all.by_key

    # Bringing in

    def leave_room(self) -> None:
        """New files stand behind all that an earlier session had, which are not here yet."""
        self._all.leave_room()

    def add(
        self,
        paths: Sequence[Path],
        *,
        select: bool = True,
        recursive: bool = False,
        known: Mapping[Path, Mapping[str, object]] | None = None,
    ) -> None:
        """Add files and folders. One scan at a time; further ones wait.

        Args:
            paths: files and folders.
            select: select what is found, unless it is very much.
            recursive: search folders in folders, too.
            known: see `Job.known`.
        """
        self.adding.add(Job(paths=tuple(paths), select=select, recursive=recursive, known=known or {}))

    def restore(self, images: Sequence[DraftImage]) -> None:
        """Bring back exactly these pages with their details and edits, and select them."""
        if images:
            paths = tuple(dict.fromkeys(image.path for image in images))
            self.adding.add(Job(paths=paths, draft=tuple(images)))

    def take_back(self, entries: Sequence[Entry]) -> None:
        """Entries that were removed, or that an earlier session had, are there again."""
        self._all.put_back(entries)
        keys = [entry.key for entry in entries]
        self.added.emit(keys)
        self._inspecting.extend(keys)

    def make(self, path: Path, page: int, *, file: int, **values: object) -> Entry | None:
        """An entry of an earlier session, for `take_back`; None if there is one at this place already."""
        if page in self._all.pages(path):
            return None
        made = self._all.make(path, page, file=file)
        return self._all.change(made.key, **values)

    def expect_hash(self, key: int, sha256: str) -> None:
        """An entry's edits were made for a file with this hash; `outdated` tells if it is another one now."""
        self._edited_hashes[key] = sha256

    def add_pages(self, key: int) -> None:
        """Add all pages of an entry's file that are not there."""
        if key in self.entries:
            self._bring_pages(key, most=None)

    # Selection

    def usable_selection(self) -> list[Entry]:
        """The selected entries that can be sent, in order."""
        entries = self.entries
        return [entries[key] for key in self.selection if entries[key].facts is not None]

    def is_selected(self, key: int) -> bool:
        """Whether an entry is in the next question."""
        return key in self._selected

    def is_selection_loading(self) -> bool:
        """Whether some selected file is still looked at."""
        return any(
            e.facts is None and e.problem is None for e in map(self.entries.__getitem__, self.selection)
        )

    def select(self, keys: Iterable[int]) -> None:
        """Select exactly these, in this order; unusable ones are skipped."""
        self._take(self._usable(keys))
        self.selected.emit(list(self.selection))

    def select_more(self, keys: Iterable[int]) -> None:
        """Select these too, after what is selected already."""
        self.select([*self.selection, *(key for key in keys if key not in self._selected)])

    def take_selection(self, keys: Sequence[int]) -> None:
        """The view's selection is this now; nothing is told back to it unless an unusable one was in it."""
        usable = self._usable(keys)
        self._take(usable)
        if len(usable) != len(keys):
            self.selected.emit(list(usable))

    def _take(self, keys: list[int]) -> None:
        self.selection = keys
        self._selected = set(keys)

    def _usable(self, keys: Iterable[int]) -> list[int]:
        entries = self.entries
        return [key for key in keys if key in entries and entries[key].problem is None]

    # Changing

    def set_detail(self, key: int, detail: Detail | None) -> None:
        """Give an entry its own detail; None follows the selector."""
        self._all.change(key, detail=detail)
        self.updated.emit([key])

    def set_as_link(self, key: int, as_link: bool) -> None:
        """Send an entry's address in place of its bytes, or the bytes again."""
        self._all.change(key, as_link=as_link)
        self.updated.emit([key])

    def set_once(self, key: int, once: bool | None) -> None:
        """Have an entry go with one question only, or stay; None follows the setting."""
        self._all.change(key, once=once)
        self.updated.emit([key])

    def set_edits(self, key: int, edits: Edits) -> None:
        """What is done to an entry is this now. The file stays as it is."""
        if edits != self.entries[key].edits:
            self._all.change(key, edits=edits)
            self.updated.emit([key])
            self._thumbnails.make(key)

    def set_page(self, key: int, page: int) -> None:
        """An entry is another page or frame of its file now; nothing happens if that is an entry already."""
        entry = self.entries[key]
        if page in self._all.pages(entry.path):
            return
        self._all.turn(key, page)
        # Frames of an animation are alike but for their pixels; another page may have another size.
        animated = entry.facts is not None and is_animated(entry.facts)
        facts = replace(entry.facts, page=page) if entry.facts is not None and animated else None
        self._all.change(key, facts=facts)
        self.updated.emit([key])
        self._thumbnails.make(key)
        self._inspecting.extend((key,))

    def move(self, keys: Sequence[int], path: Path) -> None:
        """The file of these entries is called ``path`` now; details, edits and selection stay."""
        moved = self._all.move(keys, path)
        if moved:
            self.moved.emit(moved)
            self.updated.emit(moved)

    def remove(self, keys: Sequence[int]) -> list[Entry]:
        """Take entries out of the gallery; the files stay. `take_back` undoes it."""
        gone = [self._all.take(key) for key in dict.fromkeys(keys) if key in self.entries]
        names = {entry.key for entry in gone}
        self._inspecting.forget(names)
        self._expanding -= names
        if not names.isdisjoint(self._selected):
            self._take([key for key in self.selection if key not in names])
        self.removed.emit(list(names))
        return gone

    def forget(self, key: int, trouble: Problem) -> None:
        """An entry turned out to be unusable, for example because its file changed."""
        if key in self.entries:
            self._refuse([(key, trouble)])

    def inspect_again(self, keys: Sequence[int]) -> None:
        """Look at files anew, for example after one has changed on the disk."""
        self._inspecting.extend(keys)

    # What is on the screen

    def show(self, keys: Sequence[int]) -> None:
        """These are on the screen and lack a thumbnail: they come first, and what has left it is dropped."""
        self._inspecting.prefer(keys)
        self._thumbnails.show(keys)

    def want_pictures(self, keys: Sequence[int]) -> None:
        """These are shown elsewhere than in the gallery and lack a thumbnail; see `pictured`."""
        self._wanted_elsewhere.show(keys)

    # What a scan finds

    def _on_found(self, step: Found) -> None:
        tally = self.adding.tally
        if tally is None:
            return
        draft: dict[Path, list[DraftImage]] = {}
        for image in tally.job.draft:
            draft.setdefault(image.path, []).append(image)
        fresh: list[int] = []
        known: list[int] = []
        for path in step.files:
            before = set(self._all.pages(path).values())
            wanted = draft.get(path)
            keys = [self._restored(image) for image in wanted] if wanted else self._added(path, tally.job)
            fresh.extend(key for key in keys if key not in before)
            known.extend(key for key in keys if key in before and key not in tally.keys)
        tally.keys.update(dict.fromkeys([*fresh, *known]))
        if fresh:
            self.added.emit(fresh)
        # A file that is added again may have changed since: look anew, and keep what is shown until then.
        self._inspecting.extend([*fresh, *known])
        self.scanning.emit(len(tally.keys))

    def _added(self, path: Path, job: Job) -> list[int]:
        """The entries of a file, made if there are none; its other pages come when it was looked at."""
        keys = list(self._all.pages(path).values())
        if not keys:
            keys = [self._all.make(path).key]
            self._all.change(keys[0], **job.known.get(path, {}))
        self._expanding.add(keys[0])
        return keys

    def _restored(self, image: DraftImage) -> int:
        """The entry of a draft's image, made if there is none, as the draft has it.

        Edits are the entry's: those that it has stay, as they may be newer than the draft. What is blacked
        out in either is.
        """
        key = self._all.pages(image.path).get(image.page)
        own = self.entries[key].edits if key is not None else Edits()
        if key is None:
            key = self._all.make(image.path, image.page).key
            self._all.change(key, detail=image.detail, edits=image.edits)
        else:
            self.set_detail(key, image.detail)
            self.set_edits(key, with_blackouts(own, image.edits.blackouts) if own else image.edits)
        if image.edits and not own:
            self._edited_hashes[key] = image.sha256
        return key

    def _on_ended(self, tally: Tally) -> None:
        self.scanning.emit(-1)
        keys = [key for key in tally.keys if key in self.entries]
        if tally.job.select and keys and not tally.cancelled:
            if tally.job.draft or len(keys) <= MAX_SELECTED_WHEN_ADDED:
                self.select_more(keys)
            else:
                self.too_many.emit(keys)
        tally.keys = dict.fromkeys(keys)
        self.scan_ended.emit(tally)

    # What the workers find

    def _place(self, key: int) -> Place | None:
        entry = self.entries.get(key)
        return entry.place if entry else None

    def _on_looked(self, found: Sequence[tuple[int, Place, Looked]]) -> None:
        """What became of files that were looked at; what is another page or gone by now is passed over."""
        now = [(key, looked) for key, place, looked in found if self._place(key) == place]
        known = [(key, looked) for key, looked in now if not isinstance(looked, Problem)]
        outdated = []
        for key, looked in known:
            entry = self.entries[key]
            before = self._edited_hashes.pop(key, entry.facts.sha256 if entry.facts else looked.facts.sha256)
            other = entry.facts is not None and entry.facts.sha256 != looked.facts.sha256
            # One path for both: it came through a pipe as another object.
            facts = replace(looked.facts, path=entry.path)
            self._all.change(key, facts=facts, fingerprint=looked.fingerprint, problem=None)
            if other:
                self._thumbnails.make(key)
            if entry.edits and before != looked.facts.sha256:
                outdated.append(key)
        self._refuse([(key, looked) for key, looked in now if isinstance(looked, Problem)])
        if known:
            self.updated.emit([key for key, _looked in known])
        for key in outdated:
            # What was blacked out may lie elsewhere in it now.
            self.select(other for other in self.selection if other != key)
            self.outdated.emit(key)
        for key in self._expanding.intersection(key for key, _looked in known):
            self._expanding.discard(key)
            self._bring_pages(key, most=MAX_PAGES_AT_ONCE)

    def _refuse(self, refused: Sequence[tuple[int, Problem]]) -> None:
        for key, trouble in refused:
            self._all.change(key, facts=None, problem=trouble)
        if any(key in self._selected for key, _trouble in refused):
            self.select(self.selection)
        if refused:
            self.updated.emit([key for key, _trouble in refused])

    def _bring_pages(self, key: int, *, most: int | None) -> None:
        """Add the pages that are not there; with ``most``, until there are so many."""
        entry = self.entries[key]
        if entry.facts is None or not is_paged(entry.facts):
            return
        there = self._all.pages(entry.path)
        missing = [page for page in range(entry.facts.frames) if page not in there]
        now = missing if most is None else missing[: max(0, most - len(there))]
        if now:
            after = max((page for page in there if page < now[0]), default=entry.page)
            self._insert_pages(there[after], now)
        if len(missing) > len(now):
            self.pages_left.emit(key, len(missing) - len(now))

    def _insert_pages(self, after: int, pages: Sequence[int]) -> None:
        path = self.entries[after].path
        fresh = [self._all.make(path, page).key for page in pages]
        self.added.emit(fresh)
        self._inspecting.extend(fresh)
        tally = self.adding.tally
        if tally is not None and after in tally.keys:
            keys = list(tally.keys)
            place = keys.index(after) + 1
            tally.keys = dict.fromkeys([*keys[:place], *fresh, *keys[place:]])
        elif after in self._selected and len(self.selection) + len(fresh) <= MAX_SELECTED_WHEN_ADDED:
            place = self.selection.index(after) + 1
            self.select([*self.selection[:place], *fresh, *self.selection[place:]])
        elif after in self._selected:
            self.too_many.emit(fresh)
