"""The images at hand by their keys, files and pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.core.edits import Edits
from desktop.core.model import Detail, ImageFacts
from desktop.core.pages import page_name, picture_name
from desktop.core.problems import Problem
from desktop.core.text import printable
from desktop.ui.gallery_inspecting import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One image at hand: one page of a file. ``facts`` and ``problem`` are both None while it is looked at.

    Attributes:
        key: names it for as long as the window lives.
        file: the number of the file, in the order in which files were added; its pages share it.
        path: the file.
        page: the page or frame of it, from 0.
        facts: what the file says of this page.
        problem: why it cannot be used.
        detail: its own level; None follows the selector.
        edits: what was done to it.
        fingerprint: tells near copies, see `core.near_copies`; None if unknown.
        url: where it was downloaded from; empty if it was not.
        as_link: this address is sent in place of its bytes, where the provider takes it.
        once: it goes with one question only; None follows the setting.
    """

    key: int
    file: int = 0
    path: Path
    page: int = 0
    facts: ImageFacts | None = None
    problem: Problem | None = None
    detail: Detail | None = None
    edits: Edits = field(default_factory=Edits)
    fingerprint: int | None = None
    url: str = ""
    as_link: bool = False
    once: bool | None = None

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

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands among the others as they were added."""
        return self.file, self.page


_FAR = 1 << 40
"""More files than anybody brings in."""


class Entries:
    """Every entry by its key and by its place; keys and file numbers are never used twice.

    Attributes:
        by_key: all of them.
    """

    def __init__(self) -> None:
        self.by_key: dict[int, Entry] = {}
        self._by_path: dict[Path, dict[int, int]] = {}
        self._next_key = 1
        self._next_file = 1

    def leave_room(self) -> None:
        """Give numbers to new files that no earlier session has given."""
        self._next_file = max(self._next_file, _FAR)

    def pages(self, path: Path) -> dict[int, int]:
        """The keys of a file's entries by their pages."""
        return self._by_path.get(path, {})

    def make(self, path: Path, page: int = 0, *, file: int | None = None) -> Entry:
        """A new entry; without ``file``, with the number of the file's other entries or the next one."""
        there = self.pages(path)
        if file is None and there:
            file = self.by_key[next(iter(there.values()))].file
        if file is None:
            file = self._next_file
        self._next_file = max(self._next_file, file + 1)
        entry = Entry(key=self._next_key, file=file, path=path, page=page)
        self._next_key += 1
        self.put_back((entry,))
        return entry

    def put_back(self, entries: Iterable[Entry]) -> None:
        """Entries that were made before are there again."""
        for entry in entries:
            self.by_key[entry.key] = entry
            self._by_path.setdefault(entry.path, {})[entry.page] = entry.key

    def change(self, key: int, **values: object) -> Entry:
        """An entry is otherwise now; its place stays."""
        changed = replace(self.by_key[key], **values)  # type: ignore[arg-type]
        self.by_key[key] = changed
        return changed

    def turn(self, key: int, page: int) -> None:
        """An entry is another page of its file now, which is none yet."""
        entry = self.by_key[key]
        pages = self._by_path[entry.path]
        pages[page] = pages.pop(entry.page)
        self.change(key, page=page)

    def move(self, keys: Iterable[int], path: Path) -> list[int]:
        """The file of these entries has another name now; the keys of those that are."""
        moved = []
        for key in keys:
            if key in self.by_key and self.by_key[key].page not in self.pages(path):
                entry = self.take(key)
                facts = entry.facts and replace(entry.facts, path=path, name=printable(path.name))
                self.put_back((replace(entry, path=path, facts=facts),))
                moved.append(key)
        return moved

    def take(self, key: int) -> Entry:
        """Take an entry out."""
        entry = self.by_key.pop(key)
        pages = self._by_path[entry.path]
        del pages[entry.page]
        if not pages:
            del self._by_path[entry.path]
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.by_key.values())
