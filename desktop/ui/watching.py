"""Watched folders in the window: choosing and stopping them, and what is said of what they bring."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.problems import Problem
from desktop.core.text import _, format_count, ngettext, printable
from desktop.tasks.watching import WatchingTasks
from desktop.ui import theme
from desktop.ui.file_dialog import choose_folder
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages

GATHERED_MS = 1_000
"""What comes within this time is one notice."""
_SHOWN_CHARS = 60


class Watching(QObject):
    """New images of watched folders go into the gallery; not selected, and never sent by themselves."""

    def __init__(
        self, tasks: WatchingTasks, state: GalleryState, messages: Messages, window: QWidget
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._state = state
        self._messages = messages
        self._window = window
        self._fresh: dict[Path, list[Path]] = {}
        self._gathered = QTimer(self, singleShot=True, interval=GATHERED_MS)
        self._gathered.timeout.connect(self._tell)
        tasks.arrived.connect(self._on_arrived)
        tasks.lost.connect(self._on_lost)
        tasks.found_again.connect(self._on_found_again)
        tasks.failed.connect(messages.show)

    def choose(self) -> None:
        """Let the user pick a folder, and watch it."""
        chosen = choose_folder(self._window, title=_("Watch a folder"), folder=_start_folder())
        for folder in chosen:
            self.watch(folder)

    def watch(self, folder: Path) -> None:
        """Watch a folder, and say what that means."""
        if folder in self._tasks.folders:
            text = _("“{name}” is watched already.")
        else:
            text = _("New images in “{name}” will appear in the gallery. They are sent only if you ask.")
            self._tasks.watch(folder)
        self._messages.say(text.format(name=_name(folder)))

    def stop(self, folder: Path) -> None:
        """Watch a folder no more, with a way back."""
        self._tasks.stop(folder)
        self._messages.say(
            _("“{name}” is not watched any more.").format(name=_name(folder)),
            action=_("Undo"),
            callback=lambda: self._tasks.watch(folder),
        )

    def attach(self, menu: QMenu) -> None:
        """Offer watching in a menu, and stopping it for each folder that is watched."""
        watch = menu.addAction(_("Watch a folder…"))
        watch.triggered.connect(self.choose)
        watch.setData("eye")
        stop = menu.addMenu(_("Stop watching"))
        stop.menuAction().setData("eye-off")
        menu.aboutToShow.connect(partial(self._fill, stop))

    def _fill(self, stop: QMenu) -> None:
        stop.clear()
        stop.menuAction().setVisible(bool(self._tasks.folders))
        stop.menuAction().setIcon(theme.current().icon("eye-off"))
        for folder in self._tasks.folders:
            action = stop.addAction(theme.current().icon("folder"), _shown(folder).replace("&", "&&"))
            action.triggered.connect(partial(self._on_stop, folder))

    def _on_stop(self, folder: Path, _on: bool = False) -> None:
        self.stop(folder)

    def _on_arrived(self, folder: Path, files: Sequence[Path]) -> None:
        there = {entry.path for entry in self._state.entries.values()}
        # What was renamed in the gallery is new in the folder, but not here.
        fresh = [path for path in files if path not in there]
        if fresh:
            self._state.add(fresh, select=False)
            self._fresh.setdefault(folder, []).extend(fresh)
            if not self._gathered.isActive():
                self._gathered.start()

    def _tell(self) -> None:
        told, self._fresh = self._fresh, {}
        for folder, paths in told.items():
            text = ngettext("{count} new image in “{name}”", "{count} new images in “{name}”", len(paths))
            self._messages.say(
                text.format(count=format_count(len(paths)), name=_name(folder)),
                action=ngettext("Select it", "Select them", len(paths)),
                callback=partial(self._select, frozenset(paths)),
            )

    def _select(self, paths: frozenset[Path]) -> None:
        self._state.select_more(key for key, e in self._state.entries.items() if e.path in paths)

    def _on_lost(self, _folder: Path, trouble: Problem) -> None:
        self._messages.show(trouble)

    def _on_found_again(self, folder: Path) -> None:
        self._messages.say(_("“{name}” is there again and watched.").format(name=_name(folder)))


def _name(folder: Path) -> str:
    return printable(folder.name or str(folder))


def _shown(folder: Path) -> str:
    """Where it is, because several folders may have one name."""
    home = Path.home()
    place = Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder
    return printable(str(place), limit=_SHOWN_CHARS)


def _start_folder() -> str:
    """Where screenshots go as a rule."""
    place = QStandardPaths.StandardLocation
    pictures = Path(QStandardPaths.writableLocation(place.PicturesLocation))
    found = (folder for folder in (pictures / "Screenshots", pictures) if folder.is_dir())
    return str(next(found, QStandardPaths.writableLocation(place.HomeLocation)))
