"""Brings files and folders into the gallery: one scan at a time, told in steps, summed up at its end."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.model import DraftImage
from desktop.core.problems import Problem
from desktop.tasks.gallery import Found, GalleryTasks, Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One scan.

    Attributes:
        paths: files and folders.
        draft: what a draft brings back; empty for what the user adds.
        select: whether what is found is to be selected.
        recursive: whether folders in folders are searched.
        known: what is known of some files beforehand: values of their `Entry`, such as ``url`` and ``edits``.
    """

    paths: tuple[Path, ...]
    draft: tuple[DraftImage, ...] = ()
    select: bool = True
    recursive: bool = False
    known: Mapping[Path, Mapping[str, object]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a scan has brought so far.

    Attributes:
        job: which scan.
        keys: of all that it has found, new or not, in order.
        problems: folders that could not be read; nothing found.
        passed: what was not taken, each with the reason; the first thousand.
        passed_count: how much was not taken.
        left_folders: folders in folders that were not searched.
        cancelled: it was ended by the user.
    """

    job: Job
    keys: dict[int, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    passed_count: int = 0
    left_folders: list[Path] = field(default_factory=list)
    cancelled: bool = False


class Adding(QObject):
    """Scans that wait, and the one under way.

    Attributes:
        tally: of the scan under way; None while there is none.

    Signals:
        found(object): a `tasks.gallery.Found` of the scan under way, already counted but for its keys.
        ended(object): the `Tally` of a scan that is over.
    """

    found = Signal(object)
    ended = Signal(object)

    def __init__(self, tasks: GalleryTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._waiting: deque[Job] = deque()
        self._held = False
        self.tally: Tally | None = None
        tasks.found.connect(self._on_found)
        tasks.scanned.connect(self._on_scanned)

    def hold(self) -> None:
        """Begin nothing until `release`: what was in the gallery before comes first."""
        self._held = True

    def release(self) -> None:
        """Begin what waits."""
        self._held = False
        self._next()

    def add(self, job: Job) -> None:
        """Scan this after what waits already."""
        self._waiting.append(job)
        self._next()

    def _next(self) -> None:
        if self._waiting and self.tally is None and not self._held:
            job = self._waiting.popleft()
            self.tally = Tally(job=job)
            self._tasks.scan(job.paths, recursive=job.recursive)

    def _on_found(self, step: Found) -> None:
        if self.tally is None:
            return
        self.tally.problems.extend(step.problems)
        self.tally.left_folders.extend(step.left_folders)
        self.tally.passed.extend(step.passed)
        self.tally.passed_count += step.skipped
        self.found.emit(step)

    def _on_scanned(self, cancelled: bool) -> None:
        tally, self.tally = self.tally, None
        if tally is not None:
            tally.cancelled = cancelled
            self.ended.emit(tally)
        self._next()
