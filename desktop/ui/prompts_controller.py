"""Joins the prompt library and the composer: the menu, shortcuts, saving what is in the box, the dialog."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desktop.core.problem_text import sentence
from desktop.core.problems import Problem
from desktop.core.prompt_filling import Pictured, hides_text, images_of
from desktop.core.prompt_table import Merged, Shared, merge
from desktop.core.prompts import (
    Library,
    Prompt,
    find,
    new_id,
    own_prompt,
    starred,
    with_own,
    without,
)
from desktop.core.text import _, format_count, join_list, join_sentences, ngettext, printable
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import PresetItem
from desktop.ui.composer_parts import Parts
from desktop.ui.composing import is_offered, preset_rows
from desktop.ui.file_dialog import choose_files, choose_new_file
from desktop.ui.next_question import NextQuestion
from desktop.ui.prompt_filling import PromptFilling
from desktop.ui.prompts.dialog import PromptsDialog
from desktop.ui.prompts.keys import taken_keys
from desktop.ui.prompts.save_dialog import SavePromptDialog

FILE_NAME = "sightline-prompts.json"


class PromptsController(QObject):
    """Keeps the Prompts menu true.

    Signals:
        changed(): there are other prompts now.
    """

    changed = Signal()

    def __init__(
        self,
        parts: Parts,
        composer: Composer,
        filling: PromptFilling,
        following: Callable[[], NextQuestion],
    ) -> None:
        """Join these; ``following`` gives what would be asked now."""
        super().__init__(composer)
        self._parts = parts
        self._tasks = parts.backend.prompts
        self._composer = composer
        self._filling = filling
        self._following = following
        self._items: tuple[Library, bool, tuple[PresetItem, ...]] | None = None
        self._shortcuts: dict[str, QShortcut] = {}
        self._dialog: PromptsDialog | None = None
        self._folder = Path.home()
        composer.preset_chosen.connect(self.choose)
        composer.save_prompt_requested.connect(self.save)
        composer.manage_prompts_requested.connect(self.manage)
        composer.filling_acted.connect(filling.act)
        self._tasks.changed.connect(self._on_changed)
        self._tasks.noticed.connect(parts.messages.show)
        self._tasks.failed.connect(parts.messages.show)

    def items(self) -> tuple[PresetItem, ...]:
        """The Prompts menu for who answers now; remembered, because typing changes nothing of it."""
        about = self._tasks.library, self._parts.choice.on_device
        if self._items is None or self._items[0] is not about[0] or self._items[1] != about[1]:
            self._items = *about, preset_rows(on_device=about[1], library=about[0])
        return self._items[2]

    def choose(self, prompt_id: str) -> None:
        """Put a prompt into the box, variables as they are; say why not where nobody could answer it."""
        prompt = find(self._tasks.library, prompt_id)
        if prompt is None:
            return
        why_not = self._why_not(prompt)
        if why_not:
            self._parts.messages.say(why_not)
            return
        before = self._composer.text()
        self._composer.put_prompt(prompt.text)
        if before.strip() and before != prompt.text and not self._is_prompt(before):
            self._parts.messages.say(
                _("“{title}” took the place of what you had written.").format(title=prompt.title),
                action=_("Undo"),
                callback=lambda: self._composer.put_prompt(before),
            )

    def save(self) -> None:
        """Keep what is in the box as a prompt."""
        text = self._composer.text().strip()
        if not text:
            return
        dialog = SavePromptDialog(text, self._composer.window())
        dialog.saved.connect(partial(self._on_saved, text))
        dialog.open()
        dialog.finished.connect(dialog.deleteLater)

    def manage(self) -> None:
        """Open the library."""
        if not self._tasks.is_loaded:
            self._parts.messages.say(_("Your prompts are still being read."))
            return
        own = frozenset(self._shortcuts.values())
        window = self._composer.window()
        dialog = PromptsDialog(window, library=self._tasks.library, taken=taken_keys(window, apart_from=own))
        self._dialog = dialog
        self._show_images(dialog)
        dialog.changed.connect(lambda library: self._tasks.change(lambda _before: library))
        dialog.import_requested.connect(self._on_import)
        dialog.export_requested.connect(self._on_export)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._composer.focus_prompt()

    def _why_not(self, prompt: Prompt) -> str:
        on_device = self._parts.choice.on_device
        if on_device and not prompt.on_device:
            return _("“{title}” needs a model. Choose one above.").format(title=prompt.title)
        if not is_offered(prompt, on_device=on_device):
            said = _("“{title}” is for the on-device reader: models never get what it asks for.")
            return said.format(title=prompt.title)
        return ""

    def _is_prompt(self, text: str) -> bool:
        return any(item.prompt == text for item in self.items())

    def _on_saved(self, text: str, title: str, favourite: bool) -> None:
        prompt = own_prompt(new_id(), title, text)
        try:
            with_own(self._tasks.library, prompt)
        except ValueError:
            self._parts.messages.say(_("There are too many prompts already. Delete some first."))
            return

        def add(library: Library) -> Library:
            library = with_own(library, prompt)
            return starred(library, prompt.id, favourite=True) if favourite else library

        self._tasks.change(add)
        self._parts.messages.say(
            _("“{title}” is among your prompts.").format(title=prompt.title),
            action=_("Undo"),
            callback=lambda: self._tasks.change(lambda library: without(library, prompt.id)),
        )
        self._composer.focus_prompt()

    def _on_changed(self) -> None:
        self._bind()
        self.changed.emit()

    def _bind(self) -> None:
        """Let the keys of prompts work, unless they do something else already."""
        library = self._tasks.library
        wanted = {keys for prompt_id, keys in library.shortcuts.items() if find(library, prompt_id)}
        if wanted == self._shortcuts.keys():
            return
        for keys in self._shortcuts.keys() - wanted:
            self._shortcuts.pop(keys).deleteLater()
        taken = taken_keys(self._composer.window(), apart_from=frozenset(self._shortcuts.values()))
        for keys in wanted - self._shortcuts.keys() - taken:
            shortcut = QShortcut(QKeySequence(keys), self._composer)
            shortcut.activated.connect(partial(self._on_keys, keys))
            self._shortcuts[keys] = shortcut

    def _on_keys(self, keys: str) -> None:
        for prompt_id, held in self._tasks.library.shortcuts.items():
            if held == keys:
                self.choose(prompt_id)

    def _show_images(self, dialog: PromptsDialog) -> None:
        """Fill the preview with the first selected image; with what is known of it and no more."""
        question = self._following().question
        images = self._filling.images(question)[:1]
        if not images:
            example = Pictured(
                name=_("photo.jpg"), width_px=1600, height_px=1200, text=_("The words on the picture")
            )
            dialog.show_images((example,), example=True)
            return
        if images[0].text:
            dialog.show_images(images, example=False)
            return
        unread = replace(images[0], text=_("(the text read on this computer)"))
        dialog.show_images((unread,), example=False)
        meant = images_of(question)[0]
        if hides_text(meant.edits):
            return

        def show_text(texts: Mapping[str, str]) -> None:
            text = texts.get(meant.facts.source_id, "")
            if text and self._dialog is dialog:
                dialog.show_images((replace(images[0], text=text),), example=False)

        self._parts.backend.reading.texts([meant.facts.source_id], show_text)

    def _on_import(self) -> None:
        found = choose_files(
            self._dialog,
            title=_("Import prompts"),
            folder=str(self._folder),
            filters=[_("Prompts (*.json)"), _("All files (*)")],
        )
        if found:
            self._folder = found[0].parent
            self._tasks.read(found[0], self._on_read, self._on_file_failed)

    def _on_read(self, read: tuple[Sequence[Shared], int]) -> None:
        shared, refused = read
        taken = taken_keys(self._composer.window(), apart_from=frozenset(self._shortcuts.values()))
        merged = merge(self._tasks.library, shared, is_taken=taken.__contains__)
        self._tasks.change(lambda _before: merged.library)
        dialog = self._dialog
        if dialog is None:
            return
        dialog.show_library(merged.library, merged.added)
        undo = partial(self._undo_import, merged.added) if merged.added else None
        dialog.say(import_words(merged, refused), action=_("Undo") if undo else None, callback=undo)

    def _undo_import(self, added: Sequence[str]) -> None:
        def take(library: Library) -> Library:
            for prompt_id in added:
                library = without(library, prompt_id)
            return library

        self._tasks.change(take)
        if self._dialog is not None:
            self._dialog.show_library(self._tasks.library)

    def _on_export(self, prompts: tuple[Prompt, ...]) -> None:
        path = choose_new_file(
            self._dialog,
            title=_("Export prompts"),
            path=self._folder / FILE_NAME,
            filters=[_("Prompts (*.json)")],
        )
        if path is None:
            return
        self._folder = path.parent

        def written(_none: object) -> None:
            text = ngettext(
                "{count} prompt was written to {file}.",
                "{count} prompts were written to {file}.",
                len(prompts),
            )
            if self._dialog is not None:
                self._dialog.say(text.format(count=format_count(len(prompts)), file=printable(path.name)))

        self._tasks.write(path, prompts, written, self._on_file_failed)

    def _on_file_failed(self, trouble: Problem) -> None:
        if self._dialog is not None:
            self._dialog.say_problem(sentence(trouble))
        else:
            self._parts.messages.show(trouble)


def import_words(merged: Merged, refused: int) -> str:
    """What came of an import, in one or two sentences."""
    count = len(merged.added)
    added = ngettext("{count} prompt was added.", "{count} prompts were added.", count)
    rest = (
        (
            merged.copies,
            ngettext("{count} beside one that differs", "{count} beside ones that differ", merged.copies),
        ),
        (merged.present, ngettext("{count} was there already", "{count} were there already", merged.present)),
        (
            merged.without_keys,
            ngettext(
                "{count} without its shortcut, which is taken",
                "{count} without their shortcuts, which are taken",
                merged.without_keys,
            ),
        ),
        (merged.full, ngettext("{count} had no room", "{count} had no room", merged.full)),
        (refused, ngettext("{count} cannot be used", "{count} cannot be used", refused)),
    )
    details = join_list(text.format(count=format_count(number)) for number, text in rest if number)
    more = _("Of the file: {details}.").format(details=details) if details else ""
    return join_sentences(added.format(count=format_count(count)), more)
