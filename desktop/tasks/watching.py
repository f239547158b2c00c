"""Watched folders: a thread that is told of changes by the system, looks itself, and tells what is new.

The window's thread never touches a disk for it: a network folder that hangs holds up only this thread.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QThread, QTimer, Signal, Slot

from desktop.core.problems import Problem
from desktop.images.arrivals import STILL_S, Arrivals, FolderState, state_of
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery

SOON_MS = 150
"""After a change, so that a burst of changes is one look."""
GLANCE_MS = 3_000
"""How often each folder is glanced at: nobody tells of what another computer writes to a network folder, or
of a folder that is renamed. One of which no changes are told is looked at whole."""
WHOLE_MS = 30_000
"""How often all are looked at whole: not every file system keeps the time of a folder's last change."""
AGAIN_MS = round(STILL_S * 1000) + 50
"""While a file is not finished; longer and longer, because a program may write for hours."""
CLOSE_WAIT_MS = 2_000

_log = logging.getLogger(__name__)


class WatchingTasks(QObject):
    """The folders that are watched; the thread begins with the first of them.

    Attributes:
        folders: those that are watched, in the order of their names.

    Signals:
        changed(): other folders are watched now.
        arrived(Path, tuple): new images in a folder, finished.
        lost(Path, Problem): a folder cannot be looked at; it is tried again and again.
        found_again(Path): it can, again.
        failed(Problem): the folders could not be kept for the next start.
    """

    changed = Signal()
    arrived = Signal(object, object)
    lost = Signal(object, object)
    found_again = Signal(object)
    failed = Signal(object)
    _watch = Signal(object)
    _stop = Signal(object)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery
        self.folders: tuple[Path, ...] = ()
        self._thread: QThread | None = None
        self._watcher: _Watcher | None = None
        self._closed = False

    def load(self) -> None:
        """Watch what the last session did; the store is open."""
        if not self._closed:
            self._delivery.follow(self._store.watched_folders(), self._on_loaded)

    def watch(self, folder: Path) -> None:
        """Tell what is new in ``folder`` from now on, until `stop`; nothing happens if it is watched."""
        if folder not in self.folders:
            self._take((*self.folders, folder))
            self._keep()

    def stop(self, folder: Path) -> None:
        """Tell nothing of ``folder`` any more."""
        if folder in self.folders:
            self._stop.emit(folder)
            self.folders = tuple(other for other in self.folders if other != folder)
            self.changed.emit()
            self._keep()

    def close(self) -> None:
        """End the thread; idempotent. One that a dead disk holds is left behind."""
        if self._closed:
            return
        self._closed = True
        if self._thread is not None:
            self._thread.quit()
            if not self._thread.wait(CLOSE_WAIT_MS):
                _log.warning("a watched folder does not answer")
                # Qt aborts when a running thread is deleted.
                self._thread.setParent(None)
                _LEFT_BEHIND.append((self._thread, self._watcher))

    def _on_loaded(self, folders: Sequence[Path]) -> None:
        self._take((*self.folders, *folders))

    def _take(self, folders: Iterable[Path]) -> None:
        before = self.folders
        self.folders = tuple(sorted(dict.fromkeys(folders)))
        fresh = [folder for folder in self.folders if folder not in before]
        if not fresh or self._closed:
            return
        self._begin()
        for folder in fresh:
            self._watch.emit(folder)
        self.changed.emit()

    def _keep(self) -> None:
        self._delivery.follow(self._store.set_watched(self.folders), _done, self.failed.emit)

    def _begin(self) -> None:
        if self._thread is not None:
            return
        self._thread = QThread(self)
        self._thread.setObjectName("watching")
        self._watcher = _Watcher()
        self._watcher.moveToThread(self._thread)
        self._thread.finished.connect(self._watcher.deleteLater)
        self._watch.connect(self._watcher.watch)
        self._stop.connect(self._watcher.stop)
        self._watcher.arrived.connect(self._on_arrived)
        self._watcher.lost.connect(self._on_lost)
        self._watcher.found_again.connect(self._on_found_again)
        self._thread.start()

    # What was on its way when a folder was given up is dropped.

    def _on_arrived(self, folder: Path, files: tuple[Path, ...]) -> None:
        if folder in self.folders:
            self.arrived.emit(folder, files)

    def _on_lost(self, folder: Path, trouble: Problem) -> None:
        if folder in self.folders:
            self.lost.emit(folder, trouble)

    def _on_found_again(self, folder: Path) -> None:
        if folder in self.folders:
            self.found_again.emit(folder)


_LEFT_BEHIND: list[object] = []


class _Watcher(QObject):
    """Lives in the thread. Signals as of `WatchingTasks`."""

    arrived = Signal(object, object)
    lost = Signal(object, object)
    found_again = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._folders: dict[Path, Arrivals] = {}
        self._states: dict[Path, FolderState | None] = {}
        self._told: set[Path] = set()
        self._lost: set[Path] = set()
        self._due: set[Path] = set()
        self._changes: QFileSystemWatcher | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look_at_due)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self._glances = QTimer(self, interval=GLANCE_MS)
        self._glances.timeout.connect(self._glance)
        self._all = QTimer(self, interval=WHOLE_MS)
        self._all.timeout.connect(self._look_at_all)

    @Slot(object)
    def watch(self, folder: Path) -> None:
        if self._changes is None:
            # Made here, so that it belongs to this thread.
            self._changes = QFileSystemWatcher(self)
            self._changes.directoryChanged.connect(self._on_changed)
            self._glances.start()
            self._all.start()
        self._folders[folder] = Arrivals(folder)
        self._look(folder)

    @Slot(object)
    def stop(self, folder: Path) -> None:
        self._folders.pop(folder, None)
        self._lost.discard(folder)
        self._due.discard(folder)
        self._states.pop(folder, None)
        self._forget_changes(folder)

    def _be_told(self, folder: Path) -> None:
        # A name that is not UTF-8 would be another one by the time Qt uses it; and there may be no room left
        # for what the system tells.
        if self._changes is not None and _is_text(folder) and self._changes.addPath(str(folder)):
            self._told.add(folder)

    def _forget_changes(self, folder: Path) -> None:
        """Another folder may have this name by now."""
        if folder in self._told and self._changes is not None:
            self._told.discard(folder)
            self._changes.removePath(str(folder))

    def _on_changed(self, name: str) -> None:
        self._due.add(Path(name))
        self._again.setInterval(AGAIN_MS)
        if not self._soon.isActive():
            self._soon.start()

    def _look_at_due(self) -> None:
        due, self._due = self._due, set()
        for folder in due:
            if folder in self._folders:
                self._look(folder)

    def _look_again(self) -> None:
        self._again.setInterval(min(self._again.interval() * 2, GLANCE_MS))
        self._look_at_due()

    def _glance(self) -> None:
        for folder in list(self._folders):
            if folder not in self._told or state_of(folder) != self._states.get(folder):
                self._look(folder)

    def _look_at_all(self) -> None:
        for folder in list(self._folders):
            self._look(folder)

    def _look(self, folder: Path) -> None:
        # Asked before: what changes meanwhile is another change.
        state, before = state_of(folder), self._states.get(folder)
        self._states[folder] = state
        if before is not None and (state is None or state[:2] != before[:2]):
            self._forget_changes(folder)
        if state is not None and (before is None or state[:2] != before[:2]):
            self._be_told(folder)
        look = self._folders[folder].look(time.monotonic())
        if look.problem is not None:
            if folder not in self._lost:
                self._lost.add(folder)
                self.lost.emit(folder, look.problem)
        elif folder in self._lost:
            self._lost.discard(folder)
            self.found_again.emit(folder)
        if look.arrived:
            self.arrived.emit(folder, look.arrived)
        if look.waiting:
            self._due.add(folder)
            self._again.start()


def _is_text(folder: Path) -> bool:
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        return False
    return True


def _done(_none: None) -> None:
    """A write that needs no answer."""
