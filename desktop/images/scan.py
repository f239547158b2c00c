"""Finds the image files of what was dropped: a lazy walk, safe from loops, stopped at any entry."""

import errno
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from pathlib import Path
from typing import Final

from desktop.core.arranging import natural_key
from desktop.core.problems import Code, Problem, problem
from desktop.core.text import printable

SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "mpo", "webp", "gif", "bmp", "dib"),
        *("tif", "tiff", "heic", "heif", "hif", "avif", "pdf"),
    )
)
"""Names in a folder that are taken for images. A file that is named directly is taken in any case."""

STEP_FILES: Final = 200
"""A step comes at least every so many files: a window makes their tiles in a few ms."""

MOST_TOLD: Final = 1000
"""So many of the things that are passed over are told one by one; the others are only counted."""

_STEP_S: Final = 0.1
"""A step comes at least as often, so that progress shows on slow disks."""

_RUN: Final = 2000
"""So many names are sorted at once: a millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Something that is not taken.

    Attributes:
        path: what it is.
        problem: why not, with what to do.
    """

    path: Path
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanStep:
    """What was found since the step before.

    Attributes:
        files: taken for images, in order.
        other_files: number of files whose name is not an image's.
        not_files: number of devices, pipes, sockets and links that lead nowhere.
        hidden: number of hidden files and folders.
        seen_folders: number of folders that were reached before, through a link.
        problems: folders that cannot be read (FOLDER_UNREADABLE); in the last step NOTHING_FOUND if there was
            no file at all.
        left_folders: folders in folders that were not searched, because that was not asked for.
        passed: all of the above but ``left_folders`` one by one, of all steps together `MOST_TOLD`.
    """

    files: tuple[Path, ...] = ()
    other_files: int = 0
    not_files: int = 0
    hidden: int = 0
    seen_folders: int = 0
    problems: tuple[Problem, ...] = ()
    left_folders: tuple[Path, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def skipped(self) -> int:
        """How many entries were passed over, for whatever reason."""
        unreadable = sum(trouble.code is Code.FOLDER_UNREADABLE for trouble in self.problems)
        return self.other_files + self.not_files + self.hidden + self.seen_folders + unreadable

    @property
    def folders_left(self) -> int:
        """How many folders in folders were not searched."""
        return len(self.left_folders)


def scan(
    paths: Iterable[Path],
    *,
    recursive: bool = True,
    cancelled: Callable[[], bool] = lambda: False,
    step_s: float = _STEP_S,
) -> Iterator[ScanStep]:
    """Walk files and folders.

    Args:
        paths: in the order in which they were given. A file is taken whatever its name; a folder is searched.
        recursive: whether folders in folders are searched too.
        cancelled: asked at every entry; once it says True, nothing more is found.
        step_s: a step comes at least as often, while entries come.

    Yields:
        Steps, at least one. In each folder files come before folders, both in natural order (``2`` before
        ``10``).
    """
    walk = _Walk(recursive=recursive, cancelled=cancelled)
    named = list(paths)
    due = time.monotonic() + step_s
    for _entry in walk.through(named):
        if walk.is_full() or time.monotonic() >= due:
            yield walk.step()
            due = time.monotonic() + step_s
    if named and not walk.found and not cancelled():
        walk.problems.append(problem(Code.NOTHING_FOUND, name=_shown(named[0])))
    yield walk.step()


_Keyed = tuple[str, str, int, "os.DirEntry[str]"]

_COUNTED: Final = {
    Code.FILE_NOT_NAMED_AS_IMAGE: "other_files",
    Code.IMAGE_NOT_A_FILE: "not_files",
    Code.LINK_LEADS_NOWHERE: "not_files",
    Code.FILE_HIDDEN: "hidden",
    Code.FOLDER_SEEN: "seen_folders",
}


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One scan, and what it has found since the last step."""

    recursive: bool
    cancelled: Callable[[], bool]
    files: list[Path] = field(default_factory=list)
    counts: Counter[Code] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    found: int = 0
    told: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)

    def is_full(self) -> bool:
        """Whether a window has enough to do with what there is."""
        return max(len(self.files), len(self.left), len(self.passed)) >= STEP_FILES

    def step(self) -> ScanStep:
        """What was found since the last one."""
        counts = dict.fromkeys(_COUNTED.values(), 0)
        for code, count in self.counts.items():
            counts[_COUNTED[code]] += count
        found = ScanStep(
            files=tuple(self.files),
            problems=tuple(self.problems),
            left_folders=tuple(self.left),
            passed=tuple(self.passed),
            **counts,
        )
        for gathered in (self.files, self.problems, self.left, self.passed):
            gathered.clear()
        self.counts.clear()
        return found

    def through(self, paths: Iterable[Path]) -> Iterator[None]:
        """Look at everything; yields at each entry, so that the caller can make a step."""
        for path in paths:
            if self.cancelled():
                return
            if not path.is_dir():
                self._take(path)
                yield
                continue
            # A stack instead of recursion: folders can be nested deeper than Python's calls.
            folders = [path]
            while folders:
                inner: list[str] = []
                yield from self._folder(folders.pop(), inner)
                if self.cancelled():
                    return
                if self.recursive:
                    folders.extend(Path(folder) for folder in reversed(inner))
                else:
                    self.left.extend(map(Path, inner))

    def _folder(self, folder: Path, inner: list[str]) -> Iterator[None]:
        """Look at one folder; the folders in it are appended to ``inner``, sorted."""
        entries = _Order()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in self.seen:
                self._pass_over(folder, Code.FOLDER_SEEN)
                return
            self.seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                for entry in listing:
                    if self.cancelled():
                        return
                    entries.add(entry)
                    yield
        except OSError as error:
            self._cannot_read(folder, error)
        for entry in entries.drained():
            if self.cancelled():
                return
            self._look_at(entry, inner)
            yield

    def _look_at(self, entry: os.DirEntry[str], inner: list[str]) -> None:
        reason: Code | None = None
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError as error:
            is_folder, is_file = False, False
            reason = Code.LINK_LEADS_NOWHERE if error.errno == errno.ELOOP else None
        if entry.name.startswith("."):
            self._pass_over(entry.path, Code.FILE_HIDDEN)
        elif is_folder:
            inner.append(entry.path)
        elif not is_file:
            nowhere = reason or (Code.LINK_LEADS_NOWHERE if entry.is_symlink() else Code.IMAGE_NOT_A_FILE)
            self._pass_over(entry.path, nowhere)
        elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122 - no Path for what is skipped
            self._take(Path(entry.path))
        else:
            self._pass_over(entry.path, Code.FILE_NOT_NAMED_AS_IMAGE)

    def _take(self, path: Path) -> None:
        self.files.append(path)
        self.found += 1

    def _pass_over(self, path: str | Path, code: Code) -> None:
        self.counts[code] += 1
        if self.told < MOST_TOLD:
            self._tell(Path(path), problem(code, name=_shown(Path(path))))

    def _cannot_read(self, folder: Path, error: OSError) -> None:
        reason = printable(error.strerror or str(error))
        trouble = problem(Code.FOLDER_UNREADABLE, name=_shown(folder), reason=reason)
        self.problems.append(trouble)
        if self.told < MOST_TOLD:
            self._tell(folder, trouble)

    def _tell(self, path: Path, trouble: Problem) -> None:
        self.told += 1
        self.passed.append(Passed(path=path, problem=trouble))


class _Order:
    """Entries in natural order: sorted in pieces, let go one by one, because either holds up all threads."""

    def __init__(self) -> None:
        self._count = 0
        self._run: list[_Keyed] = []
        self._runs: list[list[_Keyed]] = []

    def add(self, entry: os.DirEntry[str]) -> None:
        """One more, in whatever order the disk has them."""
        self._run.append((natural_key(entry.name), entry.name, self._count, entry))
        self._count += 1
        if len(self._run) == _RUN:
            self._end_run()

    def drained(self) -> Iterator[os.DirEntry[str]]:
        """All of them in order, once."""
        self._end_run()
        return (entry for _key, _name, _place, entry in merge(*map(_drained, self._runs)))

    def _end_run(self) -> None:
        self._run.sort(reverse=True)
        self._runs.append(self._run)
        self._run = []


def _drained(run: list[_Keyed]) -> Iterator[_Keyed]:
    while run:
        yield run.pop()


def _shown(path: Path) -> str:
    return printable(path.name or str(path))
