"""Conversations that leave as files and come in from files: what is asked before, and what is said after."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.archive import ARCHIVE_SUFFIX, ExportFormat, ExportOutcome, ExportWish, ImportOutcome
from desktop.core.archive_words import imported_sentence, missing_sentence
from desktop.core.file_names import file_stem
from desktop.core.problems import Code, Problem
from desktop.core.text import _, format_count, join_sentences, ngettext, printable
from desktop.tasks.backend import Backend
from desktop.ui.export_dialog import ExportDialog
from desktop.ui.file_dialog import choose_files, choose_folder, choose_new_file
from desktop.ui.messages import Messages
from desktop.ui.widgets.progress_dialog import ProgressDialog

_SUFFIXES = {ExportFormat.ZIP: ARCHIVE_SUFFIX, ExportFormat.HTML: ".html", ExportFormat.JSON: ".json"}


class ConversationFiles(QObject):
    """Exports and imports, from the question what to the word that it is done.

    Signals:
        wanted(int): the user wants to see a conversation that came in.
    """

    wanted = Signal(int)

    def __init__(self, window: QWidget, backend: Backend, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._backend = backend
        self._messages = messages
        self._progress: ProgressDialog | None = None
        self._waiting: deque[Path] = deque()

    def export(self, ids: Sequence[int], titles: Sequence[str] = ()) -> None:
        """Ask what as and where to, then write these conversations.

        Args:
            ids: of stored conversations; with none, all there are.
            titles: theirs, as far as they are at hand: the first names the file.
        """
        ids = tuple(number for number in ids if number)
        dialog = ExportDialog(titles, len(ids), self._window)
        dialog.wanted.connect(partial(self._choose_target, ids, tuple(titles)))
        dialog.open()

    def choose_import(self) -> None:
        """Let the user pick exported files, then bring their conversations in."""
        ours = _("Sightline files ({suffixes})").format(suffixes=f"*{ARCHIVE_SUFFIX}")
        filters = [ours, _("All files (*)")]
        title = _("Import conversations")
        self.import_files(choose_files(self._window, title=title, folder=_documents(), filters=filters))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Bring in the conversations of exported files, one file after the other."""
        self._waiting.extend(paths)
        self._import_next()

    def import_file(self, path: Path) -> None:
        """Bring in the conversations of one exported file."""
        self.import_files([path])

    def _choose_target(
        self,
        ids: tuple[int, ...],
        titles: tuple[str, ...],
        kind: ExportFormat,
        everything: bool,
        full_paths: bool,
    ) -> None:
        if everything:
            ids, titles = (), ()
        day = datetime.now(UTC).astimezone()
        stem = file_stem(titles[0] if len(ids) == 1 and titles else "", f"Sightline {day:%Y-%m-%d}")
        target = self._choose_folder(stem) if kind is ExportFormat.MARKDOWN else self._choose_file(stem, kind)
        if target is None:
            return
        self._begin(_("Exporting…"))
        wish = ExportWish(ids=ids, format=kind, target=target, full_paths=full_paths)
        self._backend.exchange.export(wish, self._on_exported, self._on_failed)

    def _choose_file(self, stem: str, kind: ExportFormat) -> Path | None:
        suffix = _SUFFIXES[kind]
        path = Path(_documents()) / f"{stem}{suffix}"
        names = {ExportFormat.ZIP: _("Sightline file"), ExportFormat.HTML: _("Web page")}
        filters = [f"{names.get(kind, 'JSON')} (*{suffix})"]
        return choose_new_file(self._window, title=_("Export as"), path=path, filters=filters)

    def _choose_folder(self, stem: str) -> Path | None:
        """Texts and images make a folder of their own: the user says where that is to be."""
        title = _("Export into a folder of its own in")
        found = choose_folder(self._window, title=title, folder=_documents())
        return found[0] / stem if found else None

    def _import_next(self) -> None:
        if self._waiting and not self._backend.exchange.is_busy:
            self._begin(_("Importing…"))
            self._backend.exchange.import_file(self._waiting.popleft(), self._on_imported, self._on_failed)

    def _begin(self, title: str) -> None:
        if self._progress is None:
            self._progress = ProgressDialog(self._window)
            self._progress.stopped.connect(self._backend.exchange.stop)
            self._progress.stopped.connect(self._waiting.clear)
            self._backend.exchange.progressed.connect(self._progress.show_progress)
        self._progress.begin(title)

    def _end(self) -> None:
        if self._progress is not None:
            self._progress.end()

    def _on_exported(self, outcome: ExportOutcome) -> None:
        self._end()
        path = Path(outcome.path)
        text = ngettext(
            "Exported as “{name}”.", "{count} conversations exported as “{name}”.", outcome.conversations
        ).format(count=format_count(outcome.conversations), name=printable(path.name, limit=60))
        self._messages.say(
            join_sentences(text, missing_sentence(outcome.missing_images)),
            action=_("Show in folder"),
            callback=lambda: self._backend.files_out.show([path], self._on_shown),
        )
        self._import_next()

    def _on_shown(self, shown: bool) -> None:
        if not shown:
            self._messages.say(_("No file manager answered."))

    def _on_imported(self, outcome: ImportOutcome) -> None:
        self._end()
        text = imported_sentence(outcome)
        if outcome.imported:
            newest = outcome.imported[-1].conversation_id
            action = _("Show it") if len(outcome.imported) == 1 else _("Show the last")
            self._messages.say(text, action=action, callback=lambda: self.wanted.emit(newest))
        else:
            self._messages.say(text)
        if outcome.stopped is not None and outcome.stopped.code is not Code.STOPPED:
            self._messages.show(outcome.stopped)
        self._import_next()

    def _on_failed(self, trouble: Problem) -> None:
        self._end()
        if trouble.code is not Code.STOPPED:
            self._messages.show(trouble)
        self._import_next()


def _documents() -> str:
    """Where exports lie usually."""
    place = QStandardPaths.StandardLocation
    documents = QStandardPaths.writableLocation(place.DocumentsLocation)
    return documents if Path(documents).is_dir() else QStandardPaths.writableLocation(place.HomeLocation)
