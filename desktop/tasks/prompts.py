"""The prompt library for the window: read and kept in its file off the GUI thread."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.problems import Problem
from desktop.core.prompt_table import Shared, shared_table
from desktop.core.prompts import Library, Prompt
from desktop.tasks.delivery import Delivery

WRITE_MS = 400
"""What is typed is kept so long after the last change."""

Change = Callable[[Library], Library]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFiles:
    """Where prompts are kept; `app` makes it. All of it is slow.

    Attributes:
        load: the library, and what is wrong with its file.
        save: writes the library.
        read: the prompts of a file of somebody's, and how many entries of it are none.
        write: writes a file to be passed on.
    """

    load: Callable[[], tuple[Library, Problem | None]]
    save: Callable[[Library], None]
    read: Callable[[Path], tuple[tuple[Shared, ...], int]]
    write: Callable[[Path, Mapping[str, object]], None]


class PromptTasks(QObject):
    """The prompts at hand.

    Attributes:
        library: what is kept; the built-in prompts alone until it is loaded.

    Signals:
        changed(): the library is another one.
        noticed(Problem): a part of it could not be read.
        failed(Problem): it could not be kept; it holds until quitting.
    """

    changed = Signal()
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, files: PromptFiles, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = Library()
        self._files = files
        self._delivery = delivery
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prompts")
        self._asked = self._loaded = self._closed = False
        self._waiting: list[Change] = []
        self._soon = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._soon.timeout.connect(self._write)

    @property
    def is_loaded(self) -> bool:
        """Whether `library` is what is kept."""
        return self._loaded

    def load(self, *_why: object) -> None:
        """Read the library in the background; `changed` tells. Once: later calls do nothing."""
        if not self._asked and not self._closed:
            self._asked = True
            self._delivery.follow(self._thread.submit(self._files.load), self._on_loaded, self._on_not_loaded)

    def change(self, change: Change) -> None:
        """Change the library now, and keep it; before it is loaded, as soon as it is."""
        if not self._loaded:
            self._waiting.append(change)
            return
        before, self.library = self.library, change(self.library)
        if self.library != before:
            self._soon.start()
            self.changed.emit()

    def read(
        self,
        path: Path,
        succeeded: Callable[[tuple[tuple[Shared, ...], int]], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """The prompts of a file, and how many entries of it are none; nothing is added yet."""
        self._delivery.follow(self._thread.submit(self._files.read, path), succeeded, failed)

    def write(
        self,
        path: Path,
        prompts: Sequence[Prompt],
        succeeded: Callable[[None], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Write prompts to a file to be passed on."""
        writing = self._thread.submit(self._files.write, path, shared_table(prompts))
        self._delivery.follow(writing, succeeded, failed)

    def close(self) -> None:
        """Finish writing and end the thread; idempotent."""
        if not self._closed:
            if self._soon.isActive():
                self._write()
            self._closed = True
        self._thread.shutdown(wait=True)

    def _on_loaded(self, loaded: tuple[Library, Problem | None]) -> None:
        self.library, trouble = loaded
        self._loaded = True
        waiting, self._waiting = self._waiting, []
        self.changed.emit()
        for change in waiting:
            self.change(change)
        if trouble is not None:
            self.noticed.emit(trouble)

    def _on_not_loaded(self, trouble: Problem) -> None:
        self._on_loaded((Library(), trouble))

    def _write(self) -> None:
        self._soon.stop()
        if not self._closed:
            self._delivery.follow(
                self._thread.submit(self._files.save, self.library), _done, self.failed.emit
            )


def _done(_none: None) -> None:
    """Kept."""
