"""Finds the image files of what was dropped: a lazy walk, safe from loops, stopped at any entry."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

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

_STEP_ENTRIES = 100
"""A step comes at least every so many entries: progress shows, and a step's tiles are made in a few ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanStep:
    """What was found since the step before.

    Attributes:
        files: taken for images, in order.
        other_files: number of files whose name is not an image's.
        not_files: number of devices, pipes, sockets and dangling links.
        hidden: number of hidden files and folders.
        seen_folders: number of folders that were reached before, through a link.
        problems: folders that cannot be read (FOLDER_UNREADABLE).
    """

    files: tuple[Path, ...] = ()
    other_files: int = 0
    not_files: int = 0
    hidden: int = 0
    seen_folders: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def skipped(self) -> int:
        """How many entries were passed over, for whatever reason."""
        return self.other_files + self.not_files + self.hidden + self.seen_folders + len(self.problems)


class _Skipped(Enum):
    """Why an entry of a folder is passed over."""

    OTHER_FILE = auto()
    NOT_A_FILE = auto()
    HIDDEN = auto()
    SEEN_FOLDER = auto()


_Event = Path | Problem | _Skipped | None
"""A file, a folder that cannot be read, an entry that is passed over; None: an entry was looked at."""


def scan(
    paths: Iterable[Path], *, recursive: bool = True, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[ScanStep]:
    """Walk files and folders.

    Args:
        paths: in the order in which they were given. A file is taken whatever its name; a folder is searched.
        recursive: whether folders in folders are searched too.
        cancelled: asked at every entry; once it says True, nothing more is found.

    Yields:
        Steps, at least one. In each folder files come before folders, both in natural order (``2`` before
        ``10``).
    """
    events: list[_Event] = []
    for event in _walk(paths, recursive, cancelled):
        events.append(event)
        if len(events) >= _STEP_ENTRIES:
            yield _step(events)
            events = []
    yield _step(events)


def _step(events: list[_Event]) -> ScanStep:
    return ScanStep(
        files=tuple(event for event in events if isinstance(event, Path)),
        other_files=events.count(_Skipped.OTHER_FILE),
        not_files=events.count(_Skipped.NOT_A_FILE),
        hidden=events.count(_Skipped.HIDDEN),
        seen_folders=events.count(_Skipped.SEEN_FOLDER),
        problems=tuple(event for event in events if isinstance(event, Problem)),
    )


def _walk(paths: Iterable[Path], recursive: bool, cancelled: Callable[[], bool]) -> Iterator[_Event]:
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if cancelled():
            return
        if not path.is_dir():
            yield path
            continue
        # A stack instead of recursion: folders can be nested deeper than Python's calls.
        folders = [path]
        while folders:
            inner: list[Path] = []
            yield from _walk_folder(folders.pop(), seen, inner, cancelled)
            if cancelled():
                return
            if recursive:
                folders.extend(reversed(inner))


def _walk_folder(
    folder: Path, seen: set[tuple[int, int]], inner: list[Path], cancelled: Callable[[], bool]
) -> Iterator[_Event]:
    """Look at one folder; the folders in it are appended to ``inner``, sorted."""
    entries: list[os.DirEntry[str]] = []
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            yield _Skipped.SEEN_FOLDER
            return
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as listing:
            for entry in listing:
                if cancelled():
                    return
                entries.append(entry)
                yield None
    except OSError as error:
        name = printable(folder.name or str(folder))
        reason = printable(error.strerror or str(error))
        yield problem(Code.FOLDER_UNREADABLE, name=name, reason=reason)
    for entry in sorted(entries, key=lambda entry: natural_key(entry.name)):
        if cancelled():
            return
        yield from _look_at(entry, inner)


def _look_at(entry: os.DirEntry[str], inner: list[Path]) -> Iterator[_Event]:
    try:
        is_folder, is_file = entry.is_dir(), entry.is_file()
    except OSError:
        is_folder, is_file = False, False
    if entry.name.startswith("."):
        yield _Skipped.HIDDEN
    elif is_folder:
        inner.append(Path(entry.path))
    elif not is_file:
        yield _Skipped.NOT_A_FILE
    elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122 - no Path for what is skipped
        yield Path(entry.path)
    else:
        yield _Skipped.OTHER_FILE
