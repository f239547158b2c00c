"""Fills the variables of the prompt in the box, and says what of them is still missing."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desktop.core.model import Conversation
from desktop.core.prompt_filling import (
    Meant,
    Pictured,
    Variable,
    escaped,
    fill,
    images_meant,
    pictured,
    variables,
)
from desktop.core.text import _, format_count, join_list, ngettext
from desktop.tasks.reading import ReadingTasks
from desktop.ui.composer.state import FillingLine
from desktop.ui.composer_parts import Judged
from desktop.ui.gallery_entries import Entry
from desktop.ui.texts_of_images import TextsOfImages

_TOLD_NAMES = 3
_MOST_REMEMBERED = 16


class PromptFilling(QObject):
    """What stands for the variables now.

    Signals:
        changed(): something else does.
    """

    changed = Signal()

    def __init__(self, reading: ReadingTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = TextsOfImages(reading, self)
        self._texts.changed.connect(self.changed)
        self._asked: OrderedDict[str, str] = OrderedDict()

    def filled(self, text: str, entries: Sequence[Entry], conversation: Conversation) -> str:
        """The prompt as it is asked about these entries; what is not read yet is empty."""
        if "{" not in text:
            return text
        images = self.images(entries, conversation)
        # What is asked ends with no blanks, also where a variable at its end gives nothing.
        return fill(text, images, today=datetime.now().astimezone().date()).rstrip()

    def images(self, entries: Sequence[Entry], conversation: Conversation) -> list[Pictured]:
        """What variables tell of the images that the next question is about."""
        meant = _meant(entries, conversation)
        return [pictured(image, self._texts.text(image)) for image in meant]

    def judged(
        self, shown: Judged, text: str, entries: Sequence[Entry], conversation: Conversation
    ) -> Judged:
        """Have the texts read that ``text`` needs; until they are there, Ask waits and says so."""
        wanted = _meant(entries, conversation) if Variable.TEXT in variables(text) else ()
        self._texts.want(wanted)
        if not wanted or not self._texts.state().busy or shown.why_not:
            return shown
        return replace(shown, why_not=_("The text of the images is still being read on this computer."))

    def line(self) -> FillingLine | None:
        """What to say about the texts; None for nothing."""
        state = self._texts.state()
        variable = "{text}"
        if state.busy:
            text = ngettext(
                "Reading the text of {total} image on this computer…",
                "Reading the texts of {total} images on this computer: {done} done…",
                state.total,
            )
            said = text.format(total=format_count(state.total), done=format_count(state.done))
            return FillingLine(text=said, action=_("Leave it empty"), busy=True)
        if state.skipped:
            said = _("Not read: {names}. {variable} is empty there.")
            return FillingLine(
                text=said.format(names=_names(state.skipped), variable=variable), action=_("Read")
            )
        if state.failed:
            said = _("Could not be read: {names}. {variable} is empty there.")
            return FillingLine(
                text=said.format(names=_names(state.failed), variable=variable), action=_("Try again")
            )
        if state.empty:
            said = _("No text was found in {names}. {variable} is empty there.")
            return FillingLine(text=said.format(names=_names(state.empty), variable=variable))
        return None

    def act(self) -> None:
        """Do what the line offers: stop waiting, or read after all."""
        if self._texts.state().busy:
            self._texts.skip()
        else:
            self._texts.try_again()

    def remember(self, filled: str, text: str) -> None:
        """``text`` was asked as ``filled``."""
        self._asked[filled] = text
        while len(self._asked) > _MOST_REMEMBERED:
            self._asked.popitem(last=False)

    def unfilled(self, filled: str) -> str:
        """What the user wrote for a question; of an unknown one its words, with nothing left to fill."""
        return self._asked.get(filled) or escaped(filled)


def _meant(entries: Sequence[Entry], conversation: Conversation) -> tuple[Meant, ...]:
    new = [Meant(entry.facts, entry.edits) for entry in entries if entry.facts is not None]
    return images_meant(new, [Meant(a.image, a.edits) for a in conversation.carried()])


def _names(images: Sequence[Meant]) -> str:
    names = [pictured(image).name for image in images[:_TOLD_NAMES]]
    rest = len(images) - len(names)
    if rest:
        names.append(ngettext("{count} more", "{count} more", rest).format(count=format_count(rest)))
    return join_list(names)
