"""What can be done with files of the gallery outside of it: copy, show, rename, move to the bin, drag out."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QAbstractScrollArea, QMenu

from desktop.core.leaving import (
    GNOME_FILES,
    URI_LIST,
    AtHand,
    Leaving,
    gnome_files,
    uri,
    uri_list,
    what_leaves,
)
from desktop.core.problem_text import explain
from desktop.core.problems import Problem
from desktop.core.text import _, format_count, join_list, join_sentences, ngettext, printable
from desktop.tasks.files_out import Binned, Done, FilesOut
from desktop.ui import theme
from desktop.ui.dragging_out import DraggingOut
from desktop.ui.gallery_entries import Entry
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages
from desktop.ui.rename_dialog import RenameDialog

MAX_MADE = 200
"""More pictures at once would fill the disk before anybody sees it."""
PATIENCE_MS = 500
_NAMED = 3

# As text, because there are no key sequences before there is an application.
_COPY, _COPY_PATH, _RENAME, _BIN = "Ctrl+C", "Ctrl+Shift+C", "F2", "Shift+Del"


class FileActions(QObject):
    """Acts on entries by their keys; what goes wrong with some of them is said once and stops no other."""

    def __init__(
        self,
        tasks: FilesOut,
        state: GalleryState,
        messages: Messages,
        *,
        view: QAbstractScrollArea,
        thumbnail: Callable[[int], QPixmap | None],
    ) -> None:
        """Act on ``state``; ``thumbnail`` gives the picture of a key, to drag along."""
        super().__init__(view)
        self._tasks = tasks
        self._state = state
        self._messages = messages
        self._view = view
        self._thumbnail = thumbnail
        self._dragging = DraggingOut(tasks, view)
        self._copies = 0

    # Where users find it

    def add_actions(self, menu: QMenu, keys: Sequence[int]) -> None:
        """Offer everything that can be done with these entries."""
        entries = self._entries(keys)
        files = len({entry.path for entry in entries})
        rows: Sequence[tuple[str, str, str, Callable[[Sequence[int]], None], bool]] = (
            ("copy", _("Copy"), _COPY, self.copy, files > 0),
            (
                "clipboard-copy",
                ngettext("Copy path", "Copy paths", files),
                _COPY_PATH,
                self.copy_paths,
                files > 0,
            ),
            ("folder-search", _("Show in folder"), "", self.show, files > 0),
            ("pencil", _("Rename…"), _RENAME, self.rename, files == 1),
            ("trash", _("Move to bin"), _BIN, self.move_to_bin, files > 0),
        )
        for icon, text, shortcut, act, possible in rows:
            keyed = f"{text}\t{_native(shortcut)}" if shortcut else text
            action = menu.addAction(theme.current().icon(icon), keyed)
            action.setEnabled(possible)
            action.triggered.connect(partial(_call, act, tuple(keys)))

    def add_shortcuts(self, selected: Callable[[], Sequence[int]]) -> None:
        """Let keys act on what is selected, while the view has the keyboard."""
        for shortcut, act in (
            (_COPY, self.copy),
            (_COPY_PATH, self.copy_paths),
            (_RENAME, self.rename),
            (_BIN, self.move_to_bin),
        ):
            made = QShortcut(QKeySequence(shortcut), self._view)
            made.setContext(Qt.ShortcutContext.WidgetShortcut)
            made.activated.connect(lambda act=act: act(selected()))

    # Leaving

    def start_drag(self, keys: Sequence[int]) -> None:
        """Begin to drag these out; the mouse button is down."""
        leaving = self._leaving(keys)
        picture = next((p for key in keys if (p := self._thumbnail(key)) is not None), None)
        self._dragging.start(leaving, picture, self._say_not_made)

    def copy(self, keys: Sequence[int]) -> None:
        """Put the files on the clipboard; of a single image its pixels, too."""
        leaving = self._leaving(keys)
        if not leaving:
            return
        self._copies += 1
        mine = self._copies
        if all(one.facts is None for one in leaving):
            self._put(leaving, [one.path for one in leaving], mine)
            return
        waiting = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        waiting.timeout.connect(lambda: self._messages.say(_("The edited pictures are being made…")))
        waiting.start()

        def ready(done: Done) -> None:
            waiting.stop()
            waiting.deleteLater()
            if done.problems:
                self._say_not_made(done)
            if mine == self._copies and done.results:
                self._put(leaving, [path for path in done.results if isinstance(path, Path)], mine)

        self._tasks.prepare(leaving, ready)

    def copy_paths(self, keys: Sequence[int]) -> None:
        """Put the paths on the clipboard, one a line."""
        paths = self._paths(keys)
        if not paths:
            return
        self._copies += 1
        QGuiApplication.clipboard().setText("\n".join(_as_text(path) for path in paths))
        odd = [path for path in paths if _as_text(path) != str(path)]
        if odd:
            text = ngettext(
                "{name} is not UTF-8. Bytes that are no text were copied as \\x and two digits.",
                "{count} names are not UTF-8. Bytes that are no text were copied as \\x and two digits.",
                len(odd),
            )
            self._messages.say(text.format(name=f"“{printable(odd[0].name)}”", count=format_count(len(odd))))

    def show(self, keys: Sequence[int]) -> None:
        """Show the files in the file manager; without one that can, open the folder of the first."""
        paths = self._paths(keys)
        if paths:
            self._tasks.show(paths, partial(self._on_shown, paths[0].parent))

    # Changing files

    def rename(self, keys: Sequence[int]) -> None:
        """Ask for another name of the one file."""
        paths = self._paths(keys)
        if len(paths) != 1:
            if paths:
                self._messages.say(_("One file at a time can be renamed."))
            return

        def attempt(name: str, worked: Callable[[], None], failed: Callable[[Problem], None]) -> None:
            def renamed(path: Path) -> None:
                worked()
                self._on_renamed(paths[0], path)

            self._tasks.rename(paths[0], name, renamed, failed)

        RenameDialog(paths[0], attempt, self._view.window()).open()

    def move_to_bin(self, keys: Sequence[int]) -> None:
        """Move the files to the bin, with a way back; the entries go with them."""
        paths = self._paths(keys)
        if paths:
            selected = list(self._state.selection)
            self._tasks.put_into_bin(paths, partial(self._on_binned, selected))

    def _on_renamed(self, before: Path, path: Path) -> None:
        self._state.move(self._keys_of({before}), path)

        def undone(path_again: Path) -> None:
            self._state.move(self._keys_of({path}), path_again)

        self._messages.say(
            _("Renamed to “{name}”.").format(name=printable(path.name)),
            action=_("Undo"),
            callback=lambda: self._tasks.rename(path, before.name, undone, self._messages.show),
        )

    def _on_binned(self, selected: Sequence[int], done: Done) -> None:
        binned = tuple(one for one in done.results if isinstance(one, Binned))
        gone = self._state.remove(self._keys_of({one.path for one in binned}))
        if binned:
            text = ngettext("{count} file moved to the bin", "{count} files moved to the bin", len(binned))
            self._messages.say(
                text.format(count=format_count(len(binned))),
                action=_("Undo"),
                callback=lambda: self._tasks.put_back(binned, partial(self._on_put_back, gone, selected)),
            )
        self._say_all(done.problems)

    def _on_put_back(self, gone: Sequence[Entry], selected: Sequence[int], done: Done) -> None:
        there = set(done.results)
        self._state.take_back([entry for entry in gone if entry.path in there])
        self._state.select_more(selected)
        self._say_all(done.problems)

    # Helpers

    def _entries(self, keys: Sequence[int]) -> list[Entry]:
        return [self._state.entries[key] for key in keys if key in self._state.entries]

    def _paths(self, keys: Sequence[int]) -> list[Path]:
        return list(dict.fromkeys(entry.path for entry in self._entries(keys)))

    def _keys_of(self, paths: set[Path]) -> list[int]:
        return [key for key, entry in self._state.entries.items() if entry.path in paths]

    def _leaving(self, keys: Sequence[int]) -> tuple[Leaving, ...]:
        """What leaves; said is what cannot."""
        at_hand = [
            AtHand(path=entry.path, page=entry.page, facts=entry.facts, edits=entry.edits)
            for entry in self._entries(keys)
        ]
        leaving, unknown = what_leaves(at_hand)
        if sum(one.facts is not None for one in leaving) > MAX_MADE:
            text = _("More than {count} edited images or pages at once are too many: take fewer.")
            self._messages.say(text.format(count=format_count(MAX_MADE)))
            return ()
        if unknown:
            text = ngettext(
                "{names} was edited and cannot be shown at the moment, so it was left out.",
                "{names} were edited and cannot be shown at the moment, so they were left out.",
                len(unknown),
            )
            self._messages.say(text.format(names=_names([one.path.name for one in unknown])))
        return leaving

    def _put(self, leaving: Sequence[Leaving], paths: Sequence[Path], mine: int) -> None:
        QGuiApplication.clipboard().setMimeData(_carrying(paths))
        if len(leaving) == 1:
            made = paths[0] if leaving[0].facts is not None else None
            self._tasks.png(leaving[0], made, partial(self._add_pixels, paths, mine))

    def _add_pixels(self, paths: Sequence[Path], mine: int, png: bytes) -> None:
        clipboard = QGuiApplication.clipboard()
        # Somebody may have copied something else meanwhile, here or in another program.
        if mine == self._copies and clipboard.ownsClipboard() and clipboard.mimeData().hasFormat(GNOME_FILES):
            clipboard.setMimeData(_carrying(paths, png))

    def _on_shown(self, folder: Path, asked: bool) -> None:
        if not asked and not QDesktopServices.openUrl(QUrl.fromEncoded(uri(folder).encode())):
            text = _("There is no file manager that could show “{name}”.")
            self._messages.say(text.format(name=printable(str(folder))))

    def _say_not_made(self, done: Done) -> None:
        self._say_all(done.problems)

    def _say_all(self, problems: Sequence[Problem]) -> None:
        """One notice, however many there are."""
        if len(problems) == 1:
            self._messages.show(problems[0])
        elif problems:
            first = explain(problems[0])
            names = _names([str(one.parameters.get("name", "")) for one in problems])
            text = ngettext("Left as it was: {names}.", "Left as they were: {names}.", len(problems))
            self._messages.say(join_sentences(text.format(names=names), first.what, first.remedy))


def _carrying(paths: Sequence[Path], png: bytes | None = None) -> QMimeData:
    mime = QMimeData()
    mime.setData(URI_LIST, uri_list(paths))
    mime.setData(GNOME_FILES, gnome_files(paths))
    if png is not None:
        # Not as QImage: Qt would make the PNG when another program asks, while the window waits.
        mime.setData("image/png", png)
    return mime


def _names(names: Sequence[str]) -> str:
    shown = [f"“{printable(name, limit=60)}”" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        more = ngettext("{count} more", "{count} more", len(names) - _NAMED)
        shown.append(more.format(count=format_count(len(names) - _NAMED)))
    return join_list(shown)


def _as_text(path: Path) -> str:
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _call(act: Callable[[Sequence[int]], None], keys: Sequence[int], _on: bool = False) -> None:
    act(keys)
